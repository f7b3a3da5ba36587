// The code in docs/commands/ compiles, runs, and answers what its comments say; the README's TypeScript compiles.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { at, run } from '../../scripts/shell.mjs';

const FOLDER = at('target/reference');
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** Blocks of code with where they stand. Signatures are no code. */
function blocksOf(file) {
  const found = readFileSync(at(file), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms);
  return [...found].map(([, code], index) => ({ name: `${file}, block ${index + 1}`, code }));
}

const PAGES = readdirSync(at('docs/commands')).filter((name) => name.endsWith('.md'));
const blocks = () => PAGES.flatMap((name) => blocksOf(`docs/commands/${name}`));

/** `expression   // what it answers` becomes a check. */
function withChecks(code) {
  const line = /^(?!const |for |\/\/)(\S.*?) {2,}\/\/ (.+)$/gm;
  return code.replace(line, (_, expression, answer) => `check(${expression}, ${answer})`);
}

test('all of it compiles', async () => {
  mkdirSync(FOLDER, { recursive: true });
  const all = [...blocks(), ...blocksOf('README.md')];
  all.forEach(({ code }, index) => writeFileSync(`${FOLDER}/block${index}.ts`, code));
  const compilerOptions = { paths: { kilat: ['../../pkg/index.d.ts'] } };
  const files = all.map((_, index) => `block${index}.ts`);
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify({ extends: '../../tests/types/tsconfig.json', compilerOptions, files }));
  writeFileSync(`${FOLDER}/package.json`, '{ "type": "module" }');
  const { code, output } = await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '--noEmit', '-p', FOLDER], { quiet: true });
  assert.equal(code, 0, output);
  assert.ok(all.length >= 4);
});

for (const [index, { name, code }] of blocks().entries()) {
  test(`${name} answers what it says`, async () => {
    mkdirSync(FOLDER, { recursive: true });
    const kilat = await import(pathToFileURL(at('pkg/index.js')));
    const opened = [];
    let checks = 0;
    globalThis.referenceOpen = async (options) => {
      // Each block begins with nothing.
      opened.push(await kilat.open({ ...options, name: `${options.name} ${index}`, persistent: false }));
      return opened.at(-1);
    };
    globalThis.referenceCheck = (answer, wanted) => {
      checks++;
      const plain = answer && typeof answer === 'object' && !Array.isArray(answer) ? { ...answer } : answer;
      assert.deepEqual(plain, wanted);
    };
    const source = withChecks(code).replace(/^import .* from 'kilat'$/m, '');
    globalThis.referenceOrThrow = kilat.orThrow;
    const { code: script } = await transform(`const open = referenceOpen, orThrow = referenceOrThrow, check = referenceCheck;\n${source}`, { loader: 'ts', format: 'esm', target: 'es2022' });
    writeFileSync(`${FOLDER}/block${index}.mjs`, script);
    try {
      await import(pathToFileURL(`${FOLDER}/block${index}.mjs`));
    } finally {
      for (const db of opened) await db.close();
    }
    assert.ok(checks > 0, 'something is compared');
  });
}
