// What watching costs a write: `node --expose-gc bench/watch.mjs [--rounds 9]`. In one process, in memory: sets that are not awaited
// one by one, of keys that nobody watches, while 0, 1 or 10,000 other keys or 100 patterns are watched; then of keys that
// are. Rounds are interleaved; the table has medians and their ratios to a database that nobody watches.
import { open } from '../pkg/index.js';

const at = process.argv.indexOf('--rounds');
const rounds = at < 0 ? 9 : Number(process.argv[at + 1]);
const WRITES = 20_000;
const nothing = () => {};

const CASES = {
  'nobody watches': () => [],
  '1 other key': (db) => [db.watch('watched', nothing)],
  '10,000 other keys': (db) => Array.from({ length: 10_000 }, (_, i) => db.watch(`watched:${i}`, nothing)),
  '100 other patterns': (db) => Array.from({ length: 100 }, (_, i) => db.watch({ match: `watched:${i}:*` }, nothing)),
  'the keys written, by 1 pattern': (db) => [db.watch({ match: 'key:*' }, nothing)],
  // How much two equal cases differ.
  'nobody watches, again': () => [],
};

const db = await open({ name: 'bench', persistent: false, durability: 'memory' });
const keys = Array.from({ length: 1000 }, (_, i) => `key:${i}`);
const times = Object.fromEntries(Object.keys(CASES).map((name) => [name, []]));
for (let round = -1; round < rounds; round++) {
  for (const [name, watch] of Object.entries(CASES)) {
    const stops = watch(db);
    // What making the watchers has left behind is not the writes' doing.
    globalThis.gc?.();
    const began = performance.now();
    const writes = [];
    for (let i = 0; i < WRITES; i++) writes.push(db.set(keys[i % keys.length], 'a value of some length'));
    await Promise.all(writes);
    // The first round warms up.
    if (round >= 0) times[name].push(((performance.now() - began) * 1000) / WRITES);
    for (const stop of stops) stop();
  }
}
await db.close();
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const base = median(times['nobody watches']);
console.log('µs/write  ratio');
for (const [name, list] of Object.entries(times)) {
  console.log(`${median(list).toFixed(2).padStart(8)}  ${(median(list) / base).toFixed(2).padStart(5)}  ${name}`);
}
