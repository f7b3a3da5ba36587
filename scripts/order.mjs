// The order of a module's functions, for gzip: it finds again what it has seen in the last 32 KiB alone, and the linker
// has put a file's functions together, not those that are alike. Each is followed by the one that has most in common with
// what stands in that window: a twentieth of the packed module less, and nothing else about it changes.
import { readFileSync, writeFileSync } from 'node:fs';
import { number, readNumber, sectionsOf } from './names.mjs';

const [CODE, IMPORTS] = [10, 2];
const WINDOW = 32 * 1024;
/** So many bytes in a row are looked for: of fewer there are too many by chance. */
const RUN = 8;
/** Of a small function all is soon found, of a large one much: neither shall always be first. */
const SIZE_POWER = 0.6;

/** Writes the module with names by which `wasm-opt --reorder-functions-by-name` puts its functions in that order. */
export function nameByOrder(file, namedFile) {
  const module = readFileSync(file);
  const { functions, imported } = functionsOf(module);
  const places = new Map(orderOf(module, functions).map((index, place) => [index, place]));
  const names = functions.map((_, index) => {
    const name = Buffer.from(String(places.get(index)).padStart(6, '0'));
    return Buffer.concat([number(imported + index), number(name.length), name]);
  });
  const map = Buffer.concat([number(names.length), ...names]);
  const body = Buffer.concat([number(4), Buffer.from('name'), Buffer.from([1]), number(map.length), map]);
  writeFileSync(namedFile, Buffer.concat([module, Buffer.from([0]), number(body.length), body]));
}

/** Where the body of each function stands, and how many others are imported. */
function functionsOf(module) {
  const sections = new Map(sectionsOf(module).map(({ id, body }) => [id, body]));
  // scripts/names.mjs has seen to it that all imports are functions.
  const imported = readNumber({ bytes: module, at: sections.get(IMPORTS) });
  const reader = { bytes: module, at: sections.get(CODE) };
  const functions = Array.from({ length: readNumber(reader) }, () => {
    const length = readNumber(reader);
    const from = reader.at;
    reader.at += length;
    return { from, length };
  });
  return { functions, imported };
}

function orderOf(module, functions) {
  const runs = functions.map((body) => runsOf(module, body));
  const sharers = sharersOf(runs);
  const inWindow = new Map();
  const common = new Uint32Array(functions.length);
  const weights = functions.map(({ length }) => 1 / (length + RUN) ** SIZE_POWER);
  const left = new Set(functions.keys());
  const order = [];
  const count = (index, by) => {
    for (const run of runs[index]) {
      const before = inWindow.get(run) ?? 0;
      inWindow.set(run, before + by);
      if (before === 0 || before + by === 0) for (const sharer of sharers.get(run) ?? []) common[sharer] += by;
    }
  };
  for (let first = 0, bytes = 0; left.size > 0; ) {
    let next = -1;
    for (const index of left) if (next < 0 || common[index] * weights[index] > common[next] * weights[next]) next = index;
    left.delete(next);
    order.push(next);
    count(next, 1);
    for (bytes += functions[next].length; bytes - functions[order[first]].length > WINDOW; first++) {
      bytes -= functions[order[first]].length;
      count(order[first], -1);
    }
  }
  return order;
}

/** All runs of bytes in a function, each once, as hashes. */
function runsOf(module, { from, length }) {
  const runs = new Set();
  for (let at = from; at + RUN <= from + length; at++) {
    let hash = 0;
    for (let i = 0; i < RUN; i++) hash = Math.imul(hash, 0x01000193) ^ module[at + i];
    runs.add(hash);
  }
  return runs;
}

/** Which functions have a run, where there are several. */
function sharersOf(runs) {
  const sharers = new Map();
  for (const [index, own] of runs.entries()) {
    for (const run of own) {
      const known = sharers.get(run);
      if (known) known.push(index);
      else sharers.set(run, [index]);
    }
  }
  for (const [run, { length }] of sharers) if (length === 1) sharers.delete(run);
  return sharers;
}
