// npm run matrix [-- name ...]: the packed tarball in strangers' projects, under one toolchain after another, in real
// Chromium and other runtimes. Prints a line a cell; a cell whose toolchain cannot be installed is told and is not passed.
// Names choose the cells that contain one of them. `--write` writes their rows into docs/toolchains.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { CELLS } from '../tests/matrix/cells.mjs';
import { launch } from '../tests/matrix/browser.mjs';
import { NoToolchain, pack, project } from '../tests/matrix/project.mjs';
import { Stop, at, duration, runMain, say } from './shell.mjs';

const TABLE = /(<!-- table -->\n)[\s\S]*?(<!-- end of table -->)/;

/** Runs one cell; answers `{ cell, ms, state, error }`. */
export async function runCell(cell, tarball, browser) {
  const began = Date.now();
  const result = { cell, state: 'passes', error: null };
  try {
    await cell.run({ project: await project(cell.place, cell.toolchain, tarball), browser });
  } catch (error) {
    result.state = error instanceof NoToolchain ? 'NOT INSTALLED' : 'FAILS';
    result.error = error;
  }
  return { ...result, ms: Date.now() - began };
}

async function runAll(cells) {
  const tarball = await pack();
  const browser = await launch();
  const results = [];
  try {
    for (const cell of cells) {
      const result = await runCell(cell, tarball, browser);
      say(`${result.state === 'passes' ? 'ok    ' : 'FAILED'} ${cell.name.padEnd(20)} ${result.state} (${duration(result.ms)})`);
      if (result.error) say(indent(result.error.stack ?? String(result.error)));
      results.push(result);
    }
  } finally {
    await browser.close();
  }
  return results;
}

const indent = (text) => text.split('\n').map((line) => `         ${line}`).join('\n');

/** A row of docs/toolchains.md. */
function row({ cell, state }) {
  const versions = Object.entries(cell.toolchain).map(([name, version]) => `${name} ${version}`).join(', ');
  return `| ${cell.name} | ${versions || '-'} | ${cell.shows ?? ''} | ${state} | ${cell.setting || 'none'} |`;
}

/** Writes the rows of these results; those of other cells stay as they are. */
function writeTable(results) {
  const file = at('docs/toolchains.md');
  const text = readFileSync(file, 'utf8');
  if (!TABLE.test(text)) throw new Stop('docs/toolchains.md has no place for the table.');
  const rows = new Map([...text.matchAll(/^\| (.+?) \|.*\|$/gm)].map(([row, name]) => [name, row]));
  for (const result of results) rows.set(result.cell.name, row(result));
  const cells = CELLS.map((cell) => rows.get(cell.name) ?? row({ cell, state: 'not run' }));
  const table = ['| cell | toolchain | what it shows | result | setting |', '| --- | --- | --- | --- | --- |', ...cells].join('\n');
  writeFileSync(file, text.replace(TABLE, (_, start, end) => `${start}\n${table}\n\n${end}`));
}

await runMain(import.meta.url, async (args) => {
  const wanted = args.filter((word) => !word.startsWith('--'));
  const cells = CELLS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
  if (cells.length === 0) throw new Stop(`No cell is called so: there are ${CELLS.map(({ name }) => name).join(', ')}.`);
  if (!existsSync(at('pkg/index.js'))) throw new Stop('pkg/ is empty: npm run build comes first.');
  const results = await runAll(cells);
  if (args.includes('--write')) writeTable(results);
  const passed = results.filter(({ state }) => state === 'passes').length;
  say(`matrix: ${passed} of ${results.length} cells`);
  return passed === results.length ? 0 : 1;
});
