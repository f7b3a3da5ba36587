// What kilat is meant to reach. A mark says what is wanted and reads what was measured out of the parts' results; where a
// part was not run, or cannot be here, it is not measured and does not count.
import { count, time } from './table.mjs';

const rowOf = (part, wanted) => part?.rows.find((row) => Object.entries(wanted).every(([name, value]) => row[name] === value));

/** A ratio of another contender's time to kilat's, in one row: at least `least`. */
function faster({ what, part, row, than, least, show = null }) {
  return {
    what: `${what}: ${show ?? `${least}x ${than}`}`,
    measure(results) {
      const { ns } = rowOf(results[part], row) ?? { ns: {} };
      if (ns.kilat === undefined || ns[than] === undefined) return null;
      const ratio = ns[than] / ns.kilat;
      return { value: ratio, text: `${ratio.toFixed(2)}x (${time(ns.kilat)} beside ${time(ns[than])})`, reached: ratio >= least };
    },
  };
}

const small = { keys: 1000, size: 16, mode: 'flight' };
const beside = (work, than, least) => faster({ what: work, part: 'node', row: { ...small, work }, than, least });

export const MARKS = [
  faster({ what: 'get of 26 bytes, hot', part: 'node', row: { work: 'get', mode: 'one', keys: 1000, size: 26 }, than: 'Map', least: 2 / 3, show: 'at least 2/3 of Map.get' }),
  faster({ what: 'get past a read cache, in flight', part: 'node', row: { work: 'get from engine', keys: 1000, size: 26 }, than: 'ioredis-mock', least: 2 }),
  beside('set', 'ioredis-mock', 3),
  beside('set', 'redis + ioredis', 20),
  ...['zadd', 'zrange top 10', 'hgetall 50', 'lrange 100'].map((work) => beside(work, 'ioredis-mock', 3)),
];

/** A number that shall be at most, or at least, so much. `read` takes it out of the results. */
export function bound({ what, read, most = Infinity, least = -Infinity, text = count }) {
  return {
    what,
    measure(results) {
      const value = read(results);
      if (!Number.isFinite(value)) return null;
      return { value, text: text(value), reached: value <= most && value >= least };
    },
  };
}

const storedSets = (results) => rowOf(results.page, { ...small, work: 'set' })?.ns;
MARKS.push(
  bound({ what: 'stored sets (everysec), 1,000 in flight: 400,000/s', read: (results) => 1e9 / storedSets(results)?.kilat, least: 400_000, text: (value) => `${count(value)}/s` }),
  faster({ what: 'stored sets (everysec), 1,000 in flight', part: 'page', row: { ...small, work: 'set' }, than: 'IndexedDB', least: 40 }),
);

const found = (part, wanted) => (results) => rowOf(results[part], wanted);
const ms = (value) => `${value.toPrecision(3)} ms`;
const perKey = (value) => `${value.toFixed(1)} bytes`;

MARKS.push({
  what: 'a million keys of 14 + 26 bytes: at most 72 bytes a key',
  measure(results) {
    const row = results.memory?.rows.find(({ keys }) => keys);
    if (!row) return null;
    const { kilat, Map, redis } = row.bytes;
    const others = `redis-server ${redis?.toFixed(1) ?? '–'}, Map ${Map.toFixed(1)}`;
    return { value: kilat, text: `${perKey(kilat)} (${others}; ${row.keys} keys)`, reached: kilat <= 72 };
  },
});
for (const type of ['hash', 'list', 'set', 'sorted set']) {
  for (const members of [10, 1000]) {
    MARKS.push({
      what: `a ${type} of ${members}: at most 70 % of redis-server's used_memory`,
      measure(results) {
        const { bytes } = rowOf(results.memory, { type, members }) ?? {};
        if (!bytes?.redis) return null;
        const share = bytes.kilat / bytes.redis;
        return { value: share, text: `${Math.round(share * 100)} % (${perKey(bytes.kilat)} a member beside ${bytes.redis.toFixed(1)})`, reached: share <= 0.7 };
      },
    });
  }
}
const PAUSES = { growth: 'growth', flushall: 'FLUSHALL', unlink: 'UNLINK', expiry: 'expiry' };
for (const [name, what] of Object.entries(PAUSES)) {
  MARKS.push(bound({ what: `${what} over a million keys blocks no longer than 4 ms`, read: (results) => found('blocking', { name })(results)?.ms, most: 4, text: ms }));
}
for (const operation of ['set', 'get', 'incr', 'lpush', 'zadd']) {
  MARKS.push({
    what: `${operation}, natively, -P 100: redis-server's calls for each second on a CPU`,
    measure(results) {
      const { servers } = rowOf(results.server, { operation, pipeline: 100 }) ?? {};
      const [own, redis] = [servers?.['engine, native'], servers?.['redis-server']];
      if (!own?.cpuNs || !redis?.cpuNs) return null;
      const ratio = own.ratio ?? redis.cpuNs / own.cpuNs;
      return { value: ratio, text: `${ratio.toFixed(2)}x (${Math.round(own.cpuNs)} ns beside ${Math.round(redis.cpuNs)} ns)`, reached: ratio >= 1 };
    },
  });
}
MARKS.push(
  bound({
    what: 'hit rate of allkeys-lru: no lower than 0.99 of redis-server',
    read: ({ hits }) => Math.min(...(hits?.rows.filter(({ stores }) => stores['redis-server']).map(({ stores }) => stores.kilat.rate / stores['redis-server'].rate) ?? [])),
    least: 0.99,
    most: Number.MAX_VALUE,
    text: (value) => `${value.toFixed(3)} of it, at worst`,
  }),
  {
    what: 'memory full: an OOM error, all that was acknowledged is there, and DEL makes room',
    measure(results) {
      const row = results.wall?.rows[0];
      if (!row) return null;
      const whole = row.missing === 0 && row.wrong === 0 && row.again === 'taken';
      return { value: row.gibibytes, text: `${row.gibibytes.toFixed(2)} GiB, then ${row.error.split(':')[0]}; ${whole ? 'all there' : `${row.missing} missing, ${row.wrong} wrong, a write after DEL ${row.again}`}`, reached: whole && row.error.startsWith('OOM') };
    },
  },
);
const waits = (id, what, most) => bound({ what, read: (results) => found('tabs', { id })(results)?.ms, most, text: ms });
MARKS.push(
  waits('cold start', 'open() of an empty name: 25 ms', 25),
  waits('reload 100000', '100,000 keys from IndexedDB: 80 ms to the first read', 80),
  waits('reload 1000000', '1,000,000 keys from IndexedDB: 800 ms to the first read', 800),
  {
    what: "snapshot of a million keys: at most 3x IndexedDB's own time for the bytes",
    measure(results) {
      const row = rowOf(results.tabs, { id: 'snapshot 1000000' });
      return row ? { value: row.ms / row.beside, text: `${(row.ms / row.beside).toFixed(2)}x (${ms(row.ms)} beside ${ms(row.beside)})`, reached: row.ms <= 3 * row.beside } : null;
    },
  },
);
const gzip = (file, what, most) => bound({ what, read: (results) => found('size', { what: file })(results)?.gzip / 1000, most, text: (kB) => `${kB.toFixed(1)} kB` });
MARKS.push(gzip('kilat_bg.wasm', 'wasm: 220 kB gzip', 220), gzip('JavaScript without it', 'JavaScript without it: 15 kB gzip', 15));

/** The marks with what was measured. */
export const judge = (results) => MARKS.map(({ what, measure }) => ({ what, ...(measure(results) ?? { value: null, text: 'not measured', reached: null }) }));
