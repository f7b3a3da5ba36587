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
