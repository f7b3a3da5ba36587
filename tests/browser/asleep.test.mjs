// The leading tab stands still in the middle of writes, and wakes. Another one leads meanwhile; the sleeper follows it,
// its client goes on, and every write that was acknowledged in any of the three tabs is there, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../scripts/shell.mjs';
import { SLEEPS, isAwake, nextReign } from './deaths.mjs';
import { processesBelow } from './drivers/processes.mjs';
import { follows, leads, load, needs, roleOf, tabsThatWrite, until, world } from './world.mjs';

const CLIENTS = ['a', 'b', 'c'];

async function allGoOn({ writers }) {
  for (const client of CLIENTS) await writers.goOn(client);
}

async function stopAndCheck(here, tabs) {
  for (const [i, client] of CLIENTS.entries()) await here.writers.stop(tabs[i], client);
  return here.checkAll(tabs);
}

for (const [way, action] of Object.entries(SLEEPS)) {
  const { needs: needed, prepare, strike, after } = action;
  test(`the leader sleeps by ${way}, and wakes`, needs(...needed), async (t) => {
    const here = await world(t);
    const open = { name: `sleeps by ${way}` };
    const tabs = await tabsThatWrite(here, open, CLIENTS);
    await prepare(tabs[0]);
    const epoch = here.writers.epoch();
    const struckMs = Date.now();
    await strike(tabs[0], here);
    const { atMs, isHeldUp } = await nextReign(action, tabs[0], here, ['b', 'c'], epoch);
    const tookMs = atMs - struckMs;
    assert.ok(tookMs < (isHeldUp ? 30_000 : 10_000), `the next write took ${tookMs} ms`);
    if (isHeldUp) t.diagnostic('the process was stopped within a transaction, and held up all others until it was woken');
    for (const client of ['b', 'c']) await here.writers.goOn(client);
    await after(tabs[0], here);
    t.diagnostic(`the next write took ${tookMs} ms`);
    if (!(await isAwake(tabs[0]))) {
      assert.equal(way, 'cache');
      t.diagnostic('the browser gave up the cached page, whose transaction was in the way of others');
      await load(tabs[0], open);
      await here.writers.start(tabs[0], 'd');
      await here.writers.stop(tabs[0], 'd');
      for (const [i, client] of ['b', 'c'].entries()) await here.writers.stop(tabs[i + 1], client);
      return void (await here.checkAll(tabs));
    }
    await follows(tabs[0]);
    await allGoOn(here);
    await stopAndCheck(here, tabs);
  });
}

test('a leader that is idle is left, and comes back out of the cache', needs('cache'), async (t) => {
  const here = await world(t);
  const open = { name: 'idle in the cache' };
  const leader = await here.tab(open);
  await leads(leader);
  const other = await here.tab(open);
  await follows(other);
  await leader.evaluate(() => {
    globalThis.isMarked = true;
    return db.set('before', 'x');
  });
  await leader.navigate(`${here.address}elsewhere`);
  await other.evaluate(() => db.set('during', 'x'));
  await leads(other);
  await leader.back();
  assert.ok(await leader.evaluate(() => globalThis.isMarked), 'kilat keeps no page out of the cache');
  await follows(leader);
  await leader.evaluate(() => db.set('after', 'x'));
  for (const tab of [leader, other]) {
    await until(() => tab.evaluate(() => db.mget('before', 'during', 'after').join() === 'x,x,x'), 'all three writes');
  }
});

/** Runs in the page: with the next request of that kind the page stands still, while its transaction is under way. */
function standStillInside({ method, ms }) {
  const original = IDBObjectStore.prototype[method];
  globalThis.stoodStill = new Promise((resolve) => {
    IDBObjectStore.prototype[method] = function (...args) {
      IDBObjectStore.prototype[method] = original;
      const request = original.apply(this, args);
      // What the caller does in this same task comes first.
      queueMicrotask(() => {
        const end = Date.now() + ms;
        while (Date.now() < end);
        resolve(true);
      });
      return request;
    };
  });
}

