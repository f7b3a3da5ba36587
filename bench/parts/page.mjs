// Stored data, in Chromium: a write is done when it is in IndexedDB, OPFS or localStorage.
import { openBrowser } from '../page.mjs';
import { measure, pace, rowsOf } from '../matrix.mjs';

export const title = 'in Chromium, stored';

/**
 * A page's clock has steps of 0.1 ms, and a thousand stored sets take a few: a round of no more than that is one burst out of
 * rest, when the browser's threads sleep and its caches are another contender's, and tells of the start alone.
 */
const ROUND_MS = 100;
const QUICK_ROUND_MS = 40;
/** What storage takes differs from one moment to the next: more rounds than elsewhere. */
const ROUNDS = 9;

/** kilat at each level; the others at the level that is theirs. */
const HOSTS = [
  ['kilat', 'kilat', { persistent: true, level: 'everysec', name: 'everysec' }],
  ['kilat memory', 'kilat', { persistent: true, level: 'memory', name: 'memory' }],
  ['kilat always', 'kilat', { persistent: true, level: 'always', name: 'always' }],
  ['IndexedDB', 'IndexedDB', {}],
  ['IndexedDB strict', 'IndexedDB', { strict: true }],
  ['idb-keyval', 'idb-keyval', {}],
  ['Dexie', 'Dexie', {}],
  ['localStorage', 'localStorage', {}],
  ['TinyBase', 'TinyBase', { persistent: true }],
  ['sqlite-wasm', 'sqlite-wasm', { persistent: true }],
  ['PGlite', 'PGlite', { persistent: true }],
];

/** PGlite takes 50 ms a call here, what is strict waits for the disk, and Dexie takes twice idb-keyval's time to write. */
const SLOW = ['kilat always', 'IndexedDB strict', 'Dexie', 'sqlite-wasm', 'PGlite'];

export async function run({ quick, smoke, only, say, tell }) {
  const browser = await openBrowser();
  if (!browser) return say('no Chromium: left out');
  const hosts = [];
  try {
    if (quick && !smoke) say(`a quick run leaves out ${SLOW.join(', ')}`);
    for (const [name, contender, options] of smoke ? [HOSTS[0], HOSTS[3]] : HOSTS.filter(([name]) => !quick || !SLOW.includes(name))) {
      try {
        hosts.push(await browser.host(name, contender, options));
      } catch (error) {
        say(`${name} is left out: ${error.message.split('\n')[0]}`);
      }
    }
    const rows = smoke ? [{ work: 'set', mode: 'flight', keys: 100, size: 16 }] : rowsOf({ quick, only, sizes: quick ? [] : [1024, 65_536], counts: [] });
    const measured = await measure({ hosts, rows, tell, ...pace({ quick, smoke, roundMs: quick ? QUICK_ROUND_MS : ROUND_MS, rounds: ROUNDS }) });
    return { browser: browser.version, contenders: hosts.map(({ name, version }) => ({ name, version })), rows: measured };
  } finally {
    await browser.close();
  }
}
