// `kilat serve --key-file`: nothing of the data stands in the folder in clear, and only its own key opens it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../scripts/shell.mjs';
import { Connection } from '../../scripts/resp.mjs';
import { folder, plain, serve } from './serving.mjs';

const PLANTED = 'a sentence that must be seen nowhere';

/** Runs the program to its end. */
function kilat(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [at('pkg/cli.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.once('close', (status) => resolve({ status, out, err }));
  });
}

const filesOf = (dir) => readdirSync(dir, { recursive: true }).map((name) => join(dir, name)).filter((file) => statSync(file).isFile());

/** How many files below hold the text, and how many bytes there are. */
function search(dir, text) {
  const contents = filesOf(dir).map((file) => readFileSync(file));
  return { found: contents.filter((bytes) => bytes.includes(text)).length, bytes: contents.reduce((sum, { length }) => sum + length, 0) };
}

/** A file with a key, outside of the data. */
function keyFile(t, text) {
  const file = join(folder(t), 'key');
  writeFileSync(file, text);
  return file;
}

/** Writes the sentence into the log, a snapshot, and the log behind it. */
async function plant(server) {
  const client = await Connection.open(server.port);
  plain(await client.call('SET', 'one', PLANTED));
  assert.equal(plain(await client.call('SAVE')), 'OK');
  plain(await client.call('SET', 'two', PLANTED));
  client.close();
}

const KEYS = { 'hexadecimal digits': `${'0123456789abcdef'.repeat(4)}\n`, 'a passphrase': 'correct horse battery staple' };

for (const [what, text] of Object.entries(KEYS)) {
  test(`a folder with a key of ${what} shows nothing, and is read with it alone`, async (t) => {
    const dir = folder(t);
    const key = ['--key-file', keyFile(t, text)];
    const server = await serve(t, dir, ...key);
    await plant(server);
    await server.stop('SIGKILL');
    const seen = search(dir, PLANTED);
    assert.equal(seen.found, 0);
    assert.ok(seen.bytes > 300, `${seen.bytes} bytes were searched`);
    assert.ok(!filesOf(dir).some((file) => file.endsWith('dump.rdb')));

    const wrong = ['--key-file', keyFile(t, 'another one')];
    for (const call of [['serve', '--port', '0', '--dir', dir], ['cli', '--dir', dir]]) {
      const without = await kilat(...call, ...(call[0] === 'cli' ? ['GET', 'one'] : []));
      assert.deepEqual([without.status, without.out], [1, '']);
      assert.match(without.err, /cannot be opened: it is encrypted, and there is no --key-file\.\n$/);
      const other = await kilat(...call, ...wrong, ...(call[0] === 'cli' ? ['GET', 'one'] : []));
      assert.deepEqual([other.status, other.out], [1, '']);
      assert.match(other.err, /cannot be opened: the key is not the one that it was made with\.\n$/);
    }
    assert.equal((await kilat('cli', '--dir', dir, ...key, 'MGET', 'one', 'two')).out, `${PLANTED}\n${PLANTED}\n`);
    const again = await serve(t, dir, ...key);
    const client = await Connection.open(again.port);
    assert.deepEqual(plain(await client.call('MGET', 'one', 'two')), [PLANTED, PLANTED]);
    client.close();
  });
}

test('a folder in clear shows the same sentence, and is not opened with a key', async (t) => {
  const dir = folder(t);
  const server = await serve(t, dir);
  await plant(server);
  await server.stop('SIGTERM');
  assert.ok(search(dir, PLANTED).found >= 2);
  const { status, err } = await kilat('cli', '--dir', dir, '--key-file', keyFile(t, KEYS['a passphrase']), 'GET', 'one');
  assert.equal(status, 1);
  assert.match(err, /cannot be opened: it is not encrypted, and there is a --key-file\.\n$/);
  assert.equal((await kilat('cli', '--dir', dir, 'GET', 'one')).out, `${PLANTED}\n`);
});

test('a file that holds no key is named, and nothing is touched', async (t) => {
  const dir = folder(t);
  const cases = [
    [join(dir, 'nothing'), /The key could not be read from .*nothing: /, 1],
    [keyFile(t, '\n'), /holds no key: one line is wanted/, 1],
    [keyFile(t, 'two\nlines\n'), /holds no key: one line is wanted/, 1],
    [keyFile(t, Buffer.from([0xff, 0xfe, 0x80])), /holds no key: it is no text/, 1],
  ];
  for (const [file, sentence, expected] of cases) {
    const { status, out, err } = await kilat('serve', '--port', '0', '--dir', dir, '--key-file', file);
    assert.deepEqual([status, out], [expected, '']);
    assert.match(err, sentence);
    assert.equal(err.trim().split('\n').length, 1);
  }
  assert.deepEqual(readdirSync(dir), []);
  const alone = await kilat('serve', '--port', '0', '--key-file', keyFile(t, 'x'));
  assert.equal(alone.status, 2);
  assert.match(alone.err, /--key-file wants --dir/);
});
