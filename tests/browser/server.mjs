// The server of all pages that tests open: the built package under /pkg/, folders that a test adds, and one empty
// page everywhere else.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { json } from 'node:stream/consumers';
import { at } from '../../scripts/shell.mjs';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PAGE = '<!doctype html><meta charset="utf-8"><title>kilat</title><link rel="icon" href="data:,">';

/**
 * `folders`: what is served under `/<name>/` besides; `hear` gets what pages post to `/record`, parsed; `hold` gets the name
 * of what asks for `/hold/<name>`, which is never answered: a page that waits for it stands still. Answers
 * `{ address, close() }`.
 */
export async function serve({ folders = {}, hear = () => {}, hold = () => {} } = {}) {
  const places = { pkg: at('pkg'), ...folders };
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      // A page may die in the middle of what it says.
      const message = await json(request).catch(() => null);
      if (message !== null) hear(message);
      return response.writeHead(204).end();
    }
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    const [, folder, ...rest] = path.split('/');
    if (folder === 'hold') return hold(decodeURIComponent(rest[0]));
    if (!Object.hasOwn(places, folder)) return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    try {
      const body = readFileSync(join(places[folder], ...rest));
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
