// npm run miri: the tests of the modules that hold `unsafe` code, interpreted by Miri, which tells each read or write
// of memory that is not theirs. Everything else of kilat forbids such code: `cargo test tidy`.
import { setUpNightly } from './setup.mjs';
import { run, runMain } from './shell.mjs';

/** With the tests beside them, which know under Miri to take fewer steps. */
const MODULES = ['value::structure::keys', 'value::structure::pair', 'value::structure::listpack::dense'];

await runMain(import.meta.url, async (args) => {
  await setUpNightly('miri', 'rust-src');
  const filters = args.length > 0 ? args : MODULES;
  const { code } = await run('cargo', ['+nightly', 'miri', 'test', '--lib', '--features', 'sim', '--', ...filters]);
  return code;
});
