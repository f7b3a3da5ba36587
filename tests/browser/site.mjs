// A site whose answers a test chooses: the built package under /pkg/, one empty page at /, and `answer(request,
// response)` for all else.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { at } from '../../scripts/shell.mjs';

const PAGE = '<!doctype html><meta charset="utf-8"><title>kilat</title><link rel="icon" href="data:,">';

export async function site(t, answer) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    if (!/^\/pkg\/[\w-]+\.js$/.test(pathname)) return answer(request, response);
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(at(pathname.slice(1))));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A tab with `db` and what the entries `names` export. */
export async function tab(context, address, ...names) {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page error:', error.message));
  await page.goto(address);
  await page.evaluate(async (names) => {
    const { open } = await import('/pkg/index.js');
    globalThis.db = await open({ name: 'offline' });
    for (const name of names) Object.assign(globalThis, await import(`/pkg/${name}.js`));
  }, names);
  return page;
}

/** Ends a page's process at once; pages share one only where they were opened by one another. */
export async function crash(page) {
  const cdp = await page.context().newCDPSession(page);
  void cdp.send('Page.crash').catch(() => {});
  await new Promise((resolve) => page.once('crash', resolve));
}
