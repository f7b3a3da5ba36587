// A store of a growing number of keys, or of collections, in a process of its own: what it takes in memory, how long a
// call takes then, and the longest time that one call, or what follows of it, keeps everything else waiting.
import { Pauses } from './pauses.mjs';
import { keyOf, random, valueOf } from './values.mjs';

// The memory of kilat's instance: what it has taken from the system, freed or not, for it is never given back.
const instances = [];
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...args) => {
  const made = await instantiate.apply(WebAssembly, args);
  instances.push(made.instance ?? made);
  return made;
};

let store;

export async function open({ name, options }) {
  const { CONTENDERS } = await import('./contenders/index.mjs');
  store = await (await CONTENDERS[name]()).default.open(options);
}

/** Bytes in use: linear memory where there is some, JavaScript's heap elsewhere. */
export async function bytes() {
  if (store.redis) return Number(/used_memory:(\d+)/.exec(await store.redis.info('memory'))[1]);
  if (instances.length) return instances.reduce((sum, { exports }) => sum + exports.memory.buffer.byteLength, 0);
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** What the engine itself counts. */
export const counted = () => Number(/used_memory_dataset:(\d+)/.exec(store.db.call('INFO', 'memory'))[1]);

const AT_ONCE = 1000;

/** `call(i)` for i from `from` to `to`, a thousand at a time. */
async function each(from, to, call) {
  for (let i = from; i < to; i += AT_ONCE) {
    const calls = [];
    for (let j = i; j < Math.min(to, i + AT_ONCE); j++) calls.push(call(j));
    await Promise.all(calls);
  }
}

/** Keys `from` to `to`, of 14 bytes, with values of 26. */
export const fillStrings = ({ from, to, size = 26 }) => each(from, to, (i) => store.set(keyOf(i), valueOf(size, i)));

/** So many keys of other names, with values of 26 bytes, by one command: kilat alone. */
export const populate = ({ to }) => store.db.call('DEBUG', 'POPULATE', to, 'populated', 26);

/** The first set of `fillCollections`, many with one command: kilat alone. */
export async function fillSetAtOnce({ members }) {
  for (let i = 0; i < members; i += AT_ONCE) {
    await store.db.call('SADD', keyOf(0, 'group'), ...Array.from({ length: Math.min(AT_ONCE, members - i) }, (_, j) => `member:${i + j}`));
  }
}

const ADD = {
  hash: (key, i) => store.hset(key, `field:${i}`, valueOf(16, i)),
  list: (key, i) => store.lpush(key, valueOf(16, i)),
  set: (key, i) => store.sadd(key, `member:${i}`),
  'sorted set': (key, i) => store.zadd(key, i * 3, `member:${i}`),
};

/** `keys` collections of so many members. */
export async function fillCollections({ type, keys, members }) {
  for (let i = 0; i < keys; i += AT_ONCE / members > 1 ? AT_ONCE / members : 1) {
    const until = Math.min(keys, i + Math.max(1, AT_ONCE / members));
    const calls = [];
    for (let key = i; key < until; key++) for (let j = 0; j < members; j++) calls.push(ADD[type](keyOf(key, 'group'), j));
    await Promise.all(calls);
  }
}

/** Many writes of one key: what a store keeps of its last writes, whatever is in it, is there before bytes are counted. */
export async function settle({ calls }) {
  await store.clear();
  await each(0, calls, () => store.set('settle', 'x'));
}

/** Nanoseconds of a get and of a set of random keys among so many. */
export async function times({ keys, calls }) {
  const next = random(keys);
  const asked = Array.from({ length: calls }, () => keyOf(Math.floor(next() * keys)));
  const values = Array.from({ length: 64 }, (_, i) => valueOf(26, i));
  const took = async (call) => {
    const isSync = typeof call(0)?.then !== 'function';
    const began = performance.now();
    if (isSync) for (let i = 0; i < calls; i++) call(i);
    else await each(0, calls, call);
    return ((performance.now() - began) * 1e6) / calls;
  };
  return { get: await took((i) => store.get(asked[i])), set: await took((i) => store.set(asked[i], values[i & 63])) };
}

/** Adds keys, some at once; answers the longest call. */
export async function growth({ from, to }) {
  const value = valueOf(26, 0);
  const pauses = await Pauses.begin();
  for (let i = from; i < to; ) {
    const calls = [];
    for (const until = Math.min(to, i + AT_ONCE); i < until; i++) {
      const key = keyOf(i);
      const began = performance.now();
      calls.push(store.set(key, value));
      pauses.took(began, performance.now());
    }
    await Promise.all(calls);
  }
  return pauses.end();
}

const look = () => store.get(keyOf(0));

/** Runs a command; answers how long it, or what it left to do, kept everything waiting. */
export async function blocks({ command, afterMs }) {
  const pauses = await Pauses.begin();
  const began = performance.now();
  const done = store.db.call(...command);
  pauses.took(began, performance.now());
  await Promise.all([pauses.watch(afterMs, look), done]);
  return pauses.end();
}

/** Before keys are due they are there, what filling left is collected, and pauses are watched. */
const READY_MS = 100;

/** So many keys that are due at the same moment; answers the longest turn around it. */
export async function expiry({ keys, leadMs, afterMs }) {
  const at = Date.now() + leadMs;
  await each(0, keys, (i) => store.db.call('SET', keyOf(i, 'due'), 'x', 'PXAT', at));
  const pauses = await Pauses.begin();
  if (Date.now() > at - READY_MS) {
    await store.db.call('DEL', ...Array.from({ length: keys }, (_, i) => keyOf(i, 'due')));
    return expiry({ keys, leadMs: leadMs * 2, afterMs });
  }
  await new Promise((resolve) => setTimeout(resolve, at - Date.now() - READY_MS));
  await pauses.watch(afterMs, look);
  return pauses.end();
}
