// The playground as a user meets it: prompt, keys, every step of the tour, the cities, tabs that die.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/shell.mjs';
import { serve } from '../../scripts/start.mjs';
import { chromiumContext, needsChromium } from './playwright.mjs';
import { until } from './until.mjs';

let server;
let address;

before(async () => {
  if (needsChromium.skip) return;
  server = await serve({ port: 0 });
  address = server.resolvedUrls.local[0];
});

after(() => server?.close());

async function openPlayground(context) {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page error:', error.message));
  await page.goto(address);
  await page.waitForFunction(() => document.querySelector('#tabs-picture li'));
  return page;
}

async function type(page, line) {
  const replies = await page.locator('#prompt-log .took').count();
  await page.fill('#prompt-input', line);
  await page.press('#prompt-input', 'Enter');
  await until(async () => (await page.locator('#prompt-log .took').count()) > replies, `a reply to ${line}`);
  return (await page.locator('#prompt-log > div:nth-last-child(2)').textContent()) ?? '';
}

test('the prompt completes, runs and recalls; keys are shown with type, value and time to live', needsChromium, async (t) => {
  const context = await chromiumContext(t);
  const page = await openPlayground(context);
  await page.locator('#prompt-input').pressSequentially('zran');
  const offered = await page.locator('#prompt-options li').allTextContents();
  assert.ok(offered.some((text) => text.startsWith('ZRANGEBYSCORE key min max')), offered.join('\n'));
  await page.press('#prompt-input', 'Tab');
  assert.equal(await page.inputValue('#prompt-input'), 'ZRANDMEMBER ');
  assert.equal(await type(page, 'SET greeting "hello there" EX 100'), 'OK');
  assert.equal(await type(page, 'GET greeting'), '"hello there"');
  assert.equal(await type(page, 'INCR greeting'), '(error) ERR value is not an integer or out of range');
  assert.match(await type(page, 'NOPE'), /unknown command 'NOPE'/);
  await page.press('#prompt-input', 'ArrowUp');
  assert.equal(await page.inputValue('#prompt-input'), 'NOPE');
  await type(page, 'HSET user name Ada age 36');
  await page.locator('#keys-list button', { hasText: 'user' }).click();
  assert.match(await page.locator('#keys-value').textContent(), /hash, kept as listpack.*"name" => "Ada"/s);
  const row = await page.locator('#keys-list button', { hasText: 'greeting' }).textContent();
  assert.match(row, /^greeting(100|99|98|97) sstring$/);
});

test('axe finds nothing, in light, in dark and on a phone', needsChromium, async (t) => {
  const context = await chromiumContext(t);
  const page = await openPlayground(context);
  await type(page, 'HSET user name Ada age 36');
  await page.locator('#keys-list button', { hasText: 'user' }).click();
  const axe = readFileSync(at('node_modules/axe-core/axe.min.js'), 'utf8');
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(200);
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${colorScheme} ${width}`);
    t.diagnostic(`axe, ${colorScheme}, ${width} px: 0 violations, ${passes.length} rules passed`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'nothing sticks out');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/playground-${colorScheme}-${width}.png`, fullPage: true });
  }
});

test('every step of the tour does what it says', needsChromium, async (t) => {
  const context = await chromiumContext(t);
  const page = await openPlayground(context);
  let steps = 0;
  for (const chapter of ['Architecture', 'Installation', 'CRUD', 'Fail-over']) {
    await page.getByRole('tab', { name: chapter }).click();
    const boxes = page.locator('.step', { has: page.locator('button') });
    for (let i = 0; i < (await boxes.count()); i++) {
      const box = boxes.nth(i);
      const title = await box.locator('h3').textContent();
      const button = box.locator('button');
      await button.click();
      await until(() => button.isEnabled(), `the step ${title}`, 40_000);
      const result = await box.locator('.result').textContent();
      assert.doesNotMatch((await box.locator('.result').getAttribute('class')) ?? '', /error/, `${title}: ${result}`);
      t.diagnostic(`${chapter}, ${title}: ${result.split('\n')[0]}`);
      assert.doesNotMatch(result, /DIFFER/, title);
      steps += 1;
    }
  }
  assert.ok(steps >= 13, `${steps} steps`);
});

test('170,000 cities are loaded, found as one types, and there after a reload', needsChromium, async (t) => {
  const context = await chromiumContext(t);
  const page = await openPlayground(context);
  await page.click('#cities-load');
  await page.waitForFunction(() => /acknowledged in/.test(document.querySelector('#cities-state').textContent), null, { timeout: 120_000 });
  const written = await page.textContent('#cities-state');
  t.diagnostic(written);
  // A key for each city, and the sorted set of their names. The page shows it twice a second.
  const keys = (Number(/^[\d,]+/.exec(written)[0].replaceAll(',', '')) + 1).toLocaleString('en');
  await until(async () => (await page.textContent('#fact-keys')) === keys, `${keys} keys`);
  const search = async () => {
    await page.fill('#cities-search', '');
    await page.locator('#cities-search').pressSequentially('honolu');
    return page.locator('#cities-found li').allTextContents();
  };
  const found = await search();
  assert.ok(found.some((text) => text.startsWith('Honolulu, US')), found.join('\n'));
  t.diagnostic(await page.textContent('#cities-time'));
  const began = Date.now();
  await page.reload();
  await page.waitForFunction(() => /cities are here/.test(document.querySelector('#cities-state').textContent), null, { timeout: 60_000 });
  t.diagnostic(`the reload, to the first read of them: ${Date.now() - began} ms`);
  assert.deepEqual(await search(), found);
  await until(async () => (await page.textContent('#fact-keys')) === keys, `${keys} keys after the reload`);
});

test('the leading tab is killed, and the other one goes on', needsChromium, async (t) => {
  const context = await chromiumContext(t);
  const first = await openPlayground(context);
  await until(async () => (await first.textContent('#fact-role')) === 'leader', 'the first tab to lead');
  await type(first, 'SET kept yes');
  const second = await openPlayground(context);
  await until(async () => (await second.locator('#tabs-picture li').count()) === 2, 'two tabs in the picture');
  await second.click('#tab-kill');
  await first.waitForURL(/killed\.html$/);
  await until(async () => (await second.textContent('#fact-role')) === 'leader', 'the second tab to lead');
  assert.equal(await type(second, 'GET kept'), '"yes"');
  assert.equal(await type(second, 'INCR more'), '(integer) 1');
  await first.getByRole('link').click();
  await until(async () => (await first.textContent('#fact-role')) === 'follower', 'the first tab to follow');
});
