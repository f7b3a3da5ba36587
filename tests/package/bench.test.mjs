// The benchmarks run: one short round of each kind, whose numbers mean nothing.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { findChromium } from '../../scripts/setup.mjs';
import { at } from '../../scripts/shell.mjs';
import { judge } from '../../bench/marks.mjs';

const skip = !existsSync(at('bench/node_modules')) && 'bench/node_modules is not there: npm run bench installs it';

test('contenders in Node do their work, and marks are read from it', { skip }, async () => {
  const { run } = await import('../../bench/parts/node.mjs');
  const node = await run({ smoke: true, quick: true, only: null, say: () => {}, tell: () => {} });

  for (const { work, ns, left } of node.rows) {
    assert.equal(left, undefined, work);
    assert.ok(ns.kilat > 0 && ns['ioredis-mock'] > 0, `${work} takes time`);
  }
  const rows = [{ work: 'zadd', mode: 'flight', keys: 1000, size: 16, ns: { kilat: 10, 'ioredis-mock': 40 } }];
  const judged = judge({ node: { rows } }).find(({ what }) => what.startsWith('zadd'));
  assert.deepEqual(judged, { what: 'zadd: 3x ioredis-mock', value: 4, text: '4.00x (10.0 ns beside 40.0 ns)', reached: true });
  assert.equal(judge({}).every(({ reached }) => reached === null), true);
});

test('contenders in a page do their work', { skip: skip || ((await findChromium()) === null && 'no Chromium here') }, async () => {
  const { run } = await import('../../bench/parts/page.mjs');
  const page = await run({ smoke: true, quick: true, only: null, say: () => {}, tell: () => {} });

  assert.equal(page.rows.length, 1);
  assert.ok(page.rows[0].ns.kilat > 0 && page.rows[0].ns.IndexedDB > 0);
});
