// npm run kills -- --rounds N [--first R] [--browser chromium|firefox|webkit]: the leading tab dies N times, in all ways
// in turn, while three tabs write. Ends in one line; fails when an acknowledged write is lost or there twice, or a round did
// not end.
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { installBrowser, setUpBuild } from './setup.mjs';
import { Stop, runMain, say } from './shell.mjs';

const USAGE = 'usage: npm run kills -- --rounds N [--first R] [--browser chromium|firefox|webkit]';

function options(args) {
  const known = { rounds: { type: 'string', default: '20' }, first: { type: 'string', default: '0' }, browser: { type: 'string', default: 'chromium' } };
  let values;
  try {
    ({ values } = parseArgs({ args, options: known }));
  } catch (error) {
    throw new Stop(`${error.message}\n${USAGE}`);
  }
  const number = (text) => (/^\d+$/.test(text) ? Number(text) : null);
  const [rounds, first] = [number(values.rounds), number(values.first)];
  if (!rounds || first === null) throw new Stop(`--rounds wants a number from 1 on, --first one from 0 on\n${USAGE}`);
  return { rounds, first, browser: values.browser };
}

await runMain(import.meta.url, async (args) => {
  const { rounds, first, browser } = options(args);
  process.env.KILAT_BROWSER = browser;
  if (!(await installBrowser(browser))) throw new Stop(`there is no ${browser}`);
  await build({ tools: await setUpBuild() });
  const { runKills, summary } = await import('../tests/browser/kills.mjs');
  // Browsers end with this process.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  const ends = [];
  try {
    const run = await runKills({ after: (end) => ends.push(end) }, { rounds, first, told: say });
    for (const sentence of [...run.lost, ...run.doubled]) say(`WRONG: ${sentence}`);
    say(summary(run));
    return run.lost.length + run.doubled.length + run.failed.length > 0 ? 1 : 0;
  } finally {
    for (const end of ends) await end();
  }
});
