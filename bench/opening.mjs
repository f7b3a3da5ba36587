// Where the time of open() goes: `node bench/opening.mjs [--rounds 15] [--keys 100000]`. Needs a release build in pkg/.
//
// A fresh tab each time, in which what the browser is asked for is stamped with the time since open() was called: an empty
// name, and a name with so many keys. The steps of the quickest round are printed, for what else the machine does shows
// least there, and the median of all. Beside it the floors: the same transactions without kilat, what the module takes to
// be unpacked and compiled, and what reading the stored bytes takes; and the time that the page's main thread spent on the
// processor, which other programs do not change as much.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runMain, say } from '../scripts/shell.mjs';
import { median } from './matrix.mjs';
import { openBrowser } from './page.mjs';

/** Runs in the page: fills a name and snapshots it. */
async function fill({ name, keys }) {
  const { open } = await import('/pkg/index.js');
  const db = await open({ name });
  for (let from = 0; from < keys; from += 10_000) {
    const count = Math.min(10_000, keys - from);
    await Promise.all(Array.from({ length: count }, (_, i) => db.set(`key:${from + i}`, `value of ${from + i}`.padEnd(26, '.'))));
  }
  while (db.status().saving) await new Promise((resolve) => setTimeout(resolve, 20));
  await db.save();
  await db.close();
}

/** Runs in the page: opens a name and reads a key; answers what was stamped, as `[what, ms]`. */
async function stamped({ name }) {
  const { open } = await import('/pkg/index.js');
  const steps = [];
  let began = 0;
  const stamp = (what) => steps.push([what, performance.now() - began]);
  const around = (object, method, act) => {
    const original = object[method];
    object[method] = function (...args) {
      return act.call(this, (...given) => original.apply(this, given.length ? given : args), args);
    };
  };
  const promised = (object, method) =>
    around(object, method, (call) => {
      stamp(`${method}()`);
      return call().then((value) => (stamp(`${method} is done`), value));
    });
  for (const method of ['compileStreaming', 'compile', 'instantiate']) promised(WebAssembly, method);
  promised(StorageManager.prototype, 'estimate');
  around(IDBFactory.prototype, 'open', (call) => {
    stamp('indexedDB.open()');
    const request = call();
    request.addEventListener('upgradeneeded', () => stamp('IndexedDB makes it'));
    request.addEventListener('success', () => stamp('IndexedDB is open'));
    return request;
  });
  let count = 0;
  around(IDBDatabase.prototype, 'transaction', (call, [stores, mode, options]) => {
    const what = `transaction ${++count}`;
    stamp(`${what} on ${stores}, ${mode}, ${options?.durability}`);
    const transaction = call();
    transaction.addEventListener('complete', () => stamp(`${what} is complete`));
    return transaction;
  });
  around(LockManager.prototype, 'request', (call, [lock, options, granted]) => {
    stamp('the lock is asked for');
    return call(lock, options, (held) => (stamp('the lock is had'), granted(held)));
  });
  began = performance.now();
  const db = await open({ name });
  stamp('open() is done');
  db.get('key:42');
  stamp('read');
  const read = steps.slice();
  await db.close();
  return read;
}

/** Runs in the page: ms of what open() needs of the browser, one after the other, without kilat. */
async function floors({ name }) {
  const times = {};
  let began = performance.now();
  const stamp = (what) => {
    times[what] = performance.now() - began;
    began = performance.now();
  };
  const done = (transaction) => new Promise((resolve) => ((transaction.oncomplete = resolve), transaction.commit()));
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => ['blocks', 'pieces', 'meta'].forEach((store) => opening.result.createObjectStore(store));
  await new Promise((resolve) => (opening.onsuccess = resolve));
  stamp('IndexedDB: a database with three stores is made');
  const database = opening.result;
  let transaction = database.transaction(['blocks', 'meta']);
  transaction.objectStore('blocks').getAll();
  await done(transaction);
  stamp('IndexedDB: it is read');
  transaction = database.transaction('blocks', 'readwrite', { durability: 'strict' });
  transaction.objectStore('blocks').add(new Uint8Array(80), [0, 0]);
  await done(transaction);
  stamp('IndexedDB: a block is added, strictly');
  for (let i = 0; i < 20; i++) {
    transaction = database.transaction('blocks', 'readwrite', { durability: 'relaxed' });
    transaction.objectStore('blocks').add(new Uint8Array(62_000), [1, i]);
    await done(transaction);
  }
  times['IndexedDB: a block of 1,000 sets (62 kB) is added, relaxed'] = (performance.now() - began) / 20;
  const bytes = await (await fetch('/pkg/kilat_bg.wasm')).arrayBuffer();
  began = performance.now();
  await WebAssembly.compile(bytes);
  stamp('the module is compiled');
  return times;
}

