// The life of a page: frozen and thawed, hidden, put into the back-forward cache and taken out again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawWorld } from './raw.mjs';
import { needsChromium, until } from './world.mjs';

const leads = (page) => until(async () => (await page.role()) === 'leader', 'the lead');
const follows = (page) => until(async () => (await page.role()) === 'follower', 'a follower');

/** Writes one key and answers how long it took. */
const timedSet = (page, key) => page.evaluate(async (key) => {
  const began = performance.now();
  await db.set(key, 'x');
  return Math.round(performance.now() - began);
}, key);

const seesAll = (page, keys) => until(
  () => page.evaluate((keys) => db.mget(...keys).every((value) => value === 'x'), keys),
  `${keys} in all tabs`,
);

test('the leader is frozen: another takes the lead; thawed, the old one follows and has lost nothing', needsChromium, async (t) => {
  const { tab } = await rawWorld(t);
  const open = { name: 'frozen' };
  const leader = await tab(open);
  await leads(leader);
  const follower = await tab(open);
  await timedSet(leader, 'before');
  await seesAll(follower, ['before']);
  await follower.show();
  await leader.setLifecycle('frozen');
  const tookMs = await timedSet(follower, 'during');
  await leads(follower);
  assert.ok(tookMs < 8_000, `${tookMs} ms`);
  await leader.setLifecycle('active');
  await follows(leader);
  await timedSet(leader, 'after');
  for (const page of [leader, follower]) await seesAll(page, ['before', 'during', 'after']);
  t.diagnostic(`the first write took ${tookMs} ms`);
});

test('the leader goes into the back-forward cache: another leads at once; back again, it follows', needsChromium, async (t) => {
  const { tab, address } = await rawWorld(t);
  const open = { name: 'cached' };
  const leader = await tab(open);
  await leads(leader);
  const follower = await tab(open);
  await timedSet(leader, 'before');
  await leader.evaluate(() => { globalThis.mark = 'the same page'; });
  await leader.goto(`${address}elsewhere`);
  const tookMs = await timedSet(follower, 'during');
  await leads(follower);
  assert.ok(tookMs < 3_000, `${tookMs} ms`);
  await leader.evaluate(() => history.back());
  await until(() => leader.evaluate((url) => location.href === url, address).catch(() => false), 'the page to be back');
  const same = await leader.evaluate(() => globalThis.mark === 'the same page');
  assert.ok(same, 'kilat keeps no page out of the cache');
  t.diagnostic(`the first write took ${tookMs} ms`);
  await follows(leader);
  await timedSet(leader, 'after');
  for (const page of [leader, follower]) await seesAll(page, ['before', 'during', 'after']);
});

test('a hidden leader hands over to a tab that is seen', needsChromium, async (t) => {
  const { tab } = await rawWorld(t);
  const open = { name: 'hidden' };
  const leader = await tab(open);
  await leader.show();
  await leads(leader);
  const follower = await tab(open);
  await timedSet(follower, 'before');
  await follower.show();
  await leads(follower);
  const tookMs = await timedSet(leader, 'after');
  for (const page of [leader, follower]) await seesAll(page, ['before', 'after']);
  t.diagnostic(`the first write after took ${tookMs} ms`);
});
