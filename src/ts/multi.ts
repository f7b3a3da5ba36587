/** A transaction: its calls are gathered here and run by `exec`, all of them with nothing in between. */
import { Commands } from './commands.generated.js';
import type { Queued } from './answer.js';
import type { KilatError } from './errors.js';
import { jsonText } from './json.js';
import type { Methods } from './methods.generated.js';
import { prepare, refuseOwnSession } from './prepare.js';
import type { Reply } from './reply.js';
import type { KeyIn, KeyOf, Storable, TypedKey, Untyped, ValueFor } from './schema.js';
import { setWords, type SetAnswer, type SetGiven, type SetOptions } from './set-options.js';
import { checkKey, type Checked, type Key, type Words } from './words.js';

/**
 * Calls that are gathered: every method answers the chain. `Q` is what those so far will answer, `S` the schema of the
 * keys. A call that failed is an error among the answers.
 */
export interface Chain<out Q extends readonly unknown[] = Reply[], S = Untyped> extends Methods<string, Queued<Q, S>, S> {
  /** Any command. */
  call(command: string, ...words: Words[]): Chain<[...Q, Reply], S>;
  /** As `db.set`. */
  set<V, GET extends boolean = false, NX extends boolean = false, XX extends boolean = false>(
    key: KeyIn<S>,
    value: V & Storable<V>,
    options?: SetGiven<GET, NX, XX>,
  ): Chain<[...Q, SetAnswer<GET, NX | XX> | KilatError], S>;
  set<K extends TypedKey<S>, GET extends boolean = false, NX extends boolean = false, XX extends boolean = false>(
    key: K,
    value: ValueFor<S, K>,
    options?: SetGiven<GET, NX, XX>,
  ): Chain<[...Q, SetAnswer<GET, NX | XX> | KilatError], S>;
  /** GET: a string, or the text of a JSON value. */
  get(key: KeyOf<S, 'text' | 'json'>): Chain<[...Q, string | null | KilatError], S>;
  delete(key: KeyOf<S>): Chain<[...Q, number | KilatError], S>;
  /** Runs all calls; the replies come in their order. `orThrow` throws an error that is among them. */
  exec(): Promise<[...Q, ...Reply[]]>;
}

/** The words that `db.set` and its like come to. A value that is no string is JSON text here. */
export function setCall(key: Key, value: unknown, options?: SetOptions): unknown[] {
  checkKey(key, 'key');
  const isText = typeof value === 'string' || value instanceof Uint8Array;
  const call: unknown[] = isText ? ['SET', key, value] : ['JSON.SET', key, '$', jsonText(value)];
  return options ? call.concat(setWords(options)) : call;
}

export class MultiChain extends Commands {
  private readonly calls: Checked[][] = [];

  constructor(private readonly run: (calls: Checked[][]) => Promise<Reply[]>) {
    super();
  }

  read(words: readonly unknown[]): unknown {
    this.calls.push(prepare(words));
    return this;
  }

  write(words: readonly unknown[]): Promise<unknown> {
    return this.read(words) as Promise<unknown>;
  }

  call(command: string, ...words: Words[]): unknown {
    refuseOwnSession(command);
    return this.read([command, ...words]);
  }

  set(key: Key, value: unknown, options?: SetOptions): unknown {
    return this.read(setCall(key, value, options));
  }

  get(key: Key): unknown {
    return this.read(['GET', key]);
  }

  delete(key: Key): unknown {
    return this.read(['DEL', key]);
  }

  exec(): Promise<Reply[]> {
    return this.run(this.calls.splice(0));
  }
}
