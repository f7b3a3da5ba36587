// How long a page stands still while a million keys are snapshotted: `node bench/snapshot.mjs [--keys 1000000]`.
// One tab with writes going on; a MessageChannel beats without pause, and the time between two beats is a task's. The
// same load is measured without a snapshot first. Needs a release build in pkg/. Writes bench/results/snapshot.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { at } from '../scripts/shell.mjs';
import { world } from '../tests/browser/world.mjs';

const flag = process.argv.indexOf('--keys');
const keys = flag < 0 ? 1_000_000 : Number(process.argv[flag + 1]);
const ends = [];
const here = await world({ after: (end) => ends.push(end), diagnostic: console.log });
const page = await here.tab({ name: 'snapshot' });

const results = await page.evaluate(async (keys) => {
  for (let from = 0; from < keys; from += 1000) {
    const batch = Array.from({ length: Math.min(1000, keys - from) }, (_, i) => db.call('SET', `key:${from + i}`, `value of ${from + i}`));
    await Promise.all(batch);
  }
  while (db.status().saving) await new Promise((resolve) => setTimeout(resolve, 50));
  const measure = async (over) => {
    const gaps = [];
    const { port1, port2 } = new MessageChannel();
    let last = performance.now();
    let running = true;
    port1.onmessage = () => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      if (running) port2.postMessage(0);
    };
    port2.postMessage(0);
    let writes = 0;
    const writer = (async () => {
      while (running) {
        await db.call('SET', `key:${writes * 7919 % keys}`, 'changed');
        writes += 1;
      }
    })();
    const began = performance.now();
    await over();
    running = false;
    await writer;
    port1.close();
    gaps.sort((a, b) => a - b);
    const share = (part) => Number(gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * part))].toFixed(2));
    return { ms: Math.round(performance.now() - began), tasks: gaps.length, writes, median: share(0.5), p99: share(0.99), p999: share(0.999), max: share(1) };
  };
  const without = await measure(() => new Promise((resolve) => setTimeout(resolve, 5_000)));
  const during = await measure(() => db.save());
  return { without, during };
}, keys);
for (const end of ends) await end();
for (const [name, { ms, tasks, writes, median, p99, p999, max }] of Object.entries(results)) {
  console.log(`${name.padEnd(8)} ${ms} ms, ${tasks} tasks, ${writes} writes: median ${median}, p99 ${p99}, p99.9 ${p999}, longest ${max} ms`);
}
mkdirSync(at('bench/results'), { recursive: true });
writeFileSync(at('bench/results/snapshot.json'), `${JSON.stringify({ keys, ...results }, null, 2)}\n`);
