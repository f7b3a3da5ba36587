// What encryption costs in Chromium: `node bench/encryption.mjs [--seconds S]`. One tab with two databases, one in clear and one
// with a key, measured in turns; each row is the medians of the turns and their ratio. Uses pkg/ as it is. Writes
// bench/results/encryption.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { at, runMain, say } from '../scripts/shell.mjs';
import { world } from '../tests/browser/world.mjs';

const TURNS = 7;

/** Runs in the page: both databases, with 20 MB in each that nothing could press. */
async function prepare() {
  const random = () => crypto.getRandomValues(new Uint8Array(1000));
  const key = crypto.getRandomValues(new Uint8Array(32));
  globalThis.options = { clear: { name: 'clear' }, encrypted: { name: 'encrypted', key } };
  globalThis.open = {};
  for (const [which, of] of Object.entries(options)) {
    const db = (open[which] = await kilat.open(of));
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 1000 }, (_, j) => db.set(`fill:${i}:${j}`, random())));
  }
}

/** Runs in the page: one number of one database, in ms. */
async function measure({ which, what, ms }) {
  const began = performance.now();
  const since = () => performance.now() - began;
  const idle = async () => {
    while (open[which].status().saving || open[which].status().pendingBytes > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const perWrite = async (lanes, bytes) => {
    const value = crypto.getRandomValues(new Uint8Array(bytes));
    let writes = 0;
    const write = async (lane) => {
      while (since() < ms) {
        await open[which].set(`${lane}:${writes % 1000}`, value);
        writes += 1;
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, lane) => write(lane)));
    return since() / writes;
  };
  if (what === 'snapshot') {
    await idle();
    const from = performance.now();
    await open[which].save();
    return performance.now() - from;
  }
  if (what === 'open') {
    await open[which].close();
    const from = performance.now();
    open[which] = await kilat.open(options[which]);
    return performance.now() - from;
  }
  if (what === 'one') return perWrite(1, 16);
  return perWrite(64, what === 'large' ? 10_000 : 16);
}

const ROWS = {
  one: 'a write of 16 bytes, one after the other',
  many: 'a write of 16 bytes, 64 at a time',
  large: 'a write of 10 KB, 64 at a time',
  snapshot: 'a snapshot of 20 MB and more',
  open: 'opening that',
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

async function run(t, ms) {
  const here = await world(t);
  const page = await here.tab();
  await page.evaluate(prepare);
  const rows = [];
  for (const what of Object.keys(ROWS)) {
    const seen = { clear: [], encrypted: [] };
    for (let turn = 0; turn < TURNS; turn++) {
      for (const which of ['clear', 'encrypted']) seen[which].push(await page.evaluate(measure, { which, what, ms }));
    }
    const [clear, encrypted] = [median(seen.clear), median(seen.encrypted)];
    rows.push({ what, clearMs: Number(clear.toFixed(4)), encryptedMs: Number(encrypted.toFixed(4)), ratio: Number((encrypted / clear).toFixed(2)) });
  }
  return rows;
}

await runMain(import.meta.url, async (args) => {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '1' } } });
  const ends = [];
  try {
    const rows = await run({ after: (end) => ends.push(end) }, Number(values.seconds) * 1000);
    say(`${'medians in ms'.padEnd(44)}  in clear  encrypted   ratio`);
    for (const { what, clearMs, encryptedMs, ratio } of rows) {
      say(`${ROWS[what].padEnd(44)}${clearMs.toFixed(3).padStart(10)}${encryptedMs.toFixed(3).padStart(11)}${ratio.toFixed(2).padStart(8)}`);
    }
    const machine = { cpu: cpus()[0].model, cores: cpus().length, load: Number(loadavg()[0].toFixed(2)) };
    mkdirSync(at('bench/results'), { recursive: true });
    const result = { date: new Date().toISOString().slice(0, 10), machine, command: 'node bench/encryption.mjs', turns: TURNS, rows };
    writeFileSync(at('bench/results/encryption.json'), `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    for (const end of ends) await end();
  }
});
