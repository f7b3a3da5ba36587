// How long a page stands still while a million keys are snapshotted under load: `node bench/snapshot.mjs [--keys 1000000]`.
// Needs a release build in pkg/. Writes bench/results/snapshot.json.
//
// One tab, in which 64 writers change keys all over the data without pause. First without a snapshot, then with one, a
// MessageChannel beats without pause, and the time between two beats is what other tasks took; the browser's own long tasks
// (50 ms and more) are counted beside it. Then without beats, so that they thin nothing out, Chromium's trace tells the
// length of every task of the page during a snapshot, on the clock and on the processor: what they differ by is other
// programs' work. `--profile` adds which functions the longest of these were in.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { at, runMain, say } from '../scripts/shell.mjs';
import { world } from '../tests/browser/world.mjs';
import { traced } from './trace.mjs';

const WRITERS = 64;
const SHARES = { median: 0.5, p99: 0.99, p999: 0.999, longest: 1 };
/** No task may stop the page for longer, at the 99.9th percentile. */
const LIMIT_MS = 8;

/** Runs in the page: fills the database, and waits for the snapshots that this brings about. */
async function fill(keys) {
  const AT_ONCE = 1000;
  for (let from = 0; from < keys; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, keys - from);
    await Promise.all(Array.from({ length: count }, (_, i) => db.call('SET', `key:${from + i}`, `value of ${from + i}`)));
  }
  while (db.status().saving) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Runs in the page: writes until `stopWriting`, which answers how many writes there were. */
function startWriting({ keys, writers }) {
  let writing = true;
  let writes = 0;
  const write = async () => {
    while (writing) await db.call('SET', `key:${(writes++ * 7919) % keys}`, 'changed');
  };
  const running = Promise.all(Array.from({ length: writers }, write));
  globalThis.stopWriting = async () => {
    writing = false;
    await running;
    return writes;
  };
}

/** Runs in the page: writes a snapshot from its beginning to its end. One may be under way: the log has outgrown the data. */
async function save() {
  for (;;) {
    try {
      return void (await db.save());
    } catch (error) {
      if (!error.message.includes('in progress')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Runs in the page: beats while a snapshot is written, or for so long. Answers the gaps in ms, and long tasks. */
async function beat(ms) {
  const gaps = [];
  const long = [];
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    port2.postMessage(0);
  };
  port2.postMessage(0);
  const began = performance.now();
  if (ms === null) await saveAll();
  // One that begins by itself ends this.
  else while (performance.now() - began < ms && !db.status().saving) await new Promise((resolve) => setTimeout(resolve, 20));
  const lastedMs = performance.now() - began;
  port1.close();
  observer.disconnect();
  return { lastedMs, gaps, long };
}

function summary(lengths) {
  const sorted = [...lengths].sort((a, b) => a - b);
  const share = (part) => Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(2));
  const above = sorted.filter((length) => length > LIMIT_MS).length;
  return { tasks: sorted.length, ...Object.fromEntries(Object.entries(SHARES).map(([name, part]) => [name, share(part)])), above };
}

async function run(t, keys, isProfiled) {
  const here = await world(t);
  const page = await here.tab({ name: 'snapshot' });
  await page.evaluate(`() => { globalThis.saveAll = ${save}; }`);
  await page.evaluate(fill, keys);
  const rows = {};
  const during = async (measure) => {
    await page.evaluate(startWriting, { keys, writers: WRITERS });
    const measured = await measure();
    return { ...measured, writes: await page.evaluate(() => stopWriting()) };
  };
  for (const [name, ms] of [['beats, no snapshot', 5_000], ['beats, snapshot', null]]) {
    const { lastedMs, gaps, long, writes } = await during(() => page.evaluate(beat, ms));
    rows[name] = { lastedMs, writes, long: long.length, ...summary(gaps) };
  }
  const began = Date.now();
  const { tasks, longest, writes } = await during(() => traced(page, () => page.evaluate(() => saveAll()), { isProfiled }));
  const lastedMs = Date.now() - began;
  rows['tasks, on the clock'] = { lastedMs, writes, ...summary(tasks.map(({ ms }) => ms)) };
  rows['tasks, on the processor'] = { lastedMs, writes, ...summary(tasks.map(({ cpuMs }) => cpuMs)) };
  return { rows, longest };
}

await runMain(import.meta.url, async (args) => {
  const { values } = parseArgs({ args, options: { keys: { type: 'string', default: '1000000' }, profile: { type: 'boolean', default: false } } });
  const keys = Number(values.keys);
  const ends = [];
  try {
    const { rows, longest } = await run({ after: (end) => ends.push(end) }, keys, values.profile);
    say(`${keys} keys, ${WRITERS} writers              lasted ms   writes    tasks  median ms  p99  p99.9  longest  above ${LIMIT_MS} ms`);
    for (const [name, row] of Object.entries(rows)) {
      const cells = [Math.round(row.lastedMs), row.writes, row.tasks, row.median, row.p99, row.p999, row.longest, row.above];
      say(`${name.padEnd(32)}${cells.map((cell) => String(cell).padStart(9)).join('')}${row.long ? `   ${row.long} long tasks` : ''}`);
    }
    for (const line of longest) say(line);
    const machine = { cpu: cpus()[0].model, cores: cpus().length, load: Number(loadavg()[0].toFixed(2)) };
    mkdirSync(at('bench/results'), { recursive: true });
    const result = { date: new Date().toISOString().slice(0, 10), machine, command: 'node bench/snapshot.mjs', keys, writers: WRITERS, rows };
    writeFileSync(at('bench/results/snapshot.json'), `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    for (const end of ends) await end();
  }
});
