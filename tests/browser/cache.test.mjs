// kilat/cache in real tabs and in a service worker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumContext, needsChromium } from './playwright.mjs';
import { crash, site, tab } from './site.mjs';
import { until } from './until.mjs';

const define = () => {
  globalThis.cache = createCache(db, { name: 'tabs' });
  globalThis.slow = cache.cached('slow', async (id, { signal }) => (await fetch(`/slow/${id}`, { signal })).json(), { ttl: 60, tags: ['slow'] });
};

test('one flight for all tabs; a tab that dies in the middle is replaced; a tag holds everywhere', needsChromium, async (t) => {
  const waiting = [];
  let asked = 0;
  const address = await site(t, (request, response) => {
    asked += 1;
    waiting.push(() => response.end(JSON.stringify({ asked })));
  });
  const context = await chromiumContext(t);
  const tabs = [];
  for (let i = 0; i < 3; i++) tabs.push(await tab(context, address, 'cache'));
  for (const page of tabs) await page.evaluate(define);

  const answers = tabs.map((page) => page.evaluate(() => Promise.all([slow(1), slow(1), slow(1)])));
  await until(() => waiting.length === 1, 'the request');
  await new Promise((resolve) => setTimeout(resolve, 500));
  waiting.shift()();
  for (const answer of await Promise.all(answers)) assert.deepEqual(answer, Array(3).fill({ asked: 1 }));
  assert.equal(asked, 1);

  // The tab that fetches dies: another one asks, long before the lease is over.
  void tabs[0].evaluate(() => slow(2)).catch(() => {});
  await until(() => asked === 2, 'the request of the tab that dies');
  const others = tabs.slice(1).map((page) => page.evaluate(() => slow(2)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const died = Date.now();
  await crash(tabs[0]);
  await until(() => asked === 3, 'the request of another tab');
  const took = Date.now() - died;
  waiting.at(-1)();
  assert.deepEqual(await Promise.all(others), [{ asked: 3 }, { asked: 3 }]);
  assert.equal(asked, 3);
  assert.ok(took < 5000, `${took} ms`);
  t.diagnostic(`another tab asked ${took} ms after the death`);

  await tabs[1].evaluate(() => cache.invalidateTag('slow'));
  assert.equal(await tabs[2].evaluate(() => slow.peek(1) === undefined || 'stale'), true);
});

const WORKER = `
  import { open } from '/pkg/index.js';
  import { strategies } from '/pkg/cache.js';
  const db = open({ name: 'offline' });
  const first = strategies.cacheFirst({ db, name: 'files', ttl: 600, tags: ['files'] });
  addEventListener('install', (event) => event.waitUntil(skipWaiting()));
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    if (new URL(event.request.url).pathname.startsWith('/files/')) event.respondWith(first(event));
  });
`;

test('a service worker keeps bytes for all tabs, over its own death, until a tab says a tag is over', needsChromium, async (t) => {
  let asked = 0;
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256);
  const address = await site(t, (request, response) => {
    const code = WORKER + "addEventListener('message', async ({ data, source }) => source.postMessage((await db).exists(data)));";
    if (request.url === '/sw.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
    asked += 1;
    response.writeHead(200, { 'content-type': 'application/x-bytes' }).end(bytes);
  });
  const context = await chromiumContext(t);
  const page = await tab(context, address, 'cache');
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/sw.js', { type: 'module' });
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.get = async () => {
      const response = await fetch('/files/a');
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { type: response.headers.get('content-type'), good: bytes.length === 300_000 && bytes.every((byte, i) => byte === (i * 31) % 256) };
    };
  });
  const good = { type: 'application/x-bytes', good: true };
  assert.deepEqual(await page.evaluate(() => get()), good);
  const exists = () => page.evaluate(async () => {
    const key = 'files:v:' + location.origin + '/files/a';
    const heard = new Promise((resolve) => navigator.serviceWorker.addEventListener('message', ({ data }) => resolve(data), { once: true }));
    navigator.serviceWorker.controller.postMessage(key);
    return [db.exists(key), await heard];
  });
  // A response is answered before it is kept, and the tab that leads may have it before the worker does.
  await until(async () => String(await exists()) === '1,1', 'the response in this tab and in the worker');
  assert.deepEqual(await page.evaluate(() => get()), good);
  assert.equal(asked, 1);

  const cdp = await context.newCDPSession(page);
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.stopAllWorkers');
  assert.deepEqual(await page.evaluate(() => get()), good);
  assert.equal(asked, 1);
  await page.evaluate(() => createCache(db, { name: 'files' }).invalidateTag('files'));
  assert.deepEqual(await page.evaluate(() => get()), good);
  assert.equal(asked, 2);
});

test('a service worker that leads hands over to a page, and its end costs a page nothing', needsChromium, async (t) => {
  const address = await site(t, (request, response) => {
    if (request.url !== '/sw.js') return response.writeHead(404).end();
    const code = WORKER + "addEventListener('message', async (event) => event.source.postMessage((await db).status().role));";
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
  });
  const context = await chromiumContext(t);
  const first = await context.newPage();
  await first.goto(address);
  const role = () => first.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    const heard = new Promise((resolve) => navigator.serviceWorker.addEventListener('message', ({ data }) => resolve(data), { once: true }));
    active.postMessage('role');
    return heard;
  });
  await first.evaluate(() => navigator.serviceWorker.register('/sw.js', { type: 'module' }));
  assert.equal(await role(), 'leader');
  const page = await tab(context, address);
  await until(async () => (await page.evaluate(() => db.status().role)) === 'leader', 'the page to lead');
  assert.equal(await role(), 'follower');
  const cdp = await context.newCDPSession(first);
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.stopAllWorkers');
  const took = await page.evaluate(async () => {
    const began = performance.now();
    await db.set('still', 'here');
    return performance.now() - began;
  });
  t.diagnostic(`a write right after the worker's end: ${took.toFixed(1)} ms`);
  assert.equal(await page.evaluate(() => db.status().role), 'leader');
});
