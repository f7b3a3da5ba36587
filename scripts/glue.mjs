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
    return { ...__wbg_finalize_init(made), ${names.filter((name) => body.includes(`function ${name}(`)).join(', ')} };\n}\n`,
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
  const [pass, malloc] = [/passStringToWasm0\((\w+), (wasm\.\$?\w+), wasm\.\$?\w+\)/g, /passStringToWasm0\(\w+, (wasm\.\$?\w+),/.exec(glue)?.[1]];
  const rules = [
    [/function handleError\(f, args\) \{\n.*?\n\}\n/s, (text) => `${text}const caught = (f) => (...args) => handleError(f, args);\n`],
    [/: function\(\) \{ return handleError\(function \(([^)]*)\) \{\n(.*?)\n {8}\}, arguments\); \},/gs, ': caught(($1) => {\n$2\n        }),'],
    [/: function\(([^)]*)\) \{/g, ': ($1) => {'],
    // A class that this engine does not have is asked for too.
    [/: \(arg0\) => \{\s*let result;\s*try \{\s*result = arg0 instanceof (\w+);\s*\} catch \(_\) \{\s*result = false;\s*\}\s*const ret = result;\s*return ret;\s*\},/g, ': isOf(() => $1),'],
    [/const ret = (.*);\s*return isLikeNone\(ret\) \? 0 : addToExternrefTable0\(ret\);/g, 'return orNone($1);'],
    [/const ptr1 = passStringToWasm0\(ret, .*\n.*\n(.*setInt32.*true\);\n?){2}/g, 'giveString(arg0, ret);\n'],
    [/: \(arg0, arg1\) => \{\s*\/\/.*\n\s*const ret = makeMutClosure\(arg0, arg1, (.*)\);\s*return ret;\s*\},/g, ': closureOf($1),'],
    [/cachedDataViewMemory0\.buffer\.detached === true \|\| \(.*? && (.*?)\)\)/, '$1)'],
    // scripts/names.mjs has numbered them as they stand there.
    [/import0 = \{\n +__proto__: null,([^]*?)\n {4}\};/, (_, entries) => `import0 = [${entries.replaceAll(/^ {8}\d+: /gm, '')}\n];`],
    // What hands its arguments on as they are is the module's own.
    [/function ([a-z]\w*)\(([\w, ]*)\) \{\n +(?:const ret = )?wasm\.\1\(\2\);\n(?: +return ret;\n)?\}\n/g, ''],
    // The first of these is there, and no other is asked for then.
    [/orNone\(typeof globalThis .*\);/, 'orNone(globalThis);'],
    [/orNone\(typeof (?:global|self|window) .*\);/g, '0;'],
    [/^/, HELPERS],
    // Strings are short here, and few: those of calls and replies lie in linear memory.
    [/function passStringToWasm0\(arg, malloc, realloc\) \{\n.*?\n\}\n/s, () => passString(malloc)],
    [pass, 'passStringToWasm0($1)'],
    [/let cachedTextDecoder = .*?\nfunction decodeText\(bytes\) \{\n.*?\n\}\n/s, DECODE],
    [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n.*?\n\}\n/s, ''],
    [/\(typeof FinalizationRegistry === 'undefined'\)\s*\? \{ register: \(\) => \{\}, unregister: \(\) => \{\} \}\s*: new/, 'new'],
  ];

  return rules.reduce((text, [pattern, replacement]) => changed(text, pattern, replacement), glue);
}

const HELPERS = `const isOf = (type) => (value) => { try { return value instanceof type(); } catch { return false; } };
const orNone = (value) => isLikeNone(value) ? 0 : addToExternrefTable0(value);
const closureOf = (f) => (a, b) => makeMutClosure(a, b, f);
const giveString = (at, text) => {
    const address = passStringToWasm0(text);
    const view = getDataViewMemory0();
    view.setInt32(at >>> 0, address, true);
    view.setInt32((at >>> 0) + 4, WASM_VECTOR_LEN, true);
};
`;

const DECODE = `const cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decodeText = (bytes) => cachedTextDecoder.decode(bytes);
`;

const passString = (malloc) => `function passStringToWasm0(text) {
    const bytes = cachedTextEncoder.encode(text);
    const address = ${malloc}(bytes.length, 1) >>> 0;
    getUint8ArrayMemory0().set(bytes, address);
    WASM_VECTOR_LEN = bytes.length;
    return address;
}
`;
