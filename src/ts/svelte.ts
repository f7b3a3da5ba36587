/**
 * kilat for Svelte: `query` and `key` answer objects that follow the database, in whichever tab it changes. In runes mode
 * read `.current`; anywhere in Svelte they are stores too: `$name`.
 */
import { createSubscriber } from 'svelte/reactivity';
import type { Kilat } from './kilat.js';
import type { Untyped } from './schema.js';
import type { Key } from './words.js';

/** A value that redraws what reads it. */
export interface Query<T> {
  /** The value now; in a template, a `$derived` or an `$effect` it is followed. */
  readonly current: T;
  /** The contract of Svelte's stores. */
  subscribe(listener: (value: T) => void): () => void;
}

/** What `read` answers, read again when a key that it looked at changes. It may call any command that reads. */
export function query<T, S = Untyped>(db: Kilat<S>, read: (db: Kilat<S>) => T): Query<T> {
  const live = db.live(() => read(db));
  const follow = createSubscriber((update) => live.onChange(update));
  return {
    get current() {
      follow();
      // State that the read looks at is known to Svelte only if it is looked at here.
      return live.again();
    },
    subscribe: (listener) => live.subscribe(listener),
  };
}

/** The value of a key, as `db.get` answers it: null where there is none. */
export function key<T = unknown>(db: Kilat<any>, name: Key): Query<T | null> {
  return query(db, (reading) => reading.get(name) as T | null);
}
