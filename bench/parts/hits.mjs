// Hit rates of allkeys-lru on one Zipf trace, beside redis-server. Both get room for the same number of keys: `maxmemory` is
// mended for each until so many fit. A miss is set, as a cache does. The second half of the trace counts.
//
// redis-server knows when a key was last used by the second: the trace lasts many, and in a quick run too few for it.
import { open } from '../../pkg/index.js';
import { client, startRedis } from '../redis.mjs';
import { pause } from '../../scripts/shell.mjs';
import { keyOf, valueOf, zipf } from '../values.mjs';

export const title = 'hit rates of allkeys-lru on one Zipf trace';

const AT_ONCE = 500;
const VALUE = valueOf(100);

/** What a policy needs of a store: words of commands in, replies out, many at a time. */
async function stores(redis) {
  const db = await open({ name: 'hits', persistent: false, durability: 'memory' });
  const kilat = { figure: 'used_memory_dataset', run: (calls) => Promise.all(calls.map(([command, ...words]) => db.call(command, ...words))), end: () => db.close() };
  if (!redis) return { kilat };
  const connection = await client(redis.port);
  const run = (calls) => connection.redis.pipeline(calls.map(([command, ...words]) => [command.toLowerCase(), ...words.map(String)])).exec().then((replies) => replies.map(([, reply]) => reply));
  return { kilat, 'redis-server': { figure: 'used_memory', run, end: connection.end } };
}

/** What `maxmemory` bounds: kilat's is what its data takes, for what it took from the system it never gives back. */
const usedBy = async ({ run, figure }) => Number(new RegExp(`${figure}:(\\d+)`).exec((await run([['INFO', 'memory']]))[0])[1]);

/** Bytes in use when `room` keys are there. */
async function bytesFor(store, room) {
  await store.run([['FLUSHALL']]);
  for (let from = 0; from < room; from += AT_ONCE) await store.run(Array.from({ length: Math.min(AT_ONCE, room - from) }, (_, i) => ['SET', keyOf(from + i), VALUE]));
  return usedBy(store);
}

/** Steps after which the room is looked at, while it fills. */
const CHECKED = 10;

async function hitRate(store, trace, room, lastsMs) {
  const began = performance.now();
  let maxmemory = await bytesFor(store, room);
  await store.run([['FLUSHALL']]);
  const perKey = (maxmemory - (await usedBy(store))) / room;
  const setRoom = () => store.run([['CONFIG', 'SET', 'maxmemory', String(Math.round(maxmemory))]]);
  await store.run([['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru']]);
  await setRoom();
  let [hits, counted] = [0, 0];
  for (let from = 0, step = 0; from < trace.length; from += AT_ONCE, step++) {
    // Keys that are asked for twice in a step are asked for once.
    const keys = [...new Set(trace.subarray(from, from + AT_ONCE))].map((i) => keyOf(i));
    await pause(Math.max(0, (lastsMs * from) / trace.length - (performance.now() - began)));
    const replies = await store.run(keys.map((key) => ['GET', key]));
    const missed = keys.filter((_, i) => replies[i] === null);
    await store.run(missed.map((key) => ['SET', key, VALUE]));
    if (from >= trace.length / 2) [hits, counted] = [hits + keys.length - missed.length, counted + keys.length];
    else if (step % CHECKED === 0 && from > trace.length / 8) {
      // Buffers of clients count as memory too: the room is mended until the wanted number of keys fits.
      const [kept] = await store.run([['DBSIZE']]);
      maxmemory += (room - kept) * perKey;
      await setRoom();
    }
  }
  const [kept] = await store.run([['DBSIZE']]);
  await store.run([['CONFIG', 'SET', 'maxmemory', '0']]);
  return { rate: hits / counted, keys: kept };
}

export async function run({ quick, say }) {
  const redis = await startRedis();
  if (!redis) say('no redis-server 7: kilat alone');
  const all = await stores(redis);
  const rows = [];
  try {
    const keys = quick ? 20_000 : 100_000;
    const lastsMs = quick ? 5_000 : 20_000;
    const trace = zipf({ keys, length: keys * (quick ? 10 : 20) });
    for (const share of quick ? [0.1] : [0.02, 0.1, 0.3]) {
      const row = { share, room: keys * share };
      const rates = Object.entries(all).map(async ([name, store]) => [name, await hitRate(store, trace, row.room, lastsMs)]);
      row.stores = Object.fromEntries(await Promise.all(rates));
      rows.push(row);
    }
    return { keys, requests: trace.length, exponent: 0.99, rows };
  } finally {
    for (const { end } of Object.values(all)) await end();
    redis?.stop();
  }
}

export function table({ rows }) {
  const text = (found) => (found ? `${(found.rate * 100).toFixed(2)} % (${found.keys} keys kept)` : '–');
  return [['room for', 'kilat', 'redis-server', 'kilat / redis'], ...rows.map(({ share, stores }) => [`${share * 100} % of the keys`, text(stores.kilat), text(stores['redis-server']), stores['redis-server'] ? (stores.kilat.rate / stores['redis-server'].rate).toFixed(3) : '–'])];
}
