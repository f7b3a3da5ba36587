// A stranger's project: a folder outside the tree with the packed tarball and a toolchain from npm in it.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop, at, run } from '../../scripts/shell.mjs';

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 12);

/** Projects stay there between runs, so that a toolchain is installed once. Each checkout has its own: two may run at once. */
export const PLACE = join(tmpdir(), `kilat-matrix-${hash(at('.'))}`);
const FIXTURES = at('tests/matrix/fixtures');
const NPM = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

/** A toolchain that npm does not bring: the package is not to blame, and nothing has been shown. */
export class NoToolchain extends Error {}

/** Packs the package; answers the tarball's path, whose name changes with what is in it. */
export async function pack() {
  mkdirSync(PLACE, { recursive: true });
  const folder = join(PLACE, `pack-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const { code, output } = await run('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], { quiet: true });
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (code !== 0 || !name) throw new Stop(`npm pack failed: ${output}`);
  const bytes = readFileSync(join(folder, name));
  const tarball = join(PLACE, `kilat-${hash(bytes)}.tgz`);
  for (const old of readdirSync(PLACE)) {
    if (old.endsWith('.tgz') && join(PLACE, old) !== tarball) rmSync(join(PLACE, old));
  }
  renameSync(join(folder, name), tarball);
  rmSync(folder, { recursive: true });
  return tarball;
}

/** The project of a toolchain (`{ name: version }`), installed. */
export async function project(name, toolchain, tarball) {
  const folder = join(PLACE, name);
  mkdirSync(folder, { recursive: true });
  for (const left of readdirSync(folder)) {
    if (!['node_modules', 'package.json', 'package-lock.json'].includes(left)) rmSync(join(folder, left), { recursive: true });
  }
  const manifest = JSON.stringify({
    name: 'stranger',
    private: true,
    type: 'module',
    dependencies: { ...toolchain, kilat: `file:${tarball}` },
    // Parcel resolves subpaths of packages only where this is said.
    '@parcel/resolver-default': { packageExports: true },
  });
  const file = join(folder, 'package.json');
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === manifest && existsSync(join(folder, 'node_modules/kilat'));
  if (!isCurrent) await install(folder, file, manifest, toolchain);
  return {
    folder,
    at: (...parts) => join(folder, ...parts),
    write(path, text) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    copy: (fixture, to = '.') => cpSync(join(FIXTURES, fixture), join(folder, to), { recursive: true }),
    /** Runs a program of the project's to its end; its output stands in the error where it fails. */
    async run(command, args, env = {}) {
      const { code, output } = await runCaught(command, args, folder, env);
      if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-3000)}`);
      return output;
    },
  };
}

async function install(folder, file, manifest, toolchain) {
  // Where npm knows the toolchain but not the tarball, it is kilat that cannot be installed.
  writeFileSync(file, JSON.stringify({ private: true, dependencies: toolchain }));
  rmSync(join(folder, 'package-lock.json'), { force: true });
  if (Object.keys(toolchain).length > 0) {
    const { code, output } = await runCaught('npm', ['install', ...NPM], folder);
    if (code !== 0) throw new NoToolchain(output.trim().split('\n').slice(0, 3).join(' | '));
  }
  writeFileSync(file, manifest);
  rmSync(join(folder, 'package-lock.json'), { force: true });
  const { code, output } = await runCaught('npm', ['install', ...NPM], folder);
  if (code !== 0) {
    rmSync(file);
    throw new Error(`npm install of the tarball failed: ${output.slice(-2000)}`);
  }
}

/** Runs a command and keeps what it says. */
async function runCaught(command, args, cwd, env = {}) {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code ?? 1)));
  return { code, output };
}

/** Starts a server of the project's; answers its address once `ready` is in what it says, and how to end it. */
export async function start({ folder }, command, args, ready, env = {}) {
  const { spawn } = await import('node:child_process');
  // A group of its own: tools start others, and all of them must end.
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  const found = await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), 120_000);
    const settle = (value) => (clearTimeout(timer), resolve(value));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        const plain = output.replaceAll(/\u001b\[[\d;]*m/g, '');
        const match = ready.exec(plain);
        if (match) settle(match);
      });
    }
    child.on('close', () => settle(null));
    child.on('error', () => settle(null));
  });
  if (!found) {
    await stop();
    throw new Error(`${command} ${args.join(' ')} did not serve:\n${output.slice(-3000)}`);
  }
  return { address: found[1] ?? found[0], stop, said: () => output };
}
