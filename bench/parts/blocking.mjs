// The longest time that one operation over a million keys keeps the page waiting. What an operation leaves to be done in
// slices counts too. Each is done some times in fresh processes: the median of the longest is told, and the worst; and
// what JavaScript's collector has of it, which comes when it likes, of whatever garbage there is.
import { start } from '../process.mjs';

export const title = 'the longest pause of one operation, in ms';

const CASES = [
  { name: 'growth', what: (count) => `growth from ${count} to twice as many keys`, run: (call, keys) => call('growth', { from: keys, to: keys * 2 }) },
  { name: 'flushall', what: (count) => `FLUSHALL of ${count} keys`, run: (call) => call('blocks', { command: ['FLUSHALL'] }) },
  {
    name: 'unlink',
    what: (count) => `UNLINK of a set of ${count} members`,
    async run(call, keys) {
      await call('fillCollections', { type: 'set', keys: 1, members: keys });
      return call('blocks', { command: ['UNLINK', 'group:00000000'] });
    },
  },
  { name: 'expiry', what: (count) => `expiry of ${count / 10} keys at once among ${count}`, run: (call, keys) => call('expiry', { keys: keys / 10 }) },
];

const KEYS = 1_000_000;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

async function pause(run, keys) {
  const subject = start('./grown.mjs');
  try {
    await subject.call('open', { name: 'kilat', options: {} });
    await subject.call('fillStrings', { from: 0, to: keys });
    return await run(subject.call, keys);
  } finally {
    subject.end();
  }
}

export async function run({ quick }) {
  const rows = [];
  for (const { name, what, run } of CASES) {
    const pauses = [];
    for (let i = 0; i < (quick ? 3 : 5); i++) pauses.push(await pause(run, KEYS));
    const all = pauses.map(({ ms }) => ms);
    const middle = pauses.find(({ ms }) => ms === median(all));
    rows.push({ name, what: what(KEYS), ms: middle.ms, collector: middle.collector, without: median(pauses.map(({ without }) => without)), worst: Math.max(...all), all });
  }
  return { rows };
}

export function table({ rows }) {
  const text = (ms) => ms.toFixed(1);
  return [
    ['pause of', 'median', 'of it the collector', 'longest without it', 'worst', 'in each run'],
    ...rows.map(({ what, ms, collector, without, worst, all }) => [what, text(ms), text(collector), text(without), text(worst), all.map(text).join(' ')]),
  ];
}
