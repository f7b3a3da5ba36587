// Option objects say the same as Redis's words: each is run both ways, on data made anew, and the replies compared.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { open, COMMANDS } from '../../pkg/index.js';

let db;
before(async () => (db = await open({ name: 'options', persistent: false })));
after(() => db.close());

async function data() {
  await db.flushall();
  await db.set('k', 'value');
  await db.set('t', 'velcro');
  await db.set('gone', 'soon', { EX: 100 });
  await db.rpush('l', 'x', 'b', 'x', 'a', 'x');
  await db.rpush('numbers', 3, 1, 2);
  await db.mset({ w_3: 1, w_1: 2, w_2: 3, o_1: 'one', o_2: 'two', o_3: 'three' });
  await db.zadd('z', 1, 'a', 2, 'b', 3, 'c');
  await db.zadd('z2', 10, 'b', 20, 'd');
  await db.sadd('s', 'a', 'b');
  await db.hset('h', { f: 1 });
}

const dump = new Uint8Array();

/** [with an object, in words, what is looked at afterwards] */
const pairs = {
  ZADD: [['z', { XX: true, CH: true, GT: true }, [5, 'a'], [1, 'b']], ['z', 'XX', 'GT', 'CH', 5, 'a', 1, 'b'], ['ZRANGE', 'z', 0, -1, 'WITHSCORES']],
  'ZADD INCR': [['z', { INCR: true }, [5, 'a']], ['z', 'INCR', 5, 'a'], ['ZSCORE', 'z', 'a']],
  ZRANGE: [['z', '(3', 0, { BYSCORE: true, REV: true, LIMIT: [0, 1], WITHSCORES: true }], ['z', '(3', 0, 'BYSCORE', 'REV', 'LIMIT', 0, 1, 'WITHSCORES']],
  ZRANGEBYSCORE: [['z', 0, 9, { LIMIT: [1, 1], WITHSCORES: true }], ['z', 0, 9, 'WITHSCORES', 'LIMIT', 1, 1]],
  ZREVRANGEBYSCORE: [['z', 9, 0, { LIMIT: [1, 1] }], ['z', 9, 0, 'LIMIT', 1, 1]],
  ZRANGEBYLEX: [['z', '-', '+', { LIMIT: [0, 1] }], ['z', '-', '+', 'LIMIT', 0, 1]],
  ZREVRANGEBYLEX: [['z', '+', '-', { LIMIT: [0, 1] }], ['z', '+', '-', 'LIMIT', 0, 1]],
  ZREVRANGE: [['z', 0, -1, { WITHSCORES: true }], ['z', 0, -1, 'WITHSCORES']],
  ZRANGESTORE: [['d', 'z', 0, 2, { BYSCORE: true }], ['d', 'z', 0, 2, 'BYSCORE'], ['ZRANGE', 'd', 0, -1]],
  ZRANDMEMBER: [['z', -1, { WITHSCORES: false }], ['z', -1], null],
  ZUNION: [[['z', 'z2'], { WEIGHTS: [1, 2], AGGREGATE: 'MAX', WITHSCORES: true }], [2, 'z', 'z2', 'WEIGHTS', 1, 2, 'AGGREGATE', 'MAX', 'WITHSCORES']],
  ZINTER: [[['z', 'z2'], { WITHSCORES: true }], [2, 'z', 'z2', 'WITHSCORES']],
  ZDIFF: [[['z', 'z2'], { WITHSCORES: true }], [2, 'z', 'z2', 'WITHSCORES']],
  ZINTERCARD: [[['z', 'z2'], { LIMIT: 5 }], [2, 'z', 'z2', 'LIMIT', 5]],
  ZUNIONSTORE: [['d', ['z', 's'], { WEIGHTS: [2, 3], AGGREGATE: 'MIN' }], ['d', 2, 'z', 's', 'WEIGHTS', 2, 3, 'AGGREGATE', 'MIN'], ['ZRANGE', 'd', 0, -1, 'WITHSCORES']],
  ZINTERSTORE: [['d', ['z', 'z2']], ['d', 2, 'z', 'z2'], ['ZRANGE', 'd', 0, -1, 'WITHSCORES']],
  ZDIFFSTORE: [['d', ['z', 'z2']], ['d', 2, 'z', 'z2'], ['ZRANGE', 'd', 0, -1]],
  ZMPOP: [[['none', 'z'], 'MAX', { COUNT: 2 }], [2, 'none', 'z', 'MAX', 'COUNT', 2], ['ZCARD', 'z']],
  ZSCAN: [['z', 0, { MATCH: 'a*', COUNT: 10 }], ['z', 0, 'MATCH', 'a*', 'COUNT', 10]],
  SSCAN: [['s', 0, { MATCH: 'a*' }], ['s', 0, 'MATCH', 'a*']],
  HSCAN: [['h', 0, { COUNT: 5 }], ['h', 0, 'COUNT', 5]],
  SCAN: [[0, { MATCH: 'z*', COUNT: 1000, TYPE: 'zset' }], [0, 'MATCH', 'z*', 'COUNT', 1000, 'TYPE', 'zset']],
  SINTERCARD: [[['s'], { LIMIT: 1 }], [1, 's', 'LIMIT', 1]],
  LMPOP: [[['none', 'l'], 'LEFT', { COUNT: 2 }], [2, 'none', 'l', 'LEFT', 'COUNT', 2], ['LRANGE', 'l', 0, -1]],
  LPOS: [['l', 'x', { COUNT: 2, RANK: -1, MAXLEN: 3 }], ['l', 'x', 'RANK', -1, 'COUNT', 2, 'MAXLEN', 3]],
  SORT: [['numbers', { BY: 'w_*', LIMIT: [0, 2], GET: ['#', 'o_*'], DESC: true, ALPHA: true }], ['numbers', 'BY', 'w_*', 'LIMIT', 0, 2, 'GET', '#', 'GET', 'o_*', 'DESC', 'ALPHA']],
  'SORT STORE': [['numbers', { STORE: 'd', GET: 'o_*' }], ['numbers', 'GET', 'o_*', 'STORE', 'd'], ['LRANGE', 'd', 0, -1]],
  SORT_RO: [['numbers', { DESC: true }], ['numbers', 'DESC']],
  LCS: [['k', 't', { IDX: true, MINMATCHLEN: 1, WITHMATCHLEN: true }], ['k', 't', 'IDX', 'MINMATCHLEN', 1, 'WITHMATCHLEN']],
  HRANDFIELD: [['h', 1, { WITHVALUES: true }], ['h', 1, 'WITHVALUES']],
  EXPIRE: [['k', 60, { NX: true }], ['k', 60, 'NX'], ['TTL', 'k']],
  PEXPIRE: [['gone', 60, { GT: true }], ['gone', 60, 'GT'], ['TTL', 'gone']],
  EXPIREAT: [['gone', 4102444800, { LT: true }], ['gone', 4102444800, 'LT'], ['TTL', 'gone']],
  PEXPIREAT: [['gone', 4102444800000, { XX: true }], ['gone', 4102444800000, 'XX'], ['EXPIRETIME', 'gone']],
  'EXPIREAT of a date': [['gone', new Date(4102444800500)], ['gone', 4102444801], ['EXPIRETIME', 'gone']],
  'PEXPIREAT of a date': [['gone', new Date(4102444800500), { XX: true }], ['gone', 4102444800500, 'XX'], ['PEXPIRETIME', 'gone']],
  GETEX: [['k', { PXAT: new Date(4102444800500) }], ['k', 'PXAT', 4102444800500], ['PEXPIRETIME', 'k']],
  'GETEX EXAT': [['k', { EXAT: new Date(4102444800500) }], ['k', 'EXAT', 4102444801], ['PEXPIRETIME', 'k']],
  'GETEX PERSIST': [['gone', { PERSIST: true }], ['gone', 'PERSIST'], ['TTL', 'gone']],
  COPY: [['k', 'l', { REPLACE: true, DB: 0 }], ['k', 'l', 'DB', 0, 'REPLACE'], ['GET', 'l']],
  RESTORE: [['l', 0, dump, { REPLACE: true, IDLETIME: 5 }], ['l', 0, dump, 'REPLACE', 'IDLETIME', 5], ['GET', 'l']],
  'JSON.SET': [['j', '$', '1', { NX: true, EX: 50 }], ['j', '$', '1', 'NX', 'EX', 50], ['TTL', 'j']],
  FLUSHDB: [[{ SYNC: true }], ['SYNC'], ['DBSIZE']],
  FLUSHALL: [[{ ASYNC: true }], ['ASYNC'], ['DBSIZE']],
  LOLWUT: [[{ VERSION: 5 }], ['VERSION', 5]],
  BGSAVE: [[{ SCHEDULE: true }], ['SCHEDULE']],
  FAILOVER: [[{ TIMEOUT: 1 }], ['TIMEOUT', 1]],
  'CLIENT LIST': [['LIST', { TYPE: 'PUBSUB' }], ['LIST', 'TYPE', 'PUBSUB']],
  'CLIENT PAUSE': [['PAUSE', 0, { WRITE: true }], ['PAUSE', 0, 'WRITE']],
  'CLIENT TRACKING': [['TRACKING', 'ON', { BCAST: true, PREFIX: ['a', 'b'] }], ['TRACKING', 'ON', 'PREFIX', 'a', 'PREFIX', 'b', 'BCAST'], ['CLIENT', 'TRACKINGINFO']],
  'CLIENT UNBLOCK': [['UNBLOCK', 5, { ERROR: true }], ['UNBLOCK', 5, 'ERROR']],
  'COMMAND LIST': [['LIST', { FILTERBY: ['PATTERN', 'zr*'] }], ['LIST', 'FILTERBY', 'PATTERN', 'zr*']],
  'FUNCTION FLUSH': [['FLUSH', { ASYNC: true }], ['FLUSH', 'ASYNC']],
  'MEMORY USAGE': [['USAGE', 'z', { SAMPLES: 3 }], ['USAGE', 'z', 'SAMPLES', 3]],
};

