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

/** The glue in fewer words: esbuild changes no function into an arrow, and there are no engines as old as wasm-bindgen asks for. */
function smaller(glue) {
  const changed = (text, pattern, replacement) => {
    const after = text.replace(pattern, replacement);
    if (after === text) throw new Stop(`wasm-bindgen writes its glue in another way than scripts/glue.mjs knows: ${pattern}`);
    return after;
  };
  const rules = [
    [/function handleError\(f, args\) \{\n.*?\n\}\n/s, (text) => `${text}const caught = (f) => (...args) => handleError(f, args);\n`],
    [/: function\(\) \{ return handleError\(function \(([^)]*)\) \{\n(.*?)\n {8}\}, arguments\); \},/gs, ': caught(($1) => {\n$2\n        }),'],
    [/: function\(([^)]*)\) \{/g, ': ($1) => {'],
    // A class that this engine does not have is asked for too.
    [/: \(arg0\) => \{\s*let result;\s*try \{\s*result = arg0 instanceof (\w+);\s*\} catch \(_\) \{\s*result = false;\s*\}\s*const ret = result;\s*return ret;\s*\},/g, ': isOf(() => $1),'],
    [/^/, 'const isOf = (type) => (value) => { try { return value instanceof type(); } catch { return false; } };\n'],
    // Strings are short here, and few: those of calls and replies lie in linear memory.
    [/function passStringToWasm0\(arg, malloc, realloc\) \{\n.*?\n\}\n/s, PASS_STRING],
    [/passStringToWasm0\((\w+), (wasm\.\$?\w+), wasm\.\$?\w+\)/g, 'passStringToWasm0($1, $2)'],
    [/let cachedTextDecoder = .*?\nfunction decodeText\(bytes\) \{\n.*?\n\}\n/s, DECODE],
    [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n.*?\n\}\n/s, ''],
    [/\(typeof FinalizationRegistry === 'undefined'\)\s*\? \{ register: \(\) => \{\}, unregister: \(\) => \{\} \}\s*: new/, 'new'],
  ];

  return rules.reduce((text, [pattern, replacement]) => changed(text, pattern, replacement), glue);
}

const DECODE = `const cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decodeText = (bytes) => cachedTextDecoder.decode(bytes);
`;

const PASS_STRING = `function passStringToWasm0(text, malloc) {
    const bytes = cachedTextEncoder.encode(text);
    const address = malloc(bytes.length, 1) >>> 0;
    getUint8ArrayMemory0().set(bytes, address);
    WASM_VECTOR_LEN = bytes.length;
    return address;
}
`;
