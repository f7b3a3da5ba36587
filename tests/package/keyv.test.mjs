// kilat/keyv: Keyv's own suite, and what it does not ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../pkg/index.js';
import { KeyvKilat } from '../../pkg/keyv.js';
import { testKeyv } from '../../scripts/test-keyv.mjs';

test("Keyv's own test suite passes", async (t) => {
  const done = await testKeyv({ quiet: true, timeoutMs: 40_000 });
  if (!done) return t.skip('the suite could not be installed in 40 s: npm run test:keyv');
  assert.equal(done.failed, 0, done.output);
  assert.equal(done.code, 0, done.output);
  assert.ok(done.passed >= 30, `${done.passed} tests`);
  t.diagnostic(`${done.passed} tests of Keyv's suite`);
});

test('a namespace with glob characters clears itself alone; times to live are the engine\'s', async () => {
  const db = await open({ name: 'keyv-own', persistent: false });
  const store = new KeyvKilat(db);
  await store.set('a*:1', 'x', 100_000);
  await store.set('ab:1', 'y');
  assert.ok(db.pttl('keyv:a*:1') > 99_000);
  assert.equal(db.pttl('keyv:ab:1'), -1);
  store.namespace = 'a*';
  const found = [];
  for await (const pair of store.iterator()) found.push(pair);
  assert.deepEqual(found, [['a*:1', 'x']]);
  await store.clear();
  assert.equal(await store.get('a*:1'), undefined);
  assert.equal(await store.get('ab:1'), 'y');
  await store.setMany(Array.from({ length: 2500 }, (_, i) => ({ key: `a*:${i}`, value: 'z' })));
  await store.clear();
  assert.deepEqual(db.keys('keyv:*'), ['keyv:ab:1']);
  await db.close();
});
