// npm run shop: the shop on a local port, with a server that takes orders. `--port N` asks for a port, `--dev` builds
// kilat in seconds, unoptimized. Orders are in memory: GET /orders shows them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { makeCatalogue } from './catalogue.mjs';

const here = import.meta.dirname;
const pkg = join(here, '../../pkg');
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.json': 'application/json', '.webmanifest': 'application/manifest+json',
};

/** In kilat's own tree the package is what was just built; anywhere else it is what npm has installed. */
const alias = existsSync(pkg)
  ? Object.fromEntries(['cache', 'outbox', 'keyv'].map((name) => [`kilat/${name}`, join(pkg, `${name}.js`)]).concat([['kilat', join(pkg, 'index.js')]]))
  : {};

async function makeFiles() {
  const { outputFiles } = await bundle({
    entryPoints: [join(here, 'app/main.js'), join(here, 'app/sw.js')],
    outdir: '/',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    alias,
    logLevel: 'error',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
  for (const name of readdirSync(join(here, 'public'))) files.set(`/${name}`, readFileSync(join(here, 'public', name)));
  files.set('/', files.get('/index.html'));
  files.set('/catalogue.json', Buffer.from(JSON.stringify(makeCatalogue())));
  return new Map([...files].map(([path, body]) => [path, fileOf(path, body)]));
}

function fileOf(path, body) {
  const type = TYPES[extname(path) || '.html'];
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  return { body: type === 'image/png' ? body : gzipSync(body), etag, type };
}

/** Serves the shop; answers its address, the orders that came, and how to end it. */
export async function serveShop({ port = 0 } = {}) {
  const files = await makeFiles();
  const orders = [];
  /** Answers by idempotency key: an order that comes twice is one. */
  const answered = new Map();
  const counts = { orderRequests: 0 };

  async function takeOrder(request, response) {
    const key = request.headers['idempotency-key'];
    const order = await json(request).catch(() => null);
    counts.orderRequests += 1;
    if (!key || !order?.journey || !(order.travellers > 0)) return response.writeHead(422).end();
    if (!answered.has(key)) {
      answered.set(key, orders.length + 1);
      orders.push({ ...order, key, at: new Date().toISOString() });
    }
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ number: answered.get(key) }));
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (request.method === 'POST' && pathname === '/orders') return takeOrder(request, response);
    if (pathname === '/orders') return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(orders));
    const seats = /^\/seats\/(\d+)$/.exec(pathname);
    if (seats) return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ left: 2 + ((Number(seats[1]) * 7919) % 23) }));
    const file = files.get(pathname);
    if (!file) return response.writeHead(404).end();
    const headers = { etag: file.etag, 'content-type': file.type, 'cache-control': 'max-age=0', ...(file.type === 'image/png' ? {} : { 'content-encoding': 'gzip' }) };
    if (request.headers['if-none-match'] === file.etag) return response.writeHead(304, headers).end();
    response.writeHead(200, headers).end(file.body);
  });
  await new Promise((resolve, reject) => server.on('error', reject).listen(port, '127.0.0.1', resolve));
  const taken = server.address().port;
  return {
    address: `http://127.0.0.1:${taken}/`,
    port: taken,
    orders,
    counts,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  if (existsSync(join(here, '../../scripts/build.mjs'))) {
    const { build } = await import('../../scripts/build.mjs');
    await build({ dev: args.includes('--dev') });
  }
  const place = args.indexOf('--port');
  const { address } = await serveShop({ port: place < 0 ? 5180 : Number(args[place + 1]) });
  console.log(`The shop is at ${address} (Ctrl+C ends it). Its orders: ${address}orders`);
}
