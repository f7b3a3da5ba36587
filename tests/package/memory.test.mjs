// What a key takes of WebAssembly's memory, which is never given back: its growth is the peak. Little is kept
// whatever the number of keys, as long as no other tab is known.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';

const instances = [];
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...args) => {
  const made = await instantiate.apply(WebAssembly, args);
  instances.push(made.instance ?? made);
  return made;
};
const { open } = await import('../../pkg/index.js');

const WARM = 1_000;
const KEYS = 250_000;
const bytes = () => instances.reduce((sum, { exports }) => sum + exports.memory.buffer.byteLength, 0);
const used = () => Number(/used_memory:(\d+)/.exec(db.info('memory'))[1]);

async function fill(from, to) {
  const set = (i) => db.set(`key:${String(i).padStart(10, '0')}`, 'abcdefghijklmnopqrstuvwxyz');
  for (let i = from; i < to; i += 500) await Promise.all(Array.from({ length: 500 }, (_, j) => set(i + j)));
}

let db;
before(async () => (db = await open({ name: 'memory', persistent: false })));
after(() => db.close());

test('a key of 14 bytes with a value of 26 takes 72 bytes at most, and INFO tells of what is taken', async () => {
  await fill(0, WARM);
  const before = bytes();
  await fill(WARM, WARM + KEYS);
  const each = (bytes() - before) / KEYS;
  assert.ok(each <= 72 && each > 56, `${each} bytes a key`);
  assert.ok(Math.abs(used() / bytes() - 1) < 0.1, `${used()} of ${bytes()}`);
  assert.equal(db.memory('USAGE', 'key:0000000000'), 61);
});

test('memory that has grown grows on in steps, for V8 collects for each of them', async () => {
  const sizes = new Set();
  for (let from = WARM + KEYS; from < WARM + 2 * KEYS; from += 500) {
    await fill(from, from + 500);
    sizes.add(bytes());
  }
  // By pages it would be 240 times.
  assert.ok(sizes.size < 80, `${sizes.size} times`);
  assert.ok(bytes() / (WARM + 2 * KEYS) < 72, `${bytes()} bytes`);
});

test('memory has a bound where nobody sets one', () => {
  assert.equal(db.config('GET', 'maxmemory').maxmemory, String(2 ** 30));
});
