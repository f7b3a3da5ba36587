// Shortens the names by which the glue and the module know one another: no packer makes them smaller, and they stand in
// both files. An import becomes its place in the glue, which scripts/glue.mjs makes a list of: what is alike stands
// together, and those that do the same are one. `kilat_imports.txt` beside the glue has a line for each, with its name
// without its hash. A name that several had is numbered there: `then`, `then_2`.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Stop } from './shell.mjs';

const HASH = /_?_?h?[0-9a-f]{16}(_\d+)?$/;
const IMPORTS = 2;
const EXPORTS = 7;
/** An import, as wasm-bindgen's glue has it. */
const ENTRY = /^ {8}(\w+): (function\(.*\) \{.*\n[^]*?\n {8}\}.*),\n/gm;
/** Of what wasm-bindgen has made; other exports are called by their names. */
const OURS = /\b(?:__wb|__externref|wasm_bindgen__)\w*/g;

/** Renames imports and exports in a module and in its glue. */
export function shortenNames(wasmFile, glueFile) {
  const module = readFileSync(wasmFile);
  const compiled = new WebAssembly.Module(module);
  const [imports, exports] = ['imports', 'exports'].map((kind) => new Set(WebAssembly.Module[kind](compiled).map(({ name }) => name)));
  const glue = readFileSync(glueFile, 'utf8');
  const { kept, names, entries } = placesOf(glue, imports);
  for (const [i, name] of [...exports].entries()) {
    if (name.match(OURS)) names.set(name, `$w${i.toString(36)}`);
  }
  let isFirst = true;
  const alone = glue.replace(ENTRY, () => {
    const text = isFirst ? entries.join('') : '';
    isFirst = false;
    return text;
  });
  writeFileSync(glueFile, alone.replaceAll(OURS, (name) => names.get(name) ?? name));
  writeFileSync(wasmFile, rename(module, names));
  writeFileSync(join(dirname(glueFile), 'kilat_imports.txt'), `${withoutHashes(kept).join('\n')}\n`);
}

/** Where each import stands in the list; `kept` are those that no other one before it is the same as, and `entries` their texts. */
function placesOf(glue, imports) {
  const [names, places, kept, entries] = [new Map(), new Map(), [], []];
  const all = [...glue.matchAll(ENTRY)].map(([text, name, body]) => ({ text, name, code: body.replace(/\/\/.*|\s/g, '') }));
  for (const { text, name, code } of all.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))) {
    if (!places.has(code)) {
      places.set(code, kept.push(name) - 1);
      entries.push(text);
    }
    names.set(name, String(places.get(code)));
  }
  if (names.size !== imports.size || [...imports].some((name) => !names.has(name))) {
    throw new Stop('wasm-bindgen writes its imports in another way than scripts/names.mjs knows.');
  }
  return { kept, names, entries };
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
  for (const { id, from, body, end } of sectionsOf(module)) {
    if (id === IMPORTS || id === EXPORTS) {
      const renamed = section({ bytes: module, at: body }, id === IMPORTS, names);
      parts.push(Buffer.from([id]), number(renamed.length), renamed);
    } else {
      parts.push(module.subarray(from, end));
    }
  }
  return Buffer.concat(parts);
}

/** The sections of a module: where each begins, where what is in it, and where it ends. */
export function sectionsOf(module) {
  const sections = [];
  for (const reader = { bytes: module, at: 8 }; reader.at < module.length; ) {
    const from = reader.at;
    const id = module[reader.at++];
    const end = readNumber(reader) + reader.at;
    sections.push({ id, from, body: reader.at, end });
    reader.at = end;
  }
  return sections;
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
export function readNumber(reader) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.bytes[reader.at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}

export function number(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}
