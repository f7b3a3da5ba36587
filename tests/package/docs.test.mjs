// Every code block of the README and the documentation: JavaScript is run in Node.js, TypeScript and components are
// compiled, of shell commands it is checked that they exist. What needs a browser is run by tests/browser/docs.test.mjs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { at } from '../../scripts/shell.mjs';
import { blocksOf, pages } from './docs/blocks.mjs';

const run = promisify(execFile);
const FOLDER = at('target/docs');
const counts = {};

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
after(() => console.log(`code blocks run: ${Object.entries(counts).map(([kind, n]) => `${n} ${kind}`).join(', ')}`));

const count = (kind) => (counts[kind] = (counts[kind] ?? 0) + 1);

/** Writes a block where `kilat` is found as by a user of the package. */
function moduleOf(page, { line, code, language }) {
  const file = join(FOLDER, `${page.replaceAll(/[/.]/g, '-')}-${line}.${language === 'js' ? 'mjs' : language}`);
  const own = /\b(?:const|let) db\b|\{[^}]*\bdb\b[^}]*\} =/.test(code);
  writeFileSync(file, own || language !== 'js' ? code : `const { db } = documentation;\n${code}`);
  return file;
}

const KINDS = {
  /** One process for a page: later blocks go on where earlier ones ended. */
  async js(page, blocks) {
    const here = blocks.filter(({ note }) => note === '');
    for (const block of here) count('js');
    if (here.length > 0) await run(process.execPath, [at('tests/package/docs/page.mjs'), page, ...here.map((block) => moduleOf(page, block))], { timeout: 60_000 });
    for (const block of blocks.filter(({ note }) => note !== '')) {
      assert.ok(['browser', 'service-worker', 'worker'].includes(block.note), `${page}:${block.line}: unknown note '${block.note}'`);
      await bundles(moduleOf(page, { ...block, code: `${block.code}\nexport {}` }));

    }
  },
  async jsx(page, blocks) {
    for (const block of blocks) {
      await bundles(moduleOf(page, block));
      count('jsx, bundled');
    }
  },
  async ts(page, blocks) {
    for (const block of blocks) {
      const file = moduleOf(page, block);
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', '--types', 'node', '--ignoreConfig'];
      await run(process.execPath, [at('node_modules/typescript/bin/tsc'), ...options, file]).catch(({ stdout }) => assert.fail(stdout));
      count('ts, compiled');
    }
  },
  async vue(page, blocks) {
    const { compileScript, compileTemplate, parse } = await import('vue/compiler-sfc');
    for (const block of blocks) {
      const { descriptor, errors } = parse(block.code);
      assert.deepEqual(errors, []);
      const script = compileScript(descriptor, { id: 'block', inlineTemplate: true });
      await bundles(moduleOf(page, { ...block, language: 'js', code: `const db = 0;\n${script.content}` }));
      assert.deepEqual(compileTemplate({ source: descriptor.template.content, filename: page, id: 'block' }).errors, []);
      count('vue, compiled');
    }
  },
  async svelte(page, blocks) {
    const { compile } = await import('svelte/compiler');
    for (const block of blocks) {
      const { js } = compile(block.code, { filename: 'Block.svelte' });
      await bundles(moduleOf(page, { ...block, language: 'js', code: `${js.code}\n// const db` }));
      count('svelte, compiled');
    }
  },
  async sh(page, blocks) {
    const { scripts, bin } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
    for (const { code, line } of blocks) {
      for (const words of code.split('\n').map((command) => command.replace(/\s*#.*/, '').trim()).filter(Boolean)) {
        assert.ok(isThere(words.split(/\s+/), scripts, bin), `${page}:${line}: there is no '${words}'`);
      }
      count('sh, checked');
    }
  },
  html: () => {},
  text: () => {},
  json: (page, blocks) => {
    for (const { code } of blocks) {
      JSON.parse(code);
      count('json, parsed');
    }
  },
};

function isThere([program, verb, name], scripts, bin) {
  if (program === 'npm' && ['start', 'test'].includes(verb)) return Object.hasOwn(scripts, verb);
  if (program === 'npm' && verb === 'run') return Object.hasOwn(scripts, name);
  if (program === 'npm') return ['install', 'ci'].includes(verb);
  if (program === 'npx') return Object.hasOwn(bin, verb);
  if (program === 'node') return existsSync(at(verb === '--test' ? name : verb));
  return ['cargo', 'git', 'cd', 'UPDATE=1', 'redis-cli'].includes(program);
}

/** Syntax and imports hold. */
async function bundles(file) {
  await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    outdir: dirname(file),
    logLevel: 'silent',
    external: ['node:*', 'react', 'react/*', 'vue', 'svelte', 'svelte/*', 'kilat', 'kilat/*'],
    plugins: [{ name: 'kilat', setup: (plugin) => plugin.onResolve({ filter: /^kilat(\/|$)/ }, ({ path }) => {
      const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
      assert.ok(exports[path.replace(/^kilat/, '.')], `the package has no '${path}'`);
      return { path, external: true };
    }) }],
  });
}

for (const page of pages()) {
  test(`the code blocks of ${page}`, async () => {
    const blocks = blocksOf(page);
    for (const kind of new Set(blocks.map(({ language }) => language))) {
      assert.ok(Object.hasOwn(KINDS, kind), `${page}: nobody knows how to run '${kind}'`);
      await KINDS[kind](page, blocks.filter(({ language }) => language === kind));
    }
  });
}

test('links between the pages lead somewhere', () => {
  for (const page of pages()) {
    for (const [, target] of readFileSync(at(page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(at(dirname(page), target)), `${page} leads to ${target}, which is not there`);
    }
  }
});
