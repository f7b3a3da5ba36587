// npm run bench: kilat beside others, in Node and in Chromium, and the marks. `-- --quick` in two minutes, `-- --only
// get,set,memory` some of it. How long a write takes at each level: node bench/latency.mjs; a takeover: npm run kills.
import { runMain } from './shell.mjs';
import { setUpBuild } from './setup.mjs';
import { build } from './build.mjs';

await runMain(import.meta.url, async (args) => {
  const tools = await setUpBuild();
  await build({ tools });
  const { bench } = await import('../bench/run.mjs');
  await bench(args);
});
