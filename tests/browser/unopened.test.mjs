// IndexedDB is there and does not open: for a while, for ever, or because the browser has dropped what it found damaged. An
// empty database in memory in its place would look as if all data were lost.
import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { driver } from './drivers/index.mjs';
import { load, needs, until, world } from './world.mjs';

/** The files of a profile whose path matches. */
const filesOf = (profile, path) => readdirSync(profile, { recursive: true }).filter((file) => path.test(file)).map((file) => join(profile, file));

/** In the page: the first `times` attempts to open one of kilat's databases end with an error of this name. */
function failing({ name, times }) {
  globalThis.attempts = 0;
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...args) {
    if (!args[0].startsWith('kilat:1:') || ++attempts > times) return open.apply(this, args);
    const request = new EventTarget();
    request.error = new DOMException('made up', name);
    for (const type of ['error', 'success', 'upgradeneeded']) {
      Object.defineProperty(request, `on${type}`, { set: (listener) => listener && request.addEventListener(type, listener) });
    }
    setTimeout(() => request.dispatchEvent(new Event('error', { cancelable: true })));
    return request;
  };
}

test('what passes is waited for, and the data is there', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'passes' };
  const page = await tab(open);
  await page.evaluate(() => db.set('x', '1'));
  for (const name of ['AbortError', 'UnknownError', 'TimeoutError']) {
    await page.reload();
    await load(page);
    await page.evaluate(failing, { name, times: 4 });
    const seen = await page.evaluate(async (options) => {
      const db = await kilat.open(options);
      return [attempts, db.get('x'), db.status().storage.state];
    }, open);
    assert.deepEqual(seen, [5, '1', 'open'], name);
  }
});

test('what does not pass is an error of `open`, which may be tried again', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab({ name: 'stays' });
  await page.evaluate(() => db.set('x', '1'));
  await page.reload();
  await load(page);
  // The one that is opened early, and seven of the engine's.
  await page.evaluate(failing, { name: 'UnknownError', times: 8 });
  const seen = await page.evaluate(async () => {
    const refused = await kilat.open({ name: 'stays' }).catch(({ code, message }) => [code, message]);
    const db = await kilat.open({ name: 'stays' });
    return [...refused, db.get('x')];
  });
  assert.deepEqual(seen, ['STORAGE', "database 'stays': IndexedDB does not open (UnknownError: made up)", '1']);
});

test('where it is forbidden, data lives in memory at once', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab();
  for (const name of ['SecurityError', 'InvalidStateError']) {
    await page.evaluate(failing, { name, times: 100 });
    const seen = await page.evaluate(async (name) => {
      const db = await kilat.open({ name });
      const told = new Promise((resolve) => db.on('memory-only', ({ message }) => resolve(message)));
      await db.set('x', '1');
      return [await told, db.status().storage.state, db.get('x')];
    }, name);
    assert.deepEqual(seen, [`There is no storage here (${name}: made up): data lives in memory alone.`, 'memory', '1']);
  }
});

test('Chromium drops what it finds damaged: that is told', needs('persistent'), async (t) => {
  if (driver.name !== 'chromium') return t.skip('only Chromium drops, and tells');
  const here = await world(t);
  const open = { name: 'dropped' };
  const page = await here.tab(open);
  await page.evaluate(() => db.set('x', '1'));
  await here.browser.kill();
  const damaged = filesOf(here.profile, /\.indexeddb\.leveldb\/MANIFEST-/);
  assert.equal(damaged.length, 1);
  writeFileSync(damaged[0], 'no manifest at all, for sure');
  await here.relaunch();
  const fresh = await here.tab(open);
  const told = await fresh.evaluate(
    () => new Promise((resolve) => {
      db.on('corrupt', ({ message }) => resolve(message));
      setTimeout(() => resolve(null), 5_000);
    }),
  );
  assert.match(told, /^The browser found its storage damaged and dropped all of it: /);
  assert.equal(await fresh.evaluate(() => db.get('x')), null);
});

test('Chromium goes on behind what a killed browser left half written: kilat makes it begin anew', needs('persistent'), async (t) => {
  if (driver.name !== 'chromium') return t.skip('only Chromium keeps its data in such a log');
  const here = await world(t);
  const open = { name: 'torn' };
  const page = await here.tab(open);
  await page.evaluate(() => db.set('x', '1'));
  await here.browser.kill();
  const logs = () => filesOf(here.profile, /\.indexeddb\.leveldb\/\d+\.log$/).sort();
  const torn = logs().at(-1);
  // A record of LevelDB, of which the checksum, the length (1000) and a tenth of the data were written: it is the last thing there.
  const record = Buffer.alloc(107, 'x');
  record.writeUInt16LE(1000, 4);
  record.writeUInt8(1, 6);
  appendFileSync(torn, record);
  await here.relaunch();
  const second = await here.tab(open);
  await until(() => !logs().includes(torn), 'a new log');
  await second.evaluate(() => db.set('y', '2'));
  await here.browser.kill();
  await here.relaunch();
  const third = await here.tab(open);
  assert.deepEqual(await third.evaluate(() => [db.get('x'), db.get('y')]), ['1', '2']);
});
