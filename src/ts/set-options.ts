/** The options of `db.set`, and the words that they become. */
import type { OneOf, With } from './answer.js';
import { KilatError } from './errors.js';
import { unixTime } from './option-words.js';
import { kindOf } from './words.js';

/** Options of `db.set`. Of those that exclude one another the compiler takes one. */
export type SetOptions = OneOf<{
  /** Time to live in seconds, as TTL answers it; fractions count. */
  ttl: number;
  /** Time to live in seconds. */
  EX: number;
  /** Time to live in milliseconds. */
  PX: number;
  /** When it ends: Unix seconds, or a date. */
  EXAT: number | Date;
  /** When it ends: Unix milliseconds, or a date. */
  PXAT: number | Date;
  /** Keep the time to live that the key has. */
  KEEPTTL: boolean;
}> &
  OneOf<{
    /** Only if the key is absent. */
    NX: boolean;
    /** Only if the key is there. */
    XX: boolean;
  }> & {
    /** Answer the old value: for strings. */
    GET?: boolean;
  };

/** What `set` answers, by its options. */
export type SetAnswer<GET, ONLY> = true extends GET ? string | null : true extends ONLY ? 'OK' | null : 'OK';

/** The options, and which of those are given that change the answer. */
export type SetGiven<GET, NX, XX> = With<SetOptions, { GET?: GET; NX?: NX; XX?: XX }>;

const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isPoint = (value: unknown) => isTime(value) || (value instanceof Date && !Number.isNaN(value.getTime()));
const isFlag = (value: unknown) => typeof value === 'boolean';

const KNOWN: Record<string, (value: unknown) => boolean> = {
  ttl: (value) => isTime(value) && (value as number) > 0,
  EX: isTime,
  PX: isTime,
  EXAT: isPoint,
  PXAT: isPoint,
  KEEPTTL: isFlag,
  NX: isFlag,
  XX: isFlag,
  GET: isFlag,
};

/** Refuses what is unknown or wrong, by name. */
export function setWords(options: SetOptions): (string | number)[] {
  const words: (string | number)[] = [];
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(KNOWN, option)) {
      throw new KilatError('OPTION', `unknown option '${option}' of set: there are ${Object.keys(KNOWN).join(', ')}`);
    }
    if (value === undefined) continue;
    if (!KNOWN[option]!(value)) {
      throw new KilatError('OPTION', `option ${option} of set cannot be ${kindOf(value)}`);
    }
    if (option === 'ttl') words.push('PX', Math.max(1, Math.round((value as number) * 1000)));
    else if (value instanceof Date) words.push(option, unixTime(value, option));
    else if (typeof value === 'number') words.push(option, value);
    else if (value) words.push(option);
  }
  return words;
}
