// The life of a page: frozen and thawed, hidden, put into the back-forward cache and taken out again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follows, leads, needs, until, world } from './world.mjs';

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

test('the leader is frozen: another takes the lead; thawed, the old one follows and has lost nothing', needs('freeze'), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'frozen' };
  const leader = await tab(open, { window: false });
  await leads(leader);
  const follower = await tab(open, { window: false });
  await timedSet(leader, 'before');
  await seesAll(follower, ['before']);
  await follower.activate();
  await leader.freeze();
  const tookMs = await timedSet(follower, 'during');
  await leads(follower);
  assert.ok(tookMs < 8_000, `${tookMs} ms`);
  await leader.thaw();
  await follows(leader);
  await timedSet(leader, 'after');
  for (const page of [leader, follower]) await seesAll(page, ['before', 'during', 'after']);
  t.diagnostic(`the first write took ${tookMs} ms`);
});

test('the leader goes into the back-forward cache: another leads at once; back again, it follows', needs('cache'), async (t) => {
  const { tab, address } = await world(t);
  const open = { name: 'cached' };
  const leader = await tab(open, { window: false });
  await leads(leader);
  const follower = await tab(open, { window: false });
  await timedSet(leader, 'before');
  await leader.evaluate(() => { globalThis.mark = 'the same page'; });
  await leader.navigate(`${address}elsewhere`);
  const tookMs = await timedSet(follower, 'during');
  await leads(follower);
  assert.ok(tookMs < 3_000, `${tookMs} ms`);
  await leader.back();
  const same = await leader.evaluate(() => globalThis.mark === 'the same page');
  assert.ok(same, 'kilat keeps no page out of the cache');
  t.diagnostic(`the first write took ${tookMs} ms`);
  await follows(leader);
  await timedSet(leader, 'after');
  for (const page of [leader, follower]) await seesAll(page, ['before', 'during', 'after']);
});

test('a hidden leader hands over to a tab that is seen', needs('hidden'), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'hidden' };
  const leader = await tab(open, { window: false });
  await leader.activate();
  await leads(leader);
  const follower = await tab(open, { window: false });
  await timedSet(follower, 'before');
  await follower.activate();
  await leads(follower);
  const tookMs = await timedSet(leader, 'after');
  for (const page of [leader, follower]) await seesAll(page, ['before', 'after']);
  t.diagnostic(`the first write after took ${tookMs} ms`);
});
