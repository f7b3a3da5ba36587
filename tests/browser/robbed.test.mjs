// The lock is stolen from a leader that is alive, and an answer dies with the leader that had it to give. The lock is but
// a hint, and a call that is asked again is not run again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../scripts/shell.mjs';
import { follows, leads, needs, roleOf, tabsThatWrite, until, world } from './world.mjs';

const CLIENTS = ['a', 'b', 'c'];

/** Runs in the page: takes the lock of a database from whoever holds it, and keeps it for so long. */
const steal = ({ name, ms }) => navigator.locks.request(`kilat:${name}`, { steal: true }, async () => {
  await new Promise((resolve) => setTimeout(resolve, ms));
}).catch(() => 'robbed in turn');

async function stopAndCheck(here, tabs) {
  for (const client of CLIENTS) await here.writers.goOn(client);
  for (const [i, client] of CLIENTS.entries()) await here.writers.stop(tabs[i], client);
  await until(async () => (await Promise.all(tabs.map(roleOf))).filter((role) => role === 'leader').length === 1, 'one leader');
  return here.checkAll(tabs);
}

for (const ms of [0, 2_000]) {
  test(`the lock is stolen from a live leader, and kept for ${ms} ms`, needs(), async (t) => {
    const here = await world(t);
    const open = { name: 'stolen' };
    const tabs = await tabsThatWrite(here, open, CLIENTS);
    const thief = await here.tab();
    for (let round = 0; round < 3; round++) {
      const epoch = here.writers.epoch();
      await thief.evaluate(steal, { ...open, ms });
      await here.writers.nextReign(CLIENTS, epoch);
    }
    await stopAndCheck(here, tabs);
  });
}

test('two steal at once, again and again', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'stolen twice' };
  const tabs = await tabsThatWrite(here, open, CLIENTS);
  const thieves = [await here.tab(), await here.tab()];
  for (let round = 0; round < 20; round++) {
    await Promise.all(thieves.map((thief) => thief.evaluate(steal, { ...open, ms: 0 })));
    await pause(20);
  }
  await stopAndCheck(here, tabs);
});

/** The leader hears, runs and stores, but says nothing any more. */
const mute = () => {
  BroadcastChannel.prototype.postMessage = () => {};
};

test('the leader dies between commit and reply: the call that is asked again counts once', needs('crash'), async (t) => {
  const here = await world(t);
  const open = { name: 'no reply' };
  const leader = await here.tab(open);
  await leads(leader);
  const others = [await here.tab(open), await here.tab(open)];
  for (const tab of others) await follows(tab);
  await others[0].evaluate(() => db.set('n', '0'));
  await leader.evaluate(mute);
  const before = await leader.evaluate(() => db.status().committedSeq);
  const counts = others.map((tab) => tab.evaluate(() => Promise.all(Array.from({ length: 10 }, () => db.incr('n')))));
  await until(() => leader.evaluate((seq) => db.status().committedSeq >= seq, before + 20), 'twenty commits that nobody hears of');
  await leader.crash();
  const replies = (await Promise.all(counts)).flat().sort((a, b) => a - b);
  assert.deepEqual(replies, Array.from({ length: 20 }, (_, i) => i + 1));
  for (const tab of others) await until(() => tab.evaluate(() => db.get('n') === '20'), 'the count');
});

test('a leader that nobody hears is replaced; what it had committed counts once', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'mute' };
  const leader = await here.tab(open);
  await leads(leader);
  const other = await here.tab(open);
  await follows(other);
  await other.evaluate(() => db.set('n', '0'));
  await leader.evaluate(mute);
  assert.deepEqual(await other.evaluate(() => Promise.all([db.incr('n'), db.incr('n')])), [1, 2]);
  await leads(other);
  assert.equal(await other.evaluate(() => db.get('n')), '2');
});
