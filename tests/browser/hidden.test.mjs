// Pages that are seen and pages that are hidden. Those that are frozen or left: asleep.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../scripts/shell.mjs';
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

// Browser: the timers of a hidden page come once a second at best, those of its worker are prompt.
test('a hidden tab takes the lead from one that hangs', needs('hidden'), async (t) => {
  const here = await world(t);
  const open = { name: 'hidden takes over' };
  const leader = await here.tab(open);
  await leads(leader);
  await here.writers.start(leader, 'a');
  const follower = await here.tab(open);
  await follows(follower);
  await here.writers.start(follower, 'b');
  const cover = await here.tab(undefined, { window: false });
  await until(async () => {
    await cover.activate();
    return follower.evaluate(() => document.visibilityState === 'hidden');
  }, 'the follower to be hidden');
  await pause(1_500);
  const epoch = here.writers.epoch();
  const struckMs = Date.now();
  leader.evaluate(() => { for (;;); }).catch(() => {});
  const tookMs = (await here.writers.nextReign(['b'], epoch)) - struckMs;
  assert.ok(tookMs < 12_000, `the next write took ${tookMs} ms`);
  await here.writers.goOn('b', 100);
  await here.writers.stop(follower, 'b');
  await leader.close();
  await here.checkAll([follower]);
  t.diagnostic(`the next write took ${tookMs} ms`);
});
