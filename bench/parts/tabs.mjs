// What a user waits for, in Chromium: opening an empty database, opening a full one, a snapshot, a write from a tab that
// follows. Each beside what IndexedDB or a BroadcastChannel itself takes.
import { median } from '../matrix.mjs';
import { openBrowser } from '../page.mjs';

export const title = 'cold start, reload, snapshot, follower, in Chromium';

/** Runs in the page: ms of open() on a name that nobody has used, after the script is loaded. */
async function coldStart({ name }) {
  const { open } = await import('/pkg/index.js');
  const began = performance.now();
  const db = await open({ name });
  const ms = performance.now() - began;
  await db.close();
  return ms;
}

async function fill({ name, keys }) {
  const { open } = await import('/pkg/index.js');
  globalThis.db = await open({ name });
  const keyOf = (i) => `key:${String(i).padStart(10, '0')}`;
  for (let from = 0; from < keys; from += 10_000) {
    const many = [];
    for (let i = from; i < Math.min(keys, from + 10_000); i++) many.push(db.set(keyOf(i), `value of ${i}`.padEnd(26, '.')));
    await Promise.all(many);
  }
  // It may have begun to save by itself.
  while (db.status().saving) await new Promise((resolve) => setTimeout(resolve, 20));
  await db.save();
}

async function reload({ name }) {
  const { open } = await import('/pkg/index.js');
  const began = performance.now();
  const db = await open({ name });
  const value = db.get('key:0000000042');
  const ms = performance.now() - began;
  if (!value?.startsWith('value of 42')) throw new Error(`what was stored is not there: ${value}`);
  await db.close();
  return ms;
}

/** ms of a snapshot, and of the same bytes put into IndexedDB by hand, strictly, in pieces of 1 MiB, in turns. */
async function snapshot({ rounds }) {
  const request = (asked) => new Promise((resolve, reject) => ((asked.onsuccess = () => resolve(asked.result)), (asked.onerror = () => reject(asked.error))));
  const opening = indexedDB.open('bench-snapshot', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('pieces');
  const raw = await request(opening);
  const bytes = db.export();
  const times = { kilat: [], raw: [], bytes: bytes.length };
  for (let round = 0; round < rounds; round++) {
    while (db.status().saving) await new Promise((resolve) => setTimeout(resolve, 20));
    let began = performance.now();
    await db.save();
    times.kilat.push(performance.now() - began);
    began = performance.now();
    for (let at = 0; at < bytes.length; at += 1 << 20) {
      const transaction = raw.transaction('pieces', 'readwrite', { durability: 'strict' });
      transaction.objectStore('pieces').put(bytes.slice(at, at + (1 << 20)), [round, at]);
      transaction.commit();
      await new Promise((resolve, reject) => ((transaction.oncomplete = resolve), (transaction.onabort = () => reject(transaction.error))));
    }
    times.raw.push(performance.now() - began);
  }
  return times;
}

async function roundTrips({ name, level, calls }) {
  const { open } = await import('/pkg/index.js');
  globalThis.trips ??= await open({ name });
  const db = globalThis.trips.withDurability(level);
  // Ten one after the other: a page's clock has 0.1 ms.
  const times = [];
  for (let i = 0; i < calls; i += 10) {
    const began = performance.now();
    for (let j = 0; j < 10; j++) await db.set(`key:${(i + j) % 100}`, 'x'.repeat(16));
    times.push((performance.now() - began) / 10);
  }
  return times.slice(calls / 100);
}

/** A BroadcastChannel's round trip: the floor under a follower's write. */
async function echo({ calls, answers }) {
  const channel = new BroadcastChannel('bench-echo');
  if (answers) return void (channel.onmessage = ({ data }) => data.ask !== undefined && channel.postMessage({ answer: data.ask }));
  const times = [];
  for (let i = 0; i < calls; i++) {
    const began = performance.now();
    const answered = new Promise((resolve) => (channel.onmessage = ({ data }) => data.answer === i && resolve()));
    channel.postMessage({ ask: i });
    await answered;
    times.push(performance.now() - began);
  }
  return times.slice(calls / 10);
}

async function inFreshTabs(browser, rounds, run, argument) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const tab = await browser.tab();
    times.push(await tab.evaluate(run, { ...argument, name: argument.name ?? `empty ${Date.now()} ${i}` }));
    await tab.close();
  }
  return median(times);
}

export async function run({ quick, say }) {
  const browser = await openBrowser();
  if (!browser) return say('no Chromium: left out');
  const rows = [];
  const add = (id, what, ms, beside = null) => rows.push({ id, what, ms, beside });
  try {
    const rounds = quick ? 3 : 9;
    // The first one pays for the browser's own start of storage.
    await inFreshTabs(browser, 1, coldStart, {});
    add('cold start', 'open() of an empty name, script loaded', await inFreshTabs(browser, rounds, coldStart, {}));
    for (const keys of quick ? [100_000] : [100_000, 1_000_000]) {
      const name = `full ${keys}`;
      const tab = await browser.tab();
      await tab.evaluate(fill, { name, keys });
      if (keys === 1_000_000 || quick) {
        const times = await tab.evaluate(snapshot, { rounds: quick ? 1 : 3 });
        add(`snapshot ${keys}`, `snapshot of ${keys} keys (${(times.bytes / 1e6).toFixed(1)} MB); beside: the same bytes by hand`, median(times.kilat), median(times.raw));
      }
      await tab.evaluate(() => db.close());
      await tab.close();
      add(`reload ${keys}`, `open() of ${keys} keys, to the first read`, await inFreshTabs(browser, quick ? 2 : 5, reload, { name }));
    }
    const [leader, follower] = [await browser.tab(), await browser.tab()];
    const calls = quick ? 200 : 1000;
    const trips = { leader: {}, follower: {} };
    for (const level of ['memory', 'everysec', 'always']) {
      for (const [role, tab] of [['leader', leader], ['follower', follower]]) trips[role][level] = median(await tab.evaluate(roundTrips, { name: 'trips', level, calls }));
    }
    await leader.evaluate(echo, { answers: true });
    const floor = median(await follower.evaluate(echo, { calls }));
    for (const [level, ms] of Object.entries(trips.follower)) {
      add(`follower ${level}`, `a write of a follower, ${level}; beside: a BroadcastChannel's round trip`, ms, floor);
      add(`leader ${level}`, `a write of the leader, ${level}`, trips.leader[level]);
    }
    return { browser: browser.version, rows };
  } finally {
    await browser.close();
  }
}

export function table({ rows }) {
  return [['what', 'ms', 'beside, ms'], ...rows.map(({ what, ms, beside }) => [what, ms.toPrecision(3), beside === null ? '' : beside.toPrecision(3)])];
}
