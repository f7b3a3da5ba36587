// A redis-server for the time of a run: nothing is saved, as kilat in memory saves nothing.
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { findRedis } from '../scripts/setup.mjs';
import { freePort, pause } from '../scripts/shell.mjs';

/** Answers `{ port, version, stop() }`, or null where there is no redis-server. */
export async function startRedis(...options) {
  const file = findRedis();
  if (!file) return null;
  const port = await freePort();
  const child = spawn(file, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...options], { stdio: 'ignore' });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  await listening(port);
  return {
    port,
    pid: child.pid,
    stop() {
      process.off('exit', killed);
      child.kill('SIGKILL');
    },
  };
}

/** Resolves when something listens there. */
export async function listening(port, ms = 10_000) {
  for (const began = Date.now(); Date.now() - began < ms; await pause(20)) {
    const answered = await new Promise((resolve) => {
      const socket = new Socket();
      const end = (answer) => (socket.destroy(), resolve(answer));
      socket.once('connect', () => end(true)).once('error', () => end(false));
      socket.connect(port, '127.0.0.1');
    });
    if (answered) return;
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** Words of a call as RESP. */
export const encode = (words) => `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`).join('')}`;

/** A connection: `call(...words)` answers the reply's first line, or a bulk string's text. For numbers and INFO. */
export async function client(port) {
  const { default: Redis } = await import('ioredis');
  const redis = new Redis({ port, lazyConnect: true });
  await redis.connect();
  return { call: (...words) => redis.call(...words.map(String)), redis, end: () => redis.disconnect() };
}
