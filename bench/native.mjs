// The Rust package of bench/native: built here, its programs' paths.
import { at, run, which } from '../scripts/shell.mjs';

const env = { CARGO_TARGET_DIR: at('target/bench-native') };
const cwd = at('bench/native');

/** Builds what is not built yet, all of it; answers `{ built, ms }`. */
export async function buildNative() {
  const began = Date.now();
  const { code } = await cargo(['bench', '--quiet', '--no-run', '--bench', 'engine']);
  return { built: code === 0, ms: Date.now() - began };
}

/** Path of a program of it; null where it cannot be built. */
export async function program(name, say) {
  const { built } = await buildNative();
  if (!built) say(`bench/native does not build: ${name} is left out`);
  return built ? `${env.CARGO_TARGET_DIR}/release/${name}` : null;
}

export const cargo = (args) => (which('cargo') ? run('cargo', args, { quiet: true, env, cwd }) : { code: 1, output: '' });

export const criterionFolder = `${env.CARGO_TARGET_DIR}/criterion`;
