// `kilat serve` as Redis's own tools and a common client use it, and what it keeps in its folder.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { which } from '../../scripts/shell.mjs';
import { Connection } from '../../scripts/resp.mjs';
import { folder, plain, serve } from './serving.mjs';

const run = promisify(execFile);
const without = (name) => ({ skip: !which(name) && `${name} is not installed` });

test('redis-cli talks to it', without('redis-cli'), async (t) => {
  const { port } = await serve(t, folder(t));
  const cli = async (...args) => (await run('redis-cli', ['-p', String(port), ...args])).stdout.trim();
  assert.equal(await cli('SET', 'k', 'v'), 'OK');
  assert.equal(await cli('GET', 'k'), 'v');
  assert.match(await cli('INFO', 'server'), /redis_version:7\.0/);
  assert.equal(await cli('-3', '--no-raw', 'HSET', 'h', 'a', '1'), '(integer) 1');
  assert.equal(await cli('-3', '--no-raw', 'HGETALL', 'h'), '1# "a" => "1"');
  assert.match(await cli('SCAN', '0'), /^0\n/);
});

test('redis-benchmark runs against it', without('redis-benchmark'), async (t) => {
  const { port } = await serve(t, folder(t));
  const args = ['-p', String(port), '-n', '2000', '-c', '20', '-P', '4', '-q', '-t', 'ping,set,get,incr,lpush,rpop,sadd,hset,zadd'];
  const { stdout, stderr } = await run('redis-benchmark', args);
  assert.doesNotMatch(stdout + stderr, /error/i);
  assert.equal(stdout.match(/requests per second/g)?.length, 10);
});

test('ioredis works with it', async (t) => {
  const { port } = await serve(t, folder(t));
  const redis = new Redis(port, '127.0.0.1', { lazyConnect: true });
  const listener = new Redis(port, '127.0.0.1', { lazyConnect: true });
  t.after(() => {
    redis.disconnect();
    listener.disconnect();
  });
  await redis.connect();
  await listener.connect();

  const many = await redis.pipeline().set('a', '1').incr('a').hset('h', 'f', 'v').hgetall('h').exec();
  assert.deepEqual(many, [[null, 'OK'], [null, 2], [null, 1], [null, { f: 'v' }]]);
  assert.deepEqual(await redis.multi().incr('a').get('a').exec(), [[null, 3], [null, '3']]);
  await redis.set('bytes', Buffer.from([0, 255, 13, 10]));
  assert.deepEqual(await redis.getBuffer('bytes'), Buffer.from([0, 255, 13, 10]));
  await assert.rejects(redis.lpush('a', 'x'), /WRONGTYPE/);
  const heard = new Promise((resolve) => listener.on('pmessage', (...args) => resolve(args)));
  await listener.psubscribe('news.*');
  assert.equal(await redis.publish('news.today', 'hi'), 1);
  assert.deepEqual(await heard, ['news.*', 'news.today', 'hi']);
});

test('what was acknowledged is there after an orderly end, and after a kill', async (t) => {
  const dir = folder(t);
  let server = await serve(t, dir);
  let client = await Connection.open(server.port);
  await client.call('SET', 'k', 'v');
  await client.call('ZADD', 'z', '1.5', 'm');
  await client.call('SET', 'soon', 'v', 'PX', '100000');
  client.close();
  await server.stop('SIGTERM');

  server = await serve(t, dir);
  client = await Connection.open(server.port);
  assert.equal(plain(await client.call('GET', 'k')), 'v');
  assert.equal(plain(await client.call('ZSCORE', 'z', 'm')), '1.5');
  assert.ok(plain(await client.call('PTTL', 'soon')) > 50_000);
  for (let i = 0; i < 200; i++) await client.call('INCR', 'counter');
  await server.stop('SIGKILL');
  client.close();

  server = await serve(t, dir);
  client = await Connection.open(server.port);
  assert.equal(plain(await client.call('GET', 'counter')), '200');
  client.close();
});

test('many clients in a pipeline each get their own replies', async (t) => {
  const { port } = await serve(t, folder(t));
  const clients = await Promise.all(Array.from({ length: 20 }, () => Connection.open(port)));
  await Promise.all(
    clients.map(async (client, number) => {
      for (let i = 0; i < 50; i++) client.send(['ECHO', `${number}-${i}`]);
      for (let i = 0; i < 50; i++) {
        assert.ok(await client.wait(5000));
        assert.equal(plain(client.replies.shift()), `${number}-${i}`);
      }
      client.close();
    }),
  );
});

test('it listens on 127.0.0.1 alone unless told otherwise', async (t) => {
  const { port } = await serve(t, folder(t));
  const others = Object.values(networkInterfaces()).flat().filter(({ family, internal }) => family === 'IPv4' && !internal);
  if (others.length === 0) return t.skip('this machine has no other address');
  const refused = await new Promise((resolve) => {
    const socket = connect({ port, host: others[0].address, timeout: 2000 });
    const answer = (value) => () => (socket.destroy(), resolve(value));
    socket.once('connect', answer(false)).once('error', answer(true)).once('timeout', answer(true));
  });
  assert.ok(refused, `${others[0].address}:${port} was open`);
});
