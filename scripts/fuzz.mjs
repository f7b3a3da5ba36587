// npm run fuzz -- [--seconds N] [target ...]: bytes that coverage leads to, into what must stand any bytes, under
// AddressSanitizer. `-- --replay FILE target` runs one input. The targets stand in tests/fuzz/targets.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { transcriptFiles } from './record.mjs';
import { encodeCall } from './resp.mjs';
import { setUpNightly } from './setup.mjs';
import { Stop, at, must, run, runMain, say } from './shell.mjs';
import { parseTranscript } from './transcript.mjs';

const USAGE = 'usage: npm run fuzz -- [--seconds N] [target ...], or: npm run fuzz -- --replay FILE target';
const TARGETS = ['resp', 'rdb', 'record', 'commands'];
const TRIPLE = 'x86_64-unknown-linux-gnu';
const place = (...parts) => at('target/fuzz', ...parts);

/** What tells libFuzzer which edges were taken and what was compared, and AddressSanitizer. As cargo-fuzz has them. */
const RUSTFLAGS = [
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '-Zsanitizer=address',
  '--cfg fuzzing',
].join(' ');

function options(args) {
  let parsed;
  try {
    const known = { seconds: { type: 'string', default: '60' }, replay: { type: 'string' } };
    parsed = parseArgs({ args, options: known, allowPositionals: true });
  } catch (error) {
    throw new Stop(`${error.message}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const unknown = positionals.find((name) => !TARGETS.includes(name));
  if (unknown !== undefined) throw new Stop(`no target is called '${unknown}': there are ${TARGETS.join(', ')}`);
  if (!/^[1-9]\d*$/.test(values.seconds)) throw new Stop(`--seconds wants a number from 1 on\n${USAGE}`);
  const { seconds, replay } = values;
  const isReplay = replay !== undefined;
  if (isReplay && positionals.length !== 1) throw new Stop(`--replay wants a file and one target\n${USAGE}`);
  return { seconds: Number(seconds), replay, targets: positionals.length ? positionals : TARGETS };
}

async function build(targets) {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Stop(`fuzzing is set up for ${TRIPLE} alone`);
  await setUpNightly();
  say('building the targets');
  const bins = targets.flatMap((target) => ['--bin', target]);
  const args = ['+nightly', 'build', '--release', '--locked', '--quiet', '--target', TRIPLE, ...bins];
  const env = { RUSTFLAGS, CARGO_TARGET_DIR: place() };
  await must('The targets do not compile.', 'cargo', args, { cwd: at('tests/fuzz'), env });
}

const formats = (name) => at('tests/golden/formats', name);

/** What stands in a golden file in hexadecimal: a line of its own, longer than a digest. */
function hexLines(file) {
  const lines = readFileSync(formats(file), 'utf8').split('\n').map((line) => line.trim());
  return lines.filter((line) => /^([0-9a-f]{2}){21,}$/.test(line)).map((line) => Buffer.from(line, 'hex'));
}

const behind = (first, bytes) => Buffer.concat([Buffer.from([first]), bytes]);

/** The commands of each transcript: `{ body, argv }` each. */
const transcripts = () => transcriptFiles().map((file) => parseTranscript(readFileSync(file, 'utf8')).steps);

/** Bytes of a linear congruential generator: any bytes are a list of commands. */
function noise(seed, length) {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
  return Buffer.from(Array.from({ length }, next));
}

/** What a target begins with: its first bytes say how the rest is read, as the target's file has it. */
const SEEDS = {
  resp: () => [
    ...transcripts().map((steps, i) => {
      const calls = steps.map(({ body, argv }, j) => (j % 2 ? Buffer.from(`${body}\r\n`) : encodeCall(argv)));
      return behind(i, Buffer.concat(calls));
    }),
    Buffer.from('\x05*3\r\n$1\r\na\r\n:-5\r\n%1\r\n+k\r\n,1.5\r\n'),
    Buffer.from('\x03;2\r\n~2\r\n#t\r\n_\r\n&1\r\n=5\r\ntxt:x\r\n>1\r\n*-1\r\n'),
  ],
  rdb: () => {
    const files = [readFileSync(formats('redis-7.0.15.rdb')), ...hexLines('snapshot-1.txt')];
    const read = (how, all) => all.map((bytes) => behind(how, bytes));
    const payloads = readFileSync(formats('payloads.txt'), 'utf8').split('\n').filter((line) => !line.startsWith('#'));
    const values = payloads.filter((_, i) => i % 3 === 2).map((line) => Buffer.from(line.trim(), 'hex'));
    return [...read(0, files), ...read(2, files), ...read(1, values), ...read(3, values)];
  },
  record: () => {
    const isBlock = (bytes) => bytes.toString('latin1', 0, 8) === 'kilatlog';
    return hexLines('log-1.txt').map((bytes) => behind(isBlock(bytes) ? 0 : 1, bytes));
  },
  commands: () => [
    ...transcripts().map((steps, i) => behind(2 + (i % 2), Buffer.from(steps.map(({ body }) => body).join('\n')))),
    ...Array.from({ length: 16 }, (_, i) => behind(i % 2, noise(i + 1, 400))),
  ],
};

/** The folder of a target's corpus, with the seeds in it the first time. */
function corpus(target) {
  const folder = place('corpus', target);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    SEEDS[target]().forEach((bytes, i) => writeFileSync(`${folder}/seed-${i}`, bytes));
  }
  return folder;
}

const binary = (target) => place(TRIPLE, 'release', target);

async function fuzz(target, seconds) {
  const crashes = place('crashes', target);
  mkdirSync(crashes, { recursive: true });
  const before = new Set(readdirSync(crashes));
  const limits = [`-max_total_time=${seconds}`, '-timeout=10', '-max_len=8192'];
  const args = [...limits, `-artifact_prefix=${crashes}/`, '-print_final_stats=1', corpus(target)];
  const { code, output } = await run(binary(target), args, { quiet: true });
  const last = (pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
  const found = readdirSync(crashes).filter((name) => !before.has(name));
  const executions = last(/^stat::number_of_executed_units: (\d+)$/gm) || last(/^#(\d+)\t/gm);
  // What ends it without an input that did so is a failure too.
  const count = Math.max(found.length, code === 0 ? 0 : 1);
  say(`${target}: ${executions} executions, ${last(/ cov: (\d+) /g)} edges covered, ${count} crashes`);
  for (const name of found) say(`  again: npm run fuzz -- --replay target/fuzz/crashes/${target}/${name} ${target}`);
  return { executions, crashes: count };
}

await runMain(import.meta.url, async (args) => {
  const { seconds, replay, targets } = options(args);
  const file = replay === undefined ? null : resolve(replay);
  if (file && !existsSync(file)) throw new Stop(`there is no file ${replay}`);
  await build(targets);
  if (file) return (await run(binary(targets[0]), ['-timeout=10', file])).code;
  let [executions, crashes] = [0, 0];
  for (const target of targets) {
    const done = await fuzz(target, seconds);
    executions += done.executions;
    crashes += done.crashes;
  }
  say(`fuzz: ${targets.length} targets, ${executions} executions, ${crashes} crashes`);
  return crashes > 0 ? 1 : 0;
});
