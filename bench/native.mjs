// The Rust package of bench/native: built here, its programs' paths.
import { at, run, which } from '../scripts/shell.mjs';

const env = { CARGO_TARGET_DIR: at('target/bench-native') };
const cwd = at('bench/native');

/** Path of a program of it; null where it cannot be built. */
export async function program(name, say) {
  const built = await cargo(['build', '--release', '--quiet', '--bin', name]);
  if (built.code !== 0) say(`bench/native does not build: ${name} is left out`);
  return built.code === 0 ? `${env.CARGO_TARGET_DIR}/release/${name}` : null;
}

export const cargo = (args) => (which('cargo') ? run('cargo', args, { quiet: true, env, cwd }) : { code: 1, output: '' });

export const criterionFolder = `${env.CARGO_TARGET_DIR}/criterion`;
