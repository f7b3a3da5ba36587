/**
 * Who watches which keys in this page. The engine tells of keys that somebody watches, once a batch: after what the
 * page's own code wrote in one turn, and after each batch of records from the leading tab.
 */
import { guard } from '../events.js';
import type { Instance } from '../instance.js';
import { ALL, entriesOf, FATES, nameOf, textOf, type Changes, type Fate } from './change.js';
import { matcherOf } from './pattern.js';

/** What is watched: keys and patterns of a database. */
export interface Watched {
  readonly db: number;
  readonly key: Uint8Array;
  readonly isPattern: boolean;
}

export type ChangesListener = (changes: Changes) => void;

interface Group {
  readonly watched: Watched;
  readonly listeners: Set<ChangesListener>;
  readonly matches: (key: Uint8Array) => boolean;
}

/** What a batch has for one listener. */
class Gathered implements Changes {
  readonly keys = new Map<string, Fate>();
  everything = false;
}

/** As `begin_or_end` in src/browser/observe.rs has it. */
const enum Op {
  Begin = 0,
  End = 2,
}

export class Watches {
  private readonly keys = new Map<string, Group>();
  private readonly patterns = new Map<string, Group>();
  /** Looks of reads that are tracked now, the innermost last. */
  private readonly tracks: Map<string, Watched>[] = [];
  private engine: Instance | null = null;

  /** Calls `listener` once a batch; answers how to stop. */
  add(watched: readonly Watched[], listener: ChangesListener): () => void {
    for (const one of watched) this.groupOf(one).listeners.add(listener);
    return () => {
      for (const one of watched) this.leave(one, listener);
    };
  }

  private groupOf(watched: Watched): Group {
    const groups = watched.isPattern ? this.patterns : this.keys;
    const name = nameOf(watched.db, watched.key);
    let group = groups.get(name);
    if (!group) {
      const matches = watched.isPattern ? matcherOf(watched.key) : () => true;
      groups.set(name, (group = { watched, listeners: new Set(), matches }));
      this.tell(watched, Op.Begin);
    }
    return group;
  }

  private leave(watched: Watched, listener: ChangesListener) {
    const groups = watched.isPattern ? this.patterns : this.keys;
    const name = nameOf(watched.db, watched.key);
    const group = groups.get(name);
    if (!group?.listeners.delete(listener) || group.listeners.size > 0) return;
    groups.delete(name);
    this.tell(watched, Op.End);
  }

  private tell({ db, key, isPattern }: Watched, op: Op) {
    const bytes = new Uint8Array(key.length + 2);
    bytes[0] = op + (isPattern ? 1 : 0);
    bytes[1] = db;
    bytes.set(key, 2);
    this.engine?.control('observe', bytes);
  }

  /** An engine that knows of nobody yet; null while there is none. */
  setEngine(engine: Instance | null) {
    this.engine = engine;
    if (!engine) return;
    for (const group of [...this.keys.values(), ...this.patterns.values()]) this.tell(group.watched, Op.Begin);
  }

  /** The data was read anew. */
  touchAll() {
    this.call(this.gather(new Uint8Array(), () => true));
  }

  /** A batch from the engine. */
  changed(bytes: Uint8Array) {
    const databases = new Set<number>();
    for (const { mark, db } of entriesOf(bytes)) if (mark === ALL) databases.add(db);
    this.call(this.gather(bytes, (db) => databases.has(db)));
  }

  private gather(bytes: Uint8Array, isAll: (db: number) => boolean): Map<ChangesListener, Gathered> {
    const batch = new Map<ChangesListener, Gathered>();
    const of = (listener: ChangesListener) => {
      let gathered = batch.get(listener);
      if (!gathered) batch.set(listener, (gathered = new Gathered()));
      return gathered;
    };
    for (const { mark, db, key } of entriesOf(bytes)) {
      if (mark === ALL) continue;
      const groups = [...this.patterns.values()].filter((group) => group.watched.db === db && group.matches(key));
      const exact = this.keys.get(nameOf(db, key));
      for (const group of exact ? [exact, ...groups] : groups) {
        for (const listener of group.listeners) of(listener).keys.set(textOf(key), FATES[mark]!);
      }
    }
    for (const { watched, listeners } of [...this.keys.values(), ...this.patterns.values()]) {
      if (isAll(watched.db)) for (const listener of listeners) of(listener).everything = true;
    }
    return batch;
  }

  private call(batch: Map<ChangesListener, Gathered>) {
    for (const [listener, changes] of batch) guard(() => listener(changes));
  }

  /** Runs a read; answers what it looked at beside what it answered, or threw. */
  track<T>(read: () => T): { looked: Watched[]; value?: T; error?: unknown } {
    // What an outer read has looked at so far is its own; what the inner one looks at is both's.
    this.takeLooked(true);
    const own = new Map<string, Watched>();
    this.tracks.push(own);
    const result: { looked: Watched[]; value?: T; error?: unknown } = { looked: [] };
    try {
      result.value = read();
    } catch (error) {
      result.error = error;
    }
    this.takeLooked(this.tracks.length > 1);
    this.tracks.pop();
    const outer = this.tracks.at(-1);
    for (const [name, watched] of own) outer?.set(name, watched);
    result.looked = [...own.values()];
    return result;
  }

  /** Gives what was looked at to the read that is tracked now. */
  private takeLooked(goesOn: boolean) {
    const looked = (this.engine?.control('track', goesOn) as Uint8Array | undefined) ?? new Uint8Array();
    const own = this.tracks.at(-1);
    if (!own) return;
    for (const { mark, db, key } of entriesOf(looked)) {
      const watched = mark === ALL ? { db, key: ANY, isPattern: true } : { db, key, isPattern: false };
      own.set(`${mark}${nameOf(db, watched.key)}`, watched);
    }
  }
}

/** The pattern of all keys. */
const ANY = Uint8Array.of(42);
