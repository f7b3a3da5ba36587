// dump.rdb in both directions, with a real redis-server: the same DEBUG DIGEST on both sides.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { open } from 'kilat';
import { freePort, pause } from '../../scripts/shell.mjs';
import { findRedis } from '../../scripts/setup.mjs';
import { Connection } from '../../scripts/resp.mjs';
import { folder, plain, serve } from './serving.mjs';

const redisServer = findRedis();
const withRedis = { skip: !redisServer && 'no redis-server 7 could be had' };

/** A real server over a folder, whose dump.rdb it loads. */
async function redis(t, dir) {
  const port = await freePort();
  const args = ['--port', String(port), '--save', '', '--dir', dir, '--enable-debug-command', 'yes'];
  const child = spawn(redisServer, args, { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  for (let tries = 0; tries < 200; tries++) {
    try {
      const client = await Connection.open(port);
      t.after(() => client.close());
      return client;
    } catch {
      await pause(25);
    }
  }
  throw new Error('redis-server does not answer');
}

/** Every type, small and large, in two databases, with and without a time to live. */
function calls() {
  const numbers = Array.from({ length: 600 }, (_, i) => String(i));
  const long = 'x'.repeat(20_000);
  return [
    ['SET', 'text', 'v'], ['SET', 'number', '12345'], ['SET', 'long', long], ['SET', 'bytes', Buffer.from([0, 1, 254, 255])],
    ['SET', 'far', 'v', 'PXAT', '4102444800123'],
    ['RPUSH', 'list', 'a', '1', 'b'], ['RPUSH', 'list:large', ...numbers, long, ...numbers],
    ['HSET', 'hash', 'f', 'v', 'g', '7'], ['HSET', 'hash:large', ...numbers.flatMap((n) => [`f${n}`, `v${n}`])],
    ['SADD', 'set:ints', '1', '2', '70000'], ['SADD', 'set', 'a', 'b'], ['SADD', 'set:large', ...numbers.map((n) => `m${n}`)],
    ['ZADD', 'zset', '1', 'a', '2.5', 'b', '-inf', 'c'], ['ZADD', 'zset:large', ...numbers.flatMap((n) => [`${n}.25`, `m${n}`])],
    ['SELECT', '3'], ['SET', 'other', 'db'], ['EXPIREAT', 'other', '4102444800'], ['SELECT', '0'],
  ];
}

const digest = async (client) => plain(await client.call('DEBUG', 'DIGEST'));
const db = (t, name) => open({ name }).then((opened) => (t.after(() => opened.close()), opened));

test('a dump.rdb of a real server loads, in the package and in serve', withRedis, async (t) => {
  const dir = folder(t);
  const server = await redis(t, dir);
  for (const call of calls()) plain(await server.call(...call));
  plain(await server.call('SAVE'));
  const expected = await digest(server);

  const opened = await db(t, 'rdb-import');
  await opened.import(new Uint8Array(readFileSync(join(dir, 'dump.rdb'))));
  assert.equal(await opened.call('DEBUG', 'DIGEST'), expected);

  const own = folder(t);
  copyFileSync(join(dir, 'dump.rdb'), join(own, 'dump.rdb'));
  const { port } = await serve(t, own);
  const client = await Connection.open(port);
  t.after(() => client.close());
  assert.equal(await digest(client), expected);
});

test('a real server loads what is exported', withRedis, async (t) => {
  const opened = await db(t, 'rdb-export');
  for (const call of calls().filter(([name]) => name !== 'SELECT')) await opened.call(...call);
  const expected = await opened.call('DEBUG', 'DIGEST');
  const dir = folder(t);
  writeFileSync(join(dir, 'dump.rdb'), await opened.export());
  assert.equal(await digest(await redis(t, dir)), expected);
});

test('damaged bytes are refused by name and change nothing', async (t) => {
  const opened = await db(t, 'rdb-damaged');
  await opened.call('SET', 'k', 'v');
  await opened.call('RPUSH', 'l', 'a', 'b', 'c');
  const good = await opened.export();
  const before = await opened.call('DEBUG', 'DIGEST');
  const flipped = Uint8Array.from(good);
  flipped[Math.floor(good.length / 2)] ^= 0x40;
  for (const bad of [new Uint8Array(), good.subarray(0, good.length - 9), flipped, new TextEncoder().encode('REDIS9999'), new TextEncoder().encode('no rdb at all')]) {
    await assert.rejects(async () => opened.import(bad), (error) => typeof error.code === 'string' && error.message.length > 10);
  }
  assert.equal(await opened.call('DEBUG', 'DIGEST'), before);
});
