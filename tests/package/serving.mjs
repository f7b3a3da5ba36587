// What the tests of this folder share: `kilat serve` started on a free port, and ended.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, freePort, pause } from '../../scripts/shell.mjs';
import { Connection } from '../../scripts/resp.mjs';

/** What ends the servers of a test. */
const stops = new WeakMap();

/** A folder for a test's servers, which goes when they have ended: one that runs writes into it. */
export function folder(t) {
  const dir = mkdtempSync(join(tmpdir(), 'kilat-test-'));
  t.after(async () => {
    for (const stop of stops.get(t) ?? []) await stop('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/** Starts the server, in memory only where `dir` is null; `stop(signal)` ends it and waits for its end. It ends with the test at the latest. */
export async function serve(t, dir, ...more) {
  const port = await freePort();
  const args = [at('pkg/cli.js'), 'serve', '--port', String(port), ...(dir === null ? [] : ['--dir', dir]), ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    await ended;
  };
  stops.set(t, [...(stops.get(t) ?? []), stop]);
  t.after(() => stop('SIGKILL'));
  for (let tries = 0; tries < 400; tries++) {
    if (child.exitCode !== null) throw new Error(`kilat serve ended: ${output}`);
    try {
      const client = await Connection.open(port);
      // The port is open before the data is loaded; answers come after.
      await client.call('PING');
      client.close();
      return { port, stop, ended, output: () => output, pid: child.pid };
    } catch {
      await pause(25);
    }
  }
  throw new Error(`kilat serve does not answer: ${output}`);
}

/** The value of a reply: text for strings and statuses. */
export function plain({ kind, value }) {
  if (kind === 'error') throw new Error(value);
  if (kind === 'nil') return null;
  if (kind === 'int') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return Buffer.isBuffer(value) ? value.toString() : value;
}
