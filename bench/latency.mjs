// Write latency and writes per second in Chromium, for each level, from the leader and from a follower:
// `node bench/latency.mjs [--seconds S]`. Uses pkg/ as it is; `npm run build` makes it. Writes bench/results/latency.json.
//
// Two tabs, each in a window of its own. What is compared is measured in turns, so that a machine with other work slows
// all of it down alike. Latency is that of one SET of 16 bytes after the other; the rate is that of 64 at a time.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { at, runMain, say } from '../scripts/shell.mjs';
import { follows, leads, until, world } from '../tests/browser/world.mjs';

const LEVELS = ['memory', 'everysec', 'always'];
const TURNS = 5;
const AT_A_TIME = 64;

/** Runs in the page: the latencies in ms of writes one after the other, and how many a second come of many at a time. */
async function measure({ level, seconds, atATime }) {
  const levels = (globalThis.levels ??= new Map());
  if (!levels.has(level)) levels.set(level, await kilat.open({ name: 'latency', durability: level }));
  const db = levels.get(level);
  const value = 'x'.repeat(16);
  const during = async (ms, write) => {
    const began = performance.now();
    let count = 0;
    while (performance.now() - began < ms) await write(count++);
    return (count / (performance.now() - began)) * 1000;
  };
  const latencies = [];
  await during(seconds * 500, async (i) => {
    const began = performance.now();
    await db.set(`one:${i % 1000}`, value);
    latencies.push(performance.now() - began);
  });
  const lanes = Array.from({ length: atATime }, (_, lane) => during(seconds * 500, (i) => db.set(`${lane}:${i % 1000}`, value)));
  const rates = await Promise.all(lanes);
  return { latencies, rate: rates.reduce((sum, rate) => sum + rate, 0) };
}

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const quantile = (numbers, q) => sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))];
const round = (number) => Math.round(number * 100) / 100;

async function run(t, seconds) {
  const here = await world(t);
  const leader = await here.tab({ name: 'latency' });
  await leads(leader);
  const follower = await here.tab({ name: 'latency' });
  await follows(follower);
  const rows = LEVELS.flatMap((level) => [['leader', leader], ['follower', follower]].map(([role, tab]) => ({ level, role, tab, latencies: [], rates: [] })));
  for (const { level, tab } of rows) await tab.evaluate(measure, { level, seconds: 0.2, atATime: AT_A_TIME });
  for (let turn = 0; turn < TURNS; turn++) {
    for (const row of rows) {
      // What the row before has written at once is stored by now.
      await until(() => leader.evaluate(() => db.status().pendingBytes === 0), 'all to be stored', 60_000);
      const { latencies, rate } = await row.tab.evaluate(measure, { level: row.level, seconds: seconds / TURNS, atATime: AT_A_TIME });
      row.latencies.push(...latencies);
      row.rates.push(rate);
    }
  }
  await leads(leader);
  return rows.map(({ level, role, latencies, rates }) => ({
    level,
    role,
    writes: latencies.length,
    medianMs: round(quantile(latencies, 0.5)),
    p99Ms: round(quantile(latencies, 0.99)),
    writesPerSecond: Math.round(quantile(rates, 0.5)),
  }));
}

await runMain(import.meta.url, async (args) => {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '5' } } });
  const ends = [];
  try {
    const rows = await run({ after: (end) => ends.push(end) }, Number(values.seconds));
    say('level     from       median ms    p99 ms   writes/s, 64 at a time');
    for (const { level, role, medianMs, p99Ms, writesPerSecond } of rows) {
      say(`${level.padEnd(10)}${role.padEnd(9)}${medianMs.toFixed(2).padStart(11)}${p99Ms.toFixed(2).padStart(10)}${String(writesPerSecond).padStart(11)}`);
    }
    const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
    const machine = { cpu: cpus()[0].model, cores: cpus().length, load: round(loadavg()[0]) };
    mkdirSync(at('bench/results'), { recursive: true });
    const result = { version, date: new Date().toISOString().slice(0, 10), machine, command: 'node bench/latency.mjs', rows };
    writeFileSync(at('bench/results/latency.json'), `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    for (const end of ends) await end();
  }
});
