// npm run miri: the tests of the modules that hold `unsafe` code, interpreted by Miri, which tells each read or write
// of memory that is not theirs. Everything else of kilat forbids such code: `cargo test tidy`.
import { ask, must, run, runMain, say } from './shell.mjs';

/** With the tests beside them, which know under Miri to take fewer steps. */
const MODULES = ['value::structure::keys', 'value::structure::pair', 'value::structure::listpack::dense'];

async function setUp() {
  const installed = ask('rustup', ['component', 'list', '--toolchain', 'nightly', '--installed']) ?? '';
  if (/^miri/m.test(installed) && /^rust-src/m.test(installed)) return;
  say('set-up: Miri comes with nightly Rust, which rustup installs now');
  await must('Miri could not be installed.', 'rustup', ['toolchain', 'install', 'nightly', '--profile', 'minimal', '--component', 'miri,rust-src']);
}

await runMain(import.meta.url, async (args) => {
  await setUp();
  const filters = args.length > 0 ? args : MODULES;
  const { code } = await run('cargo', ['+nightly', 'miri', 'test', '--lib', '--features', 'sim', '--', ...filters]);
  return code;
});
