// Chromium and a static server for the cells: a page does its writes and reads, is reloaded, and reads again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { findChromium } from '../../scripts/setup.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css' };
const USER = { name: 'Ann', tags: ['a'] };
const WAIT_MS = 60_000;

/** What one use of a database answers: `use` in fixtures/page/use.js. */
export const FIRST = { found: null, user: USER, score: 25 };
export const AGAIN = { found: USER, user: USER, score: 25 };

export async function launch() {
  const { chromium } = await import('playwright-core');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ executablePath: await findChromium(), args });
}

/** Serves folders by their prefixes, `{ '/': folder }`; `headers` go with every file. */
export async function serve(folders, headers = {}) {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname).replace(/\/$/, '/index.html');
    const prefix = prefixes.find((prefix) => path.startsWith(prefix));
    try {
      const body = readFileSync(join(folders[prefix], path.slice(prefix.length)));
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...headers }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

/** The answer that a page gives by its title, as JSON. */
export async function answerOf(page) {
  await page.waitForFunction(() => /^(\[|\{|failed)/.test(document.title), null, { timeout: WAIT_MS });
  const title = await page.title();
  if (title.startsWith('failed')) throw new Error(title);
  return JSON.parse(title);
}

/** A page in a context of its own; what goes wrong in it is an error here. */
export async function withPage(browser, use) {
  const context = await browser.newContext();
  const errors = [];
  try {
    const page = await context.newPage();
    // A development server compiles a page when it is asked for.
    page.setDefaultNavigationTimeout(120_000);
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    try {
      return await use(page, context, errors);
    } catch (error) {
      error.message += errors.map((text) => `\n  page: ${text}`).join('');
      throw error;
    }
  } finally {
    await context.close();
  }
}

/** Loads, reads, reloads, reads: `uses` databases on one page. */
export async function visitTwice(browser, address, uses = 1) {
  await withPage(browser, async (page, _context, errors) => {
    await page.goto(address);
    assert.deepEqual(await answerOf(page), Array(uses).fill(FIRST), 'first load');
    await page.reload();
    assert.deepEqual(await answerOf(page), Array(uses).fill(AGAIN), 'after a reload');
    assert.deepEqual(errors.filter((text) => !/favicon|404/.test(text)), []);
  });
}
