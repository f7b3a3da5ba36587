// What every contender is asked to do. An operation names what must be there before (`fill`), what its calls are about
// (`subjects`, one for each call, in an order that is the same for all) and the call itself. Methods are those of the
// contenders' stores, see contenders/README.md; a store that lacks the method is left out of the row.
import { keyOf, objectOf, shuffle, valueOf } from './values.mjs';

/** Collections are spread over so many keys, where a row does not say otherwise. */
export const GROUPS = 20;

const range = (length, make) => Array.from({ length }, (_, i) => make(i));
const keysOf = (count, prefix) => shuffle(range(count, (i) => keyOf(i, prefix)));

/** Members of collections: `[key, member, number]`, `each` of them for every key. */
const members = (groups, prefix, each) => shuffle(range(groups * each, (i) => [keyOf(i % groups, prefix), `member:${i}`, (i * 7919) % 100_003]));

/** A fill is a list of `[method, ...arguments]`. */
const FILLS = {
  nothing: () => [],
  strings: ({ keys, size }) => range(keys, (i) => ['set', keyOf(i), valueOf(size, i)]),
  counters: ({ keys }) => range(keys, (i) => ['set', keyOf(i, 'count'), '1']),
  hashes: ({ groups }) => members(groups, 'hash', 50).map(([key, field]) => ['hset', key, field, 'value of it']),
  lists: ({ groups }) => members(groups, 'list', 100).map(([key, item]) => ['lpush', key, item]),
  sets: ({ groups }) => members(groups, 'set', 1000).map(([key, member]) => ['sadd', key, member]),
  sorted: ({ groups }) => members(groups, 'sorted', 1000).map(([key, member, score]) => ['zadd', key, score, member]),
  objects: () => range(1000, (i) => ['jsonSet', keyOf(i, 'json'), objectOf(i)]),
};

export const fillOf = (name, data) => FILLS[name](data);

const eachKey = ({ keys }) => keysOf(keys);
const groups = (prefix) => ({ groups }) => keysOf(groups, prefix);

export const WORK = {
  get: { method: 'get', fill: 'strings', subjects: eachKey, call: (store, key) => store.get(key) },
  // Past a read cache, for who has one.
  'get from engine': {
    method: 'get',
    fill: 'strings',
    subjects: eachKey,
    call: (store, key) => (store.getFromEngine ? store.getFromEngine(key) : store.get(key)),
  },
  set: { method: 'set', fill: 'strings', subjects: eachKey, call: (store, key, value) => store.set(key, value) },
  incr: { method: 'incr', fill: 'counters', subjects: ({ keys }) => keysOf(keys, 'count'), call: (store, key) => store.incr(key) },
  'mget 100': {
    method: 'mget',
    fill: 'strings',
    subjects: ({ keys }) => range(100, (i) => range(100, (j) => keyOf((i * 7919 + j * 104_729) % keys))),
    call: (store, keys) => store.mget(keys),
  },
  hset: { method: 'hset', fill: 'hashes', subjects: ({ groups }) => members(groups, 'hash', 50), call: (store, [key, field], value) => store.hset(key, field, value) },
  'hgetall 50': { method: 'hgetall', fill: 'hashes', subjects: groups('hash'), call: (store, key) => store.hgetall(key) },
  // Lists of their own: they grow.
  lpush: { method: 'lpush', fill: 'nothing', subjects: groups('grow'), call: (store, key, value) => store.lpush(key, value) },
  'lrange 100': { method: 'lrange', fill: 'lists', subjects: groups('list'), call: (store, key) => store.lrange(key, 0, 99) },
  sadd: { method: 'sadd', fill: 'sets', subjects: ({ groups }) => members(groups, 'set', 1000), call: (store, [key, member]) => store.sadd(key, member) },
  // Scores change, so members move: `turn` counts the calls.
  zadd: {
    method: 'zadd',
    fill: 'sorted',
    subjects: ({ groups }) => members(groups, 'sorted', 1000),
    call: (store, [key, member, score], value, turn) => store.zadd(key, (score + turn * 31) % 100_003, member),
  },
  'zrange top 10': { method: 'zrange', fill: 'sorted', subjects: groups('sorted'), call: (store, key) => store.zrange(key, 10) },
  'json set 1 KB': {
    method: 'jsonSet',
    fill: 'objects',
    subjects: () => shuffle(range(1000, (i) => ({ key: keyOf(i, 'json'), value: objectOf(i) }))),
    call: (store, { key, value }) => store.jsonSet(key, value),
  },
  'json get 1 KB': { method: 'jsonGet', fill: 'objects', subjects: () => keysOf(1000, 'json'), call: (store, key) => store.jsonGet(key) },
};

/** `one`: each call is awaited. `flight`: 1,000 calls, then all are awaited. `pipelined`: 100 by what the contender has for that. */
export const MODES = ['one', 'flight', 'pipelined'];
export const FLIGHT = 1000;
export const PIPELINE = 100;
