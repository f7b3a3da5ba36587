// What is watched in one tab and changed in others: records, expiry, failover, a crash of the engine, catching up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follows, leads, needs, until, world } from './world.mjs';

/** Watches in a tab; what was told is in `told`. */
const listen = (tab) => tab.evaluate(() => {
  globalThis.told = [];
  db.watch(['a', 'b'], ({ keys, everything }) => told.push(everything ? 'everything' : Object.fromEntries(keys)));
  globalThis.values = [];
  db.live(() => db.mget('a', 'b').join()).subscribe((value) => values.push(value));
});

const take = (tab) => tab.evaluate(() => told.splice(0));

const hears = async (tab, wanted) => {
  await until(() => tab.evaluate(() => told.length > 0), 'the tab to be told');
  assert.deepEqual(await take(tab), wanted);
};

test('leader and follower are told of each other\'s writes, of what expires, and through a failover', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'watched' };
  const leader = await tab(open);
  await leads(leader);
  const follower = await tab(open);
  await follows(follower);
  for (const one of [leader, follower]) await listen(one);

  await follower.evaluate(() => db.multi().set('a', '1').set('b', '1').exec());
  for (const one of [leader, follower]) await hears(one, [{ a: 'set', b: 'set' }]);
  await leader.evaluate(() => db.del('b'));
  for (const one of [leader, follower]) await hears(one, [{ b: 'deleted' }]);
  await leader.evaluate(() => db.pexpire('a', 30));
  for (const one of [leader, follower]) await hears(one, [{ a: 'set' }]);
  for (const one of [leader, follower]) await hears(one, [{ a: 'expired' }]);

  const third = await tab(open);
  await follows(third);
  await leader.close();
  await until(async () => (await third.evaluate(() => db.set('a', '2'))) === 'OK', 'a leader');
  await until(() => follower.evaluate(() => values.at(-1) === '2,'), 'the value');
  assert.deepEqual(await follower.evaluate(() => values), [',', '1,1', '1,', ',', '2,']);
  await follower.evaluate(() => db.set('b', '2'));
  await until(() => follower.evaluate(() => values.at(-1) === '2,2'), 'the value');
});

test('a tab that slept is told when it has caught up', needs('cache'), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'watched from the cache' };
  const leader = await tab(open);
  await leads(leader);
  const other = await tab(open);
  await follows(other);
  await listen(other);
  await other.navigate('about:blank');
  await leader.evaluate(() => db.set('a', '1'));
  await other.back();
  await until(() => other.evaluate(() => values.at(-1) === '1,'), 'the value');
});
