// npm run check: what needs no run: format, lints, types, the tidy test, and what can be said of the package as it would
// be published: publint, attw, sizes. Each check runs, whatever the others find.
import { existsSync, readFileSync } from 'node:fs';
import { pack } from '../tests/matrix/project.mjs';
import { at, duration, run, runMain, say } from './shell.mjs';
import { setUpBuild } from './setup.mjs';
import { build } from './build.mjs';
import { checkPayload } from './size.mjs';

const LINTS = ['--quiet', '--', '-D', 'warnings'];
const TSC = at('node_modules/typescript/bin/tsc');

/** Checks that need no build. */
export const RUST_CHECKS = [
  ['format', 'cargo', ['fmt', '--check']],
  ['lints, native', 'cargo', ['clippy', '--all-targets', '--features', 'sim', ...LINTS]],
  ['lints, wasm', 'cargo', ['clippy', '--lib', '--target', 'wasm32-unknown-unknown', ...LINTS]],
];

/** Checks of TypeScript, which need the build's declarations. */
export function typeChecks() {
  return ['tsconfig.json', 'www/tsconfig.json', 'tests/types/tsconfig.json']
    .filter((config) => existsSync(at(config)))
    .map((config) => [`types, ${config}`, process.execPath, [TSC, '--noEmit', '-p', at(config)]]);
}

const PUBLINT = at('node_modules/publint/src/cli.js');
const ATTW = at('node_modules/@arethetypeswrong/cli/dist/index.js');

/** Checks of the packed tarball. What is no module is not asked for its types. */
export function packageChecks(tarball) {
  const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const files = Object.keys(exports).filter((name) => typeof exports[name] === 'string' && name !== './package.json');
  return [
    ['publint', process.execPath, [PUBLINT, 'run', tarball, '--strict']],
    ['attw', process.execPath, [ATTW, tarball, '--profile', 'esm-only', '--no-emoji', '--exclude-entrypoints', ...files]],
  ];
}

/** Runs checks one by one; answers `[{ name, ms, passed, failed, skipped }]`. */
export async function runChecks(checks) {
  const parts = [];
  for (const [name, command, args] of checks) {
    const began = Date.now();
    const { code } = await run(command, args, { quiet: true });
    const ms = Date.now() - began;
    say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${duration(ms)})`);
    parts.push({ name, ms, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
  }
  return parts;
}

await runMain(import.meta.url, async () => {
  const tools = await setUpBuild();
  const parts = await runChecks([...RUST_CHECKS, ['tidy', 'cargo', ['test', '--quiet', '--test', 'native', 'tidy']]]);
  await build({ tools });
  parts.push(...(await runChecks(typeChecks())), ...(await runChecks(packageChecks(await pack()))), ...checkPayload());
  return parts.some((part) => part.failed) ? 1 : 0;
});
