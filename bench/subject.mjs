// One contender in a process or page of its own: it prepares what a row needs and runs a round when told to. Nothing of
// other contenders is compiled, kept or collected there. Runs in Node and in the page.
import { CONTENDERS } from './contenders/index.mjs';
import { valueOf } from './values.mjs';
import { FLIGHT, GROUPS, PIPELINE, WORK, fillOf } from './work.mjs';

let contender;
let store;
let filled = '';
/** Fills that were given up, with what was said: they are not tried again. */
const tooLong = new Map();
let row;

export async function open({ name, options }) {
  contender = (await CONTENDERS[name]()).default;
  store = await contender.open(options);
  return { version: store.version ?? null };
}

export async function close() {
  await store?.close?.();
}

/** Whether the contender can do this row: it has the method, and the mode, and room. */
export function takes({ work, mode, keys, size }) {
  if (typeof store[WORK[work].method] !== 'function') return false;
  if (mode === 'pipelined' && (!store.batch || (store.batches && !store.batches.includes(WORK[work].method)))) return false;
  return (store.bytesMax ?? Infinity) >= keys * size && (store.keysMax ?? Infinity) >= keys;
}

/** Fills the store and warms up: compilers take their time. Answers how many calls a round of `roundMs` has. */
export async function prepare({ work, mode, keys, size, groups = GROUPS, flight = FLIGHT, roundMs, warmMs, fillMs, slowMs }) {
  const { fill, subjects, call } = WORK[work];
  const data = { keys, size, groups };
  const wanted = fill === 'strings' ? `${fill} ${keys} ${size}` : fill === 'counters' ? `${fill} ${keys}` : fill;
  if (filled !== wanted || fill === 'nothing') {
    if (tooLong.has(wanted)) throw new Error(tooLong.get(wanted));
    filled = '';
    await store.clear();
    await fillStore(fillOf(fill, data), fillMs, (sentence) => tooLong.set(wanted, sentence));
    filled = wanted;
  }
  const inFlight = Math.min(store.flight ?? flight, flight);
  const step = mode === 'one' ? 1 : mode === 'flight' ? inFlight : PIPELINE;
  row = { run: loopOf(mode, call, inFlight), subjects: subjects(data), values: Array.from({ length: 64 }, (_, i) => valueOf(size, i)), count: step, turn: 0 };
  // One call tells whether it answers at once; such a contender is not slowed by awaiting.
  row.sync = mode === 'one' && !isPromise(call(store, row.subjects[0], row.values[0], 0));
  for (let spent = 0, began = performance.now(); ; ) {
    spent = await time();
    const lasted = performance.now() - began;
    if ((spent >= roundMs / 2 && lasted >= warmMs) || lasted > warmMs + Math.min(slowMs, roundMs * 10)) break;
    if (spent < roundMs / 2) row.count *= spent < roundMs / 16 ? 8 : 2;
  }
  await store.settle?.();
  return { calls: row.count };
}

/** Nanoseconds a call, of one round. What a contender still does behind it, it does before another has its turn. */
export async function round({ collect }) {
  if (collect) globalThis.gc?.();
  const spent = await time();
  await store.settle?.();
  return (spent * 1e6) / row.count;
}

async function time() {
  const began = performance.now();
  await row.run(store, row.subjects, row.values, row.count, row);
  return performance.now() - began;
}

export const isPromise = (value) => typeof value?.then === 'function';

/** What would take hours to fill is not waited for. */
async function fillStore(calls, fillMs, giveUp) {
  const began = performance.now();
  for (let from = 0; from < calls.length; from += 1000) {
    if (performance.now() - began > fillMs) {
      const sentence = `${from} of the ${calls.length} calls that fill it took ${fillMs / 1000} s`;
      giveUp(sentence);
      throw new Error(sentence);
    }
    const some = calls.slice(from, from + 1000);
    const run = (view) => some.map(([method, ...args]) => view[method](...args));
    const canBatch = store.batch && (!store.batches || store.batches.includes(some[0][0]));
    await (canBatch ? store.batch(run) : Promise.all(run(store)));
  }
  await store.settle?.();
}

/**
 * A loop that has seen no other operation: V8 compiles a function for what it has met, and one that had met all of them
 * would cost a quick contender more than its own work.
 */
function loopOf(mode, call, inFlight) {
  return new Function('call', 'FLIGHT', 'PIPELINE', `return ${LOOPS[mode]}`)(call, inFlight, PIPELINE);
}

const LOOPS = {
  one: `async (store, subjects, values, count, row) => {
    let [turn, at] = [row.turn, row.turn % subjects.length];
    if (row.sync) {
      for (let i = 0; i < count; i++) {
        row.last = call(store, subjects[at], values[i & 63], turn++);
        if (++at === subjects.length) at = 0;
      }
    } else {
      for (let i = 0; i < count; i++) {
        row.last = await call(store, subjects[at], values[i & 63], turn++);
        if (++at === subjects.length) at = 0;
      }
    }
    row.turn = turn;
  }`,
  flight: `async (store, subjects, values, count, row) => {
    const calls = new Array(FLIGHT);
    for (let done = 0; done < count; done += FLIGHT) {
      let [turn, at] = [row.turn, row.turn % subjects.length];
      for (let i = 0; i < FLIGHT; i++) {
        calls[i] = call(store, subjects[at], values[i & 63], turn++);
        if (++at === subjects.length) at = 0;
      }
      row.turn = turn;
      row.last = typeof calls[0]?.then === 'function' ? await Promise.all(calls) : calls;
    }
  }`,
  pipelined: `async (store, subjects, values, count, row) => {
    for (let done = 0; done < count; done += PIPELINE) {
      row.last = await store.batch((view) => {
        let [turn, at] = [row.turn, row.turn % subjects.length];
        for (let i = 0; i < PIPELINE; i++) {
          call(view, subjects[at], values[i & 63], turn++);
          if (++at === subjects.length) at = 0;
        }
        row.turn = turn;
      });
    }
  }`,
};
