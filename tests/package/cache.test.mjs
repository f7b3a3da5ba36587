// kilat/cache in Node: two caches of one name are two tabs to each other; strategies against a server that counts.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { open } from '../../pkg/index.js';
import { createCache, strategies } from '../../pkg/cache.js';
import { pause } from '../../scripts/shell.mjs';

let db;
before(async () => { db = await open({ name: 'cache-test', persistent: false }); });
after(() => db.close());

/** A promise and what settles it. */
function gate() {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  return { opened, open };
}

test('a value is fetched once while it is fresh, and every answer is a copy', async () => {
  const cache = createCache(db, { name: 'a1' });
  let calls = 0;
  const user = cache.cached('user', async (id) => ({ id, call: ++calls }), { ttl: 60 });
  const first = await user(7);
  first.id = 'spoiled';
  assert.deepEqual(await user(7), { id: 7, call: 1 });
  assert.deepEqual(user.peek(7), { id: 7, call: 1 });
  assert.equal(user.peek(8), undefined);
  assert.deepEqual(await user(7, { fresh: true }), { id: 7, call: 2 });
  const bytes = cache.cached('bytes', async () => new Uint8Array([0, 255, 13, 10]), { ttl: 60 });
  await bytes('x');
  assert.deepEqual(await bytes('x'), new Uint8Array([0, 255, 13, 10]));
  assert.equal(cache.stats().hits, 2);
  cache.close();
});

test('one flight per key, whoever asks', async () => {
  const caches = Array.from({ length: 5 }, () => createCache(db, { name: 'a2' }));
  const { opened, open } = gate();
  let calls = 0;
  const asks = caches.map((cache) => cache.cached('slow', async (id) => { calls++; await opened; return id; }, { ttl: 60 }));
  const answers = asks.flatMap((ask) => Array.from({ length: 20 }, () => ask('k')));
  await pause(50);
  open();
  assert.deepEqual(new Set(await Promise.all(answers)), new Set(['k']));
  assert.equal(calls, 1);
  for (const cache of caches) cache.close();
});

test('a lease that nobody renews ends; one whose flight is under way is renewed', async () => {
  const cache = createCache(db, { name: 'a3' });
  await db.set('a3:f:it:1', '-dead/1', { PX: 500 });
  const began = Date.now();
  const it = cache.cached('it', async () => 'mine', { ttl: 60 });
  assert.equal(await it(1), 'mine');
  assert.ok(Date.now() - began >= 400 && Date.now() - began < 3000, `${Date.now() - began} ms`);
  assert.equal(db.exists('a3:f:it:1'), 0);
  const { opened, open } = gate();
  const long = cache.cached('long', async () => opened, { ttl: 60 })(1);
  await pause(2900);
  assert.ok(db.pttl('a3:f:long:1') > 4000, `${db.pttl('a3:f:long:1')} ms`);
  open('done');
  assert.equal(await long, 'done');
  cache.close();
});

test('errors reach all who wait, in all tabs, and are not kept', async () => {
  const [one, two] = [createCache(db, { name: 'a4' }), createCache(db, { name: 'a4' })];
  let calls = 0;
  const fetcher = async () => { calls++; await pause(80); if (calls === 1) throw new RangeError('no luck'); return 'fine'; };
  const asks = [one, two].map((cache) => cache.cached('f', fetcher, { ttl: 60 }));
  const done = await Promise.allSettled([asks[0](1), asks[0](1), asks[1](1)]);
  assert.deepEqual(done.map(({ reason }) => [reason?.name, reason?.message]), Array(3).fill(['RangeError', 'no luck']));
  assert.equal(calls, 1);
  assert.equal(await asks[1](1), 'fine');
  one.close();
  two.close();
});

test('one who gives up leaves the flight to the others; when all have, it is aborted, and another tab takes over', async () => {
  const [one, two] = [createCache(db, { name: 'a5' }), createCache(db, { name: 'a5' })];
  let aborted = 0;
  const { opened, open } = gate();
  const ask = one.cached('f', async (id, { signal }) => { signal.addEventListener('abort', () => aborted++); await opened; return id; }, { ttl: 60 });
  const [a, b] = [new AbortController(), new AbortController()];
  const [first, second] = [ask(1, { signal: a.signal }), ask(1, { signal: b.signal })];
  await pause(20);
  const third = two.cached('f', async () => 'by the other', { ttl: 60 })(1);
  a.abort(new Error('left'));
  await assert.rejects(first, /left/);
  assert.equal(aborted, 0);
  b.abort(new Error('left too'));
  await assert.rejects(second, /left too/);
  assert.equal(aborted, 1);
  assert.equal(await third, 'by the other');
  await assert.rejects(ask(2, { signal: AbortSignal.abort(new Error('before')) }), /before/);
  open();
  one.close();
  two.close();
});

