// What `kilat serve` keeps in its folder, how it ends, and what it says when it cannot begin.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, pause } from '../../scripts/shell.mjs';
import { Connection } from '../../scripts/resp.mjs';
import { folder, plain, serve } from './serving.mjs';

/** Runs the program to its end. */
export function kilat(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [at('pkg/cli.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.once('close', (status) => resolve({ status, out, err }));
  });
}

/** Waits for a line that is on its way through a pipe. */
async function until(output, pattern) {
  for (let tries = 0; tries < 200 && !pattern.test(output()); tries++) await pause(10);
  assert.match(output(), pattern);
}

test('a wrong call is named in one sentence and ends with 2', async () => {
  const cases = [
    [['serve', '--prot', '1'], /knows no option --prot/],
    [['serve', '--port', 'x'], /--port wants a number from 0 to 65535, not 'x'/],
    [['serve', '--port'], /--port wants a value/],
    [['serve', '--durability', 'never'], /memory, everysec or always, not 'never'/],
    [['serve', 'here'], /takes no 'here'/],
    [['cli', '--bogus'], /knows no option --bogus/],
    [['cli', '--raw=1', 'PING'], /--raw takes no value/],
    [['sevre'], /There is no 'kilat sevre'/],
  ];
  for (const [args, sentence] of cases) {
    const { status, out, err } = await kilat(...args);
    assert.equal(status, 2, args.join(' '));
    assert.match(err, sentence);
    assert.equal(err.trim().split('\n').length, 1);
    assert.equal(out, '');
  }
  const { status, out } = await kilat('--help');
  assert.equal(status, 0);
  for (const option of ['--port', '--host', '--dir', '--durability', 'dump.rdb']) assert.ok(out.includes(option), option);
  assert.match((await kilat('--version')).out, /^kilat \d+\.\d+\.\d+\n$/);
});

test('a port that is taken and a folder that cannot be used are said', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  const taken = await kilat('serve', '--port', String(other.address().port));
  assert.deepEqual([taken.status, taken.out], [1, '']);
  assert.match(taken.err, /cannot listen on 127\.0\.0\.1:\d+: the port is in use/);

  const dir = folder(t);
  writeFileSync(join(dir, 'file'), '');
  const noFolder = await kilat('serve', '--port', '0', '--dir', join(dir, 'file'));
  assert.equal(noFolder.status, 1);
  assert.match(noFolder.err, /Data cannot be kept in .*file: it is no folder/);

  writeFileSync(join(dir, 'identity'), 'short');
  const damaged = await kilat('serve', '--port', '0', '--dir', dir);
  assert.equal(damaged.status, 1);
  assert.match(damaged.err, /identity is damaged/);

  if (process.getuid?.() === 0) return;
  const shut = folder(t);
  chmodSync(shut, 0o500);
  const denied = await kilat('serve', '--port', '0', '--dir', join(shut, 'below'));
  assert.match(denied.err, /permission denied/);
});

test('a damaged dump.rdb is refused, and the folder stays as it was', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'dump.rdb'), 'REDIS0010 and then nonsense');
  const { status, err } = await kilat('serve', '--port', '0', '--dir', dir);
  assert.equal(status, 1);
  assert.match(err, /dump\.rdb could not be loaded: /);
  assert.equal(readFileSync(join(dir, 'dump.rdb'), 'utf8'), 'REDIS0010 and then nonsense');
});

test('it says where it listens, where its data is and how much there is', async (t) => {
  const dir = folder(t);
  let server = await serve(t, dir);
  await until(server.output, /loaded in/);
  assert.match(server.output(), new RegExp(`^kilat \\S+ listens on 127\\.0\\.0\\.1:${server.port}\\ndata: .*, 0 keys loaded in `));
  const client = await Connection.open(server.port);
  for (const call of [['SET', 'a', '1'], ['SELECT', '9'], ['SET', 'b', '1']]) plain(await client.call(...call));
  assert.match(plain(await client.call('INFO', 'server')), new RegExp(`tcp_port:${server.port}\\r\\n`));
  client.close();
  await server.stop('SIGINT');
  server = await serve(t, dir);
  await until(server.output, /, 2 keys loaded in /);
  await server.stop('SIGTERM');
  await until(server.output, /has ended; the data is stored/);
});

