// Pages that are seen and pages that are hidden. Those that are frozen or left: asleep.test.mjs.
import { test } from 'node:test';
import { leads, needs, until, world } from './world.mjs';

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
