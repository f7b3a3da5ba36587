// Shortens the names by which the glue and the module know one another: no packer makes them smaller, and they stand in
// both files. An import becomes its number; `kilat_imports.txt` beside the glue has a line for each, with its name without
// its hash. A name that several had is numbered there: `then`, `then_2`.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stop } from './shell.mjs';

const HASH = /_?_?h?[0-9a-f]{16}(_\d+)?$/;
const IMPORTS = 2;
const EXPORTS = 7;
/** Of what wasm-bindgen has made; other exports are called by their names. */
const OURS = /\b(?:__wb|__externref|wasm_bindgen__)\w*/g;

/** Renames imports and exports in a module and in its glue. */
export function shortenNames(wasmFile, glueFile) {
  const module = readFileSync(wasmFile);
  const compiled = new WebAssembly.Module(module);
  const [imports, exports] = ['imports', 'exports'].map((kind) => [...new Set(WebAssembly.Module[kind](compiled).map(({ name }) => name))]);
  const names = new Map(imports.map((name, i) => [name, String(i)]));
  for (const [i, name] of exports.entries()) {
    if (name.match(OURS)) names.set(name, `$w${i.toString(36)}`);
  }
  const glue = readFileSync(glueFile, 'utf8');
  writeFileSync(glueFile, glue.replaceAll(OURS, (name) => names.get(name) ?? name));
  writeFileSync(wasmFile, rename(module, names));
  writeFileSync(join(dirname(glueFile), 'kilat_imports.txt'), `${withoutHashes(imports).join('\n')}\n`);
}

function withoutHashes(names) {
  const taken = new Set(names);
  return names.map((name) => {
    if (!HASH.test(name)) return name;
    const base = name.replace(HASH, '');
    let short = base;
    for (let n = 2; taken.has(short); n++) short = `${base}_${n}`;
    taken.add(short);
    return short;
  });
}

/** The module with its sections of imports and exports written anew. */
function rename(module, names) {
  const parts = [module.subarray(0, 8)];
  const reader = { bytes: module, at: 8 };
  while (reader.at < module.length) {
    const from = reader.at;
    const id = module[reader.at++];
    const end = readNumber(reader) + reader.at;
    if (id === IMPORTS || id === EXPORTS) {
      const body = section(reader, id === IMPORTS, names);
      parts.push(Buffer.from([id]), number(body.length), body);
    } else {
      parts.push(module.subarray(from, end));
    }
    reader.at = end;
  }
  return Buffer.concat(parts);
}

function section(reader, isImports, names) {
  const count = readNumber(reader);
  const parts = [number(count)];
  const name = () => {
    const length = readNumber(reader);
    const text = reader.bytes.toString('utf8', reader.at, (reader.at += length));
    const bytes = Buffer.from(names.get(text) ?? text);
    parts.push(number(bytes.length), bytes);
  };
  for (let i = 0; i < count; i++) {
    if (isImports) name();
    name();
    const from = reader.at;
    const kind = reader.bytes[reader.at++];
    if (isImports && kind !== 0) throw new Stop('wasm-bindgen imports what scripts/names.mjs does not know: not a function.');
    readNumber(reader);
    parts.push(reader.bytes.subarray(from, reader.at));
  }
  return Buffer.concat(parts);
}

/** LEB128, unsigned. */
function readNumber(reader) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.bytes[reader.at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}

function number(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}
