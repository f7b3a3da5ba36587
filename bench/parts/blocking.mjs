// The longest time that one operation over a million keys keeps the page waiting. What an operation leaves to be done in
// slices counts too. Each is done some times in fresh processes: the median of the longest is told, and the worst; and
// what JavaScript's collector has of it, which comes when it likes, of whatever garbage there is. A quick run does some one
// after the other in the same process, fewer times, over keys that DEBUG POPULATE has made, and watches for less long.
import { start } from '../process.mjs';

export const title = 'the longest pause of one operation, in ms';

const CASES = [
  { name: 'growth', what: (keys) => `growth from ${keys} to twice as many keys`, run: (call, keys) => call('growth', { from: keys, to: keys * 2 }) },
  {
    name: 'expiry',
    what: (keys) => `expiry of ${keys / 10} keys at once among ${keys}`,
    run: (call, keys, { leadMs, afterMs }) => call('expiry', { keys: keys / 10, leadMs, afterMs }),
  },
  {
    name: 'unlink',
    what: (keys) => `UNLINK of a set of ${keys} members`,
    async run(call, keys, { fillSet, afterMs }) {
      await call(fillSet, { type: 'set', keys: 1, members: keys });
      return call('blocks', { command: ['UNLINK', 'group:00000000'], afterMs });
    },
  },
  { name: 'flushall', what: (keys) => `FLUSHALL of ${keys} keys`, run: (call, keys, { afterMs }) => call('blocks', { command: ['FLUSHALL'], afterMs }) },
];

const KEYS = 1_000_000;

/** Repetitions, what fills, how long is watched after an operation, and how long before they are due keys are set. */
const WHOLE = { times: 5, fill: 'fillStrings', fillSet: 'fillCollections', afterMs: 1500, leadMs: 6000 };
const QUICK = { times: 3, fill: 'populate', fillSet: 'fillSetAtOnce', afterMs: 500, leadMs: 800 };

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** The pauses of these cases, one after the other in a fresh process that has a million keys. */
async function pausesOf(cases, way) {
  const subject = start('./grown.mjs');
  try {
    await subject.call('open', { name: 'kilat', options: {} });
    await subject.call(way.fill, { from: 0, to: KEYS });
    const pauses = [];
    for (const { run } of cases) pauses.push(await run(subject.call, KEYS, way));
    return pauses;
  } finally {
    subject.end();
  }
}

export async function run({ quick }) {
  const way = quick ? QUICK : WHOLE;
  const rows = [];
  // Growth alone changes how many keys there are for the next.
  for (const cases of quick ? [CASES.slice(0, 1), CASES.slice(1)] : CASES.map((one) => [one])) {
    const found = [];
    for (let i = 0; i < way.times; i++) found.push(await pausesOf(cases, way));
    for (const [i, { name, what }] of cases.entries()) rows.push(rowOf(name, what(KEYS), found.map((pauses) => pauses[i])));
  }
  return { rows };
}

function rowOf(name, what, pauses) {
  const all = pauses.map(({ ms }) => ms);
  const middle = pauses.find(({ ms }) => ms === median(all));
  return { name, what, ms: middle.ms, collector: middle.collector, without: median(pauses.map(({ without }) => without)), worst: Math.max(...all), all };
}

export function table({ rows }) {
  const text = (ms) => ms.toFixed(1);
  return [
    ['pause of', 'median', 'of it the collector', 'longest without it', 'worst', 'in each run'],
    ...rows.map(({ what, ms, collector, without, worst, all }) => [what, text(ms), text(collector), text(without), text(worst), all.map(text).join(' ')]),
  ];
}
