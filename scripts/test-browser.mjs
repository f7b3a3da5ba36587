// npm run test:browser -- [--browser chromium|firefox|webkit] [FILE ...]: the browser tests in one engine, all or those
// whose files are named (`gone` is tests/browser/gone.test.mjs). Builds the package first.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { findRedis, installBrowser, setUpBuild } from './setup.mjs';
import { Stop, at, runMain } from './shell.mjs';
import { nodeTests, report } from './test.mjs';

const USAGE = 'usage: npm run test:browser -- [--browser chromium|firefox|webkit] [FILE ...]';

function options(args) {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { browser: { type: 'string', default: 'chromium' } } });
    return { browser: values.browser, files: positionals.map((name) => `${name.replace(/\.test\.mjs$/, '')}.test.mjs`) };
  } catch (error) {
    throw new Stop(`${error.message}\n${USAGE}`);
  }
}

await runMain(import.meta.url, async (args) => {
  const began = Date.now();
  const { browser, files } = options(args);
  for (const file of files) if (!existsSync(at('tests/browser', file))) throw new Stop(`there is no tests/browser/${file}`);
  if (!(await installBrowser(browser))) throw new Stop(`there is no ${browser}`);
  await build({ tools: await setUpBuild() });
  const isChosen = (file) => files.length === 0 || files.includes(file);
  const env = { KILAT_BROWSER: browser, REDIS_SERVER: findRedis() ?? '' };
  return report(await nodeTests('tests/browser', env, { isChosen, suffix: ` (${browser})` }), began);
});
