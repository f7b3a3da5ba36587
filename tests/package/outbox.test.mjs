// kilat/outbox in Node against a server that counts, refuses, breaks off and comes back. Two outboxes of one name are
// two tabs to each other.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { open } from '../../pkg/index.js';
import { createOutbox } from '../../pkg/outbox.js';
import { pause } from '../../scripts/shell.mjs';

let db;
before(async () => { db = await open({ name: 'outbox-test', persistent: false }); });
after(() => db.close());

/** A server that keeps what it was sent. `answer(seen)` gives a status, with headers; null: it breaks the connection. */
async function site(t, answer = () => [200]) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk.toString('latin1');
    const one = { method: request.method, path: request.url, key: request.headers['idempotency-key'], headers: request.headers, body };
    seen.push(one);
    const said = await answer(one, seen.length);
    if (!said) return request.socket.destroy();
    response.writeHead(said[0], said[1]).end('answer');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  t.after(() => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }));
  return { seen, at: (path) => `http://127.0.0.1:${port}${path}` };
}

test('requests go in order and once, whole, with a key', async (t) => {
  const { seen, at } = await site(t);
  const outbox = createOutbox(db, { name: 'a1' });
  const letters = [];
  for (let i = 0; i < 20; i++) letters.push(await outbox.send(at(`/${i}`), { method: 'POST', body: `body ${i}`, headers: { 'x-n': String(i) } }));
  await outbox.send(at('/bytes'), { method: 'PUT', body: new Uint8Array([0, 255, 10]), idempotencyKey: 'mine' });
  await outbox.flush();
  assert.deepEqual(seen.slice(0, 20).map(({ path, body, headers }) => [path, body, headers['x-n']]), letters.map((_, i) => [`/${i}`, `body ${i}`, String(i)]));
  assert.deepEqual([seen[20].body, seen[20].method, seen[20].key], ['\x00\xff\n', 'PUT', 'mine']);
  assert.equal(new Set(seen.map(({ key }) => key)).size, 21);
  assert.deepEqual(outbox.pending(), []);
  assert.equal((await outbox.settled(letters[3].id)).state, 'done');
  outbox.close();
});

test('of many tabs one sends', async (t) => {
  const { seen, at } = await site(t, async () => { await pause(5); return [200]; });
  const tabs = Array.from({ length: 4 }, () => createOutbox(db, { name: 'a2' }));
  const heard = [];
  tabs[3].on((letter) => heard.push(`${letter.state} ${letter.url.split('/').pop()}`));
  for (let i = 0; i < 24; i++) await tabs[i % 4].send(at(`/${i}`), { method: 'POST' });
  while (tabs[0].pending().length > 0) await pause(10);
  assert.deepEqual(seen.map(({ path }) => path), Array.from({ length: 24 }, (_, i) => `/${i}`));
  await pause(50);
  assert.deepEqual(heard.filter((text) => text.endsWith(' 7')), ['queued 7', 'sending 7', 'done 7']);
  for (const tab of tabs) tab.close();
});

test('without the network requests wait, and go in order with the keys that they had', async (t) => {
  let isUp = false;
  const { seen, at } = await site(t);
  const network = (...args) => (isUp ? fetch(...args) : Promise.reject(new TypeError('Failed to fetch')));
  const outbox = createOutbox(db, { name: 'a3', fetch: network, pause: 0.05 });
  for (let i = 0; i < 5; i++) await outbox.send(at(`/${i}`), { method: 'POST', idempotencyKey: `key ${i}` });
  await pause(300);
  const [first, second] = outbox.pending();
  assert.ok(first.attempts > 1 && /Failed to fetch/.test(first.error), JSON.stringify(first));
  assert.equal(second.attempts, 0);
  assert.equal(outbox.pending().length, 5);
  isUp = true;
  await outbox.flush();
  assert.deepEqual(seen.map(({ path, key }) => `${path} ${key}`), [0, 1, 2, 3, 4].map((i) => `/${i} key ${i}`));
  outbox.close();
});

test('a connection that breaks after the server has read is sent again with the same key', async (t) => {
  const { seen, at } = await site(t, (_, n) => (n === 1 ? null : [200]));
  const outbox = createOutbox(db, { name: 'a4', pause: 0.05 });
  const { id } = await outbox.send(at('/'), { method: 'POST', body: 'x' });
  const letter = await outbox.settled(id);
  assert.deepEqual([letter.state, letter.attempts], ['done', 2]);
  assert.equal(seen[0].key, seen[1].key);
  outbox.close();
});

