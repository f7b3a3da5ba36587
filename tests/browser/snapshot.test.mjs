// What a snapshot is, and what storage holds: the image of one instant, written while the data goes on changing; two of them;
// and never more than three times the data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../scripts/shell.mjs';
import { load, needs, revisit, until, world } from './world.mjs';

/** Runs in a page: gives it `stored(name)`, what a database's stores hold. */
function lookIntoStores() {
  const done = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
  globalThis.stored = async (name) => {
    const raw = await done(indexedDB.open(`kilat:1:${name}`));
    const both = raw.transaction(['blocks', 'pieces']);
    const [blocks, pieces] = ['blocks', 'pieces'].map((store) => both.objectStore(store));
    const [logs, keys, values] = await Promise.all([blocks.getAll(), pieces.getAllKeys(), pieces.getAll()].map(done));
    raw.close();
    const sum = (rows) => rows.reduce((bytes, row) => bytes + row.length, 0);
    const snapshots = {};
    let ballast = 0;
    keys.forEach(([id], i) => {
      // The hint is no snapshot.
      if (/^0+1?$/.test(id)) ballast += values[i].length;
      else (snapshots[id] ??= []).push(values[i]);
    });
    return { log: sum(logs), snapshots, bytes: sum(logs) + sum(values) - ballast, ballast };
  };
}

test('a snapshot is the image of the instant at which it was begun, whatever is written meanwhile', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'image' };
  const page = await here.tab(open);
  await page.evaluate(lookIntoStores);
  const seen = await page.evaluate(async () => {
    const KEYS = 20_000;
    const each = async (act) => {
      for (let from = 0; from < KEYS; from += 1000) await Promise.all(Array.from({ length: 1000 }, (_, i) => act(from + i)));
    };
    await each((i) => db.set(`key:${i}`, `before ${i} ${'x'.repeat(50)}`));
    await Promise.all([db.zadd('zset', 1, 'before'), db.hset('hash', { field: 'before' }), db.rpush('list', 'before'), db.set('json', { is: 'before' })]);
    while (db.status().saving) await new Promise((resolve) => setTimeout(resolve, 20));
    const digest = db.call('DEBUG', 'DIGEST');
    // The same task: nothing can have been written between the two.
    const saving = db.save();
    let isOver = false;
    saving.then(() => (isOver = true));
    let meanwhile = 0;
    const write = (promise) => promise.then(() => (meanwhile += isOver ? 0 : 1));
    // From the end: what the walk comes to last is changed first, and the other way round.
    for (let round = 0; !isOver; round++) {
      await Promise.all([
        ...Array.from({ length: 200 }, (_, i) => write(db.set(`key:${(round * 200 + i) * 7 % KEYS}`, `after ${round}`))),
        ...Array.from({ length: 50 }, (_, i) => write(db.del(`key:${KEYS - 1 - (round * 50 + i) % KEYS}`))),
        write(db.set(`new:${round}`, 'x')), write(db.zadd('zset', round, 'after')), write(db.hset('hash', { field: 'after' })),
        write(db.rpush('list', 'after')), write(db.set('json', { is: 'after' })),
      ]);
    }
    await saving;
    const { snapshots } = await stored('image');
    const [, pieces] = Object.entries(snapshots).sort().at(-1);
    const image = new Uint8Array(await new Blob(pieces).arrayBuffer());
    const other = await kilat.open({ name: 'image alone', persistent: false });
    await other.import(image);
    const inImage = other.call('DEBUG', 'DIGEST');
    const after = db.call('DEBUG', 'DIGEST');
    return { digest, inImage, after, meanwhile, pieces: pieces.length };
  });
  assert.equal(seen.inImage, seen.digest);
  assert.notEqual(seen.after, seen.digest);
  assert.ok(seen.meanwhile > 500, `${seen.meanwhile} writes were acknowledged meanwhile`);
  // With the log behind it, it is what there was at the end.
  await revisit(page, open);
  assert.equal(await page.evaluate(() => db.call('DEBUG', 'DIGEST')), seen.after);
  t.diagnostic(`${seen.pieces} pieces; ${seen.meanwhile} writes were acknowledged meanwhile`);
});

