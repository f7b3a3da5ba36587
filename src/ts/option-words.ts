/**
 * Option objects: `{ NX: true, LIMIT: [0, 10] }` becomes `NX LIMIT 0 10`. Which options a command has is read from its
 * usage, when the first object comes for it.
 */
import type { CommandRow } from './commands.generated.js';
import { KilatError } from './errors.js';
import { checkKey, isPlainObject, kindOf } from './words.js';

interface Options extends Map<string, Option> {
  /** Where the number of keys stands, if there is one. */
  numkeys?: number;
}

interface Option {
  /** No word follows it. */
  flag: boolean;
  /** It is repeated before each of its words. */
  repeated: boolean;
}

const known = new Map<CommandRow, Options>();

/** A command's options by name. */
function optionsOf(row: CommandRow): Options {
  let options = known.get(row);
  if (options) return options;
  known.set(row, (options = new Map()));
  options.numkeys = row.usage.split(' ', 2).indexOf('numkeys') + 1;
  for (const [, group] of row.usage.matchAll(/\[([A-Z][^[\]]*)/g)) {
    // `[AGGREGATE SUM | MIN | MAX]` is one option, `[EX seconds | PX milliseconds]` are two.
    for (const one of /^\S+ [A-Z]/.test(group!) ? [group!] : group!.split(' | ')) {
      const [name, word] = one.split(' ') as [string, string?];
      options.set(name, { flag: !word, repeated: options.has(name) });
    }
  }
  return options;
}

/**
 * The words of a call with its option objects as words, and before an array of keys their number. Commands without
 * options keep their objects: those are fields and values.
 */
export function withOptions(words: readonly unknown[], row: CommandRow): readonly unknown[] {
  const options = optionsOf(row);
  const { numkeys } = options;
  if (!options.size && !numkeys) return words;
  // What is left out may be written as undefined.
  const all = words.slice(0, words.at(-1) === undefined ? -1 : undefined);
  for (let at = 1; at < all.length; at++) {
    const word = all[at];
    if (typeof word !== 'object') continue;
    if (at === numkeys && Array.isArray(word)) {
      for (const key of word) checkKey(key, `a key of ${String(words[0])}`);
      all[at] = [word.length, ...(word as unknown[])];
    } else if (word instanceof Date) {
      const time = /^key unix-time-(milli)?/.exec(row.usage);
      if (time) all[at] = unixTime(word, time[1] ? 'PXAT' : 'EXAT');
    } else if (options.size && isPlainObject(word)) {
      all[at] = optionWords(word, options, words[0]);
    }
  }
  return all;
}

/** Refuses what is unknown or wrong, by name. */
function optionWords(given: object, options: Options, command: unknown): unknown[] {
  const words: unknown[] = [];
  for (const name of Object.keys(given)) {
    const value = (given as Record<string, unknown>)[name];
    const option = options.get(name);
    if (!option) return fail(`unknown option '${name}' of ${String(command)}: there are ${[...options.keys()].join(', ')}`);
    if (value === undefined || (option.flag && value === false)) continue;
    if (option.flag ? value !== true : typeof value === 'boolean' || value === null) {
      fail(`option ${name} of ${String(command)} cannot be ${kindOf(value)}`);
    }
    if (option.flag) words.push(name);
    else if (!Array.isArray(value)) words.push(name, value instanceof Date ? unixTime(value, name) : value);
    else if (option.repeated) for (const one of value) words.push(name, one);
    else words.push(name, ...(value as unknown[]));
  }
  return words;
}

/** A point of time as EXAT (seconds, rounded up) or PXAT (milliseconds) has it. */
export const unixTime = (date: Date, option: string) =>
  option === 'EXAT' ? Math.ceil(date.getTime() / 1000) : date.getTime();

function fail(what: string): never {
  throw new KilatError('ARGUMENT', what);
}
