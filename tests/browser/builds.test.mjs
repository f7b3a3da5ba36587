// Two builds of the code in two tabs. A build of tomorrow is today's whose version bytes are others: they are changed on
// their way out of the page and back on their way in, so that to all others, and to itself, it is what it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leads, load, needs, roleOf, until, world } from './world.mjs';

/** Runs in the page before kilat is there: messages are of version 2, and those of version 1 are another build's. */
function speakTomorrow() {
  const swap = (bytes) => {
    const swapped = bytes.slice();
    swapped[1] = { 1: 2, 2: 1 }[bytes[1]] ?? bytes[1];
    return swapped;
  };
  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function (bytes) {
    postMessage.call(this, swap(bytes));
  };
  const { set } = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, 'onmessage');
  Object.defineProperty(BroadcastChannel.prototype, 'onmessage', {
    set(listener) {
      set.call(this, listener && ((event) => listener({ data: swap(event.data) })));
    },
  });
}

/**
 * Runs in the page before kilat is there: blocks are written in formats that today's build does not know, which are its own
 * with other numbers; today's are read as well. What it sends of its
 * blocks is unreadable to others, and so as good as not sent.
 */
function writeTomorrow() {
  const BLOCKS = 4;
  const LATER = 100;
  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function (bytes) {
    if (bytes[2] !== BLOCKS) postMessage.call(this, bytes);
  };
  const table = Array.from({ length: 256 }, (_, byte) => {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n;
    return crc;
  });
  const crc64 = (bytes) => bytes.reduce((crc, byte) => table[Number((crc ^ BigInt(byte)) & 255n)] ^ (crc >> 8n), 0n);
  const withVersion = (block, versionOf) => {
    const changed = block.slice();
    changed[8] = versionOf(block[8]);
    const end = changed.length - 8;
    new DataView(changed.buffer).setBigUint64(end, crc64(changed.subarray(0, end)), true);
    return changed;
  };
  const { add, getAll } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.add = function (value, key) {
    return add.call(this, this.name === 'blocks' ? withVersion(value, (version) => version + LATER) : value, key);
  };
  IDBObjectStore.prototype.getAll = function (...range) {
    const request = getAll.apply(this, range);
    const { get } = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'result');
    const asToday = (version) => (version > LATER ? version - LATER : version);
    const blocks = (found) => (this.name === 'blocks' ? found.map((block) => withVersion(block, asToday)) : found);
    Object.defineProperty(request, 'result', { get: () => blocks(get.call(request)) });
    return request;
  };
}

const write = (tab, key) => tab.evaluate((key) => db.set(key, 'x').then(() => 'written', (error) => error.code), key);

const sees = (tab, keys) => until(() => tab.evaluate((keys) => db.mget(...keys).every((value) => value === 'x'), keys), `${keys} in a tab`);

async function tabOf(here, open, change) {
  const tab = await here.browser.newTab(here.address);
  await tab.evaluate(change);
  await load(tab, open);
  return tab;
}

const today = () => {};

for (const [which, first, second] of [['older', today, speakTomorrow], ['newer', speakTomorrow, today]]) {
  test(`two builds that do not understand one another, the ${which} one leads: both say so, and nothing is lost`, needs(), async (t) => {
    const here = await world(t);
    const open = { name: `${which} leads` };
    const leader = await tabOf(here, open, first);
    await leads(leader);
    const other = await tabOf(here, open, second);
    for (const tab of [leader, other]) {
      await tab.evaluate(() => {
        globalThis.told = new Promise((resolve) => db.on('incompatible', ({ message }) => resolve(message)));
      });
    }
    await here.writers.start(leader, 'a', 1);
    // Each takes the other for a newer one, and gives way to it while it is at work.
    assert.equal(await write(other, 'refused'), 'MISCONF');
    for (const tab of [leader, other]) assert.match(await tab.evaluate(() => told), /speaks protocol [12]/);
    assert.equal(await roleOf(leader), 'leader');
    await here.writers.stop(leader, 'a');
    await leader.close();
    await here.writers.start(other, 'b', 1);
    await here.writers.stop(other, 'b');
    await here.checkAll([other]);
    assert.equal(await other.evaluate(() => db.get('refused')), null);
    t.diagnostic(`acknowledged: ${here.writers.acknowledged('a').length} and ${here.writers.acknowledged('b').length}; epoch ${here.writers.epoch()}`);
    t.diagnostic(JSON.stringify(here.writers.errors()));
  });
}

const steal = (tab, { name }) => tab.evaluate((name) => navigator.locks.request(`kilat:${name}`, { steal: true }, () => {}).catch(() => {}), name);

const epochOf = (tab) => tab.evaluate(() => db.status().epoch);

test('a newer format: an older tab reads what it has, its writes go to the newer one, and it does not lead', needs('crash'), async (t) => {
  const here = await world(t);
  const open = { name: 'newer format' };
  const old = await tabOf(here, open, today);
  await leads(old);
  await write(old, 'old');
  const fresh = await tabOf(here, open, writeTomorrow);
  // It reads what an older build has written, and leads when it is its turn.
  await sees(fresh, ['old']);
  const leading = async (tab) => (await roleOf(tab)) === 'leader' && epochOf(tab);
  await until(async () => {
    const before = Math.max(await epochOf(old), await epochOf(fresh));
    await steal(fresh, open);
    // Whose turn it is must be over before the next one: a claim that is robbed begins anew.
    await until(async () => (await leading(old)) > before || (await leading(fresh)) > before, 'somebody to lead again');
    return leading(fresh);
  }, 'the newer build to lead');
  assert.equal(await write(fresh, 'new'), 'written');
  await until(() => old.evaluate(() => db.status().storage.state === 'incompatible'), 'the older build to know');
  assert.equal(await write(old, 'from old'), 'written');
  assert.deepEqual(await old.evaluate(() => db.mget('old', 'new', 'from old')), ['x', null, null]);
  await sees(fresh, ['old', 'new', 'from old']);
  await fresh.crash();
  assert.match(await write(old, 'alone'), /MISCONF|INDETERMINATE/);
  assert.equal(await write(old, 'alone'), 'MISCONF');
  assert.equal(await old.evaluate(() => db.get('old')), 'x');
  const again = await tabOf(here, open, writeTomorrow);
  await sees(again, ['old', 'new', 'from old']);
});

test('a database of tomorrow is opened by the build of today: it says so, and harms nothing', needs(), async (t) => {
  const here = await world(t);
  const open = { name: 'from tomorrow' };
  const fresh = await tabOf(here, open, writeTomorrow);
  await leads(fresh);
  assert.equal(await write(fresh, 'new'), 'written');
  await fresh.close();
  const old = await tabOf(here, open, today);
  assert.equal(await old.evaluate(() => db.status().storage.state), 'incompatible');
  assert.equal(await write(old, 'alone'), 'MISCONF');
  const again = await tabOf(here, open, writeTomorrow);
  await sees(again, ['new']);
  assert.equal(await write(old, 'from old'), 'written');
  await sees(again, ['from old']);
});
