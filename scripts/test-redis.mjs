// npm run test:redis [-- unit ...]: Redis's own test suite against `kilat serve`. The suite and its runner lie beside this
// repository (../shared/conformance); where they are not there, this says so and does nothing.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop, at, freePort, must, pause, run, runMain, say, which } from './shell.mjs';
import { installDebian, setUpBuild } from './setup.mjs';
import { build } from './build.mjs';
import { Connection } from './resp.mjs';

const RUNNER = at('../shared/conformance/run-redis-suite.sh');
const GETTER = at('../shared/conformance/get-redis-7.0.15-suite.sh');
const SUITE = process.env.REDIS_SUITE ?? at('target/redis-suite');
const UNITS = ['type/string', 'type/incr', 'type/hash', 'type/set', 'type/list', 'type/list-3', 'type/zset', 'keyspace', 'expire', 'multi', 'pubsub', 'scan', 'protocol', 'sort', 'dump'];

/** `zset`, `type/zset` and `unit/type/zset` are one unit. */
function unitName(given) {
  const short = given.replace(/^unit\//, '');
  const known = UNITS.find((unit) => unit === short || unit.endsWith(`/${short}`));
  return `unit/${known ?? short}`;
}

/** Starts `kilat serve` on a free port, in a folder of its own. */
export async function startKilat() {
  if (!existsSync(at('pkg/cli.js'))) throw new Stop('pkg/cli.js is not there: npm run build comes first.');
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'kilat-serve-'));
  const child = spawn(process.execPath, [at('pkg/cli.js'), 'serve', '--port', String(port), '--dir', dir], { stdio: ['ignore', 'inherit', 'inherit'] });
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    try {
      (await Connection.open(port)).close();
      return { port, stop };
    } catch {
      await pause(50);
    }
  }
  stop();
  throw new Stop('kilat serve did not start.');
}

await runMain(import.meta.url, async (args) => {
  if (!existsSync(RUNNER)) {
    say(`Redis's suite is left out: ${RUNNER} is not there.`);
    return 0;
  }
  const tools = await setUpBuild();
  if (!which('tclsh') && !(await installDebian('tcl'))) throw new Stop('tclsh is needed: install Tcl 8.6, then run this again.');
  if (!existsSync(join(SUITE, 'tests/test_helper.tcl'))) {
    say("set-up: fetching Redis's test suite into target/redis-suite");
    await must("Redis's test suite could not be had: see above.", 'sh', [GETTER, SUITE], { quiet: true });
  }
  await build({ tools });
  const server = await startKilat();
  const units = (args.length > 0 ? args : UNITS).map(unitName);
  try {
    const env = { RESULTS_OUT: at('target/redis-suite-results.txt'), LOG_DIR: at('target/redis-suite-log') };
    const { code } = await run('sh', [RUNNER, SUITE, '127.0.0.1', String(server.port), ...units], { env });
    say('each test with its message: target/redis-suite-results.txt');
    // 1: not all names of the baseline passed, which is a result and no failure of this script.
    return code > 1 ? code : 0;
  } finally {
    server.stop();
  }
});
