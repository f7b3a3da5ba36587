/** The options of `db.set`, and the words that they become. */
import { KilatError } from './errors.js';
import { kindOf } from './words.js';

export interface SetOptions {
  /** Time to live in seconds, as TTL answers it; fractions count. */
  ttl?: number;
  /** Redis's own: seconds, milliseconds, and points of Unix time in both. */
  EX?: number;
  PX?: number;
  EXAT?: number | Date;
  PXAT?: number | Date;
  /** Keep the time to live that the key has. */
  KEEPTTL?: boolean;
  /** Only if the key is absent. */
  NX?: boolean;
  /** Only if the key is there. */
  XX?: boolean;
  /** Answer the old value: for strings. */
  GET?: boolean;
}

const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isPoint = (value: unknown) => isTime(value) || (value instanceof Date && !Number.isNaN(value.getTime()));
const isFlag = (value: unknown) => typeof value === 'boolean';

const KNOWN: Record<keyof SetOptions, (value: unknown) => boolean> = {
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
    if (!KNOWN[option as keyof SetOptions](value)) {
      throw new KilatError('OPTION', `option ${option} of set cannot be ${kindOf(value)}`);
    }
    if (option === 'ttl') words.push('PX', Math.max(1, Math.round((value as number) * 1000)));
    else if (value instanceof Date) words.push(option, unixTime(value, option));
    else if (typeof value === 'number') words.push(option, value);
    else if (value) words.push(option);
  }
  return words;
}

const unixTime = (date: Date, option: string) => (option === 'EXAT' ? Math.ceil(date.getTime() / 1000) : date.getTime());
