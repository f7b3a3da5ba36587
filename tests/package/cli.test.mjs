// `kilat cli`: one call, lines from standard input, a prompt; over a port and on a folder. redis-cli is the measure.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { at, freePort, which } from '../../scripts/shell.mjs';
import { folder, serve } from './serving.mjs';

/** Runs a program with `input` on its standard input. */
function run(program, args, input = '') {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('latin1').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.once('close', (status) => resolve({ status, out, err }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const kilat = (args, input) => run(process.execPath, [at('pkg/cli.js'), 'cli', ...args], input);

const LINES = String.raw`
SET text "a\x00\xff\n\"b\\" 
GET text
SET 'it''s' v
SET 'it\'s' v
GET "it's"
"unclosed
GET nothing
LPUSH list c b a
LRANGE list 0 -1
HSET h f v g w
HGETALL h
ZADD z 1.5 a 2 b
ZRANGE z 0 -1 WITHSCORES
SADD s m
SMEMBERS s
LRANGE list 5 9
LPUSH text x
nonsense a b
3 INCR n
EXISTS n
MULTI
SET a 1
LPUSH a 1
EXEC
SELECT 3
DBSIZE
ECHO "été"
   
OBJECT ENCODING n
COMMAND COUNT EXTRA
`;

test('it prints what redis-cli prints', { skip: !which('redis-cli') && 'redis-cli is not installed' }, async (t) => {
  const { port } = await serve(t, folder(t));
  for (const options of [[], ['--no-raw'], ['-3'], ['-3', '--no-raw'], ['-n', '5', '--no-raw']]) {
    const both = [];
    for (const [program, first] of [['redis-cli', []], [process.execPath, [at('pkg/cli.js'), 'cli']]]) {
      await run('redis-cli', ['-p', String(port), 'FLUSHALL']);
      both.push(await run(program, [...first, '-p', String(port), ...options], LINES));
    }
    assert.equal(both[1].out, both[0].out, options.join(' '));
    assert.equal(both[1].status, both[0].status);
  }
});

test('one call, its status, and a server that is not there', async (t) => {
  const { port } = await serve(t, folder(t));
  const at = ['-p', String(port)];
  assert.equal((await kilat([...at, 'SET', 'k', 'a b'])).out, 'OK\n');
  assert.equal((await kilat([...at, 'GET', 'k'])).out, 'a b\n');
  assert.equal((await kilat([...at, '--no-raw', 'GET', 'k'])).out, '"a b"\n');
  assert.deepEqual(await kilat([...at, 'LPUSH', 'k', 'x']), {
    status: 0, out: 'WRONGTYPE Operation against a key holding the wrong kind of value\n\n', err: '',
  });
  assert.equal((await kilat([...at, '-e', 'LPUSH', 'k', 'x'])).status, 1);
  const nobody = await kilat(['-p', String(await freePort()), 'PING']);
  assert.equal(nobody.status, 1);
  assert.match(nobody.err, /^Could not connect to Redis at 127\.0\.0\.1:\d+: Connection refused\n$/);
});

test('a folder without a server', async (t) => {
  const dir = folder(t);
  const { out, status } = await kilat(['--dir', dir, '--no-raw'], 'ZADD z 1 a 2.5 b\nZRANGE z 0 -1 WITHSCORES\nHELLO 3\nZSCORE z b\n');
  assert.equal(status, 0);
  assert.match(out, /^\(integer\) 2\n1\) "a"\n2\) "1"\n3\) "b"\n4\) "2\.5"\n1# "server" => "redis"\n/);
  assert.match(out, /\n\(double\) 2\.5\n$/);
  assert.equal((await kilat(['--dir', dir, 'ZCARD', 'z'])).out, '2\n');
});

test('messages are printed as they come', async (t) => {
  const { port } = await serve(t, folder(t));
  const child = spawn(process.execPath, [at('pkg/cli.js'), 'cli', '-p', String(port), '--no-raw', 'SUBSCRIBE', 'news', 'more']);
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  const until = (wanted) =>
    new Promise((resolve) => child.stdout.on('data', () => text.includes(wanted) && resolve()));
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  await until('"more"\n3) (integer) 2\n');
  const heard = until('"hello"\n');
  await kilat(['-p', String(port), 'PUBLISH', 'news', 'hello']);
  await heard;
  assert.match(text, /^Reading messages\.\.\. \(press Ctrl-C to quit\)\n1\) "subscribe"\n/);
  assert.match(text, /1\) "message"\n2\) "news"\n3\) "hello"\n$/);
});

test('completion and help come from the command table', { skip: !which('script') && 'script is not installed' }, async (t) => {
  const { port } = await serve(t, folder(t));
  const history = `${folder(t)}/history`;
  const program = `KILAT_HISTFILE=${history} ${process.execPath} ${at('pkg/cli.js')} cli -p ${port}`;
  const child = spawn('script', ['-qec', program, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const until = async (pattern) => {
    for (let tries = 0; tries < 200 && !pattern.test(text); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.match(text, pattern);
  };
  await until(/127\.0\.0\.1:\d+> /);
  child.stdin.write('zrangest\t');
  await until(/zrangestore /);
  child.stdin.write('\x15select 3\r');
  await until(/127\.0\.0\.1:\d+\[3\]> /);
  child.stdin.write('multi\r');
  await until(/\[3\]\(TX\)> /);
  child.stdin.write('discard\r');
  child.stdin.write('help getex\r');
  await until(/GETEX key \[EX seconds/);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin.write('quit\r');
  await ended;
  const { readFileSync } = await import('node:fs');
  assert.match(readFileSync(history, 'utf8'), /^select 3\nmulti\ndiscard\nhelp getex\nquit\n$/);
});