test('the leader is frozen with a transaction open', needs('freeze'), async (t) => {
  const here = await world(t);
  const tabs = await tabsThatWrite(here, { name: 'frozen inside' }, CLIENTS);
  const epoch = here.writers.epoch();
  await tabs[0].evaluate(standStillInside, { method: 'add', ms: 500 });
  // The page takes it the moment that it stops being busy, with the outcome of its transaction unheard of.
  await tabs[0].freeze();
  const frozenMs = Date.now();
  const tookMs = (await here.writers.nextReign(['b', 'c'], epoch)) - frozenMs;
  assert.ok(tookMs < 10_000, `the next write took ${tookMs} ms`);
  for (const client of ['b', 'c']) await here.writers.goOn(client);
  await tabs[0].thaw();
  await follows(tabs[0]);
  await allGoOn(here);
  await stopAndCheck(here, tabs);
  t.diagnostic(`the next write took ${tookMs} ms`);
});

for (const [who, method] of [['leader', 'add'], ['tab that reads the log', 'getAll']]) {
  test(`a ${who} hangs with a transaction open: nobody waits for it`, needs('commit'), async (t) => {
    const here = await world(t);
    const open = { name: `${who} hangs inside` };
    const tabs = await tabsThatWrite(here, open, CLIENTS);
    const epoch = here.writers.epoch();
    const hung = method === 'add' ? tabs[0] : await here.tab();
    await hung.evaluate(standStillInside, { method, ms: 7_000 });
    const opened = method === 'add' ? null : hung.evaluate(async (open) => {
      globalThis.db = await kilat.open(open);
    }, open);
    await pause(500);
    const began = Date.now();
    if (method === 'add') await here.writers.nextReign(['b', 'c'], epoch);
    for (const client of ['b', 'c']) await here.writers.goOn(client);
    const tookMs = Date.now() - began;
    assert.ok(tookMs < 5_500, `twenty writes took ${tookMs} ms`);
    await hung.evaluate(() => stoodStill);
    await opened;
    await allGoOn(here);
    await stopAndCheck(here, tabs);
    t.diagnostic(`twenty writes of each other tab took ${tookMs} ms`);
  });
}

test('the whole browser sleeps, and wakes', needs(), async (t) => {
  const here = await world(t);
  const tabs = await tabsThatWrite(here, { name: 'all asleep' }, CLIENTS);
  const all = processesBelow(here.browser.pid).map(({ pid }) => pid);
  for (const pid of all) process.kill(pid, 'SIGSTOP');
  await pause(6_000);
  for (const pid of all) process.kill(pid, 'SIGCONT');
  await allGoOn(here);
  const roles = await until(async () => {
    const roles = await Promise.all(tabs.map(roleOf));
    return roles.filter((role) => role === 'leader').length === 1 && roles;
  }, 'one leader');
  await stopAndCheck(here, tabs);
  t.diagnostic(`roles afterwards: ${roles}`);
});

test('the main process of the browser sleeps, and wakes', needs(), async (t) => {
  const here = await world(t);
  const tabs = await tabsThatWrite(here, { name: 'main asleep' }, CLIENTS);
  process.kill(here.browser.pid, 'SIGSTOP');
  await pause(6_000);
  process.kill(here.browser.pid, 'SIGCONT');
  await allGoOn(here);
  await stopAndCheck(here, tabs);
});

test('the whole browser is killed in the middle of writes, and opened again', needs('persistent'), async (t) => {
  const here = await world(t);
  const open = { name: 'browser killed' };
  await tabsThatWrite(here, open, CLIENTS);
  for (const client of CLIENTS) await here.writers.goOn(client, 100);
  await here.browser.kill();
  await here.relaunch();
  const tab = await here.tab(open);
  const acknowledged = await here.checkAll([tab]);
  await here.writers.start(tab, 'd');
  await here.writers.stop(tab, 'd');
  await here.checkAll([tab]);
  t.diagnostic(`${acknowledged} writes had been acknowledged`);
});
