// The whole programme: `npm run bench [-- --quick] [-- --only get,set,memory]`. Parts run one after the other; each writes
// bench/results/<part>.json, of which bench/plots are drawn. A quick run, and one of single operations, write to target/bench
// and draw nothing. Ends with the marks and one line: `marks: N of M reached`, M of them having been measured.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Stop, ask, at, duration, must, say } from '../scripts/shell.mjs';
import { judge } from './marks.mjs';
import { buildNative } from './native.mjs';
import { draw } from './plots.mjs';
import { columns, matrixTable } from './table.mjs';
import { WORK } from './work.mjs';

/** In the order that they are run. */
export const PARTS = ['size', 'node', 'page', 'tabs', 'memory', 'blocking', 'server', 'native', 'hits', 'growth', 'wall'];

const OPERATIONS = new Set(Object.keys(WORK).map((work) => work.split(' ')[0]));

/** What `--only` names: parts, and operations of the parts that have them. */
function choose(only) {
  if (!only) return { parts: PARTS, operations: null };
  const names = only.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!PARTS.includes(name) && !OPERATIONS.has(name)) throw new Stop(`--only knows no '${name}': there are ${[...PARTS, ...OPERATIONS].join(', ')}`);
  }
  const operations = names.filter((name) => OPERATIONS.has(name));
  const parts = PARTS.filter((part) => names.includes(part) || (operations.length > 0 && ['node', 'page'].includes(part)));
  return { parts, operations: operations.length ? operations : null };
}

/** The contenders' packages: bench/package-lock.json says which. */
export async function install() {
  const lock = JSON.parse(readFileSync(at('bench/package-lock.json'), 'utf8')).packages;
  const versionOf = (name) => {
    const file = at('bench', name, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null;
  };
  const { dependencies } = lock[''];
  const paths = Object.keys(dependencies).map((name) => `node_modules/${name}`);
  if (paths.some((path) => versionOf(path) !== lock[path].version)) {
    say('set-up: installing the contenders (npm ci in bench/)');
    await must("The contenders' packages could not be installed.", 'npm', ['ci', '--no-audit', '--no-fund'], { quiet: true, cwd: at('bench') });
  }
  return Object.fromEntries(paths.map((path) => [path.replace('node_modules/', ''), lock[path].version]));
}

function machine(packages) {
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const commit = ask('git', ['rev-parse', '--short', 'HEAD']);
  return {
    date: new Date().toISOString(),
    versions: { kilat: `${version}${commit ? ` (${commit})` : ''}`, node: process.versions.node, ...packages },
    machine: { cpu: cpus()[0].model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), load: loadavg()[0] },
  };
}

/** What takes longer than to see that nothing is to be built was built: it is no part's time. */
const BUILT_MS = 3000;

/** Whose programs are built before anything is measured. */
const NATIVE = ['server', 'native'];

async function buildFor(parts) {
  if (!parts.some((part) => NATIVE.includes(part))) return;
  const { built, ms } = await buildNative();
  if (built && ms > BUILT_MS) say(`build: bench/native (${duration(ms)})`);
}

function save(folder, name, result) {
  mkdirSync(at(folder), { recursive: true });
  writeFileSync(at(folder, `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

export async function bench(args) {
  const options = { quick: { type: 'boolean', default: false }, only: { type: 'string' } };
  const { values } = parseArgs({ args, options });
  const { parts, operations } = choose(values.only);
  const packages = await install();
  await buildFor(parts);
  const started = Date.now();
  const redis = /v=(\S+)/.exec(ask('redis-server', ['--version']) ?? '')?.[1] ?? null;
  const header = { ...machine(packages), redis, quick: values.quick };
  const folder = values.quick || operations ? 'target/bench' : 'bench/results';
  const results = {};
  for (const part of parts) {
    const { title, run, table = matrixTable } = await import(`./parts/${part}.mjs`);
    const began = Date.now();
    say(`\n== ${part}: ${title}`);
    try {
      results[part] = await run({ quick: values.quick, only: operations, say, results, tell: () => {} });
    } catch (error) {
      say(`${part} failed: ${error.stack ?? error}`);
      process.exitCode = 1;
      continue;
    }
    // It has said why it cannot be here.
    if (!results[part]) continue;
    const lines = table(results[part]);
    const result = { ...header, title, ...results[part], table: lines };
    save(folder, part, result);
    columns(lines);
    say(`(${duration(Date.now() - began)})`);
    if (!values.only) save(folder, 'marks', { ...header, marks: judge(results) });
  }
  say(`\nmeasured in ${duration(Date.now() - started)}`);
  if (folder === 'target/bench') say('results: target/bench; bench/results and the plots are of whole parts, measured at length');
  else say(`plots: ${draw().map((name) => `bench/plots/${name}.svg`).join(' ')}`);
  tellMarks(judge(results), values);
}

function tellMarks(marks, { quick, only }) {
  const untold = quick && !only ? 'not told by a quick run' : 'not measured';
  say('\n== marks');
  columns([['mark', 'measured', ''], ...marks.map(({ what, text, reached }) => [what, reached === null ? untold : text, reached === null ? '–' : reached ? 'reached' : 'MISSED'])]);
  const measured = marks.filter(({ reached }) => reached !== null);
  if (quick && !only && measured.length < marks.length) say(`${marks.length - measured.length} more cannot be told by a quick run`);
  say(`marks: ${measured.filter(({ reached }) => reached).length} of ${measured.length} reached`);
}
