// The end of memory, made early: the module is told that it can have no more than this. What does not fit is refused, and
// nothing else happens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { open } from '../../pkg/index.js';
import { pause } from '../../scripts/shell.mjs';

const PAGE = 64 * 1024;
const MAX_BYTES = 704 * 2 ** 20;

const MEMORIES = 5;

/** The module, its memory bounded: its section of memories is written anew. */
function bounded(bytes, maxBytes) {
  const numberAt = (at) => {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    return [value, at];
  };
  const numberOf = (value) => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberOf(Math.floor(value / 0x80))]);
  for (let at = 8; at < bytes.length; ) {
    const [size, start] = numberAt(at + 1);
    if (bytes[at] === MEMORIES) {
      // One memory: its flags say whether there is a maximum, then come the pages that it begins with.
      const [least] = numberAt(start + 2);
      const section = [1, 1, ...numberOf(least), ...numberOf(maxBytes / PAGE)];
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([MEMORIES, ...numberOf(section.length), ...section]), bytes.subarray(start + size)]);
    }
    at = start + size;
  }
  throw new Error('the module has no memory of its own');
}

const module = new WebAssembly.Module(bounded(readFileSync(new URL('../../pkg/kilat_bg.wasm', import.meta.url)), MAX_BYTES));
const OOM = { code: 'OOM' };
const MEGABYTE = 1 << 20;
const valueOf = (i, size = MEGABYTE) => new Uint8Array(size).fill(i & 0xff);

async function full(name, options = {}) {
  const db = await open({ name, persistent: false, durability: 'memory', wasm: module, ...options });
  const died = [];
  db.on('crashed', ({ message }) => died.push(message));
  let written = 0;
  await assert.rejects(async () => {
    for (; written < MAX_BYTES / MEGABYTE; written++) await db.set(`key:${written}`, valueOf(written));
  }, OOM);
  return { db, died, written };
}

function check(db, keys) {
  for (const i of keys) {
    const bytes = db.bytes.get(`key:${i}`);
    assert.ok(bytes?.length === MEGABYTE && bytes[0] === (i & 0xff) && bytes.at(-1) === (i & 0xff), `key:${i} is as it was`);
  }
}

const upTo = (count) => Array.from({ length: count }, (_, i) => i);

test('where memory ends writes are refused, reads go on, and what is deleted makes room', async () => {
  const { db, died, written } = await full('wall');
  assert.ok(written > 500 && written < MAX_BYTES / MEGABYTE, `${written} MB fit into ${MAX_BYTES / MEGABYTE}`);
  check(db, upTo(written));
  const half = Math.floor(written / 2);
  assert.equal(await db.del(...upTo(half).map((i) => `key:${i}`)), half);
  await db.set('small', 'x');
  await db.set('key:0', valueOf(0));
  check(db, [0, ...upTo(written).slice(half)]);
  assert.equal(db.get('small'), 'x');
  assert.deepEqual(died, []);
  await db.close();
});

test('what takes much more than it is given is refused too', async () => {
  const { db, died, written } = await full('wall of large ones');
  const gone = upTo(Math.floor(written / 2));
  await db.del(...gone.map((i) => `key:${i}`));
  // What is large is given back bit by bit. In what was freed there is room for many, and for no large one.
  await pause(200);
  await assert.rejects(db.set('large', valueOf(0, 400 * MEGABYTE)), OOM);
  await assert.rejects(db.set('larger', valueOf(0, 500 * MEGABYTE)), OOM);
  await db.set('tall', valueOf(0));
  for (let i = 0; i < 400; i++) {
    try {
      await db.append('tall', valueOf(0, MEGABYTE));
    } catch (error) {
      assert.equal(error.code, 'OOM');
      break;
    }
  }
  await db.rpush('list', ...upTo(40_000).map((i) => `an element of a list ${i}`));
  assert.throws(() => db.export(), OOM);
  await assert.rejects(db.import(new Uint8Array(300 * MEGABYTE)), OOM);
  await assert.rejects(db.multi().set('a', valueOf(1, 40 * MEGABYTE)).set('b', valueOf(1, 40 * MEGABYTE)).exec(), /OOM/);
  check(db, upTo(written).slice(gone.length));
  assert.equal(db.lindex('list', -1), 'an element of a list 39999');
  assert.deepEqual(died, []);
  await db.close();
});
