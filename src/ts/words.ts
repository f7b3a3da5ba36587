/**
 * The words of a call: what may be one, and how they are written into linear memory
 * (`[u32 words] ([u32 length] [bytes])*`, read by `src/browser/words.rs`).
 */
import { KilatError } from './errors.js';

/** A key: text, or any bytes. */
export type Key = string | Uint8Array;

/** A word of a call. Numbers are written as Redis reads them. */
export type Word = string | number | bigint | Uint8Array;

/** A number, or text that Redis reads as one or as a bound: `'(5'`, `'-inf'`, `'[a'`. */
export type Num = number | bigint | string;

/** A word, or several. */
export type Plain = Word | readonly Word[];

/**
 * Words, alone or in groups: an array or a set is its items, a map its entries, an object its
 * fields and values, or the options of a command that has some.
 */
export type Words = Plain | ReadonlySet<Word> | ReadonlyMap<Word, Word> | { readonly [field: string]: unknown };

/** A word that has been checked. */
export type Checked = string | Uint8Array;

/** Redis: proto-max-bulk-len. */
const LENGTH_MAX = 512 * 1024 * 1024;

/** From here on TextEncoder is quicker than a loop. */
const LONG = 40;

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

let encoder: TextEncoder | undefined;

/** The key's bytes, alone. */
export function writeKey(key: Key, bytes: Uint8Array, at: number): number {
  if (typeof key !== 'string') bytes.set(key, at);
  const length = typeof key === 'string' ? writeText(key, bytes, at) : key.length;
  return length < 0 ? fail(`${argument('GET', 1)} holds a lone surrogate: it is no text`) : length;
}

const fail = (what: string): never => {
  throw new KilatError('ARGUMENT', what);
};

const argument = (command: unknown, index: number) => `argument ${index} of ${String(command)}`;

/** What a value is, for people. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return `an object (${(value as object).constructor?.name ?? 'no prototype'})`;
  return value === undefined ? 'undefined' : `a ${typeof value} (${String(value)})`;
}

export function isWellFormed(text: string): boolean {
  const check = (text as { isWellFormed?: () => boolean }).isWellFormed;
  return check ? check.call(text) : !LONE_SURROGATE.test(text);
}

/** Makes sure that `key` is one. `what` names it. */
export function checkKey(key: unknown, what: string): asserts key is Key {
  if (typeof key !== 'string' && !(key instanceof Uint8Array)) {
    fail(`${what} must be a string or a Uint8Array, not ${kindOf(key)}`);
  }
}

/** All words of a call in one row. `words[0]` is the command's name. */
export function flatten(words: readonly unknown[]): Checked[] {
  const flat: Checked[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (typeof word === 'string' || word instanceof Uint8Array) flat.push(word);
    else if (Array.isArray(word)) for (const item of word) flat.push(checkedWord(item, words[0], i));
    else if (word instanceof Set || word instanceof Map) {
      for (const item of [...word].flat()) flat.push(checkedWord(item, words[0], i));
    } else if (isPlainObject(word)) {
      for (const field of Object.keys(word)) {
        flat.push(field, checkedWord((word as Record<string, unknown>)[field], words[0], i));
      }
    } else flat.push(checkedWord(word, words[0], i));
  }
  if (typeof flat[0] !== 'string' || flat[0] === '') fail('a call begins with the name of a command');
  return flat;
}

export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function checkedWord(word: unknown, command: unknown, index: number): Checked {
  if (typeof word === 'string' || word instanceof Uint8Array) return word;
  if (typeof word === 'number') return numberText(word, command, index);
  if (typeof word === 'bigint') return word.toString();
  return fail(`${argument(command, index)} is ${kindOf(word)}: a string, number, bigint or Uint8Array is wanted`);
}

function numberText(value: number, command: unknown, index: number): string {
  if (Number.isNaN(value)) return fail(`${argument(command, index)} is NaN`);
  if (value === Infinity) return 'inf';
  return value === -Infinity ? '-inf' : String(value);
}

/** The most bytes that these words take; refuses those that are too long to be written at all. */
export function room(words: readonly Checked[]): number {
  let all = 0;
  for (let i = 0; i < words.length; i++) {
    const { length } = words[i]!;
    if (length > LENGTH_MAX) tooLong(words, i);
    all += length;
  }
  return 4 + words.length * 4 + all * 3;
}

const tooLong = (words: readonly Checked[], i: number) => fail(`${argument(words[0], i)} is longer than 512 MB`);

/** Writes one call at `at`; answers where it ends. There is room for it. `data` is a view of the same memory. */
export function write(words: readonly Checked[], bytes: Uint8Array, data: DataView, at: number): number {
  data.setUint32(at, words.length, true);
  at += 4;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    let length = word.length;
    if (typeof word !== 'string') bytes.set(word, at + 4);
    else {
      length = writeText(word, bytes, at + 4);
      if (length < 0) fail(`${argument(words[0], i)} holds a lone surrogate: it is no text`);
    }
    if (length > LENGTH_MAX) tooLong(words, i);
    data.setUint32(at, length, true);
    at += 4 + length;
  }
  return at;
}

/** Answers how many bytes it took, or -1 where it is not well-formed. */
export function writeText(text: string, bytes: Uint8Array, at: number): number {
  const length = text.length;
  if (length <= LONG) {
    let bits = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      bits |= code;
      bytes[at + i] = code;
    }
    if (bits < 128) return length;
  }
  if (!isWellFormed(text)) return -1;
  encoder ??= new TextEncoder();
  return encoder.encodeInto(text, bytes.subarray(at)).written;
}
