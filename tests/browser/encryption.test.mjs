// A database with a key: nothing in clear on disk or channel, the wrong key is told and harms nobody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leads, load, needs, revisit, until, world } from './world.mjs';

const PLANTED = 'a sentence that must be seen nowhere';
const key = { passphrase: 'correct horse battery staple', iterations: 10_000 };

/** Runs in a page: whether the text stands in any row of the database, and how many bytes of blocks and pieces there are. */
async function searchStorage({ name, text }) {
  const request = indexedDB.open(`kilat:1:${name}`);
  const raw = await new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
  const rows = [];
  for (const store of ['blocks', 'pieces', 'meta']) {
    const all = raw.transaction(store).objectStore(store).getAll();
    rows.push(...await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); }));
  }
  raw.close();
  const found = rows.filter((row) => new TextDecoder('latin1').decode(row).includes(text)).length;
  return { found, bytes: rows.reduce((sum, row) => sum + row.length, 0) };
}

/** Runs in a page: listens to the channel of a database. */
function spy({ name, text }) {
  globalThis.heard = { messages: 0, found: 0 };
  new BroadcastChannel(`kilat:${name}`).onmessage = ({ data }) => {
    heard.messages += 1;
    heard.found += Number(new TextDecoder('latin1').decode(data).includes(text));
  };
}

/** Runs in a page: the code of the error that opening ends in. */
const refusal = (open) => kilat.open(open).then(() => 'opened', (error) => error.code);

test('an encrypted database shows nothing on disk or channel, and two tabs, a failover and a reload work', needs(), async (t) => {
  const here = await world(t);
  const where = { name: 'secret', text: PLANTED };
  const watcher = await here.tab();
  await watcher.evaluate(spy, where);
  const open = { name: 'secret', key };
  const leader = await here.tab(open);
  await leads(leader);
  const follower = await here.tab(open);
  await leader.evaluate((text) => db.set('one', text), PLANTED);
  await until(() => follower.evaluate((text) => db.get('one') === text, PLANTED), 'the follower to have it');
  await follower.evaluate((text) => db.set('two', text), PLANTED);
  await leader.evaluate(() => db.save());
  await leader.evaluate((text) => db.set('three', text), PLANTED);
  const stored = await watcher.evaluate(searchStorage, where);
  assert.equal(stored.found, 0);
  assert.ok(stored.bytes > 500, `${stored.bytes} bytes were searched`);
  const heard = await watcher.evaluate(() => heard);
  assert.equal(heard.found, 0);
  assert.ok(heard.messages > 5, `${heard.messages} messages were heard`);
  await leader.close();
  await leads(follower);
  await follower.evaluate((text) => db.set('four', text), PLANTED);
  await revisit(follower, open);
  const seen = await follower.evaluate(() => [...['one', 'two', 'three', 'four'].map((name) => db.get(name)), db.status().storage.encrypted]);
  assert.deepEqual(seen, [PLANTED, PLANTED, PLANTED, PLANTED, true]);
});

test('the same search finds what is stored in clear', needs(), async (t) => {
  const here = await world(t);
  const where = { name: 'clear', text: PLANTED };
  const page = await here.tab({ name: 'clear' });
  await page.evaluate((text) => db.set('one', text), PLANTED);
  assert.ok((await page.evaluate(searchStorage, where)).found > 0);
});

test('a wrong key, no key and a needless key are told, and disturb nobody', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'locked', key };
  const holder = await here.tab(open);
  await leads(holder);
  await holder.evaluate(() => db.set('kept', 'x'));
  const other = await here.tab();
  const wrong = { name: 'locked', key: { ...key, passphrase: 'wrong' } };
  for (let tries = 0; tries < 3; tries++) assert.equal(await other.evaluate(refusal, wrong), 'WRONGKEY');
  assert.equal(await other.evaluate(refusal, { name: 'locked', key: { ...key, iterations: 20_000 } }), 'WRONGKEY');
  assert.equal(await other.evaluate(refusal, { name: 'locked' }), 'KEYNEEDED');
  assert.equal(await other.evaluate(refusal, { name: 'locked', key: { passphrase: '' } }), 'OPTION');
  assert.deepEqual(await holder.evaluate(async () => [await db.set('kept', 'y'), db.status().role]), ['OK', 'leader']);
  await load(other, open);
  assert.equal(await other.evaluate(() => db.get('kept')), 'y');
  await other.evaluate(() => kilat.open({ name: 'plain' }).then((plain) => plain.set('x', '1').then(() => plain.close())));
  assert.equal(await other.evaluate(refusal, { name: 'plain', key }), 'NOTENCRYPTED');
  assert.equal(await other.evaluate(() => kilat.open({ name: 'plain' }).then((plain) => plain.get('x'))), '1');
});

test('raw bytes and a CryptoKey open what they made; a flipped bit is found', needs(), async (t) => {
  const here = await world(t);
  const page = await here.tab();
  const seen = await page.evaluate(async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const one = await kilat.open({ name: 'raw', key: bytes });
    await one.set('x', '1');
    await one.close();
    const cryptoKey = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
    const two = await kilat.open({ name: 'raw', key: cryptoKey });
    const x = two.get('x');
    await two.set('y', '2');
    await two.close();
    const request = indexedDB.open('kilat:1:raw');
    const raw = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const store = raw.transaction('blocks', 'readwrite').objectStore('blocks');
    const keys = await new Promise((resolve) => { const all = store.getAllKeys(); all.onsuccess = () => resolve(all.result); });
    const values = await new Promise((resolve) => { const all = store.getAll(); all.onsuccess = () => resolve(all.result); });
    const last = values.at(-1);
    last[last.length - 1] ^= 1;
    store.put(last, keys.at(-1));
    await new Promise((resolve) => { store.transaction.oncomplete = resolve; });
    raw.close();
    const three = await kilat.open({ name: 'raw', key: bytes });
    const told = await new Promise((resolve) => { three.on('corrupt', ({ message }) => resolve(message)); setTimeout(() => resolve(null), 5_000); });
    return { x, still: three.get('x'), told: typeof told };
  });
  assert.deepEqual(seen, { x: '1', still: '1', told: 'string' });
});
