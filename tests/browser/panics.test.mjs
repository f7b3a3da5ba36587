// A bug in the engine is the end of one engine, not of the data: the leader's dies in the middle of writes, another tab leads,
// and the tab in which it died follows with a fresh one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follows, leads, needs, tabsThatWrite, until, world } from './world.mjs';

const CLIENTS = ['a', 'b', 'c'];

/** Runs in the page: its engine dies. No call of a program's gets there: bytes that lie about their length are a bug, and bugs end it. */
function panic() {
  globalThis.crashes = globalThis.crashes ?? [];
  db.on('crashed', ({ message }) => crashes.push(message));
  try {
    db.node.engine.control('observe', Object.defineProperty(new Uint8Array(), 'length', { value: 0xf000_0000 }));
  } catch (error) {
    return error.code;
  }
  return null;
}

test('the engine of the leader dies: another tab leads, the fresh one follows, nothing is lost', needs(), async (t) => {
  const here = await world(t);
  const tabs = await tabsThatWrite(here, { name: 'panics' }, CLIENTS);
  const epoch = here.writers.epoch();
  const struckMs = Date.now();
  assert.equal(await tabs[0].evaluate(panic), 'CRASHED');
  const tookMs = (await here.writers.nextReign(['b', 'c'], epoch)) - struckMs;
  assert.ok(tookMs < 3_000, `the next write took ${tookMs} ms`);
  await until(() => tabs[0].evaluate(() => crashes.length === 1), 'the tab to be told');
  await follows(tabs[0]);
  // Its client goes on in the same page, with the same db.
  for (const client of CLIENTS) await here.writers.goOn(client);
  for (const [i, client] of CLIENTS.entries()) await here.writers.stop(tabs[i], client);
  await here.checkAll([...tabs, await here.tab({ name: 'panics' })]);
  t.diagnostic(`the next write took ${tookMs} ms; ${JSON.stringify(here.writers.errors())}`);
});

test('the engines of all tabs die one after the other, the leader first: each comes back', needs(), async (t) => {
  const here = await world(t);
  const tabs = await tabsThatWrite(here, { name: 'all panic' }, CLIENTS);
  for (const tab of tabs) {
    assert.equal(await tab.evaluate(panic), 'CRASHED');
    for (const client of CLIENTS) await here.writers.goOn(client);
  }
  for (const [i, client] of CLIENTS.entries()) await here.writers.stop(tabs[i], client);
  await here.checkAll(tabs);
});

test('the engine of a tab that is alone dies: it leads again, with all that was acknowledged', needs(), async (t) => {
  const here = await world(t);
  const [tab] = await tabsThatWrite(here, { name: 'panics alone' }, ['a']);
  assert.equal(await tab.evaluate(panic), 'CRASHED');
  await here.writers.goOn('a');
  await leads(tab);
  await here.writers.stop(tab, 'a');
  await here.checkAll([tab]);
});
