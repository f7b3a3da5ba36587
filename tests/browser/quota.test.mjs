// Storage fills up: while a write is stored, while a snapshot is, and while another tab takes the lead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leads, load, needs, revisit, tabsThatWrite, until, world } from './world.mjs';

const CLIENTS = ['a', 'b', 'c'];

const ROOM = 500_000_000;

/** Runs in the page: writes megabytes that nothing could press until one is refused. Answers the code, and how many it took. */
async function fill(prefix) {
  const bytes = new Uint8Array(2 ** 20);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  for (let count = 0; count < 60; count++) {
    try {
      await db.set(`${prefix}${count}`, bytes);
    } catch (error) {
      return { code: error.code, count };
    }
  }
  return { code: null, count: 60 };
}

/** Browser: Chromium remembers for a while how much room an open database has, so the limit comes before it is opened. */
async function limited(here, bytes) {
  const first = await here.tab();
  await here.browser.setQuota(here.origin, bytes);
  return first;
}

const writesGoOn = (tab) => until(() => tab.evaluate(() => db.set('again', 'x').then(() => true, () => false)), 'writes to go on', 40_000);

test('storage is full: the write is refused, reads go on, and so does writing when there is room', needs('quota'), async (t) => {
  const here = await world(t);
  const page = await limited(here, 6_000_000);
  await load(page, { name: 'full' });
  await page.evaluate(() => {
    globalThis.events = [];
    db.on('quota', (event) => events.push(event.type));
    return db.set('kept', 'x');
  });
  const { code, count } = await page.evaluate(fill, 'big');
  assert.equal(code, 'QUOTA');
  const seen = await page.evaluate((count) => {
    const there = Array.from({ length: count }, (_, i) => db.exists(`big${i}`)).filter(Boolean).length;
    return { heard: events.length > 0, kept: db.get('kept'), there };
  }, count);
  assert.deepEqual(seen, { heard: true, kept: 'x', there: count });
  await until(() => page.evaluate((count) => db.exists(`big${count}`) === 0, count), 'the refused write to be undone', 5_000);
  await here.browser.setQuota(here.origin, ROOM);
  await writesGoOn(page);
});

test('storage is full while three tabs write: what is refused is not there, what was acknowledged is', needs('quota'), async (t) => {
  const here = await world(t);
  await limited(here, 12_000_000);
  const open = { name: 'full for all' };
  const tabs = await tabsThatWrite(here, open, CLIENTS);
  for (const [i, tab] of tabs.entries()) {
    const { code } = await tab.evaluate(fill, `big${i}:`);
    assert.equal(code, 'QUOTA');
  }
  await here.browser.setQuota(here.origin, ROOM);
  for (const tab of tabs) await writesGoOn(tab);
  for (const client of CLIENTS) await here.writers.goOn(client);
  for (const [i, client] of CLIENTS.entries()) await here.writers.stop(tabs[i], client);
  await here.checkAll([...tabs, await here.tab(open)]);
  t.diagnostic(`errors that clients were answered: ${JSON.stringify(here.writers.errors())}`);
});

test('there is no room for a snapshot: it fails, the log stays, and nothing is lost', needs('quota'), async (t) => {
  const here = await world(t);
  const page = await limited(here, 6_000_000);
  const open = { name: 'full snapshot' };
  await load(page, open);
  const seen = await page.evaluate(async () => {
    globalThis.events = [];
    db.on('quota', (event) => events.push(event.type));
    const bytes = new Uint8Array(2 ** 20);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    for (let i = 0; i < 3; i++) await db.set(`k${i}`, bytes);
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const status = () => JSON.stringify(db.status());
    const late = (what) => pause(40_000).then(() => Promise.reject(new Error(`${what}: ${status()}`)));
    const save = () => Promise.race([db.save().then(() => 'saved', (error) => error.message), late('a snapshot that does not end')]);
    let saved;
    // One may be under way already: the log has outgrown the data.
    for (let tries = 0; saved === undefined || saved.includes('in progress'); tries++) {
      if (tries > 1000) throw new Error(`a snapshot is under way for ever: ${status()}`);
      await pause(20);
      saved = await save();
    }
    return { saved, digest: db.call('DEBUG', 'DIGEST'), heard: events.length > 0 };
  });
  assert.match(seen.saved, /^(QUOTA|ERR)/);
  assert.ok(seen.heard);
  await here.browser.setQuota(here.origin, ROOM);
  await revisit(page, open);
  assert.equal(await page.evaluate(() => db.call('DEBUG', 'DIGEST')), seen.digest);
  await until(() => page.evaluate(() => db.save().then(() => true, () => false)), 'a snapshot when there is room', 40_000);
  await revisit(page, open);
  assert.equal(await page.evaluate(() => db.call('DEBUG', 'DIGEST')), seen.digest);
});

test('storage is full when the leader dies: reads go on, and another one leads as soon as there is room', needs('quota', 'crash'), async (t) => {
  const here = await world(t);
  const leader = await limited(here, 6_000_000);
  const open = { name: 'full takeover' };
  await load(leader, open);
  await leads(leader);
  const other = await here.tab(open);
  await leader.evaluate(() => db.set('kept', 'x'));
  const { code, count } = await leader.evaluate(fill, 'big');
  assert.equal(code, 'QUOTA');
  await until(() => other.evaluate((count) => db.exists(`big${count - 1}`) === 1, count), 'the follower to have it all');
  await here.browser.setQuota(here.origin, 1);
  await leader.crash();
  const began = Date.now();
  const tried = await other.evaluate(() => Promise.race([
    db.set('tried', 'x').then(() => 'done', (error) => error.code),
    new Promise((resolve) => setTimeout(() => resolve('waits'), 8_000)),
  ]));
  t.diagnostic(`without room, a write: ${tried} after ${Date.now() - began} ms; role ${await other.evaluate(() => db.status().role)}`);
  assert.equal(await other.evaluate(() => db.get('kept')), 'x');
  await here.browser.setQuota(here.origin, ROOM);
  await writesGoOn(other);
  await leads(other);
  const there = await other.evaluate((count) => Array.from({ length: count }, (_, i) => db.exists(`big${i}`)).filter(Boolean).length, count);
  assert.equal(there, count);
  if (tried === 'QUOTA') assert.equal(await other.evaluate(() => db.exists('tried')), 0);
});
