// Servers under redis-benchmark, with pipelines of 1, 16 and 100 and 50 clients: redis-server; the engine natively in one
// thread over epoll (bench/native, no log, no storage); `kilat serve`, the same engine in WebAssembly under Node.js.
//
// All of them get the same bytes of the same client over sockets of the same kind. Where the client is the slower side, or
// shares a core, calls a second tell little: what a server is compared by is the time that its main thread was on a CPU.
// That swings too, by half, as caches and the other processes of the machine have it: servers take turns, each is compared
// with redis-server's run of the same round, and the middle one of the rounds' ratios counts.
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { at, freePort, which } from '../../scripts/shell.mjs';
import { median } from '../matrix.mjs';
import { program } from '../native.mjs';
import { client, listening, startRedis } from '../redis.mjs';
import { count } from '../table.mjs';

export const title = 'servers under redis-benchmark';

export const NAMES = ['redis-server', 'engine, native', 'kilat serve'];
const OPERATIONS = ['set', 'get', 'incr', 'lpush', 'zadd'];
const KEYS = 100_000;

/** Rounds with the pipeline that marks are about, and with others. */
const ROUNDS = { 100: 7, 16: 3, 1: 3 };
const QUICK_ROUNDS = 3;

/** Requests of one test: as many as take a moment. */
function requestsOf(name, pipeline, quick) {
  if (name === 'kilat serve') return quick ? 20_000 : 40_000;
  if (pipeline === 1) return 40_000;
  return quick ? 100_000 : pipeline === 16 ? 200_000 : 600_000;
}

async function started(file, args) {
  const port = args.port;
  const child = spawn(file, args.words, { stdio: 'ignore' });
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  await listening(port);
  return { port, pid: child.pid, stop: () => (process.off('exit', stop), stop()) };
}

async function startAll(say) {
  const native = await program('serve', say);
  const servers = { 'redis-server': await startRedis() };
  if (native) {
    const port = await freePort();
    servers['engine, native'] = await started(native, { port, words: [String(port)] });
  }
  const port = await freePort();
  servers['kilat serve'] = await started(process.execPath, { port, words: [at('pkg/cli.js'), 'serve', '--port', String(port)] });
  return servers;
}

/** Nanoseconds that a process's main thread has been on a CPU; null where the system does not tell. */
function cpuOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return null;
  }
}

/** Runs one test against one server: calls a second, and nanoseconds on a CPU for each. */
async function measure({ port, pid }, operation, pipeline, requests) {
  const redis = await client(port);
  await redis.call('FLUSHALL');
  redis.end();
  const hammer = async (test) => {
    const args = ['-p', port, '-P', pipeline, '-c', 50, '-n', requests, '-r', KEYS, '-d', 26, '-t', test, '--csv'].map(String);
    const { stdout } = await promisify(execFile)(which('redis-benchmark'), args);
    return Number(/^"[^"]+","([\d.]+)"/m.exec(stdout.split('\n').slice(1).join('\n'))[1]);
  };
  if (operation === 'get') await hammer('set');
  const before = cpuOf(pid);
  const perSecond = await hammer(operation);
  return { perSecond, cpuNs: before === null ? null : (cpuOf(pid) - before) / requests };
}

export async function run({ quick, say }) {
  if (!which('redis-benchmark')) return say('no redis-benchmark: left out');
  const servers = await startAll(say);
  const rows = [];
  try {
    for (const pipeline of quick ? [100] : [1, 16, 100]) {
      for (const operation of OPERATIONS) {
        const found = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
        for (let round = 0; round < (quick ? QUICK_ROUNDS : ROUNDS[pipeline]); round++) {
          for (const [name, server] of Object.entries(servers)) {
            found[name].push(await measure(server, operation, pipeline, requestsOf(name, pipeline, quick)));
          }
        }
        const of = (name, figure) => median(found[name].map((one) => one[figure]));
        const redis = found['redis-server'];
        /** How many times redis-server's speed, on a CPU. */
        const ratio = (name) => (redis[0].cpuNs ? median(found[name].map(({ cpuNs }, round) => redis[round].cpuNs / cpuNs)) : null);
        rows.push({
          operation,
          pipeline,
          servers: Object.fromEntries(Object.keys(found).map((name) => [name, { perSecond: of(name, 'perSecond'), cpuNs: of(name, 'cpuNs'), ratio: ratio(name) }])),
        });
      }
    }
  } finally {
    for (const server of Object.values(servers)) server?.stop();
  }
  return { clients: 50, rows };
}

export function table({ rows }) {
  const text = (server) => (server ? `${count(server.perSecond)}/s, ${server.cpuNs === null ? '–' : `${Math.round(server.cpuNs)} ns`}` : '–');
  return [['calls a second, ns on a CPU a call', ...NAMES], ...rows.map(({ operation, pipeline, servers }) => [`${operation} -P ${pipeline}`, ...NAMES.map((name) => text(servers[name]))])];
}
