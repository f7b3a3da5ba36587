// Turns wasm-bindgen's glue into a factory. As generated, the glue is one instance to a module, made when the module
// is evaluated; kilat runs an instance for each database, drops it when it is closed or has crashed, and touches
// nothing at import.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './shell.mjs';

export function makeFactory(folder) {
  const file = join(folder, 'kilat_wasm.js');
  const types = join(folder, 'kilat_wasm.d.ts');
  const source = readFileSync(file, 'utf8');
  const end = source.indexOf('\nasync function __wbg_load(');
  const names = [...source.matchAll(/^export function (\w+)\(/gm)].map((match) => match[1]);
  if (end < 0 || names.length === 0 || !source.includes('function __wbg_finalize_init(')) {
    throw new Stop('wasm-bindgen writes its glue in another way than scripts/glue.mjs knows.');
  }
  const body = smaller(source.slice(0, end).replaceAll(/^export function /gm, 'function '));
  writeFileSync(
    file,
    `export async function instantiate(kilatModule) {\n${body}
    const made = await WebAssembly.instantiate(kilatModule, __wbg_get_imports());
    const { memory } = __wbg_finalize_init(made, kilatModule);
    return { memory, ${names.join(', ')} };\n}\n`,
  );
  const declared = readFileSync(types, 'utf8');
  const members = [...declared.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export function (\w+)(\(.*);/g)]
    .filter((match) => names.includes(match[2]))
    .map((match) => `${match[1] ?? ''}${match[2]}${match[3]};`);
  writeFileSync(
    types,
    `export interface Exports {\nmemory: WebAssembly.Memory;\n${members.join('\n')}\n}
export function instantiate(module: WebAssembly.Module): Promise<Exports>;\n`,
  );
}

/** What the module imports, in fewer words: esbuild changes no function into an arrow. */
function smaller(glue) {
  const handler = /function handleError\(f, args\) \{\n.*?\n\}\n/s;
  const caught = /: function\(\) \{ return handleError\(function \(([^)]*)\) \{\n(.*?)\n {8}\}, arguments\); \},/gs;
  if (!handler.test(glue) || !caught.test(glue)) {
    throw new Stop('wasm-bindgen handles errors in another way than scripts/glue.mjs knows.');
  }
  return glue
    .replace(handler, (text) => `${text}const caught = (f) => (...args) => handleError(f, args);\n`)
    .replaceAll(caught, ': caught(($1) => {\n$2\n        }),')
    .replaceAll(/: function\(([^)]*)\) \{/g, ': ($1) => {');
}
