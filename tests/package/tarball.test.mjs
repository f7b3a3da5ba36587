// The packed tarball, installed in a folder outside the tree: what it holds, its types, its command. That it runs wherever
// it is said to run: matrix.test.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ENTRIES } from '../../scripts/build.mjs';
import { packageChecks } from '../../scripts/check.mjs';
import { at } from '../../scripts/shell.mjs';

let folder;
let tarball;
const inFolder = (...parts) => join(folder, ...parts);
const runIn = (command, args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilat-consumer-'));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: at('.'), encoding: 'utf8' });
  tarball = Object.values(JSON.parse(packed))[0];
  writeFileSync(inFolder('package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  runIn('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', inFolder(tarball.filename)]);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('holds the payload and nothing else', () => {
  const names = tarball.files.map((file) => file.path);
  const wanted = ['package.json', 'LICENSE', 'pkg/index.js', 'pkg/index.d.ts', 'pkg/slim.js', 'pkg/slim.d.ts', 'pkg/kilat_bg.wasm', 'pkg/cli.js'];
  for (const name of wanted) assert.ok(names.includes(name), `${name} is missing`);
  const strange = names.filter((name) => !/^(package\.json|LICENSE|README\.md|CHANGELOG\.md|pkg\/[\w./-]+)$/.test(name));
  assert.deepEqual(strange, []);
  const manifest = JSON.parse(readFileSync(inFolder('node_modules/kilat/package.json'), 'utf8'));
  assert.equal(manifest.dependencies, undefined);
});

for (const name of ['publint', 'attw']) {
  test(`${name} has nothing to say`, () => {
    const [, command, args] = packageChecks(inFolder(tarball.filename)).find((check) => check[0] === name);
    try {
      runIn(command, args);
    } catch (error) {
      assert.fail(error.stdout + error.stderr);
    }
  });
}

test('every entry is there with its types', () => {
  const { exports } = JSON.parse(readFileSync(inFolder('node_modules/kilat/package.json'), 'utf8'));
  const entries = Object.entries(exports).filter(([, target]) => typeof target !== 'string');
  assert.deepEqual(entries.map(([name]) => name.replace(/^\.\/?/, '') || 'index').sort(), [...ENTRIES].sort());
  const names = tarball.files.map((file) => file.path);
  for (const [, { types, default: module }] of entries) {
    assert.ok(names.includes(types.slice(2)) && names.includes(module.slice(2)), `${types} and ${module}`);
  }
});

test('types are found under nodenext and bundler', () => {
  writeFileSync(inFolder('types.ts'), "import { open } from 'kilat';\nimport * as slim from 'kilat/slim';\nexport const opened: Promise<unknown> = open({ name: 'x' });\nexport const other = slim.open;\n// @ts-expect-error a name is text\nvoid open({ name: 7 });\n");
  const tsc = at('node_modules/typescript/bin/tsc');
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    const args = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,esnext.disposable,dom', '--module', module, '--moduleResolution', resolution, 'types.ts'];
    try {
      runIn(process.execPath, [tsc, ...args]);
    } catch (error) {
      assert.fail(`${resolution}: ${error.stdout}`);
    }
  }
});

test('the command line answers', () => {
  assert.match(runIn(process.execPath, ['node_modules/kilat/pkg/cli.js', '--help']), /serve/);
});
