// npm run size: sizes of pkg/, raw and gzip, against their budget, and what the wasm module imports, against its
// golden file. `UPDATE=1 npm run size` writes both files. The budget is what is there and a fiftieth.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { ENTRIES } from './build.mjs';
import { at, runMain, say } from './shell.mjs';

const BUDGET = at('tests/golden/size.json');
const IMPORTS = at('tests/golden/wasm-imports.txt');

/** Sizes by file; an entry's are those of all that it loads. */
export function sizes() {
  const names = ['kilat_bg.wasm', 'kilat.global.js', 'cli.js', ...ENTRIES.map((entry) => `${entry}.js`)];
  return Object.fromEntries(
    names.map((name) => {
      const files = [...loadedBy(name)].map((file) => readFileSync(at('pkg', file)));
      const sum = (lengthOf) => files.reduce((total, bytes) => total + lengthOf(bytes), 0);
      return [name, { raw: sum((bytes) => bytes.length), gzip: sum((bytes) => gzipSync(bytes, { level: 9 }).length) }];
    }),
  );
}

/** A file of pkg/ and the chunks that it imports. */
function loadedBy(name, files = new Set()) {
  if (files.has(name)) return files;
  files.add(name);
  if (!name.endsWith('.js')) return files;
  const text = readFileSync(at('pkg', name), 'utf8');
  for (const [, chunk] of text.matchAll(/["']\.\/(chunk-\w+\.js)["']/g)) loadedBy(chunk, files);
  return files;
}

/** Names of what the module imports: it has their numbers, and scripts/names.mjs has written down whose they are. */
export function wasmImports() {
  const named = readFileSync(at('target/glue/kilat_imports.txt'), 'utf8').split('\n');
  const module = new WebAssembly.Module(readFileSync(at('pkg/kilat_bg.wasm')));
  const names = WebAssembly.Module.imports(module).map(({ kind, name }) => `${kind} ${named[name].replace(/_\d+$/, '')}`);
  return `${[...new Set(names)].sort().join('\n')}\n`;
}

/** Compares with budget and golden file, which it writes under UPDATE=1; answers parts for a test report. */
export function checkPayload() {
  const update = Boolean(process.env.UPDATE);
  const now = sizes();
  const imports = wasmImports();
  if (update) {
    const roundUp = (bytes) => Math.ceil((bytes * 1.02) / 1000) * 1000;
    const budget = Object.fromEntries(Object.entries(now).map(([name, { raw, gzip }]) => [name, { raw: roundUp(raw), gzip: roundUp(gzip) }]));
    writeFileSync(BUDGET, `${JSON.stringify(budget, null, 2)}\n`);
    writeFileSync(IMPORTS, imports);
  }
  const budget = existsSync(BUDGET) ? JSON.parse(readFileSync(BUDGET, 'utf8')) : {};
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);
  let tooBig = 0;
  for (const [name, { raw, gzip }] of Object.entries(now)) {
    const most = budget[name] ?? { raw: 0, gzip: 0 };
    const fits = raw <= most.raw && gzip <= most.gzip;
    if (!fits) tooBig++;
    say(`${name.padEnd(16)} raw ${kB(raw)} of ${kB(most.raw)}   gzip ${kB(gzip)} of ${kB(most.gzip)}${fits ? '' : '   OVER BUDGET'}`);
  }
  const golden = existsSync(IMPORTS) ? readFileSync(IMPORTS, 'utf8') : '';
  if (golden !== imports) {
    const [before, after] = [golden, imports].map((text) => text.split('\n'));
    for (const line of before.filter((name) => !after.includes(name))) say(`- ${line}`);
    for (const line of after.filter((name) => !before.includes(name))) say(`+ ${line}`);
    say('the wasm module imports something else than tests/golden/wasm-imports.txt says: UPDATE=1 npm run size');
  }
  const part = (name, failed) => ({ name, ms: 0, passed: failed ? 0 : 1, failed: failed ? 1 : 0, skipped: 0 });
  return [part('size budget', tooBig > 0), part('wasm imports', golden !== imports)];
}

await runMain(import.meta.url, () => {
  if (!existsSync(at('pkg/kilat_bg.wasm'))) {
    say('pkg/ is empty: npm run build comes first.');
    return 1;
  }
  return checkPayload().some((part) => part.failed) ? 1 : 0;
});
