/** The words of a call, checked before the engine sees them. */
import { COMMANDS, type CommandRow } from './commands.generated.js';
import { KilatError } from './errors.js';
import { withOptions } from './option-words.js';
import { checkKey, flatten, type Checked } from './words.js';

/** Rows by the names that calls have used, whatever their case. */
const rows = new Map<unknown, CommandRow>();

const CONTAINERS = new Set(Object.keys(COMMANDS).filter((name) => name.includes('|')).map((name) => name.split('|')[0]));

/** The row of a call's command; `undefined` where the engine will say that there is none. */
export function rowOf(words: readonly unknown[]): CommandRow | undefined {
  const known = rows.get(words[0]);
  if (known) return known;
  const name = String(words[0]).toUpperCase();
  if (CONTAINERS.has(name)) return COMMANDS[`${name}|${String(words[1]).toUpperCase()}`] ?? COMMANDS[name];
  const row = COMMANDS[name];
  if (row) rows.set(words[0], row);
  return row;
}

/** The words of a call, checked: what stands where a key does must be one. */
export function prepare(words: readonly unknown[]): Checked[] {
  // What is text or bytes all through may stand anywhere.
  for (let i = 0; ; i++) {
    if (i === words.length) break;
    const word = words[i];
    if (typeof word !== 'string' && !(word instanceof Uint8Array)) return convert(words);
  }
  return words[0] === '' ? flatten(words) : (words as Checked[]);
}

function convert(words: readonly unknown[]): Checked[] {
  const row = rowOf(words);
  const isPlain = words.every((word) => (typeof word === 'object' ? word instanceof Uint8Array : word !== undefined));
  if (row && !isPlain) words = withOptions(words, row);
  if (row?.keys) {
    const [first, last, step] = row.keys;
    // Flattening is slow: where one key stands in front, it is not needed.
    const flat = isPlain || (first === last && !Array.isArray(words[first])) ? words : words.flat();
    const end = last < 0 ? flat.length + last : Math.min(last, flat.length - 1);
    for (let at = first; at <= end; at += step) {
      const word = flat[at];
      // An object stands for fields and values: MSET's keys are its fields.
      if (typeof word === 'object' && word !== null && !(word instanceof Uint8Array)) break;
      checkKey(word, `argument ${at} of ${String(words[0])} is a key: it`);
    }
  }
  return flatten(words);
}

/** Commands that change what the next call means, and what to use instead: they belong to a session of one's own. */
const OWN_SESSION = {
  'MULTI EXEC DISCARD': 'db.multi()',
  'WATCH UNWATCH': 'db.update(key, fn)',
  'SUBSCRIBE SSUBSCRIBE': 'db.subscribe(channel, fn)',
  PSUBSCRIBE: 'db.subscribe(pattern, fn)',
  'UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE': 'what db.subscribe answers',
  'HELLO RESET MONITOR': 'db.openSession()',
  QUIT: 'db.close()',
};

/** Refuses what would change the state that all calls of a database share. */
export function refuseOwnSession(command: string, row = rowOf([command])) {
  const group = row?.group;
  if (group !== 'transactions' && group !== 'pubsub' && group !== 'connection') return;
  const name = String(command).toUpperCase();
  for (const [names, instead] of Object.entries(OWN_SESSION)) {
    if (!names.split(' ').includes(name)) continue;
    throw new KilatError('ARGUMENT', `${name} is not for db.call: use ${instead}, or db.openSession()`);
  }
}
