// CLIENT PAUSE behind a port: what a client sends behind a call that waits is run after it, and nobody else waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '../../scripts/resp.mjs';
import { plain, serve } from './serving.mjs';

const PAUSE_MS = 600;

async function connections(t, count) {
  const server = await serve(t, null);
  const all = [];
  for (let i = 0; i < count; i++) all.push(await Connection.open(server.port));
  t.after(() => all.forEach((client) => client.close()));
  return all;
}

/** Sends calls without waiting in between, and answers the replies in the order in which they came. */
async function pipeline(client, calls) {
  for (const words of calls) client.send(words);
  const replies = [];
  while (replies.length < calls.length) {
    assert.ok(await client.wait(10_000), `${replies.length} replies to ${calls.length} calls came`);
    replies.push(...client.replies.splice(0));
  }
  return replies.map(plain);
}

test('what a client sends behind a write that is paused waits with it; reads of others do not', async (t) => {
  const [pauser, writer, reader] = await connections(t, 3);
  plain(await writer.call('SET', 'k', 'before'));
  plain(await pauser.call('CLIENT', 'PAUSE', String(PAUSE_MS), 'WRITE'));
  const began = performance.now();
  const answers = pipeline(writer, [['SET', 'k', 'after'], ['GET', 'k'], ['INCR', 'n'], ['PING']]);
  assert.equal(plain(await reader.call('GET', 'k')), 'before');
  const readMs = performance.now() - began;
  assert.deepEqual(await answers, ['OK', 'after', 1, 'PONG']);
  const wroteMs = performance.now() - began;
  assert.ok(wroteMs >= PAUSE_MS * 0.9, `answered after ${wroteMs} ms`);
  assert.ok(readMs < PAUSE_MS * 0.9, `the read of another client took ${readMs} ms`);
});

test('CLIENT UNPAUSE lets them go on at once, in their order', async (t) => {
  const [pauser, writer] = await connections(t, 2);
  plain(await pauser.call('CLIENT', 'PAUSE', '60000', 'WRITE'));
  const began = performance.now();
  const answers = pipeline(writer, Array.from({ length: 50 }, (_, i) => (i % 2 ? ['LRANGE', 'l', '-1', '-1'] : ['RPUSH', 'l', String(i)])));
  plain(await pauser.call('CLIENT', 'UNPAUSE'));
  const replies = await answers;
  assert.ok(performance.now() - began < 10_000);
  for (let i = 0; i < 50; i += 2) assert.deepEqual([replies[i], replies[i + 1]], [i / 2 + 1, [String(i)]]);
});

test('a pause of all calls holds up reads too, of every client', async (t) => {
  const [pauser, reader] = await connections(t, 2);
  plain(await pauser.call('CLIENT', 'PAUSE', String(PAUSE_MS)));
  const began = performance.now();
  const answers = pipeline(reader, [['GET', 'k'], ['DBSIZE']]);
  assert.deepEqual(await answers, [null, 0]);
  const tookMs = performance.now() - began;
  assert.ok(tookMs >= PAUSE_MS * 0.9, `answered after ${tookMs} ms`);
});
