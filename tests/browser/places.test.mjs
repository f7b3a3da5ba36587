// Where things are missing or wrong: no Web Locks, no IndexedDB, a private window, clocks that disagree or jump, and
// twenty tabs at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leads, load, needs, roleOf, until, world } from './world.mjs';

const CLIENTS = ['a', 'b', 'c'];

/** Tabs in which something is changed before kilat is there; all of them write. */
async function changedTabs(here, open, changes) {
  const tabs = [];
  for (const [i, change] of changes.entries()) {
    const tab = await here.browser.newTab(here.address);
    await tab.evaluate(change);
    await load(tab, open);
    tabs.push(tab);
    await here.writers.start(tab, CLIENTS[i]);
  }
  return tabs;
}

async function stopAndCheck(here, tabs, clients) {
  for (const client of clients) await here.writers.goOn(client);
  for (const [i, client] of clients.entries()) await here.writers.stop(tabs[i], client);
  return here.checkAll(tabs);
}

const theLeader = (tabs) => until(async () => {
  const roles = await Promise.all(tabs.map(roleOf));
  return roles.filter((role) => role === 'leader').length === 1 && tabs[roles.indexOf('leader')];
}, 'one leader');

test('no Web Locks: one leads, another one when it dies, and nothing is lost', needs('crash'), async (t) => {
  const here = await world(t);
  const noLocks = () => Object.defineProperty(navigator, 'locks', { value: undefined });
  const tabs = await changedTabs(here, { name: 'no locks' }, [noLocks, noLocks, noLocks]);
  const leader = await theLeader(tabs);
  const epoch = here.writers.epoch();
  const rest = tabs.filter((tab) => tab !== leader);
  const clients = CLIENTS.filter((_, i) => tabs[i] !== leader);
  const began = Date.now();
  await leader.crash();
  const tookMs = (await here.writers.nextReign(clients, epoch)) - began;
  assert.ok(tookMs < 15_000, `the next write took ${tookMs} ms`);
  await stopAndCheck(here, rest, clients);
  await theLeader(rest);
  t.diagnostic(`the next write took ${tookMs} ms`);
});

test('no IndexedDB: the data lives in memory, and that is said aloud', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab();
  const seen = await page.evaluate(async () => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    const db = await kilat.open({ name: 'nowhere' });
    const told = new Promise((resolve) => db.on('memory-only', (event) => resolve(typeof event.message)));
    await db.set('x', '1');
    return [await told, db.status().storage.state, db.get('x'), db.status().role];
  });
  assert.deepEqual(seen, ['string', 'memory', '1', 'leader']);
});

test('IndexedDB refuses, as some private windows do: the same', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab();
  const seen = await page.evaluate(async () => {
    IDBFactory.prototype.open = function () {
      throw new DOMException('A mutation operation was attempted on a database that did not allow mutations.', 'InvalidStateError');
    };
    const db = await kilat.open({ name: 'refused' });
    await db.set('x', '1');
    return [db.status().storage.state, db.get('x'), db.status().role];
  });
  assert.deepEqual(seen, ['memory', '1', 'leader']);
});

test('persistent: false keeps nothing and shares nothing', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'private', persistent: false };
  const [one, two] = [await tab(open), await tab(open)];
  await one.evaluate(() => db.set('x', '1'));
  assert.deepEqual(await two.evaluate(() => [db.get('x'), db.status().role]), [null, 'leader']);
  assert.deepEqual(await one.evaluate(() => kilat.list()), []);
});

test('a private window: data of its own, kept as long as it is open', needs('private'), async (t) => {
  const here = await world(t);
  const open = { name: 'window' };
  const ordinary = await here.tab(open);
  await ordinary.evaluate(() => db.set('x', 'ordinary'));
  const hidden = await here.browser.newPrivateTab(here.address);
  await load(hidden, open);
  await leads(hidden);
  assert.equal(await hidden.evaluate(() => db.get('x')), null);
  await hidden.evaluate(() => db.set('x', 'private'));
  await hidden.reload();
  await load(hidden, open);
  assert.equal(await hidden.evaluate(() => db.get('x')), 'private');
  assert.equal(await ordinary.evaluate(() => db.get('x')), 'ordinary');
});

/** Runs in the page: its clock is wrong by so much from now on. */
const shiftClock = (ms) => `() => {
  const right = globalThis.rightNow ??= Date.now;
  Date.now = () => right() + ${ms};
}`;

const HOUR = 3_600_000;

test('clocks of tabs disagree by an hour, either way: one after the other leads', needs(), async (t) => {
  const here = await world(t);
  const left = await changedTabs(here, { name: 'clocks' }, [shiftClock(HOUR), shiftClock(0), shiftClock(-HOUR)]);
  const clients = new Map(left.map((tab, i) => [tab, CLIENTS[i]]));
  while (left.length > 1) {
    const leader = await theLeader(left);
    left.splice(left.indexOf(leader), 1);
    const epoch = here.writers.epoch();
    await leader.close();
    await here.writers.nextReign(left.map((tab) => clients.get(tab)), epoch);
  }
  await stopAndCheck(here, left, [clients.get(left[0])]);
});

for (const [what, ms] of [['forward', HOUR], ['back', -HOUR]]) {
  test(`the clock jumps an hour ${what}: writes go on, and a leader that hangs is still replaced`, needs('hang'), async (t) => {
    const here = await world(t);
    const open = { name: `clock ${what}` };
    const tabs = await changedTabs(here, open, [shiftClock(0), shiftClock(0), shiftClock(0)]);
    await tabs[1].evaluate(() => db.set('short', 'x', { ttl: 4 }));
    for (const tab of tabs) await tab.evaluate(shiftClock(ms));
    for (const client of CLIENTS) await here.writers.goOn(client);
    const epoch = here.writers.epoch();
    const began = Date.now();
    tabs[0].evaluate(() => { for (;;); }).catch(() => {});
    await here.writers.nextReign(['b', 'c'], epoch);
    const tookMs = Date.now() - began;
    assert.ok(tookMs < 12_000, `the next write took ${tookMs} ms`);
    await tabs[0].close();
    await stopAndCheck(here, tabs.slice(1), ['b', 'c']);
    await until(() => tabs[1].evaluate(() => db.exists('short') === 0), 'the key to expire', 10_000);
  });
}

test('twenty tabs are opened at once: one leads, all write, and the next one leads when it closes', { ...needs(), timeout: 240_000 }, async (t) => {
  const here = await world(t);
  const open = { name: 'twenty' };
  const tabs = await Promise.all(Array.from({ length: 20 }, () => here.tab(open)));
  const leader = await theLeader(tabs);
  const count = (tab) => tab.evaluate(() => Promise.all(Array.from({ length: 20 }, () => db.incr('n'))));
  const replies = (await Promise.all(tabs.map(count))).flat().sort((a, b) => a - b);
  assert.deepEqual(replies, Array.from({ length: 400 }, (_, i) => i + 1));
  for (const tab of tabs) await until(() => tab.evaluate(() => db.get('n') === '400'), 'the count in all tabs');
  const rest = tabs.filter((tab) => tab !== leader);
  const began = Date.now();
  await leader.close();
  const more = (await Promise.all(rest.map(count))).flat().sort((a, b) => a - b);
  t.diagnostic(`380 writes of nineteen tabs after the leader closed took ${Date.now() - began} ms`);
  assert.deepEqual(more, Array.from({ length: 380 }, (_, i) => 401 + i));
  await theLeader(rest);
});