test('without a folder the data is in memory only, and it says so', async (t) => {
  const server = await serve(t, null);
  await until(server.output, /\ndata: in memory only/);
  const client = await Connection.open(server.port);
  assert.equal(plain(await client.call('SET', 'k', 'v')), 'OK');
  assert.equal(plain(await client.call('SAVE')), 'OK');
  assert.equal(plain(await client.call('DEBUG', 'RELOAD')), 'OK');
  assert.equal(plain(await client.call('GET', 'k')), 'v');
  client.send(['SHUTDOWN']);
  assert.equal(await server.ended, 0);
});

test('one process may use a folder at a time, and a killed one leaves it free', async (t) => {
  const dir = folder(t);
  const server = await serve(t, dir);
  const second = await kilat('serve', '--port', '0', '--dir', dir);
  assert.equal(second.status, 1);
  assert.match(second.err, new RegExp(`is in use by process ${server.pid}`));
  assert.match((await kilat('cli', '--dir', dir, 'PING')).err, /is in use by process/);
  await server.stop('SIGKILL');
  assert.equal((await kilat('cli', '--dir', dir, 'SET', 'k', 'v')).out, 'OK\n');
  assert.equal((await kilat('cli', '--dir', dir, 'GET', 'k')).out, 'v\n');
});

test('SAVE leaves a dump.rdb, SHUTDOWN too; SHUTDOWN NOSAVE loses nothing', async (t) => {
  const dir = folder(t);
  const dump = join(dir, 'dump.rdb');
  let server = await serve(t, dir);
  let client = await Connection.open(server.port);
  plain(await client.call('SET', 'first', 'v'));
  assert.ok(!existsSync(dump));
  assert.equal(plain(await client.call('SAVE')), 'OK');
  assert.match(readFileSync(dump, 'latin1'), /^REDIS00\d\d.*first/s);
  plain(await client.call('SET', 'second', 'v'));
  client.send(['SHUTDOWN', 'SAVE']);
  await server.ended;
  assert.match(readFileSync(dump, 'latin1'), /second/);

  server = await serve(t, dir);
  client = await Connection.open(server.port);
  plain(await client.call('SET', 'third', 'v'));
  client.send(['SHUTDOWN', 'NOSAVE']);
  assert.equal(await server.ended, 0);
  assert.doesNotMatch(readFileSync(dump, 'latin1'), /third/);
  assert.equal((await kilat('cli', '--dir', dir, 'MGET', 'first', 'second', 'third')).out, 'v\nv\nv\n');
});

test('the log is cut when it has grown long', async (t) => {
  const dir = folder(t);
  const server = await serve(t, dir);
  const client = await Connection.open(server.port);
  const value = 'x'.repeat(100_000);
  for (let i = 0; i < 200; i++) plain(await client.call('SET', 'k', value + i));
  plain(await client.call('SAVE'));
  plain(await client.call('SAVE'));
  const { size } = await import('node:fs/promises').then(async ({ readdir, stat }) => {
    const files = await readdir(join(dir, 'log'));
    const sizes = await Promise.all(files.map((file) => stat(join(dir, 'log', file)).then((found) => found.size)));
    return { size: sizes.reduce((sum, bytes) => sum + bytes, 0) };
  });
  assert.ok(size < 5_000_000, `the log holds ${size} bytes`);
  await server.stop('SIGKILL');
  assert.equal((await kilat('cli', '--dir', dir, 'STRLEN', 'k')).out, '100003\n');
});
