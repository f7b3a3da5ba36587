// Storage goes away under open tabs: cleared by the user, deleted by a page, or its connection lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, needs, tabsThatWrite, until, world } from './world.mjs';

const CLIENTS = ['a', 'b', 'c'];

/** All tabs are told, refuse writes and go on reading what they have. */
async function allKnow(tabs) {
  for (const tab of tabs) await until(() => tab.evaluate(() => db.status().storage.state === 'cleared'), 'the tab to know');
  // Nobody waits for an answer that cannot come.
  for (const tab of tabs) await tab.evaluate(() => stopWriting());
  for (const tab of tabs) {
    const seen = await tab.evaluate(async () => {
      const refused = await db.set('x', '1').then(() => 'written', (error) => error.code);
      return { refused, reads: db.exists('all') };
    });
    assert.deepEqual(seen, { refused: 'MISCONF', reads: 1 });
  }
}

/** A tab that opens the database now has an empty one, and writes to it. */
async function beginsAnew({ tab }, open) {
  const fresh = await tab(open);
  assert.deepEqual(await fresh.evaluate(async () => [db.exists('all'), await db.set('fresh', 'x')]), [0, 'OK']);
}

test('the user clears the storage of a site whose tabs write', needs('clear'), async (t) => {
  const here = await world(t);
  const open = { name: 'cleared under all' };
  const tabs = await tabsThatWrite(here, open, CLIENTS);
  await here.browser.clear(here.origin);
  await allKnow(tabs);
  await beginsAnew(here, open);
});

test('a page deletes the database while tabs write to it', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'deleted' };
  const tabs = await tabsThatWrite(here, open, CLIENTS);
  const other = await here.tab();
  const deleted = await other.evaluate((name) => new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`kilat:1:${name}`);
    request.onsuccess = () => resolve('deleted');
    request.onerror = () => reject(request.error);
  }), open.name);
  assert.equal(deleted, 'deleted');
  await allKnow(tabs);
  await beginsAnew(here, open);
});

test('a database is destroyed while another tab has it open', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'destroyed' };
  const holder = await tab(open);
  await holder.evaluate(async () => {
    globalThis.told = new Promise((resolve) => db.on('cleared', () => resolve(true)));
    await db.set('x', '1');
  });
  const other = await tab();
  await other.evaluate(() => kilat.destroy('destroyed'));
  assert.equal(await holder.evaluate(() => told), true);
  assert.deepEqual(await other.evaluate(() => kilat.list()), []);
});

/** Runs in the page before kilat is there: keeps the connections that it opens. */
function keepConnections() {
  globalThis.connections = [];
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...args) {
    const request = open.apply(this, args);
    request.addEventListener('success', () => connections.push(request.result));
    return request;
  };
}

test('the connection is closed under a leader and under a follower: both go on', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'connection' };
  const tabs = [];
  for (const client of CLIENTS) {
    const tab = await here.browser.newTab(here.address);
    await tab.evaluate(keepConnections);
    await load(tab, open);
    tabs.push(tab);
    await here.writers.start(tab, client);
  }
  for (let round = 0; round < 3; round++) {
    for (const tab of tabs) {
      await tab.evaluate(() => connections.splice(0).forEach((connection) => connection.close()));
      for (const client of CLIENTS) await here.writers.goOn(client);
    }
  }
  for (const [i, client] of CLIENTS.entries()) await here.writers.stop(tabs[i], client);
  await here.checkAll([...tabs, await here.tab(open)]);
});
