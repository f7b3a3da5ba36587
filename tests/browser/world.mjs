// What the tests of this folder share: Chromium with a profile of its own, a static server, and tabs that have the
// built package as `kilat`. A test asks for what it needs; everything ends with it.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { at, pause } from '../../scripts/shell.mjs';
import { findChromium } from '../../scripts/setup.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
export const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const PAGE = '<!doctype html><meta charset="utf-8"><title>kilat</title><link rel="icon" href="data:,">';

export const chromiumPath = await findChromium();

/** Options of a test: left out where there is no Chromium. */
export const needsChromium = { skip: chromiumPath ? false : 'no Chromium', timeout: 180_000 };

export async function serve() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    if (!path.startsWith('/pkg/')) return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    try {
      const body = readFileSync(at(path.slice(1)));
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A browser with a fresh profile. `options.tab()` opens a tab. */
export async function world(t) {
  const { chromium } = await import('playwright-core');
  const server = await serve();
  const profile = mkdtempSync(join(tmpdir(), 'kilat-profile-'));
  const options = { executablePath: chromiumPath, args: ARGS, chromiumSandbox: false };
  const context = await chromium.launchPersistentContext(profile, options);
  t.after(async () => {
    await context.close();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const address = `http://127.0.0.1:${server.address().port}/`;
  return {
    context,
    address,
    profile,
    /** A page with `kilat`, and with `db` where options of `open` are given. */
    async tab(open) {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error('page error:', error.message));
      await visit(page, address, open);
      return page;
    },
  };
}

/** Loads the page anew, with `kilat` and perhaps `db`. */
export async function visit(page, address, open) {
  await page.goto(address);
  await page.evaluate(async (open) => {
    globalThis.kilat = await import('/pkg/index.js');
    if (open) globalThis.db = await kilat.open(open);
  }, open);
}

/** Answers the first truthy result of `ask`, asked again and again. */
export async function until(ask, what, ms = 20_000) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer) return answer;
    await pause(10);
  }
  throw new Error(`waited ${ms} ms for ${what}`);
}

export const roleOf = (page) => page.evaluate(() => db.status().role);

/** The process that serves a page: the one whose memory grows when the page's does. */
export async function rendererOf(page, profile) {
  const renderers = processesOf(profile).filter(({ words }) => words.includes('--type=renderer'));
  const before = renderers.map(({ pid }) => residentMb(pid));
  await page.evaluate(() => {
    globalThis.ballast = new Uint8Array(120e6);
    for (let i = 0; i < ballast.length; i += 1024) ballast[i] = 1;
  });
  const grown = renderers.map(({ pid }, i) => residentMb(pid) - before[i]);
  await page.evaluate(() => { globalThis.ballast = null; });
  const most = grown.indexOf(Math.max(...grown));
  if (!(grown[most] > 50)) throw new Error(`no renderer grew: ${grown}`);
  return renderers[most].pid;
}

function processesOf(profile) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]+/);
      return words.some((word) => word.includes(profile)) ? [{ pid: Number(pid), words }] : [];
    } catch {
      return [];
    }
  });
}

function residentMb(pid) {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6;
  } catch {
    return 0;
  }
}
