// The playground's page of benchmarks shows what bench/results and bench/plots have.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/shell.mjs';
import { serve } from '../../scripts/start.mjs';
import { chromiumContext, needsChromium } from './playwright.mjs';

let server;

before(async () => {
  if (!needsChromium.skip) server = await serve({ port: 0 });
});

after(() => server?.close());

test('marks, plots and tables are shown, and axe finds nothing', needsChromium, async (t) => {
  const context = await chromiumContext(t);
  const page = await context.newPage();
  await page.goto(`${server.resolvedUrls.local[0]}benchmarks.html`);
  await page.waitForFunction(() => document.querySelector('section'));
  const { marks } = JSON.parse(readFileSync(at('bench/results/marks.json'), 'utf8'));
  assert.equal(await page.locator('section').first().locator('tbody tr').count(), marks.length);
  const plots = readdirSync(at('bench/plots')).filter((name) => name.endsWith('.svg'));
  await page.waitForFunction((count) => document.images.length >= count && [...document.images].every(({ complete }) => complete), plots.length + 1);
  const widths = await page.locator('main img').evaluateAll((images) => images.map(({ naturalWidth }) => naturalWidth));
  assert.deepEqual(widths, plots.map(() => 860));
  const axe = readFileSync(at('node_modules/axe-core/axe.min.js'), 'utf8');
  for (const [colorScheme, width] of [['light', 1280], ['dark', 390]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${colorScheme} ${width}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'nothing sticks out');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/benchmarks-${colorScheme}-${width}.png`, fullPage: true });
  }
});