/** Runs in a page: saves, also where one is under way. */
async function saveAll() {
  for (;;) {
    try {
      return void (await db.save());
    } catch (error) {
      if (!error.message.includes('in progress')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

test('two generations are kept: a damaged newest snapshot is made good by the one before and the log', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'generations' };
  const page = await here.tab(open);
  for (const round of [1, 2, 3, 4]) {
    await page.evaluate(({ round }) => Promise.all(Array.from({ length: 100 }, (_, i) => db.set(`key:${round}:${i}`, 'x'.repeat(1000)))), { round });
    await page.evaluate(saveAll);
  }
  await page.evaluate(() => db.set('last', 'x'));
  const digest = await page.evaluate(() => db.call('DEBUG', 'DIGEST'));
  await page.reload();
  await page.evaluate(lookIntoStores);
  const ids = await page.evaluate(async () => {
    const ids = Object.keys((await stored('generations')).snapshots).sort();
    const request = indexedDB.open('kilat:1:generations');
    const raw = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const store = raw.transaction('pieces', 'readwrite').objectStore('pieces');
    const read = store.get([ids.at(-1), 0]);
    read.onsuccess = () => {
      read.result[read.result.length >> 1] ^= 1;
      store.put(read.result, [ids.at(-1), 0]);
    };
    await new Promise((resolve) => { store.transaction.oncomplete = resolve; });
    raw.close();
    return ids;
  });
  assert.equal(ids.length, 2);
  await load(page, open);
  assert.equal(await page.evaluate(() => db.call('DEBUG', 'DIGEST')), digest);
  // It is replaced, without being asked to be.
  const sound = async () => {
    const now = Object.keys((await page.evaluate(() => stored('generations').then(({ snapshots }) => ({ snapshots }))).catch(() => ({}))).snapshots ?? {});
    return now.length === 2 && !now.includes(ids[0]);
  };
  await until(sound, 'a new snapshot in place of the oldest');
});

test('storage holds three times the data at most, however much is written', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'bounded' };
  const page = await here.tab(open);
  const watcher = await here.tab();
  await watcher.evaluate(lookIntoStores);
  // 8 MB, of which each part is written anew again and again: 40 MB go through the log. Who writes faster than a snapshot is
  // written holds more until it is done.
  await page.evaluate(() => {
    const write = async (lane) => {
      for (let i = 0; i < 1000; i++) {
        await db.set(`key:${lane}:${i % 200}`, crypto.getRandomValues(new Uint8Array(10_000)));
        if (i >= 200) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    globalThis.isOver = false;
    Promise.all([0, 1, 2, 3].map(write)).then(() => (isOver = true));
  });
  const used = () => page.evaluate(() => Number(/used_memory_dataset:(\d+)/.exec(db.call('INFO', 'memory'))[1]));
  const shares = [];
  let generations = 0;
  for (;;) {
    const { bytes, count } = await watcher.evaluate(async () => {
      const { bytes, snapshots } = await stored('bounded');
      return { bytes, count: Object.keys(snapshots).length };
    });
    const data = await used();
    if (data > 8_000_000) shares.push(bytes / data);
    generations = Math.max(generations, count);
    if (await page.evaluate(() => isOver)) break;
    // A look holds up who writes.
    await pause(100);
  }
  const most = Math.max(...shares);
  t.diagnostic(`${shares.length} looks while 40 MB were written: storage held ${most.toFixed(2)} times the data at most, ${generations} snapshots`);
  assert.ok(shares.length >= 5, `${shares.length} looks`);
  assert.equal(generations, 2);
  assert.ok(most <= 3, `storage held ${most} times the data`);
});
