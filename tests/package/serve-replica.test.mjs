// A real redis-server that follows `kilat serve` with REPLICAOF: what kilat logs are commands that Redis understands.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { freePort, pause } from '../../scripts/shell.mjs';
import { findRedis } from '../../scripts/setup.mjs';
import { Connection } from '../../scripts/resp.mjs';
import { folder, plain, serve } from './serving.mjs';

const redisServer = findRedis();

async function redis(t) {
  const port = await freePort();
  const args = ['--port', String(port), '--save', '', '--dir', folder(t), '--enable-debug-command', 'yes'];
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

/** Calls of all families, drawn by a seed: the same each time. */
function calls(count) {
  let state = 7;
  const next = (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor(state / 65536) % n;
  };
  const key = (kind) => `${kind}${next(4)}`;
  const word = () => (next(3) ? `w${next(30)}` : String(next(1000)));
  const kinds = [
    () => ['SET', key('s'), word(), ...(next(3) ? [] : ['EX', '1000'])],
    () => ['APPEND', key('s'), word()],
    () => ['INCRBYFLOAT', key('f'), '1.25'],
    () => ['INCR', key('n')],
    () => ['GETEX', key('s'), 'PX', '5000000'],
    () => ['RPUSH', key('l'), word(), word(), word()],
    () => ['LMOVE', key('l'), key('l'), 'LEFT', 'RIGHT'],
    () => ['LINSERT', key('l'), 'BEFORE', word(), word()],
    () => ['LPOP', key('l'), '2'],
    () => ['HSET', key('h'), word(), word(), word(), word()],
    () => ['HINCRBYFLOAT', key('h'), `number${next(3)}`, '0.1'],
    () => ['SADD', key('m'), word(), word(), String(next(100))],
    () => ['SPOP', key('m'), '2'],
    () => ['SINTERSTORE', key('m'), key('m'), key('m')],
    () => ['ZADD', key('z'), `${next(100)}.5`, word(), String(next(10)), word()],
    () => ['ZPOPMIN', key('z')],
    () => ['ZUNIONSTORE', key('z'), '2', key('z'), key('z'), 'WEIGHTS', '2', '0.5'],
    () => ['ZRANGESTORE', key('z'), key('z'), '0', '5'],
    () => ['SORT', key('l'), 'ALPHA', 'STORE', key('l')],
    () => ['COPY', key('z'), `zz${next(3)}`, 'REPLACE'],
    () => ['RENAME', key('s'), key('s')],
    () => ['DEL', key('h'), key('l')],
    () => ['EXPIRE', key('z'), '2000'],
    () => ['PERSIST', key('z')],
    () => ['SELECT', String(next(3))],
    () => ['MOVE', key('m'), String(next(3))],
    () => ['SWAPDB', '0', '2'],
    () => ['SET', `soon${next(5)}`, 'v', 'PX', String(1 + next(20))],
  ];
  return Array.from({ length: count }, () => kinds[next(kinds.length)]());
}

test('a redis-server follows and comes to the same data', { skip: !redisServer && 'no redis-server 7 could be had' }, async (t) => {
  const { port } = await serve(t, folder(t));
  const client = await Connection.open(port);
  t.after(() => client.close());
  const run = async (all) => {
    for (const call of all) client.send(call);
    for (const call of all) {
      assert.ok(await client.wait(10_000), call.join(' '));
      client.replies.shift();
    }
  };
  await run(calls(1500));
  const replica = await redis(t);
  plain(await replica.call('REPLICAOF', '127.0.0.1', String(port)));
  await run(calls(3000));
  await run([['MULTI'], ['SET', 'a', '1'], ['SELECT', '1'], ['RPUSH', 'list', 'b', 'c'], ['EXEC'], ['SELECT', '0']]);
  await pause(50);
  const digest = async (of) => plain(await of.call('DEBUG', 'DIGEST'));
  let [ours, theirs] = ['', ''];
  for (let tries = 0; tries < 200; tries++) {
    [ours, theirs] = [await digest(client), await digest(replica)];
    if (ours === theirs) break;
    await pause(50);
  }
  assert.equal(theirs, ours);
  assert.ok(Number(plain(await replica.call('DBSIZE'))) > 10);
  assert.match(plain(await replica.call('INFO', 'replication')), /master_link_status:up/);
  assert.match(plain(await client.call('INFO', 'replication')), /connected_slaves:1/);
});
