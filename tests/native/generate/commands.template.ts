// Generated from the command table (tests/native/generate/): UPDATE=1 cargo test. Do not edit.
import { Caller } from './caller.js';
import type { Now } from './answer.js';
import type { Methods } from './methods.generated.js';
import type { Untyped } from './schema.js';

/** What is known of a command. */
export interface CommandRow {
  group: string;
  kind: 'read' | 'write' | 'session' | 'engine';
  /** Words of a call, the name counted; negative: at least. */
  arity: number;
  /** Where keys stand among the words; null where there are none, or the call itself tells. */
  keys: readonly [first: number, last: number, step: number] | null;
  usage: string;
}

const GROUPS: Record<string, string> = { LETTERS };
const KINDS: Record<string, CommandRow['kind']> = { r: 'read', w: 'write', s: 'session', l: 'session', e: 'engine' };

/** Commands that have a method, and whether they answer later. */
const methods = /* @__PURE__ */ new Map<string, boolean>();

/** All commands by name, those of subcommands as `CONFIG|GET`. */
export const COMMANDS: { readonly [name: string]: CommandRow | undefined } = /* @__PURE__ */ readTable(`
TABLE`);

/**
 * A line: the name, letters of the group and the kind (`l`: a session's, answered later; `-` before them: no method of
 * its own), the arity, `:`, where keys stand, the usage.
 */
function readTable(table: string): Record<string, CommandRow> {
  const rows: Record<string, CommandRow> = {};
  for (const [, name, own, group, kind, arity, keys, usage] of table.matchAll(/(\S+) (-?)(.)(.)(.*?):(\S*) ?(.*)\n/g)) {
    const [first, last = first!, step = 1] = keys!.split(',').map(Number);
    rows[name!] = {
      group: GROUPS[group!]!,
      kind: KINDS[kind!]!,
      arity: Number(arity),
      keys: keys ? [first!, last, step] : null,
      usage: usage!,
    };
    if (!own) methods.set(name!.split('|')[0]!, kind === 'w' || kind === 'l');
  }
  return rows;
}

/** One method per command; `T` is how strings come out, `S` the schema of the keys. */
export interface Commands<T = string, S = Untyped> extends Caller, Methods<T, Now, S> {}
export const Commands = /* @__PURE__ */ withMethods(COMMANDS) as abstract new <T = string, S = Untyped>() => Commands<T, S>;

/** With one word or two the compiler makes one list instead of two. */
function callOf(command: string, words: unknown[]): unknown[] {
  return words.length === 1 ? [command, words[0]] : words.length === 2 ? [command, words[0], words[1]] : [command, ...words];
}

/** The class, once the table has been read. */
function withMethods(_table: unknown): unknown {
  abstract class Commands extends Caller {}
  const prototype = Commands.prototype as unknown as Record<string, (...words: unknown[]) => unknown>;
  for (const [command, later] of methods) {
    prototype[command.toLowerCase().replace(/[.-]/g, '')] = later
      ? function (this: Caller, ...words) { return this.write(callOf(command, words)); }
      : function (this: Caller, ...words) { return this.read(callOf(command, words)); };
  }
  return Commands;
}
