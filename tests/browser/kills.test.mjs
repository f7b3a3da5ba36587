// Ten deaths in a row, each in another way: `npm run kills` runs as many as one likes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runKills, summary } from './kills.mjs';
import { needs } from './world.mjs';

test('ten deaths in a row', needs('persistent'), async (t) => {
  const run = await runKills(t, { rounds: 10 });
  for (const line of summary(run).split('\n')) t.diagnostic(line);
  const { lost, doubled, failed } = run;
  assert.deepEqual({ lost, doubled, failed }, { lost: [], doubled: [], failed: [] });
  assert.ok(run.acknowledged > 1000);
});

test('a round that does not end is counted, what it wrote is looked for, and the run comes to its last line', needs('persistent'), async (t) => {
  // Who hangs is replaced after three seconds.
  const run = await runKills(t, { rounds: 2, first: 5, msMaxOf: (round) => (round === 5 ? 2_500 : 120_000) });
  const last = summary(run).split('\n').at(-1);
  t.diagnostic(last);
  assert.match(last, /^kills: 2 rounds \([01] held up by a stopped process, 1 that did not end\), \d+ acknowledged writes, 0 lost, /);
  assert.match(run.failed[0], /^round 5: hang did not end: it lasted longer than 2500 ms$/);
  assert.ok(run.acknowledged > 0);
});
