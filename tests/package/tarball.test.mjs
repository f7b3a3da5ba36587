// The packed tarball, installed in a folder outside the tree: what it holds, its types, and that it runs under Node,
// esbuild and Vite as a stranger's dependency would.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/shell.mjs';
import { findChromium } from '../../scripts/setup.mjs';

// What a page does: answers a text that shows that engine, promise and types of reply work.
const USE = `
  import { open } from 'kilat';
  export async function use() {
    const db = await open({ name: 'tarball' });
    await db.zadd('board', 10, 'ann', 25, 'bob');
    await db.set('user', { name: 'Ann', tags: ['a'] });
    const answer = JSON.stringify([db.zscore('board', 'bob'), db.get('user')]);
    await db.close();
    return answer;
  }
`;
const ANSWER = JSON.stringify([25, { name: 'Ann', tags: ['a'] }]);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css' };

let folder;
let tarball;
const chromiumPath = await findChromium();
const inFolder = (...parts) => join(folder, ...parts);
const runIn = (command, args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilat-consumer-'));
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: at('.'), encoding: 'utf8' });
  tarball = Object.values(JSON.parse(packed))[0];
  writeFileSync(inFolder('package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  runIn('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', inFolder(tarball.filename)]);
  mkdirSync(inFolder('page'));
  writeFileSync(inFolder('page/use.js'), USE);
  writeFileSync(inFolder('page/main.js'), `import { use } from './use.js';\nuse().then((answer) => (document.title = answer), (error) => (document.title = String(error)));\n`);
  writeFileSync(inFolder('page/index.html'), '<!doctype html><title>waiting</title><script type="module" src="./main.js"></script>');
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** Serves a folder, opens its index.html in Chromium, and answers the title that the page gives itself. */
async function titleOf(root) {
  const { chromium } = await import('playwright-core');
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname.replace(/\/$/, '/index.html');
    try {
      const body = readFileSync(join(root, path));
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => document.title !== 'waiting', null, { timeout: 20_000 });
    assert.deepEqual(errors, []);
    return await page.title();
  } finally {
    await browser.close();
    server.close();
  }
}

test('holds the payload and nothing else', () => {
  const names = tarball.files.map((file) => file.path);
  const wanted = ['package.json', 'LICENSE', 'pkg/index.js', 'pkg/index.d.ts', 'pkg/slim.js', 'pkg/slim.d.ts', 'pkg/kilat_bg.wasm', 'pkg/cli.js'];
  for (const name of wanted) assert.ok(names.includes(name), `${name} is missing`);
  const strange = names.filter((name) => !/^(package\.json|LICENSE|README\.md|CHANGELOG\.md|pkg\/[\w./-]+)$/.test(name));
  assert.deepEqual(strange, []);
  const manifest = JSON.parse(readFileSync(inFolder('node_modules/kilat/package.json'), 'utf8'));
  assert.equal(manifest.dependencies, undefined);
});

test('publint has nothing to say', async () => {
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const { messages, pkg } = await publint({ pkgDir: inFolder('node_modules/kilat'), strict: true, pack: false });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('attw has nothing to say', () => {
  const attw = at('node_modules/@arethetypeswrong/cli/dist/index.js');
  const args = [attw, inFolder(tarball.filename), '--profile', 'esm-only', '--no-emoji', '--exclude-entrypoints', './kilat_bg.wasm'];
  try {
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    assert.fail(error.stdout + error.stderr);
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

test('an import touches nothing', () => {
  const poison = ['indexedDB', 'navigator', 'document', 'window', 'BroadcastChannel', 'localStorage', 'Worker'];
  const code = `
    for (const name of ${JSON.stringify(poison)}) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error('touched ' + name); } });
    }
    WebAssembly.compile = WebAssembly.instantiate = WebAssembly.Module = () => { throw new Error('touched wasm'); };
    await import('kilat');
    await import('kilat/slim');
    console.log('untouched');
  `;
  assert.equal(runIn(process.execPath, ['--input-type=module', '-e', code]).trim(), 'untouched');
});

test('runs under Node', () => {
  writeFileSync(inFolder('node.mjs'), "import { use } from './page/use.js';\nconsole.log(await use());\nprocess.exit(0);\n");
  assert.equal(runIn(process.execPath, ['node.mjs']).trim().split('\n').at(-1), ANSWER);
});

test('the command line answers', () => {
  assert.match(runIn(process.execPath, ['node_modules/kilat/pkg/cli.js', '--help']), /serve/);
});

test('runs in Chromium, bundled by esbuild', { skip: !chromiumPath && 'no Chromium' }, async () => {
  const esbuild = await import('esbuild');
  mkdirSync(inFolder('esbuild'), { recursive: true });
  writeFileSync(inFolder('esbuild/index.html'), readFileSync(inFolder('page/index.html')));
  const { warnings } = await esbuild.build({
    entryPoints: [inFolder('page/main.js')],
    outfile: inFolder('esbuild/main.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'silent',
  });
  assert.deepEqual(warnings.map((warning) => warning.text), []);
  assert.equal(await titleOf(inFolder('esbuild')), ANSWER);
});

test('runs in Chromium, built by Vite', { skip: !chromiumPath && 'no Chromium' }, async () => {
  const { build } = await import('vite');
  await build({ root: inFolder('page'), configFile: false, logLevel: 'silent', build: { outDir: inFolder('vite'), emptyOutDir: true } });
  assert.equal(await titleOf(inFolder('vite')), ANSWER);
});