test('stale is answered at once while a new one is fetched, and a failure leaves it', async () => {
  const cache = createCache(db, { name: 'a6' });
  let calls = 0;
  const ask = cache.cached('f', async () => { if (++calls === 3) throw new Error('down'); return calls; }, { ttl: 0.1, staleWhileRevalidate: 60 });
  assert.equal(await ask(1), 1);
  await pause(120);
  assert.equal(await ask(1), 1);
  await pause(50);
  assert.equal(await ask(1), 2);
  await pause(120);
  assert.equal(await ask(1), 2);
  await pause(50);
  assert.equal(calls, 3);
  assert.equal(ask.peek(1), 2);
  cache.close();
});

test('a tag makes what has it invalid in all tabs, and what was under way for it', async () => {
  const [one, two] = [createCache(db, { name: 'a7' }), createCache(db, { name: 'a7' })];
  let version = 1;
  let held = null;
  const fetcher = async (id) => { const seen = version; await held; return `${id}${seen}`; };
  const [a, b] = [one, two].map((cache) => cache.cached('f', fetcher, { ttl: 60, tags: (id) => ['all', `id:${id}`] }));
  await a('x');
  await a('y');
  version = 2;
  await two.invalidateTag('id:x');
  assert.equal(await a('x'), 'x2');
  assert.equal(await b('y'), 'y1');
  const { opened, open } = gate();
  held = opened;
  const early = a('z');
  await pause(20);
  version = 3;
  await two.invalidateTag('all', 'more');
  const late = [a('z'), b('z')];
  open();
  await early;
  assert.deepEqual(await Promise.all(late), ['z3', 'z3']);
  await b.set('y', 'given');
  assert.equal(await a('y'), 'given');
  await a.invalidate('y');
  assert.equal(await b('y'), 'y3');
  await one.clear();
  assert.equal(b.peek('y'), undefined);
  assert.equal(one.stats().entries, 0);
  await a('w');
  await one.invalidateTag('all');
  await pause(1200);
  assert.equal(one.stats().entries, 0);
  one.close();
  two.close();
});

for (const policy of ['lru', 'lfu']) {
  test(`${policy}: what is used stays, and the bytes stay under the bound`, async () => {
    const cache = createCache(db, { name: `b-${policy}`, maxBytes: 100_000, policy });
    const ask = cache.cached('f', async () => 'x'.repeat(1000), { ttl: 60 });
    for (let i = 0; i < 50; i++) await ask(i);
    for (let round = 0; round < 3; round++) for (let i = 0; i < 5; i++) await ask(i);
    for (let i = 50; i < 300; i++) {
      await ask(i);
      for (let hot = 0; hot < 5; hot++) await ask(hot);
      const { bytes } = cache.stats();
      assert.ok(bytes <= 100_000, `${bytes} bytes`);
    }
    const there = Array.from({ length: 300 }, (_, i) => i).filter((i) => ask.peek(i) !== undefined);
    assert.deepEqual(there.slice(0, 5), [0, 1, 2, 3, 4]);
    assert.ok(there.length > 60 && there.length < 90, `${there.length} entries`);
    assert.ok(cache.stats().evictions > 200);
    const big = cache.cached('big', async () => 'x'.repeat(200_000), { ttl: 60 });
    assert.equal((await big(1)).length, 200_000);
    assert.equal(big.peek(1), undefined);
    cache.close();
  });
}

test('a fetcher that answers a Response is told what to do instead; wrong options are named', async () => {
  const cache = createCache(db, { name: 'a8' });
  await assert.rejects(cache.cached('f', async () => new Response('x'), { ttl: 60 })(1), /read once/);
  assert.throws(() => cache.cached('f', async () => 1, { ttl: 0 }), /ttl/);
  assert.throws(() => createCache(db, { maxBytes: -1 }), /maxBytes/);
  assert.throws(() => createCache(db, { name: 'a b' }), /name/);
  cache.close();
});

test('with the database closed a function still answers', async () => {
  const other = await open({ name: 'cache-closed', persistent: false });
  const ask = createCache(other).cached('f', async (id) => id * 2, { ttl: 60 });
  assert.equal(await ask(2), 4);
  await other.close();
  assert.equal(await ask(3), 6);
});

