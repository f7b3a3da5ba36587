// What every script here needs of the shell: saying, running, finding. No dependency but Node's own modules.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const at = (...parts) => join(root, ...parts);

/** A failure that is told to the person in one sentence, without a stack. */
export class Stop extends Error {}

export const say = (text) => console.log(text);

/** Runs `main` when `metaUrl` is the script that node was started with. */
export async function runMain(metaUrl, main) {
  if (process.argv[1] !== fileURLToPath(metaUrl)) return;
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? process.exitCode;
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  }
}

/** First executable called `name` on PATH, or null. */
export function which(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (folder && isExecutable(file)) return file;
  }
  return null;
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    return false;
  }
}

/** Standard output of a command, trimmed; null when it cannot be run or fails. */
export function ask(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  return done.status === 0 ? done.stdout.trim() : null;
}

/**
 * Runs a command to its end with its output shown as it comes, and answers `{ code, output }`.
 * `quiet` keeps the output back unless the command fails. A command that has not ended after `msMax` is ended, and has failed.
 */
export function run(command, args, { quiet = false, env = {}, cwd = root, prefix = null, msMax = null } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (chunk) => {
    output += chunk;
    if (!quiet) process.stdout.write(chunk);
  };
  if (prefix) take(prefix);
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  return new Promise((resolve, reject) => {
    const limit = msMax && setTimeout(() => {
      say(`${command} has not ended after ${duration(msMax)}: it is ended`);
      child.kill();
      // What it has started may live on and keep them open.
      child.stdout.destroy();
      child.stderr.destroy();
    }, msMax);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const status = code ?? (signal ? 128 : 1);
      if (quiet && status !== 0) process.stdout.write(output);
      resolve({ code: status, output });
    });
  });
}

/** As `run`, and stops with `sentence` when the command fails. */
export async function must(sentence, command, args, options) {
  let result;
  try {
    result = await run(command, args, options);
  } catch (error) {
    throw new Stop(`${sentence} (${command}: ${error.message})`);
  }
  if (result.code !== 0) throw new Stop(sentence);
  return result.output;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** "1.4 s", "2 min 03 s" */
export function duration(ms) {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
