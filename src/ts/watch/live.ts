/** A read that is read again when something that it looked at has changed. */
import { KilatError } from '../errors.js';
import { guard } from '../events.js';
import { nameOf } from './change.js';
import { isEqual } from './equal.js';
import type { Watched, Watches } from './watches.js';

/** Hears a value. */
export type ValueListener<T> = (value: T) => void;

/**
 * The value of a read. It is a store: `subscribe` calls a listener at once and whenever the value is another one.
 * What the read looks at is found out by the engine while it runs: any command that reads may stand in it.
 */
export class Live<T> {
  private readonly listeners = new Set<() => void>();
  /** How to stop watching each thing that the last read looked at. */
  private readonly watching = new Map<string, () => void>();
  private stale = true;
  private last: T | undefined;
  private error: unknown;

  /** @internal `db.live` makes it. */
  constructor(
    private readonly watches: Watches,
    private readonly read: () => T,
  ) {}

  /** The value now. The same object as long as it says the same. Throws what the read throws. */
  get value(): T {
    // Nobody tells a read that nobody listens to of changes.
    if (this.stale || this.listeners.size === 0) this.refresh();
    if (this.error !== undefined) throw this.error;
    return this.last as T;
  }

  /** Reads again, whether or not anything has changed in the database. */
  again(): T {
    this.stale = true;
    return this.value;
  }

  /** Calls `listener` with the value now, and each time that it has become another one. Answers how to stop. */
  subscribe(listener: ValueListener<T>): () => void {
    let told: { value: T } | null = null;
    const tell = () => {
      const value = this.value;
      if (told && Object.is(told.value, value)) return;
      told = { value };
      listener(value);
    };
    const stop = this.onChange(tell);
    guard(tell);
    return stop;
  }

  /** Calls `listener` whenever the value may be another one, without it. Answers how to stop. */
  onChange(listener: () => void): () => void {
    // The same function twice is two listeners.
    const own = () => listener();
    this.listeners.add(own);
    if (this.listeners.size === 1) this.refresh();
    return () => {
      if (this.listeners.delete(own) && this.listeners.size === 0) this.rest();
    };
  }

  private refresh() {
    const { looked, value, error } = this.watches.track(this.read);
    if (typeof (value as { then?: unknown } | undefined)?.then === 'function') {
      this.error = new KilatError('ARGUMENT', 'a live read answers at once: it cannot wait for a promise');
    } else {
      this.error = error;
      if (!isEqual(this.last, value)) this.last = value;
    }
    this.stale = false;
    if (this.listeners.size > 0) this.follow(looked);
  }

  /** Watches what the read has looked at this time, and no longer what it looked at before. */
  private follow(looked: readonly Watched[]) {
    const wanted = new Map(looked.map((watched) => [`${watched.isPattern}${nameOf(watched.db, watched.key)}`, watched]));
    for (const [name, stop] of this.watching) {
      if (wanted.has(name)) continue;
      stop();
      this.watching.delete(name);
    }
    for (const [name, watched] of wanted) {
      if (this.watching.has(name)) continue;
      this.watching.set(name, this.watches.add([watched], this.touched));
    }
  }

  private readonly touched = () => {
    const before = this.error === undefined ? this.last : this.error;
    this.refresh();
    if (this.error === undefined && Object.is(before, this.last)) return;
    for (const listener of [...this.listeners]) guard(listener);
  };

  private rest() {
    for (const stop of this.watching.values()) stop();
    this.watching.clear();
    this.stale = true;
  }
}