/** A server whose answers the test chooses; it counts the requests, and can be off. */
async function site(t, answer) {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response, seen.length);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const stop = () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); });
  t.after(stop);
  return { at: (path) => `http://127.0.0.1:${port}${path}`, seen, stop };
}

/** Runs a strategy as a worker does: what it does behind the answer is waited for. */
async function run(strategy, url, init) {
  const waited = [];
  const response = await strategy({ request: new Request(url, init), waitUntil: (promise) => waited.push(promise) });
  const text = await response.clone().text();
  // What is waited for may ask for more.
  for (const promise of waited) await promise;
  return { response, status: response.status, text };
}

let names = 0;
const fresh = (more = {}) => ({ db, name: `h${names++}`, ...more });

test('cacheFirst: fresh is answered without the network, stale is validated, and serves when it is off', async (t) => {
  const { at, seen, stop } = await site(t, (request, response, n) => {
    response.setHeader('etag', '"one"');
    response.setHeader('cache-control', request.url === '/fresh' ? 'max-age=100' : 'max-age=0');
    if (request.headers['if-none-match'] === '"one"') return response.writeHead(304).end();
    response.end(`body ${n}`);
  });
  const get = strategies.cacheFirst(fresh());
  assert.equal((await run(get, at('/fresh'))).text, 'body 1');
  const again = await run(get, at('/fresh#part'));
  assert.equal(again.text, 'body 1');
  assert.match(again.response.headers.get('age'), /^\d+$/);
  assert.equal(seen.length, 1);
  assert.equal((await run(get, at('/stale'))).text, 'body 2');
  assert.equal((await run(get, at('/stale'))).text, 'body 2');
  assert.equal(seen.length, 3);
  assert.equal(seen[2].headers['if-none-match'], '"one"');
  await stop();
  assert.equal((await run(get, at('/stale'))).text, 'body 2');
  // What a reload of the page asks for.
  assert.equal((await run(get, at('/fresh'), { cache: 'no-cache' })).text, 'body 1');
  await assert.rejects(run(get, at('/fresh'), { cache: 'reload' }));
  await assert.rejects(run(get, at('/never')));
});

test('networkFirst: the network, what is there where it is off, down or slow', async (t) => {
  let mode = 'well';
  const { at, stop } = await site(t, (request, response, n) => {
    if (mode === 'down') return response.writeHead(503).end('down');
    setTimeout(() => response.end(`body ${n}`), mode === 'slow' ? 1500 : 0);
  });
  const get = strategies.networkFirst(fresh({ networkTimeout: 0.3 }));
  assert.equal((await run(get, at('/'))).text, 'body 1');
  assert.equal((await run(get, at('/'))).text, 'body 2');
  mode = 'slow';
  const began = Date.now();
  const response = await get(new Request(at('/')));
  assert.equal(await response.text(), 'body 2');
  assert.ok(Date.now() - began < 1200);
  mode = 'down';
  assert.equal((await run(get, at('/'))).text, 'body 2');
  assert.equal((await run(get, at('/other'))).status, 503);
  await stop();
  assert.equal((await run(get, at('/'))).text, 'body 2');
});

test('staleWhileRevalidate: what is there at once, a new one behind it', async (t) => {
  const { at, seen } = await site(t, (request, response, n) => response.end(`body ${n}`));
  const get = strategies.staleWhileRevalidate(fresh({ ttl: 0 }));
  assert.equal((await run(get, at('/'))).text, 'body 1');
  assert.equal((await run(get, at('/'))).text, 'body 1');
  assert.equal((await run(get, at('/'))).text, 'body 2');
  assert.equal(seen.length, 3);
});