test('4xx is a dead letter, and the next goes on; it can be sent again or discarded', async (t) => {
  let isWell = false;
  const { seen, at } = await site(t, ({ path }) => [path === '/bad' && !isWell ? 422 : 201]);
  const outbox = createOutbox(db, { name: 'a5' });
  const bad = await outbox.send(at('/bad'), { method: 'POST', body: 'kept' });
  const worse = await outbox.send(at('/bad'), { method: 'POST' });
  const good = await outbox.send(at('/good'), { method: 'POST' });
  assert.equal((await outbox.settled(good.id)).state, 'done');
  assert.deepEqual(outbox.dead().map(({ id, status, error }) => [id, status, error]), [[bad.id, 422, '422 Unprocessable Entity'], [worse.id, 422, '422 Unprocessable Entity']]);
  isWell = true;
  assert.equal(await outbox.retry(bad.id), true);
  assert.equal((await outbox.settled(bad.id)).status, 201);
  assert.equal(seen.at(-1).body, 'kept');
  assert.equal(seen.at(-1).key, seen[0].key);
  assert.equal(await outbox.discard(worse.id), true);
  assert.equal(await outbox.discard(worse.id), false);
  assert.equal(await outbox.retry(worse.id), false);
  assert.deepEqual(outbox.dead(), []);
  outbox.close();
});

test('5xx and 429 are tried again: Retry-After is obeyed, pauses grow, too many refusals are dead', async (t) => {
  const times = [];
  const { at } = await site(t, ({ path }, n) => {
    times.push(Date.now());
    if (path === '/never') return [500];
    return n === 1 ? [429, { 'retry-after': '1' }] : n === 2 ? [503] : [200];
  });
  const outbox = createOutbox(db, { name: 'a6', pause: 0.05, refusalsMax: 4 });
  const { id } = await outbox.send(at('/'), { method: 'POST' });
  assert.equal((await outbox.settled(id)).attempts, 3);
  assert.ok(times[1] - times[0] >= 990, `${times[1] - times[0]} ms`);
  assert.ok(times[2] - times[1] >= 45, `${times[2] - times[1]} ms`);
  times.length = 0;
  const never = await outbox.send(at('/never'), { method: 'POST' });
  assert.equal((await outbox.settled(never.id)).state, 'dead');
  assert.equal(times.length, 4);
  assert.ok(times[3] - times[2] > times[1] - times[0], times.join());
  outbox.close();
});

test('queues do not wait for one another', async (t) => {
  const { seen, at } = await site(t, ({ path }) => [path === '/stuck' ? 503 : 200]);
  const outbox = createOutbox(db, { name: 'a7', pause: 30 });
  await outbox.send(at('/stuck'), { method: 'POST' });
  await outbox.send(at('/behind'), { method: 'POST' });
  const other = await outbox.send(at('/other'), { method: 'POST', queue: 'second' });
  assert.equal((await outbox.settled(other.id)).state, 'done');
  assert.deepEqual(seen.map(({ path }) => path), ['/stuck', '/other']);
  assert.deepEqual(outbox.pending().map(({ state }) => state), ['queued', 'queued']);
  outbox.close();
});

test('what was on its way when its tab died is sent by another, with the same key', async (t) => {
  const { seen, at } = await site(t);
  const looker = createOutbox(db, { name: 'a8', send: false });
  await looker.send(at('/'), { method: 'POST', idempotencyKey: 'k' });
  const [letter] = looker.pending();
  // As a tab leaves it that is killed while it sends.
  await db.hset(`a8:r:${letter.id}`, 'm', JSON.stringify({ ...letter, state: 'sending', attempts: 1 }));
  await db.set('a8:lease', '-dead/1', { PX: 600 });
  const other = createOutbox(db, { name: 'a8' });
  const done = await other.settled(letter.id);
  assert.deepEqual([done.state, done.attempts], ['done', 2]);
  assert.deepEqual(seen.map(({ key }) => key), ['k']);
  looker.close();
  other.close();
});

test('an answer that does not come is given up', async (t) => {
  const { seen, at } = await site(t, async (_, n) => { if (n === 1) await pause(5000); return [200]; });
  const outbox = createOutbox(db, { name: 'a9', timeout: 0.2, pause: 0.05 });
  const { id } = await outbox.send(at('/'), { method: 'POST' });
  const done = await outbox.settled(id);
  assert.deepEqual([done.state, done.attempts], ['done', 2]);
  assert.equal(seen.length, 2);
  await assert.rejects(outbox.settled('nope'), /no letter/);
  assert.throws(() => createOutbox(db, { name: 'a b' }), /name/);
  outbox.close();
});
