// Contenders in Chromium: each in a tab, and so in a process, of its own, which has subject.mjs in a bundle.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { at } from '../scripts/shell.mjs';
import { driver } from '../tests/browser/drivers/index.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };
const PAGE = '<!doctype html><meta charset="utf-8"><title>kilat bench</title><link rel="icon" href="data:,">';
const BUNDLE = at('target/bench/page');
const PLACES = { app: BUNDLE, pkg: at('pkg'), modules: at('bench/node_modules') };

/** These look for their WebAssembly beside themselves: they are loaded as they are. */
const AS_THEY_ARE = { '@electric-sql/pglite': 'dist/index.js', '@sqlite.org/sqlite-wasm': 'dist/index.mjs' };

async function bundle() {
  await build({
    entryPoints: { subject: at('bench/subject.mjs'), 'sqlite-worker': at('bench/contenders/sqlite-worker.mjs') },
    outdir: BUNDLE,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'error',
    external: ['ioredis', 'ioredis-mock'],
    plugins: [
      {
        name: 'modules',
        setup: (plugin) =>
          plugin.onResolve({ filter: /^@/ }, ({ path }) => (AS_THEY_ARE[path] ? { path: `/modules/${path}/${AS_THEY_ARE[path]}`, external: true } : undefined)),
      },
    ],
  });
}

async function serve() {
  const server = createServer((request, response) => {
    const [, folder, ...rest] = normalize(new URL(request.url, 'http://localhost').pathname).split('/');
    if (!Object.hasOwn(PLACES, folder)) return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    try {
      const body = readFileSync(join(PLACES[folder], ...rest));
      response.writeHead(200, { 'content-type': TYPES[extname(request.url)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A browser with a profile of its own: `{ tab(), host(name, contender, options), version, close() }`; null without one. */
export async function openBrowser() {
  if (driver.name !== 'chromium' || !(await driver.find())) return null;
  await bundle();
  const server = await serve();
  const address = `http://127.0.0.1:${server.address().port}/`;
  const profile = mkdtempSync(join(tmpdir(), 'kilat-bench-'));
  const browser = await driver.launch(profile);
  const tab = () => browser.newTab(address);
  const first = await tab();
  const version = await first.evaluate(() => navigator.userAgentData.brands.map(({ brand, version }) => `${brand} ${version}`).find((text) => text.startsWith('Chromium')));
  return {
    version,
    address,
    tab,
    /** A tab with a contender, as `host` of process.mjs gives it. */
    async host(name, contender, options) {
      const page = await tab();
      const call = (what, argument = null) =>
        page.evaluate(`async ({ what, argument }) => (await import('/app/subject.js'))[what](argument)`, { what, argument });
      const { version } = await call('open', { name: contender, options });
      return { name, version, call, end: () => page.close() };
    },
    async close() {
      await browser.close();
      server.close();
      server.closeAllConnections();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