const outcome = async (run) => {
  try {
    return await run();
  } catch (error) {
    return `${error.code}: ${error.message}`;
  }
};

for (const [name, [object, words, look]] of Object.entries(pairs)) {
  test(`${name} by an object is ${name} by words`, async () => {
    const [command] = name.split(' ');
    const method = command.toLowerCase().replace('.', '');
    const seen = [];
    for (const args of [object, words]) {
      await data();
      const serialized = db.bytes.dump('k');
      const reply = await outcome(() => db[method](...args.map((arg) => (arg === dump ? serialized : arg))));
      seen.push([reply, look ? await db.call(...look) : null]);
      if (name === 'CLIENT TRACKING') db.client('TRACKING', 'OFF');
    }
    if (look === null) assert.equal(seen[0][0].length, seen[1][0].length);
    else assert.deepEqual(seen[0], seen[1]);
    assert.doesNotMatch(JSON.stringify(seen[0][0]), /^"ARGUMENT/);
  });
}

test('every command that has options is compared', () => {
  const withMethod = (name) => typeof db[name.split('|')[0].toLowerCase().replace(/[.-]/g, '')] === 'function';
  const named = Object.keys(pairs).flatMap((name) => [name, name.split(' ')[0]]);
  // SET's are in crud.test.mjs; a node is not ended from within.
  const elsewhere = ['SET', 'SHUTDOWN', 'HELLO'];
  const missing = Object.entries(COMMANDS)
    .filter(([name, row]) => /\[[A-Z]/.test(row.usage) && withMethod(name) && !elsewhere.includes(name))
    .map(([name]) => name.replace('|', ' '))
    .filter((name) => !named.includes(name));
  assert.deepEqual(missing, []);
});

const refused = [
  [() => db.zadd('z', { NX: true, QQ: 1 }, [1, 'a']), /unknown option 'QQ' of ZADD: there are NX, XX, GT, LT, CH, INCR/],
  [() => db.zadd('z', { nx: true }, [1, 'a']), /unknown option 'nx' of ZADD/],
  [() => db.zrange('z', 0, -1, { REV: 1 }), /option REV of ZRANGE cannot be a number \(1\)/],
  [() => db.scan(0, { MATCH: true }), /option MATCH of SCAN cannot be a boolean \(true\)/],
  [() => db.scan(0, { MATCH: null }), /option MATCH of SCAN cannot be null/],
  [() => db.scan(0, { COUNT: NaN }), /is NaN/],
  [() => db.getex('k', { EXAT: new Date(NaN) }), /is NaN/],
  [() => db.expire('k', new Date()), /an object \(Date\)/],
  [() => db.zunion(['z', 5]), /a key of ZUNION must be a string or a Uint8Array, not a number \(5\)/],
  [() => db.multi().zadd('z', { QQ: true }, [1, 'a']), /unknown option 'QQ' of ZADD/],
  [() => db.openSession().call('ZRANGE', 'z', 0, -1, { QQ: true }), /unknown option 'QQ' of ZRANGE/],
];

test('what is unknown or wrong is refused by name, and nothing is done', async () => {
  await data();
  for (const [run, message] of refused) {
    await assert.rejects(async () => run(), (error) => error.code === 'ARGUMENT' && message.test(error.message));
  }
  assert.equal(db.zcard('z'), 3);
});

test('what is left out may be undefined', async () => {
  await data();
  assert.deepEqual(db.zrange('z', 0, -1, undefined), ['a', 'b', 'c']);
  assert.deepEqual(db.zrange('z', 0, 0, { REV: undefined, WITHSCORES: true }), [['a', 1]]);
  assert.equal(await db.expire('k', 5, {}), 1);
});

test('fields may be an object or a Map, members a Set', async () => {
  await data();
  await db.hset('h', new Map([['f', 2], ['g', 3]]));
  assert.deepEqual({ ...db.hgetall('h') }, { f: '2', g: '3' });
  await db.mset(new Map([['m', 'v']]));
  assert.equal(db.get('m'), 'v');
  assert.equal(await db.sadd('s', new Set(['c', 'd'])), 2);
  assert.equal(await db.del('m', ['h', 's']), 3);
});

test('objects are options in chains, sessions and the view of bytes', async () => {
  await data();
  const [added, range] = await db.multi().zadd('z', { CH: true }, [9, 'a']).zrange('z', 0, 0, { WITHSCORES: true }).exec();
  assert.deepEqual([added, range], [1, [['b', 2]]]);
  assert.deepEqual(db.bytes.zrange('z', 0, 0, { REV: true }), [new TextEncoder().encode('a')]);
  assert.deepEqual(db.call('ZRANGE', 'z', 0, 0, { WITHSCORES: true }), [['b', 2]]);
  const session = db.openSession();
  assert.equal(session.call('ZRANGE', 'z', 0, 0, { REV: true }).items.length, 1);
  assert.equal(session.call('SET', 'k', 'v', { EX: 5, NX: true }).kind, 'null');
  session.close();
});