/** Runs in the page: what IndexedDB itself takes to be opened, and to hand over the newest snapshot. */
async function stored({ name }) {
  const ask = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
  const began = performance.now();
  const database = await ask(indexedDB.open(`kilat:1:${name}`, 1));
  const opened = performance.now();
  const keys = await ask(database.transaction('pieces').objectStore('pieces').getAllKeys());
  const newest = keys.at(-1)[0];
  const pieces = database.transaction('pieces').objectStore('pieces');
  const found = await Promise.all(keys.filter(([id]) => id === newest).map((key) => ask(pieces.get(key))));
  const read = performance.now();
  database.close();
  const bytes = found.reduce((sum, piece) => sum + piece.length, 0);
  return { 'IndexedDB: it is opened': opened - began, [`IndexedDB: ${found.length} pieces are read, ${(bytes / 1e6).toFixed(1)} MB`]: read - opened };
}

async function rounds(browser, count, run, argument) {
  const all = [];
  for (let i = 0; i < count; i++) {
    const tab = await browser.tab();
    const before = await onProcessor(tab);
    const answered = await tab.evaluate(run, { name: argument?.name ?? `${run.name} ${i}` });
    all.push(Object.assign(answered, { cpuMs: (await onProcessor(tab)) - before }));
    await tab.close();
  }
  return all;
}

/** ms that the page's main thread has spent on the processor; NaN where the system does not tell. */
async function onProcessor(tab) {
  try {
    const pid = await tab.process();
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return NaN;
  }
}

function floor(all) {
  for (const what of Object.keys(all[0])) {
    if (what !== 'cpuMs') say(`${median(all.map((times) => times[what])).toFixed(1).padStart(9)}  ${what}`);
  }
}

function report(title, all) {
  const total = (steps) => steps.at(-1)[1];
  const quickest = all.reduce((a, b) => (total(b) < total(a) ? b : a));
  const cpu = median(all.map(({ cpuMs }) => cpuMs)).toFixed(1);
  say(`\n${title}: ${median(all.map(total)).toFixed(1)} ms (${cpu} on the processor), the quickest ${total(quickest).toFixed(1)} ms`);
  for (const [what, ms] of quickest) say(`${ms.toFixed(1).padStart(9)}  ${what}`);
}

await runMain(import.meta.url, async (args) => {
  const options = { rounds: { type: 'string', default: '15' }, keys: { type: 'string', default: '100000' } };
  const { values } = parseArgs({ args, options });
  const [count, keys] = [Number(values.rounds), Number(values.keys)];
  const browser = await openBrowser();
  if (!browser) return say('no Chromium');
  try {
    say('floors, medians in ms');
    floor(await rounds(browser, count, floors));
    report('open() of an empty name', await rounds(browser, count, stamped));
    const tab = await browser.tab();
    await tab.evaluate(fill, { name: 'full', keys });
    await tab.close();
    say(`\nfloors of ${keys} keys, medians in ms`);
    floor(await rounds(browser, count, stored, { name: 'full' }));
    report(`open() of ${keys} keys, to the first read`, await rounds(browser, count, stamped, { name: 'full' }));
  } finally {
    await browser.close();
  }
});
