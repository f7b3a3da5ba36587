// The longest time that one operation over a million keys keeps the page waiting. What an operation leaves to be done in
// slices counts too. Each is done some times in fresh processes and the shortest of the longest is taken: a pause that
// comes of the operation comes every time, one of the machine or of JavaScript's collector does not.
import { start } from '../process.mjs';

export const title = 'the longest pause of one operation, in ms';

const CASES = [
  { name: 'growth', what: (count) => `growth from ${count} to twice as many keys`, run: (call, keys) => call('longestSet', { from: keys, to: keys * 2 }) },
  { name: 'flushall', what: (count) => `FLUSHALL of ${count} keys`, run: (call) => call('blocks', { command: ['FLUSHALL'] }) },
  {
    name: 'unlink',
    what: (count) => `UNLINK of a set of ${count} members`,
    async run(call, keys) {
      await call('fillCollections', { type: 'set', keys: 1, members: keys });
      return call('blocks', { command: ['UNLINK', 'group:00000000'] });
    },
  },
  { name: 'expiry', what: (count) => `expiry of ${count / 10} keys at once among ${count}`, run: (call, keys) => call('blocksAtExpiry', { keys: keys / 10 }) },
];

export async function run({ quick }) {
  const keys = quick ? 200_000 : 1_000_000;
  const rows = [];
  for (const { name, what, run } of CASES) {
    const longest = [];
    for (let i = 0; i < (quick ? 1 : 3); i++) {
      const subject = start('./grown.mjs');
      try {
        await subject.call('open', { name: 'kilat', options: {} });
        await subject.call('fillStrings', { from: 0, to: keys });
        longest.push(await run(subject.call, keys));
      } finally {
        subject.end();
      }
    }
    rows.push({ name, what: what(keys), ms: Math.min(...longest), all: longest });
  }
  return { rows };
}

export function table({ rows }) {
  return [['pause of', 'ms', 'in each run'], ...rows.map(({ what, ms, all }) => [what, ms.toFixed(1), all.map((one) => one.toFixed(1)).join(' ')])];
}