test('Cache-Control, Expires, Vary and Age are honoured', async (t) => {
  const headers = {
    '/no-store': { 'cache-control': 'no-store, max-age=100' },
    '/no-cache': { 'cache-control': 'no-cache' },
    '/must': { 'cache-control': 'max-age=0, must-revalidate' },
    '/private': { 'cache-control': 'private, max-age=100' },
    '/old': { 'cache-control': 'max-age=100', age: '200' },
    '/expires': { expires: new Date(Date.now() + 100_000).toUTCString() },
    '/expired': { expires: '0' },
    '/vary': { 'cache-control': 'max-age=100', vary: 'Accept-Language, Accept-Encoding' },
    '/star': { 'cache-control': 'max-age=100', vary: '*' },
    '/quoted': { 'cache-control': 'private="x, no-store", max-age="100"' },
  };
  const { at, seen, stop } = await site(t, (request, response) => {
    response.writeHead(200, headers[request.url]).end(`${request.headers['accept-language'] ?? ''} ${request.url}`);
  });
  const get = strategies.cacheFirst(fresh());
  const asked = async (path, init) => {
    const before = seen.length;
    await run(get, at(path), init);
    return seen.length - before;
  };
  for (const [path, wanted] of Object.entries({ '/no-store': 1, '/no-cache': 1, '/must': 1, '/private': 0, '/old': 1, '/expires': 0, '/expired': 1, '/star': 1, '/quoted': 0 })) {
    await asked(path);
    assert.equal(await asked(path), wanted, path);
  }
  const language = (language) => ({ headers: { 'accept-language': language } });
  await asked('/vary', language('id'));
  assert.equal(await asked('/vary', language('en')), 1);
  assert.equal(await asked('/vary', language('en')), 0);
  assert.equal((await run(get, at('/vary'), language('id'))).text, 'id /vary');
  assert.equal(await asked('/private', { cache: 'reload' }), 1);
  assert.equal(await asked('/private', { cache: 'no-store' }), 1);
  await stop();
  await assert.rejects(run(get, at('/must')));
  await assert.rejects(run(get, at('/no-store')));
  await assert.rejects(run(get, at('/no-cache')));
  assert.match((await run(get, at('/expired'))).text, /expired/);
});

test('what is broken off, partial or an error is not kept; ranges are cut from what is whole', async (t) => {
  const { at, seen, stop } = await site(t, (request, response, n) => {
    response.setHeader('cache-control', 'max-age=100');
    if (request.url === '/broken') return response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    if (request.url === '/error') return response.writeHead(500).end('no');
    if (request.headers.range) return response.writeHead(206, { 'content-range': 'bytes 0-1/10' }).end('01');
    response.end('0123456789');
  });
  const get = strategies.cacheFirst(fresh());
  const waited = [];
  const broken = await get({ request: new Request(at('/broken')), waitUntil: (promise) => waited.push(promise) });
  await assert.rejects(broken.text());
  await Promise.all(waited);
  await run(get, at('/error'));
  const range = (range) => ({ headers: { range } });
  assert.equal((await run(get, at('/film'), range('bytes=0-1'))).text, '01');
  await run(get, at('/film'));
  const before = seen.length;
  const cut = await run(get, at('/film'), range('bytes=2-4'));
  assert.deepEqual([cut.status, cut.text, cut.response.headers.get('content-range')], [206, '234', 'bytes 2-4/10']);
  assert.equal((await run(get, at('/film'), range('bytes=-3'))).text, '789');
  assert.equal((await run(get, at('/film'), range('bytes=7-'))).text, '789');
  assert.equal((await run(get, at('/film'), range('bytes=99-'))).status, 416);
  assert.equal(seen.length, before);
  await stop();
  await assert.rejects(run(get, at('/broken')));
  await assert.rejects(run(get, at('/error')));
});

test('tags, the bound, unsafe methods, ignoreSearch and add', async (t) => {
  const { at, seen } = await site(t, (request, response, n) => {
    if (request.url === '/missing') return response.writeHead(404).end();
    response.setHeader('cache-control', 'max-age=100');
    response.end(request.url.startsWith('/big') ? 'x'.repeat(10_000) : `body ${n}`);
  });
  const options = fresh({ tags: (request) => [new URL(request.url).pathname], maxBytes: 100_000, ignoreSearch: true });
  const get = strategies.cacheFirst(options);
  await get.add([at('/a'), at('/b')]);
  assert.equal((await run(get, at('/a?x=1'))).text, (await run(get, at('/a'))).text);
  assert.equal(seen.length, 2);
  await assert.rejects(get.add([at('/missing')]), /404/);
  const cache = createCache(db, { name: options.name });
  await cache.invalidateTag('/a');
  await run(get, at('/b'));
  assert.equal(seen.length, 3);
  await run(get, at('/a'));
  assert.equal(seen.length, 4);
  await run(get, at('/b'), { method: 'POST', body: 'x' });
  await run(get, at('/b'));
  assert.equal(seen.length, 6);
  for (let i = 0; i < 30; i++) await run(get, at(`/big${i}`));
  assert.ok(cache.stats().bytes <= 100_000);
  assert.ok(cache.stats().entries >= 8);
  cache.close();
});

test('where the database cannot be had the network is what it was', async (t) => {
  const { at } = await site(t, (request, response) => response.end('plain'));
  const get = strategies.cacheFirst({ db: Promise.reject(new Error('no storage')) });
  assert.equal((await run(get, at('/'))).text, 'plain');
});
