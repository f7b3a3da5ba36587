// Rows by contenders: for each row all contenders are prepared, then they take turns, round by round, each round in
// another order, and the median is what counts.
import { shuffle } from './values.mjs';
import { MODES, WORK } from './work.mjs';

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Rounds, how long one lasts, how long a contender is warmed up before, and how long it may take to fill. A contender is
 * slow for whom even the least number of calls takes longer than `slowMs`: it has `slowRounds`, after one to warm up.
 */
export function pace({ quick, smoke, roundMs = quick ? 8 : 25, rounds = 5 }) {
  if (smoke) return { rounds: 1, roundMs: 1, warmMs: 0, fillMs: 600_000, slowMs: 20, slowRounds: 1 };
  if (quick) return { rounds: 3, roundMs, warmMs: 25, fillMs: 2000, slowMs: 160, slowRounds: 1 };
  return { rounds, roundMs, warmMs: 120, fillMs: 20_000, slowMs: roundMs * 20, slowRounds: 3 };
}

/** In a quick run: keys that collections are spread over, and calls at once where each asks for a hundred keys. */
const QUICK_GROUPS = 5;
const QUICK_FLIGHT = 100;

/** The rows of a world: all operations small, in a quick run in flight alone; then sizes; then counts. `only` names operations by their first word. */
export function rowsOf({ quick, only, sizes, counts, modes = MODES }) {
  const wanted = Object.keys(WORK).filter((work) => work !== 'get from engine').filter((work) => !only || only.includes(work.split(' ')[0]));
  const rows = wanted.flatMap((work) => (quick && work !== 'get' ? ['flight'] : modes).map((mode) => ({ work, mode, keys: 1000, size: 16 })));
  for (const size of sizes) for (const work of ['get', 'set']) rows.push({ work, mode: 'flight', keys: 1000, size });
  for (const keys of counts) for (const work of ['get', 'set', 'incr']) rows.push({ work, mode: 'flight', keys, size: 16 });
  const taken = rows.filter(({ work }) => wanted.includes(work));
  return quick ? taken.map((row) => ({ ...row, groups: QUICK_GROUPS, ...(row.work === 'mget 100' && row.mode === 'flight' ? { flight: QUICK_FLIGHT } : {}) })) : taken;
}

/** Answers the rows, each with `ns`: nanoseconds a call by contender; a contender that does not take it is absent. */
export async function measure({ hosts, rows, rounds, tell = () => {}, ...pace }) {
  const measured = [];
  for (const row of rows) {
    const taking = [];
    const left = {};
    for (const host of hosts) {
      if (!(await host.call('takes', row))) continue;
      try {
        await host.call('prepare', { ...row, ...pace });
        taking.push(host);
      } catch (error) {
        left[host.name] = String(error.message).split('\n')[0];
      }
    }
    const slow = new Set();
    const times = Object.fromEntries(taking.map(({ name }) => [name, []]));
    // Large heaps take longer to collect than a round takes; there it happens when it happens.
    const collect = row.keys <= 1000;
    for (let turn = 0; turn < rounds; turn++) {
      for (const host of shuffle([...taking], turn + 1)) {
        if (turn >= pace.slowRounds && slow.has(host)) continue;
        const began = performance.now();
        times[host.name].push(await host.call('round', { collect }));
        if (performance.now() - began > pace.slowMs) slow.add(host);
      }
    }
    const ns = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, Number(median(list).toPrecision(4))]));
    measured.push({ ...row, ns, ...(Object.keys(left).length ? { left } : {}) });
    tell(measured.at(-1));
  }
  return measured;
}
