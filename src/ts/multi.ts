/** A transaction: its calls are gathered here and run by `exec`, all of them with nothing in between. */
import { Commands } from './commands.generated.js';
import { checkJson, type Json } from './json.js';
import { prepare, refuseOwnSession } from './prepare.js';
import type { Reply } from './reply.js';
import { setWords, type SetOptions } from './set-options.js';
import { checkKey, type Checked, type Key, type Words } from './words.js';

/** Every command's method, answering the chain. */
type Chained<T> = {
  [M in keyof T]: T[M] extends (...args: infer A) => unknown ? (...args: A) => Chain : never;
};

export interface Chain extends Omit<Chained<Commands>, 'read' | 'write'> {
  /** Any command. */
  call(command: string, ...words: Words[]): Chain;
  /** As `db.set`. */
  set(key: Key, value: Json | Uint8Array, options?: SetOptions): Chain;
  get(key: Key): Chain;
  delete(key: Key): Chain;
  /** Runs all calls; the replies come in their order. A call that failed is an error among them. */
  exec(): Promise<Reply[]>;
}

/** The words that `db.set` and its like come to. A value that is no string is JSON text here. */
export function setCall(key: Key, value: unknown, options: SetOptions): unknown[] {
  checkKey(key, 'key');
  if (typeof value === 'string' || value instanceof Uint8Array) return ['SET', key, value, ...setWords(options)];
  checkJson(value);
  return ['JSON.SET', key, '$', JSON.stringify(value), ...setWords(options)];
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
    refuseOwnSession([command]);
    return this.read([command, ...words]);
  }

  set(key: Key, value: Json | Uint8Array, options: SetOptions = {}): unknown {
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
