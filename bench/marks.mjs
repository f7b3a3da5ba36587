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
      if (value === undefined || value === null || Number.isNaN(value)) return null;
      return { value, text: text(value), reached: value <= most && value >= least };
    },
  };
}

const storedSets = (results) => rowOf(results.page, { ...small, work: 'set' })?.ns;
MARKS.push(
  bound({ what: 'stored sets (everysec), 1,000 in flight: 400,000/s', read: (results) => 1e9 / storedSets(results)?.kilat, least: 400_000, text: (value) => `${count(value)}/s` }),
  faster({ what: 'stored sets (everysec), 1,000 in flight', part: 'page', row: { ...small, work: 'set' }, than: 'IndexedDB', least: 40 }),
);

/** The marks with what was measured. */
export const judge = (results) => MARKS.map(({ what, measure }) => ({ what, ...(measure(results) ?? { value: null, text: 'not measured', reached: null }) }));
