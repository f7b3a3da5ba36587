// The shop of examples/ as a user meets it whose network goes, whose tab dies, and whose network comes back.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { serveShop } from '../../examples/shop/server.mjs';
import { at } from '../../scripts/shell.mjs';
import { gone, processesBelow } from './drivers/processes.mjs';
import { chromiumContext, needsChromium } from './playwright.mjs';
import { until } from './until.mjs';

const AXE = at('node_modules/axe-core/axe.min.js');

async function visit(context, address, { isOffline = false } = {}) {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page error:', error.message));
  if (isOffline) await cut(page, true);
  await page.goto(address);
  return page;
}

/** What the page's browser says of the network; that it really is off is the server's matter, for the worker too. */
async function cut(page, offline) {
  page.cdp ??= await page.context().newCDPSession(page);
  await page.cdp.send('Network.enable');
  await page.cdp.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
}

const ready = (page) => page.waitForFunction(() => document.documentElement.dataset.ready === '30000', null, { timeout: 90_000 });
const firstRow = async (page) => {
  await page.waitForSelector('.card', { timeout: 60_000 });
  return Number(await page.evaluate(() => document.documentElement.dataset.firstRowMs));
};
/** The orders as they are shown: `NAME STATE`, newest first. One that is being tried waits, too. */
const states = async (page) => (await shown(page)).map((state) => state.replace(/ sending$/, ' queued'));
const shown = (page) => page.$$eval('#order-list li', (items) => items.map((item) => `${item.querySelector('b').textContent} ${item.className}`));

/** The worker has the app's files when it is active. */
const installed = (page) => page.evaluate(async () => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state !== 'activated') await new Promise((resolve) => setTimeout(resolve, 20));
  while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('starts, reads and orders with the network off, and delivers in order and once when it is back', needsChromium, async (t) => {
  let shop = await serveShop();
  t.after(() => shop.close());
  const { address, port } = shop;
  const context = await chromiumContext(t);

  let page = await visit(context, address);
  const online = await firstRow(page);
  await ready(page);
  await installed(page);
  await page.reload();
  const reloaded = await firstRow(page);
  await ready(page);

  // The network goes: nothing answers, and the browser says so.
  await shop.close();
  await cut(page, true);
  await page.waitForSelector('#network[data-state="off"]');
  await page.click('[data-favourite="7"]');
  await page.click('[data-order="0"]');
  await page.click('[data-order="1"]');
  await until(async () => (await states(page)).length === 2, 'two orders');
  assert.deepEqual(await states(page), ['Lisbon queued', 'Kyoto queued']);

  // The tab dies, with its process and the worker's.
  const renderers = processesBelow(process.pid).filter(({ command }) => command.includes('--type=renderer')).map(({ pid }) => pid);
  assert.ok(renderers.length > 0);
  for (const pid of renderers) process.kill(pid, 'SIGKILL');
  await gone(renderers);
  await page.close();
  page = await visit(context, address, { isOffline: true });
  const offline = await firstRow(page);
  await ready(page);
  await page.reload();
  await ready(page);
  assert.deepEqual(await states(page), ['Lisbon queued', 'Kyoto queued']);
  assert.equal(await page.getAttribute('[data-favourite="7"]', 'aria-pressed'), 'true');
  await page.fill('#search', 'reykj');
  assert.match(await page.textContent('#list'), /Reykjavík.*Iceland/s);
  await page.click('#list [data-order]');
  await until(async () => (await states(page)).length === 3, 'three orders');
  assert.match(await page.textContent('#network'), /Offline, 3 waiting/);

  // The network is back.
  shop = await serveShop({ port });
  await cut(page, false);
  await until(() => shop.orders.length === 3, 'the orders', 60_000);
  await until(async () => (await states(page)).every((state) => state.endsWith(' done')), 'confirmations');
  assert.deepEqual(shop.orders.map(({ journey }) => journey), ['Kyoto', 'Lisbon', 'Reykjavík']);
  assert.equal(new Set(shop.orders.map(({ key }) => key)).size, 3);
  assert.equal(shop.counts.orderRequests, 3);
  await page.waitForSelector('#network[data-state="on"]');
  t.diagnostic(`first row: online ${online} ms, after a reload ${reloaded} ms, offline after the kill ${offline} ms`);
});

test('axe finds nothing, in light, in dark and on a phone; two tabs show the same', needsChromium, async (t) => {
  const shop = await serveShop();
  t.after(() => shop.close());
  const context = await chromiumContext(t);
  const page = await visit(context, shop.address);
  await ready(page);
  await page.click('[data-order="3"]');
  await page.click('[data-favourite="2"]');
  await until(async () => (await states(page)).join() === 'Marrakesh done', 'the order');
  const other = await visit(context, shop.address);
  await ready(other);
  assert.deepEqual(await states(other), ['Marrakesh done']);
  await other.click('[data-favourite="4"]');
  await until(async () => (await page.textContent('#count-favourites')) === '2', 'the favourite in the first tab');
  await other.close();

  const looks = [['light', 1280, 860, ''], ['dark', 1280, 860, ''], ['light', 390, 844, ''], ['dark', 390, 844, '#orders'], ['light', 390, 844, '#favourites']];
  const axe = readFileSync(AXE, 'utf8');
  for (const [colorScheme, width, height, hash] of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.evaluate((hash) => { location.hash = hash; }, hash || '#journeys');
    await page.waitForTimeout(200);
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${colorScheme} ${width} ${hash}`);
    t.diagnostic(`axe, ${colorScheme}, ${width} px ${hash}: 0 violations, ${passes.length} rules passed`);
    // Nothing sticks out on either side.
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    const name = { 'light 1280': 'light', 'dark 1280': 'dark', 'light 390': 'phone' }[`${colorScheme} ${width}`];
    if (process.env.UPDATE && name && hash === '') {
      writeFileSync(at(`docs/shop-${name}.png`), await page.screenshot());
    }
  }
  const manifest = await (await fetch(`${shop.address}manifest.webmanifest`)).json();
  for (const { src } of manifest.icons) assert.equal((await fetch(shop.address + src)).status, 200, src);
});

test('an order that the server refuses can be seen, tried again and removed', needsChromium, async (t) => {
  const shop = await serveShop();
  t.after(() => shop.close());
  const context = await chromiumContext(t);
  await context.route('**/orders', (route) => route.fulfill({ status: 409 }));
  const page = await visit(context, shop.address);
  await ready(page);
  await page.click('[data-order="5"]');
  await until(async () => (await states(page)).join() === 'Cusco dead', 'the refusal');
  await context.unroute('**/orders');
  await page.click('[data-retry]');
  await until(async () => (await states(page)).join() === 'Cusco done', 'the delivery');
  assert.equal(shop.orders.length, 1);
});
