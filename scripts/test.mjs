// npm test: everything, one part after the other; a part that fails does not keep the next from running.
// Ends in a table of the slowest parts and one line, `N passed, N failed, N skipped`, summed over all runners.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { Stop, at, duration, run, runMain, say } from './shell.mjs';
import { setUpBuild, setUpTests } from './setup.mjs';
import { build } from './build.mjs';
import { RUST_CHECKS, runChecks, typeChecks } from './check.mjs';
import { simulate } from './sim.mjs';
import { checkPayload } from './size.mjs';

/** What is run in Firefox each time: what differs most between engines. All: `npm run test:browser -- --browser firefox`. */
const IN_FIREFOX = ['gone.test.mjs', 'hidden.test.mjs', 'kills.test.mjs'];

/** A file of tests that lasts longer waits for something that will not come. */
const FILE_MS_MAX = 15 * 60_000;

const heading = (text) => say(`\n== ${text}`);

/** Counts of cargo's `test result:` lines, and a part for each test binary. */
async function cargoTests(redis) {
  const began = Date.now();
  const env = redis ? { REDIS_SERVER: redis } : {};
  const { code, output } = await run('cargo', ['test', '--no-fail-fast', '--features', 'sim'], { env });
  const results = /test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;.*?(?:finished in ([\d.]+)s)?$/gm;
  const parts = [...output.matchAll(results)].map((found, index) => ({
    name: `cargo test, binary ${index + 1}`,
    ms: Number(found[4] ?? 0) * 1000,
    passed: Number(found[1]),
    failed: Number(found[2]),
    skipped: Number(found[3]),
  }));
  const running = parts.reduce((sum, part) => sum + part.ms, 0);
  const failed = code !== 0 && parts.every((part) => part.failed === 0) ? 1 : 0;
  return [...parts, { name: 'cargo test, compiling', ms: Date.now() - began - running, passed: 0, failed, skipped: 0 }];
}

/**
 * One `node --test` for each file of a folder that `isChosen`, so that each has its own time and its own process. Answers a
 * part of the report for each, its name with `suffix`.
 */
export async function nodeTests(folder, env, { isChosen = () => true, suffix = '' } = {}) {
  const files = existsSync(at(folder)) ? readdirSync(at(folder)).filter((name) => name.endsWith('.test.mjs') && isChosen(name)).sort() : [];
  const parts = [];
  for (const file of files) {
    const path = `${folder}/${file}`;
    const name = path + suffix;
    say(`\n-- ${name}`);
    const began = Date.now();
    const tap = at('target/node-test.tap');
    rmSync(tap, { force: true });
    mkdirSync(at('target'), { recursive: true });
    const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${tap}`];
    const { code } = await run(process.execPath, ['--test', ...reporters, at(path)], { env, msMax: FILE_MS_MAX });
    parts.push({ name, ms: Date.now() - began, ...tapCounts(tap, code) });
  }
  return parts;
}

function tapCounts(file, code) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  return { passed: count('pass'), failed: failed || (code === 0 ? 0 : 1), skipped: count('skipped') + count('todo') };
}

async function buildPart(tools) {
  const began = Date.now();
  const part = { name: 'release build', passed: 1, failed: 0, skipped: 0 };
  try {
    await build({ tools });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(error.message);
    Object.assign(part, { passed: 0, failed: 1 });
  }
  return { ...part, ms: Date.now() - began };
}

function skippedPart(folder, why) {
  const files = existsSync(at(folder)) ? readdirSync(at(folder)).filter((name) => name.endsWith('.test.mjs')) : [];
  say(`${folder}: left out, ${why}`);
  return { name: folder, ms: 0, passed: 0, failed: 0, skipped: files.length };
}

/** Prints the table and the last line; answers the exit code. */
export function report(parts, began) {
  heading('slowest parts');
  const slowest = [...parts].sort((a, b) => b.ms - a.ms).slice(0, 12).filter((part) => part.ms > 0);
  for (const { name, ms, passed, failed, skipped } of slowest) {
    say(`${duration(ms).padStart(12)}  ${name.padEnd(44)} ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  for (const { name, failed } of parts) if (failed) say(`FAILED: ${name}`);
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  say(`all of it took ${duration(Date.now() - began)}\n`);
  say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed') > 0 ? 1 : 0;
}

await runMain(import.meta.url, async () => {
  const began = Date.now();
  heading('set-up');
  const tools = await setUpBuild();
  const { chromium, firefox, redisServer } = await setUpTests();
  const parts = [];

  heading('checks');
  parts.push(...(await runChecks(RUST_CHECKS)));
  heading('transcripts against a real server');
  const recheck = [['transcripts, against redis-server', process.execPath, [at('scripts/record.mjs'), '--check']]];
  if (redisServer) parts.push(...(await runChecks(recheck)));
  else parts.push({ name: recheck[0][0], ms: 0, passed: 0, failed: 0, skipped: 1 });
  heading('cargo test');
  parts.push(...(await cargoTests(redisServer)));
  heading('simulation');
  parts.push(await simulate(2000));
  heading('build');
  const built = await buildPart(tools);
  parts.push(built);
  if (built.failed) return report(parts, began);
  parts.push(...(await runChecks(typeChecks())), ...checkPayload());

  heading('package');
  const env = { CHROME_PATH: chromium ?? '', REDIS_SERVER: redisServer ?? '' };
  parts.push(...(await nodeTests('tests/package', env)));
  heading('browser');
  if (chromium) parts.push(...(await nodeTests('tests/browser', env)));
  else parts.push(skippedPart('tests/browser', 'no Chromium could be had'));
  heading('browser, in Firefox');
  const inFirefox = { isChosen: (file) => IN_FIREFOX.includes(file), suffix: ' (firefox)' };
  if (firefox) parts.push(...(await nodeTests('tests/browser', { ...env, FIREFOX_PATH: firefox, KILAT_BROWSER: 'firefox' }, inFirefox)));
  else parts.push({ ...skippedPart('tests/browser', 'no Firefox could be had'), name: 'tests/browser (firefox)', skipped: IN_FIREFOX.length });

  return report(parts, began);
});
