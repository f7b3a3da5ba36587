// How long everything else is kept waiting, and how much of that is JavaScript's collector. A turn or a call is told with
// `took`; what the collector did meanwhile is known a little later, when the process has heard of it. What the machine
// gave to other processes, while this thread could have gone on, is not counted where the system tells of it.
import { readFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

/** Shorter ones are none: to keep them all would make the garbage that is measured. */
const SHORTEST_MS = 0.5;

const collections = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) collections.push({ began: startTime, ended: startTime + duration });
}).observe({ entryTypes: ['gc'] });

const turn = () => new Promise((resolve) => setImmediate(resolve));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What was made before is collected before: the garbage of filling is not the operation's. */
async function quiet() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await wait(20);
  }
  collections.length = 0;
}

/** How long this thread has stood ready without being run, in ms; Linux alone knows. */
function heldUp() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

export class Pauses {
  #found = [];
  #heldUp = heldUp();

  static async begin() {
    await quiet();
    return new Pauses();
  }

  took(began, ended) {
    if (ended - began <= SHORTEST_MS) return;
    const before = this.#heldUp;
    this.#heldUp = heldUp();
    this.#found.push({ began, ended, ms: Math.max(0, ended - began - (this.#heldUp - before)) });
  }

  /** Every turn of the event loop for so long, `each` called in each. */
  async watch(ms, each) {
    for (let last = performance.now(), until = last + ms; last < until; ) {
      await turn();
      each();
      const now = performance.now();
      this.took(last, now);
      last = now;
    }
  }

  /** The longest one and the collector's part in it, and the longest that would be left without the collector; in ms. */
  async end() {
    await wait(50);
    const all = this.#found.map(({ began, ended, ms }) => {
      const within = collections.map((one) => Math.max(0, Math.min(ended, one.ended) - Math.max(began, one.began)));
      return { ms, collector: Math.min(ms, within.reduce((sum, one) => sum + one, 0)) };
    });
    const longest = all.reduce((most, one) => (one.ms > most.ms ? one : most), { ms: SHORTEST_MS, collector: 0 });
    return { ...longest, without: Math.max(SHORTEST_MS, ...all.map(({ ms, collector }) => ms - collector)) };
  }
}
