// The pictures of bench/plots, drawn of bench/results: by each whole run, and by `node bench/plots.mjs` anew.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { at, runMain, say } from '../scripts/shell.mjs';
import { NAMES as SERVERS } from './parts/server.mjs';
import { dots, lines } from './plot.mjs';
import { count, time } from './table.mjs';

/** Who is never in one picture may look the same. */
const looks = {
  kilat: 0, 'engine, native': 0, Map: 1, IndexedDB: 1, 'kilat serve': 1, 'lru-cache': 2, 'idb-keyval': 2, 'ioredis-mock': 3, Dexie: 3,
  TinyBase: 4, 'sqlite-wasm': 5, PGlite: 6, localStorage: 7, 'redis + ioredis': 7, redis: 7, 'redis-server': 7,
};

/** Those that have a value in some row, in this order. */
const present = (names, rows) => names.filter((name) => rows.some(({ ns }) => ns[name] !== undefined));

const perSecond = (number) => `${count(number).replace(/\.0+(?= )/, '')}/s`;
const rate = (ns) => Object.fromEntries(Object.entries(ns).map(([name, value]) => [name, 1e9 / value]));

/** Characters of a line under a picture. */
const FOOTER_COLUMNS = 120;

/** When, where, and what exactly, in lines. */
function footerOf({ date, machine, versions, browser, quick, redis }, ...packages) {
  const named = packages.map((name) => `${name.replace(/^@.*\//, '')} ${versions[name]}`);
  const where = [browser ?? `Node ${versions.node}`, `${machine.cores} cores (${machine.cpu})`, `load ${machine.load.toFixed(1)} before`];
  const what = [`kilat ${versions.kilat}`, ...named, ...(redis && !browser ? [`redis-server ${redis}`] : [])];
  const lines = [[date.slice(0, 10), ...where, ...(quick ? ['a quick run'] : [])].join(' · ')];
  let line = '';
  for (const word of what) {
    if (line && line.length + word.length > FOOTER_COLUMNS) lines.push(`${line} ·`), (line = '');
    line += line ? ` · ${word}` : word;
  }
  return [...lines, line];
}

const IN_MEMORY = ['lru-cache', 'ioredis-mock', 'tinybase', '@sqlite.org/sqlite-wasm', '@electric-sql/pglite', 'ioredis'];
const STORED = ['idb-keyval', 'dexie', 'tinybase', '@sqlite.org/sqlite-wasm', '@electric-sql/pglite'];

/** Each makes a picture of a part's results; null where there is too little. */
const PLOTS = {
  node({ part }) {
    const rows = part.rows.filter(({ mode, keys, size, work }) => mode === 'flight' && keys === 1000 && size === 16 && work !== 'get from engine');
    return dots({
      title: 'In memory, in Node.js',
      subtitle: 'calls a second, not awaited one by one; 1,000 keys, values of 16 bytes',
      looks,
      names: present(['kilat', 'Map', 'lru-cache', 'ioredis-mock', 'TinyBase', 'sqlite-wasm', 'PGlite', 'redis + ioredis'], rows),
      rows: rows.map(({ work, ns }) => ({ label: work, values: rate(ns) })),
      format: perSecond,
      better: 'to the right: faster',
      footer: footerOf(part, ...IN_MEMORY),
    });
  },
  page({ part }) {
    const rows = part.rows.filter(({ mode, keys, size }) => mode === 'flight' && keys === 1000 && size === 16);
    return dots({
      title: 'Stored, in Chromium',
      subtitle: 'calls a second, 1,000 in flight; a write is done when it is stored (kilat: everysec)',
      looks,
      names: present(['kilat', 'IndexedDB', 'idb-keyval', 'Dexie', 'localStorage', 'TinyBase', 'sqlite-wasm', 'PGlite'], rows),
      rows: rows.map(({ work, ns }) => ({ label: work, values: rate(ns) })),
      format: perSecond,
      better: 'to the right: faster',
      footer: footerOf(part, ...STORED),
    });
  },
  server({ part }) {
    return dots({
      title: 'Servers under redis-benchmark',
      subtitle: 'calls for each second that the main thread was on a CPU; 50 clients, pipelines of P',
      looks,
      names: SERVERS.filter((name) => part.rows[0].servers[name]).sort((a, b) => b.includes('engine') - a.includes('engine')),
      rows: part.rows.map(({ operation, pipeline, servers }) => ({
        label: `${operation} -P ${pipeline}`,
        values: Object.fromEntries(Object.entries(servers).map(([name, { cpuNs, perSecond: calls }]) => [name, cpuNs ? 1e9 / cpuNs : calls])),
      })),
      format: perSecond,
      better: 'to the right: faster',
      footer: footerOf(part),
    });
  },
  memory({ part }) {
    return dots({
      title: 'Bytes of memory',
      subtitle: "kilat: growth of its linear memory; redis: used_memory; Map: JavaScript's heap",
      looks,
      names: ['kilat', 'redis', 'Map'],
      rows: part.rows.map(({ type, members, bytes }) => ({ label: type ? `a member of a ${type} of ${members}` : 'a string, 14 + 26 bytes', values: bytes })),
      format: (bytes) => `${Math.round(bytes)} B`,
      better: 'to the left: smaller',
      footer: footerOf(part),
      scale: 'linear',
    });
  },
  'growth-get': ({ part }) => growth(part, 'get', 'Time of a get as keys grow'),
  'growth-set': ({ part }) => growth(part, 'set', 'Time of a set as keys grow'),
  'growth-bytes': ({ part }) => growth(part, 'bytes', 'Bytes a key as keys grow'),
};

function growth(part, what, title) {
  const isBytes = what === 'bytes';
  return lines({
    title,
    subtitle: isBytes ? 'keys of 14 bytes, values of 26; linear memory, used_memory, heap' : 'random keys, not awaited one by one; redis: over loopback, by ioredis',
    looks,
    names: ['kilat', 'Map', 'ioredis-mock', 'redis'].filter((name) => part.rows[0].get[name] !== undefined),
    points: part.rows.map((row) => ({ x: row.keys, values: row[what] })),
    formatX: (keys) => count(keys).replace(/\.0+(?= )/, ''),
    format: isBytes ? (bytes) => `${Math.round(bytes)} B` : (ns) => time(ns).replace(/\.0+(?= )/, ''),
    footer: footerOf(part),
    scale: isBytes ? 'linear' : 'logarithmic',
  });
}

const readResult = (part) => {
  const file = at('bench/results', `${part}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
};

/** Draws what there are results of; answers the names. */
export function draw() {
  mkdirSync(at('bench/plots'), { recursive: true });
  const drawn = [];
  for (const [name, plot] of Object.entries(PLOTS)) {
    const part = readResult(name.split('-')[0]);
    if (!part?.rows?.length) continue;
    writeFileSync(at('bench/plots', `${name}.svg`), plot({ part }));
    drawn.push(name);
  }
  return drawn;
}

await runMain(import.meta.url, () => say(`bench/plots: ${draw().join(', ') || 'nothing: there are no results'}`));
