// Where the time of open() goes: `node bench/opening.mjs [--rounds 15] [--keys 100000]`. Needs a release build in pkg/.
//
// A fresh tab each time, in which what the browser is asked for is stamped with the time since open() was called: an empty
// name, and a name with so many keys. The steps of the quickest round are printed, for what else the machine does shows
// least there, and the median of all. Beside it the floors: the same transactions without kilat, and what the module takes to
// be unpacked and compiled.
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

async function rounds(browser, count, run, argument) {
  const all = [];
  for (let i = 0; i < count; i++) {
    const tab = await browser.tab();
    all.push(await tab.evaluate(run, { name: argument?.name ?? `${run.name} ${i}` }));
    await tab.close();
  }
  return all;
}

function report(title, all) {
  const total = (steps) => steps.at(-1)[1];
  const quickest = all.reduce((a, b) => (total(b) < total(a) ? b : a));
  say(`\n${title}: ${median(all.map(total)).toFixed(1)} ms, the quickest ${total(quickest).toFixed(1)} ms`);
  for (const [what, ms] of quickest) say(`${ms.toFixed(1).padStart(9)}  ${what}`);
}

await runMain(import.meta.url, async (args) => {
  const options = { rounds: { type: 'string', default: '15' }, keys: { type: 'string', default: '100000' } };
  const { values } = parseArgs({ args, options });
  const [count, keys] = [Number(values.rounds), Number(values.keys)];
  const browser = await openBrowser();
  if (!browser) return say('no Chromium');
  try {
    const bare = await rounds(browser, count, floors);
    say('floors, medians in ms');
    for (const what of Object.keys(bare[0])) say(`${median(bare.map((times) => times[what])).toFixed(1).padStart(9)}  ${what}`);
    report('open() of an empty name', await rounds(browser, count, stamped));
    const tab = await browser.tab();
    await tab.evaluate(fill, { name: 'full', keys });
    await tab.close();
    report(`open() of ${keys} keys, to the first read`, await rounds(browser, count, stamped, { name: 'full' }));
  } finally {
    await browser.close();
  }
});
