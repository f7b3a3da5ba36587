// The engine natively, without a socket: time of a call (criterion), and its instructions (callgrind), which do not drift.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run as shell, which } from '../../scripts/shell.mjs';
import { cargo, criterionFolder, program } from '../native.mjs';

export const title = 'the engine natively, RESP in and out';

const OPERATIONS = ['set', 'get', 'incr', 'lpush', 'zadd'];
const PIPELINE = 100;

async function instructions(count, operation, few) {
  const calls = async (number) => {
    const { output } = await shell('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', count, operation, String(number)], { quiet: true });
    return Number(/Collected : (\d+)/.exec(output)?.[1]);
  };
  // Side by side: instructions are as many whatever else runs.
  const [more, less] = await Promise.all([calls(2 * few), calls(few)]);
  return (more - less) / few;
}

export async function run({ quick, say }) {
  const flags = quick ? ['--quick'] : ['--measurement-time', '3', '--warm-up-time', '1'];
  const { code } = await cargo(['bench', '--quiet', '--bench', 'engine', '--', '--noplot', ...flags]);
  if (code !== 0) return say('bench/native does not run: left out');
  const count = which('valgrind') ? await program('count', say) : null;
  if (!count) say('no valgrind: instructions are left out');
  const rows = [];
  for (const operation of OPERATIONS) {
    const { median, mean } = JSON.parse(readFileSync(join(criterionFolder, 'engine', operation, 'new', 'estimates.json'), 'utf8'));
    rows.push({ operation, ns: (median ?? mean).point_estimate / PIPELINE, instructions: count ? await instructions(count, operation, quick ? 1_000 : 10_000) : null });
  }
  return { rows };
}

export function table({ rows }) {
  return [['a call of', 'ns', 'instructions'], ...rows.map(({ operation, ns, instructions }) => [operation, ns.toFixed(0), instructions === null ? '–' : instructions.toFixed(0)])];
}
