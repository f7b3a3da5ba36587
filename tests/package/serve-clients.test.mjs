// Clients of `kilat serve` that do not behave: slow, gone, half gone, too much at once.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { pause } from '../../scripts/shell.mjs';
import { Connection, encodeCall } from '../../scripts/resp.mjs';
import { folder, plain, serve } from './serving.mjs';

const open = (port, options = {}) =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ...options }, () => resolve(socket)).once('error', reject);
  });

/** How many clients there are beside this one, once nothing changes any more. */
async function others(client) {
  for (let tries = 0; ; tries++) {
    const count = Number(/connected_clients:(\d+)/.exec(plain(await client.call('INFO', 'clients')))[1]) - 1;
    if (count === 0 || tries === 100) return count;
    await pause(20);
  }
}

test('a client that ends its half is answered all that it asked, then let go', async (t) => {
  const { port } = await serve(t, folder(t));
  const socket = await open(port, { allowHalfOpen: true });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const ended = new Promise((resolve) => socket.once('end', resolve));
  socket.end(Buffer.concat([encodeCall(['SET', 'k', 'v']), encodeCall(['GET', 'k']), encodeCall(['SAVE']), encodeCall(['PING'])]));
  await ended;
  assert.equal(text, '+OK\r\n$1\r\nv\r\n+OK\r\n+PONG\r\n');
});

test('clients that break off leave nothing behind', async (t) => {
  const { port } = await serve(t, folder(t));
  const client = await Connection.open(port);
  t.after(() => client.close());
  for (let i = 0; i < 20; i++) {
    const socket = await open(port);
    socket.on('error', () => {});
    socket.write(Buffer.concat(Array.from({ length: 200 }, () => encodeCall(['INCR', 'n']))));
    if (i % 2) socket.write('*2\r\n$3\r\nGET\r\n$5\r\nab');
    await pause(5);
    if (i % 3) socket.resetAndDestroy();
    else socket.destroy();
  }
  assert.equal(await others(client), 0);
  assert.ok(Number(plain(await client.call('GET', 'n'))) > 0);
});

test('a client that does not read stops being read, and gets all when it does', async (t) => {
  const { port } = await serve(t, folder(t));
  const other = await Connection.open(port);
  t.after(() => other.close());
  const size = 100_000;
  plain(await other.call('SET', 'big', 'x'.repeat(size)));
  const socket = await open(port);
  socket.pause();
  const calls = 3000;
  socket.write(Buffer.concat(Array.from({ length: calls }, () => encodeCall(['GET', 'big']))));
  await pause(500);
  const memory = /used_memory_rss:(\d+)|used_memory:(\d+)/.exec(plain(await other.call('INFO', 'memory')));
  assert.ok(memory);
  assert.equal(plain(await other.call('PING')), 'PONG');
  let received = 0;
  const wanted = calls * (size + `$${size}\r\n\r\n`.length);
  const all = new Promise((resolve) => {
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received >= wanted) resolve();
    });
  });
  socket.resume();
  await all;
  assert.equal(received, wanted);
  socket.destroy();
});

test('a subscriber that does not read is let go, and others are served', async (t) => {
  const { port } = await serve(t, folder(t));
  const socket = await open(port);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.write(encodeCall(['SUBSCRIBE', 'news']));
  await pause(100);
  socket.pause();
  const other = await Connection.open(port);
  t.after(() => other.close());
  const message = 'x'.repeat(1_000_000);
  let heard = 1;
  for (let i = 0; i < 200 && heard === 1; i++) heard = plain(await other.call('PUBLISH', 'news', message));
  assert.equal(heard, 0, 'it still listens');
  socket.resume();
  await closed;
});

test('QUIT, CLIENT KILL and broken protocol end a connection with the last word', async (t) => {
  const { port } = await serve(t, folder(t));
  const talk = async (bytes) => {
    const socket = await open(port);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  };
  assert.equal(await talk('PING\r\nQUIT\r\nPING\r\n'), '+PONG\r\n+OK\r\n');
  assert.equal(await talk('*1\r\nnonsense\r\n'), "-ERR Protocol error: expected '$', got 'n'\r\n");
  const client = await Connection.open(port);
  const id = plain(await client.call('CLIENT', 'ID'));
  const killer = await Connection.open(port);
  t.after(() => killer.close());
  assert.equal(plain(await killer.call('CLIENT', 'KILL', 'ID', String(id))), 1);
  for (let tries = 0; tries < 100 && !client.closed; tries++) await pause(10);
  assert.ok(client.closed);
});

test('hundreds of clients at once', async (t) => {
  const { port } = await serve(t, folder(t));
  const clients = await Promise.all(Array.from({ length: 300 }, () => Connection.open(port)));
  await Promise.all(clients.map((client) => client.call('INCR', 'n')));
  assert.equal(plain(await clients[0].call('GET', 'n')), '300');
  for (const client of clients) client.close();
});
