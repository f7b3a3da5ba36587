// Cells of runtimes that are no browser: without IndexedDB the data is in memory, and what outlives the process is a dump.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const NODE = process.execPath;

/** Two processes: one writes, reads and leaves a dump; the other loads it and reads. */
async function runTwice(project, command, args) {
  project.copy('runtime');
  const last = (output) => JSON.parse(output.trim().split('\n').at(-1));
  const use = async (step) => last(await project.run(command, [...args, 'use.mjs', step]));
  const user = { name: 'Ann', tags: ['a'] };
  assert.deepEqual(await use('write'), { found: null, user, score: 25 });
  assert.deepEqual(await use('read'), { found: user, user, score: 25 });
}

const IN_MEMORY = 'data in memory; `db.export()` and `kilat serve` keep it';

export const runtimeCells = [
  {
    name: 'node',
    place: 'plain',
    toolchain: {},
    shows: `Node ${process.versions.node}`,
    setting: IN_MEMORY,
    run: ({ project }) => runTwice(project, NODE, []),
  },
  {
    name: 'server rendering',
    place: 'plain',
    toolchain: {},
    shows: 'importing every entry touches no global',
    setting: '',
    async run({ project }) {
      project.copy('runtime');
      assert.equal((await project.run(NODE, ['untouched.mjs'])).trim(), 'untouched');
    },
  },
  {
    name: 'deno',
    place: 'deno',
    toolchain: { deno: '2.9.6' },
    setting: IN_MEMORY,
    run: ({ project }) => runTwice(project, denoOf(project), ['run', '--allow-all', '--node-modules-dir=manual']),
  },
  {
    name: 'bun',
    place: 'bun',
    toolchain: { bun: '1.4.5' },
    setting: IN_MEMORY,
    run: ({ project }) => runTwice(project, project.at('node_modules/bun/bin/bun.exe'), ['run']),
  },
];

/** The binary, which is the optional dependency that npm chose for this machine. */
function denoOf(project) {
  const scope = project.at('node_modules/@deno');
  return join(scope, readdirSync(scope)[0], 'deno');
}
