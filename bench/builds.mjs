// Two builds of the package side by side: `node --expose-gc bench/builds.mjs PKG PKG [--rounds 15] [--only NAME]`, each
// PKG a folder that `npm run build` has written. Both run in this process, in memory; rounds are interleaved, and take
// turns in who begins. The table has the sizes, then for each case the processor's time in the best round, and the ratio
// of the second to the first: on a machine that does other things too, that is what least of them is in.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined);
const rounds = Number(option('--rounds') ?? 15);
const only = option('--only');
const folders = args.map((folder) => resolve(folder));
if (folders.length !== 2) {
  console.error('usage: node --expose-gc bench/builds.mjs PKG PKG [--rounds 15] [--only NAME]');
  process.exit(1);
}

const KEYS = Array.from({ length: 1000 }, (_, i) => `key:${i}`);
const key = (i) => KEYS[i % KEYS.length];
const pause = () => new Promise((done) => setTimeout(done, 0));

/** A case is calls of one kind, `count` of them, in a row. */
const CASES = {
  get: [50_000, (db, i) => db.get(key(i))],
  exists: [50_000, (db, i) => db.exists(key(i))],
  set: [10_000, (db, i) => db.set(key(i), 'a value of some length')],
  incr: [10_000, (db) => db.incr('counter')],
  append: [10_000, (db, i) => db.append(`text:${i % 100}`, 'more')],
  hset: [10_000, (db, i) => db.hset('hash', { [key(i)]: i })],
  hgetall: [2_000, (db) => db.hgetall('small hash')],
  zadd: [10_000, (db, i) => db.zadd('zset', (i * 7919) % 10_007, key(i))],
  'zadd, fractions': [10_000, (db, i) => db.zadd('zset:f', ((i * 7919) % 10_007) / 7, key(i))],
  zrange: [5_000, (db, i) => db.zrange('zset', i % 900, (i % 900) + 20)],
  zscore: [20_000, (db, i) => db.zscore('zset', key(i))],
  rpush: [10_000, (db, i) => db.rpush(`list:${i % 10}`, key(i))],
  lrange: [5_000, (db) => db.lrange('fixed list', 0, 50)],
  sadd: [10_000, (db, i) => db.sadd('set', key(i * 31))],
  'set, JSON': [5_000, (db, i) => db.set(`json:${i % 100}`, { name: key(i), score: i / 8, tags: ['a', 'b'] })],
  'get, JSON': [10_000, (db, i) => db.get(`json:${i % 100}`)],
  'JSON.GET, a path': [10_000, (db, i) => db.call('JSON.GET', `json:${i % 100}`, '$.score')],
  zunionstore: [20, (db) => db.call('ZUNIONSTORE', 'out', 2, 'zset', 'zset:f')],
  sinterstore: [20, (db) => db.call('SINTERSTORE', 'out:s', 'big set', 'big set 2')],
  sort: [20, (db) => db.call('SORT', 'numbers', 'LIMIT', 0, 10)],
  'sort, alpha': [20, (db) => db.call('SORT', 'numbers', 'ALPHA', 'LIMIT', 0, 10)],
  'scan with a pattern': [20, (db) => db.call('SCAN', 0, 'MATCH', '*:9?9', 'COUNT', 2000)],
  keys: [50, (db) => db.call('KEYS', '*9')],
  lcs: [20, (db) => db.call('LCS', 'lcs 1', 'lcs 2', 'LEN')],
  'dump and restore': [50, (db, i) => db.call('RESTORE', `copy:${i}`, 0, db.bytes.dump('fixed list'), 'REPLACE')],
};

async function openFrom(folder, name) {
  const { open } = await import(`${folder}/slim.js`);
  const bytes = readFileSync(`${folder}/kilat_bg.wasm`);
  const db = await open({ name, wasm: bytes, persistent: false, durability: 'memory' });
  for (const one of KEYS) await db.set(one, 'a value of some length');
  for (let i = 0; i < 100; i++) await db.set(`json:${i}`, { name: key(i), score: i / 8, tags: ['a', 'b'] });
  await db.hset('small hash', Object.fromEntries(KEYS.slice(0, 20).map((field) => [field, field])));
  await db.rpush('fixed list', KEYS.slice(0, 200));
  await db.rpush('numbers', KEYS.map((_, i) => (i * 7919) % 1009));
  for (const [i, one] of KEYS.entries()) {
    await db.sadd('big set', one);
    await db.sadd('big set 2', key(i * 3));
    await db.zadd('zset', i, one);
    await db.zadd('zset:f', i / 7, one);
  }
  await db.set('lcs 1', KEYS.slice(0, 100).join(' '));
  await db.set('lcs 2', KEYS.slice(50, 150).join(' '));
  return { db, wasm: bytes };
}

async function timeOf(db, [count, call]) {
  globalThis.gc?.();
  const began = process.cpuUsage();
  const later = [];
  for (let i = 0; i < count; i++) {
    const answer = call(db, i);
    if (answer instanceof Promise) later.push(answer);
  }
  await Promise.all(later);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / count;
}

const sides = [];
for (const [i, folder] of folders.entries()) sides.push(await openFrom(folder, `side ${i}`));
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
for (const [i, { wasm }] of sides.entries()) {
  console.log(`${kB(wasm.length)} raw ${kB(gzipSync(wasm, { level: 9 }).length)} gzip  ${folders[i]}`);
}

console.log('\n    first    second   ratio   (µs a call)');
const ratios = [];
for (const [name, one] of Object.entries(CASES)) {
  if (only && !name.startsWith(only)) continue;
  const times = [[], []];
  for (let round = -2; round < rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const time = await timeOf(sides[side].db, one);
      // The first rounds are before the code is compiled for speed.
      if (round >= 0) times[side].push(time);
    }
    await pause();
  }
  const [first, second] = times.map((list) => Math.min(...list));
  ratios.push(second / first);
  console.log(`${first.toFixed(2).padStart(9)} ${second.toFixed(2).padStart(9)} ${(second / first).toFixed(2).padStart(7)}   ${name}`);
}
const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
console.log(`${' '.repeat(20)}${mean.toFixed(2).padStart(7)}   geometric mean`);
process.exit(0);
