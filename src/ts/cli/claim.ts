/**
 * One process a folder. Storage would stand two (the log is a fence), but people want to be told.
 *
 * The claim is a socket that its holder listens on: it ends with the process, however that ends, and whoever finds it
 * taken learns the holder's number from it. It lies in the folder of temporary files, because paths of sockets are short.
 */
import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf, Fault } from './fault.js';

/** A holder that does not tell its number within this is one nevertheless. */
const ANSWER_MS = 500;

/** Claims the folder of this real path; answers how to give it back. */
export async function claim(path: string): Promise<() => Promise<void>> {
  const place = placeOf(path);
  for (let tries = 0; ; tries++) {
    const server = await listen(place);
    if (server) return () => new Promise((resolve) => server.close(() => resolve()));
    const holder = await holderOf(place);
    if (holder !== null || tries > 2) {
      const who = holder ? `process ${holder}` : 'another process';
      throw new Fault(`${path} is in use by ${who}: one process may use a folder at a time.`);
    }
    // Left by a process that was killed.
    unlinkSync(place);
  }
}

function placeOf(path: string): string {
  const name = `kilat-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** Null where the place is taken. */
async function listen(place: string): Promise<Server | null> {
  const server = createServer((socket) => socket.on('error', () => {}).end(String(process.pid)));
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (codeOf(error) === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(place, () => resolve(server));
  });
}

/** The number of the process that listens there; empty: it does not tell; null: nobody listens. */
async function holderOf(place: string): Promise<string | null> {
  return new Promise((resolve) => {
    let told = '';
    const socket = connect(place);
    socket.setEncoding('utf8').setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (text) => (told += text));
    socket.on('error', (error) => resolve(codeOf(error) === 'ECONNREFUSED' || codeOf(error) === 'ENOENT' ? null : ''));
    socket.on('close', () => resolve(told));
  });
}
