// IndexedDB is there and does not open: for a while, for ever, or because the browser has dropped what it found damaged. An
// empty database in memory in its place would look as if all data were lost.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { driver } from './drivers/index.mjs';
import { load, needs, world } from './world.mjs';

/** In the page: the first `times` attempts to open a database end with an error of this name. */
function failing({ name, times }) {
  globalThis.attempts = 0;
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...args) {
    if (++attempts > times) return open.apply(this, args);
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
  const files = readdirSync(here.profile, { recursive: true });
  const damaged = files.filter((file) => /\.indexeddb\.leveldb\/MANIFEST-/.test(file));
  assert.equal(damaged.length, 1);
  writeFileSync(join(here.profile, damaged[0]), 'no manifest at all, for sure');
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
