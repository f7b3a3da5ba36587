// What the browser says of storage: how much is used, how much there may be, and whether it is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs, until, world } from './world.mjs';

const storageOf = (page) => page.evaluate(() => db.status().storage);

test('status() tells what is used, and that grows with what is stored', needs('usage'), async (t) => {
  const here = await world(t);
  const page = await here.tab({ name: 'usage' });
  const before = await storageOf(page);
  assert.ok(before.used >= 0 && before.quota > 1_000_000, JSON.stringify(before));
  assert.equal(before.persisted, false);
  await page.evaluate(async () => {
    for (let i = 0; i < 50; i++) await db.set(`key:${i}`, crypto.getRandomValues(new Uint8Array(60_000)));
  });
  const after = await until(async () => {
    const { used } = await storageOf(page);
    return used >= before.used + 3_000_000 && used;
  }, 'three megabytes more to be used');
  const own = await page.evaluate(() => navigator.storage.estimate());
  assert.ok(after <= own.usage * 1.5 && after >= own.usage / 1.5, `${after} is told, the browser says ${own.usage}`);
});

test('status() tells the limit that there is', needs('quota'), async (t) => {
  const here = await world(t);
  const page = await here.tab({ name: 'limit' });
  // Browser: Chromium goes on telling for a while what it told before.
  for (const quota of [70_000_000, 90_000_000]) {
    await here.browser.setQuota(here.origin, quota);
    await until(async () => (await storageOf(page)).quota === quota, `a limit of ${quota} bytes`);
  }
});

test('db.persist() is granted: so it says, and so does every tab', needs('persist'), async (t) => {
  const here = await world(t);
  const open = { name: 'kept' };
  const [page, other] = [await here.tab(open), await here.tab(open)];
  await here.browser.allowPersist(here.origin);
  assert.equal(await page.evaluate(() => db.persist()), true);
  assert.equal((await storageOf(page)).persisted, true);
  await until(async () => (await storageOf(other)).persisted === true, 'the other tab to know');
  // With a key it is PERSIST.
  assert.deepEqual(await page.evaluate(async () => {
    await db.set('k', 'x', { ttl: 100 });
    return [await db.persist('k'), db.ttl('k')];
  }), [1, -1]);
});

test('db.persist() is refused: so it says, and nothing else changes', needs(), async (t) => {
  const page = await (await world(t)).tab({ name: 'refused' });
  const seen = await page.evaluate(async () => {
    if (navigator.storage) navigator.storage.persist = async () => false;
    return [await db.persist(), await db.set('k', 'x'), db.status().storage.persisted === true];
  });
  assert.deepEqual(seen, [false, 'OK', false]);
});
