// kilat/outbox in real tabs: one of many sends, and what a dead tab had on its way goes again with its key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumContext, needsChromium } from './playwright.mjs';
import { crash, site, tab } from './site.mjs';
import { until } from './until.mjs';

test('of many tabs one sends, in order; when it dies with a request on its way another sends it again', needsChromium, async (t) => {
  const seen = [];
  let isHeld = false;
  const address = await site(t, (request, response) => {
    seen.push(`${request.url.split('/').pop()} ${request.headers['idempotency-key']}`);
    if (!isHeld) setTimeout(() => response.end('taken'), 5);
  });
  const context = await chromiumContext(t);
  const tabs = [];
  for (let i = 0; i < 3; i++) {
    const page = await tab(context, address, 'outbox');
    await page.evaluate(() => { globalThis.outbox = createOutbox(db, { pause: 0.1 }); });
    tabs.push(page);
  }
  for (let i = 0; i < 30; i++) {
    await tabs[i % 3].evaluate((i) => outbox.send(`/post/${i}`, { method: 'POST', body: 'x', idempotencyKey: `k${i}` }), i);
  }
  await until(() => tabs[0].evaluate(() => outbox.pending().length === 0), 'all to be sent');
  assert.deepEqual(seen, Array.from({ length: 30 }, (_, i) => `${i} k${i}`));

  // One tab has a request on its way, with another one waiting behind it, and dies.
  isHeld = true;
  seen.length = 0;
  const ids = await tabs[1].evaluate(async () => {
    globalThis.second = createOutbox(db, { name: 'second' });
    const send = (key) => second.send(`/post/${key}`, { method: 'POST', idempotencyKey: key });
    return [(await send('a')).id, (await send('b')).id];
  });
  await until(() => seen.length === 1, 'the request');
  await tabs[0].evaluate(() => { globalThis.second = createOutbox(db, { name: 'second' }); });
  assert.equal(await tabs[0].evaluate(([id]) => second.get(id).state, ids), 'sending');
  isHeld = false;
  const died = Date.now();
  await crash(tabs[1]);
  const letters = await tabs[0].evaluate((ids) => Promise.all(ids.map((id) => second.settled(id))), ids);
  const took = Date.now() - died;
  assert.deepEqual(letters.map(({ state, attempts }) => [state, attempts]), [['done', 2], ['done', 1]]);
  assert.deepEqual(seen, ['a a', 'a a', 'b b']);
  assert.ok(took < 12_000, `${took} ms`);
  t.diagnostic(`both delivered ${took} ms after the death of the tab that sent`);
});

test('a reload in the middle loses nothing and sends nothing twice that was answered', needsChromium, async (t) => {
  const seen = [];
  const address = await site(t, (request, response) => {
    seen.push(request.headers['idempotency-key']);
    setTimeout(() => response.end('taken'), 30);
  });
  const context = await chromiumContext(t);
  let page = await tab(context, address, 'outbox');
  await page.evaluate(async () => {
    const outbox = createOutbox(db);
    for (let i = 0; i < 20; i++) await outbox.send('/post', { method: 'POST', idempotencyKey: `k${i}` });
  });
  await page.close();
  page = await tab(context, address, 'outbox');
  await page.evaluate(() => { globalThis.outbox = createOutbox(db); });
  await until(() => page.evaluate(() => outbox.pending().length === 0), 'all to be sent');
  const keys = [...new Set(seen)];
  assert.deepEqual(keys, Array.from({ length: 20 }, (_, i) => `k${i}`));
  assert.ok(seen.length <= 21, `only the one that was on its way may come twice: ${seen.length} requests`);
});
