/** `createCache`: what functions have fetched, kept for all tabs, with one flight per key. */
import { claim, freeIfDead, renew, whileHeld } from './lease.js';
import type { Call, Database } from './link.js';
import { Store, type Entry, type Generations, type Meta, type StoreOptions } from './store.js';

export type CacheOptions = StoreOptions;

export interface CachedOptions<K> {
  /** Seconds that a value is fresh: it is answered without asking again. */
  ttl: number;
  /** Seconds after that in which the old value is answered at once while a new one is fetched. 0 unless told. */
  staleWhileRevalidate?: number;
  /** What `invalidateTag` may name. */
  tags?: readonly string[] | ((argument: K) => readonly string[]);
  /** The key of an argument, in place of its JSON. */
  key?: (argument: K) => string;
}

/** What a fetcher is told. */
export interface Flight {
  /** Aborts when everybody in this tab who waits for the value has given up. */
  signal: AbortSignal;
}

export interface CallOptions {
  /** Gives up waiting; others who wait for the same value are not disturbed. */
  signal?: AbortSignal;
  /** Asks anew, whatever is there. */
  fresh?: boolean;
}

/** A function whose answers are kept. Every answer is a copy of one's own. */
export interface Cached<K, T> {
  (argument: K, options?: CallOptions): Promise<T>;
  /** What is there, fresh or stale, at once; undefined where nothing is. */
  peek(argument: K): T | undefined;
  /** Puts a value in place of what would be fetched. */
  set(argument: K, value: T): Promise<void>;
  /** Forgets one value; a flight under way for it will not be kept. */
  invalidate(argument: K): Promise<void>;
}

export interface CacheStats {
  /** Entries that are there, in all tabs. */
  entries: number;
  /** An upper bound of what they take. */
  bytes: number;
  /** Answered here, since this cache was made: fresh, stale, by a flight; and what this tab evicted. */
  hits: number;
  stale: number;
  misses: number;
  evictions: number;
}

export interface Cache {
  /** `name` tells functions apart: it is part of the keys, and must stay the same from build to build. */
  cached<K, T>(name: string, fetcher: (argument: K, flight: Flight) => T | Promise<T>, options: CachedOptions<K>): Cached<K, T>;
  /** Makes everything with one of these tags invalid in all tabs, what is being fetched included. */
  invalidateTag(...tags: string[]): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
  stats(): CacheStats;
  close(): void;
}

interface ValueMeta extends Meta {
  /** Fresh until, stored at: Unix time in milliseconds. */
  f: number;
  at: number;
  /** Bytes, not JSON. */
  b?: 1;
}

/** What is to be fetched, and how long it is kept. */
interface Task {
  key: string;
  tags: readonly string[];
  ask(signal: AbortSignal): unknown;
  freshMs: number;
  keepMs: number;
  /** Only what was stored since this moment will do; 0: anything fresh. */
  since: number;
}

interface Run {
  promise: Promise<unknown>;
  controller: AbortController;
  generations: Generations;
  token: string | null;
  waiting: number;
}

/** `[key]`: look again. `[key, name, message]`: it failed. */
type News = [key: string, name?: string, message?: string];

const LEASE_MS = 6000;
const POLL_MS = 300;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A cache in this database: `db` comes from kilat's `open`. */
export function createCache(db: Database, options: CacheOptions = {}): Cache {
  return new FlightCache(db, options);
}

class FlightCache implements Cache {
  private readonly store: Store;
  private readonly flights = new Map<string, Run>();
  private readonly listeners = new Map<string, Set<(news: News) => void>>();
  private readonly stop: () => void;
  private readonly counts = { hits: 0, stale: 0, misses: 0 };

  constructor(db: Database, options: CacheOptions) {
    this.store = new Store(db, options);
    this.stop = db.subscribe(this.store.key('news'), (message) => {
      const news = JSON.parse(message) as News;
      for (const hear of [...(this.listeners.get(news[0]) ?? [])]) hear(news);
    });
  }

  cached<K, T>(name: string, fetcher: (argument: K, flight: Flight) => T | Promise<T>, options: CachedOptions<K>): Cached<K, T> {
    const { ttl, staleWhileRevalidate = 0, tags = [], key = JSON.stringify } = options;
    if (!(ttl > 0)) throw new TypeError(`ttl must be a positive number of seconds, not ${ttl}`);
    const task = (argument: K, since = 0): Task => ({
      key: `${name}:${key(argument)}`,
      tags: typeof tags === 'function' ? tags(argument) : tags,
      ask: (signal) => fetcher(argument, { signal }),
      freshMs: ttl * 1000,
      keepMs: (ttl + staleWhileRevalidate) * 1000,
      since,
    });

    const call = async (argument: K, { signal, fresh = false }: CallOptions = {}): Promise<T> => {
      signal?.throwIfAborted();
      const entry = fresh ? null : this.look(task(argument).key);
      if (entry) {
        if (entry.meta.f > Date.now()) return this.counts.hits++, valueOf(entry) as T;
        this.counts.stale++;
        // Counted as waited for, so that no caller who joins it and leaves can abort it.
        this.flight(task(argument)).waiting++;
        return valueOf(entry) as T;
      }
      this.counts.misses++;
      for (;;) {
        const run = this.flight(task(argument, fresh ? Date.now() : 0));
        const value = await this.join(run, signal);
        // A flight that began before an invalidation brings what the caller has been told is over.
        if (run.generations.length === 0 || this.isCurrent(run)) return value as T;
      }
    };
    return Object.assign(call, {
      peek: (argument: K) => {
        const entry = this.look(task(argument).key);
        return entry ? (valueOf(entry) as T) : undefined;
      },
      set: async (argument: K, value: T) => {
        const given = task(argument);
        const { key } = given;
        const calls = this.storing(given, value, this.store.generations(given.tags));
        if (!calls) throw new TypeError('the value is larger than the cache, or no JSON');
        await this.store.link.write(...calls, ['DEL', this.store.key('f:', key)], this.tell(key));
        await this.store.bound(key);
      },
      invalidate: async (argument: K) => {
        const { key } = task(argument);
        await this.store.link.write(...this.store.forgetCalls(key), ['DEL', this.store.key('f:', key)], this.tell(key));
      },
    });
  }

  /** What is there; a database that cannot be read has nothing. */
  private look(key: string): Entry<ValueMeta> | null {
    try {
      return this.store.read<ValueMeta>(key);
    } catch {
      return null;
    }
  }

  private isCurrent(run: Run) {
    try {
      return this.store.isCurrent(run.generations);
    } catch {
      return true;
    }
  }

  /** Waits for a flight until `signal`; when nobody waits any more it is aborted. */
  private async join(run: Run, signal?: AbortSignal): Promise<unknown> {
    run.waiting++;
    let leave = () => {};
    try {
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(signal?.reason);
        signal?.addEventListener('abort', leave);
      });
      return await Promise.race([run.promise, left]);
    } catch (error) {
      if (--run.waiting === 0 && signal?.aborted) run.controller.abort(signal.reason);
      throw error;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** The flight for a key in this tab: the one under way if it is as good, or a new one. */
  private flight(task: Task): Run {
    const { key } = task;
    const found = this.flights.get(key);
    const lease = this.store.key('f:', key);
    const isLed = () => found?.token === null || this.store.link.text('GET', lease) === found?.token;
    if (found && !task.since && !found.controller.signal.aborted && this.isCurrent(found) && isLed()) return found;
    const run: Run = { promise: Promise.resolve(), controller: new AbortController(), generations: [], token: null, waiting: 0 };
    const after = found?.promise.catch(() => {});
    run.promise = (async () => {
      await after;
      return this.fly(run, task);
    })();
    // A stale value's flight may fail with nobody to hear of it.
    run.promise.catch(() => {});
    this.flights.set(key, run);
    const end = () => this.flights.get(key) === run && this.flights.delete(key);
    run.promise.then(end, end);
    return run;
  }

  /** Leads the flight, or waits for the tab that does. */
  private async fly(run: Run, task: Task) {
    const { key, tags, since } = task;
    const { signal } = run.controller;
    const lease = this.store.key('f:', key);
    for (;;) {
      signal.throwIfAborted();
      try {
        run.generations = this.store.generations(tags);
        const news = this.listen(key, signal);
        run.token = await claim(this.store.link, lease, LEASE_MS);
        const entry = this.look(key);
        // The tab that held the lease a moment ago has stored it.
        const isThere = entry !== null && entry.meta.f > Date.now() && entry.meta.at >= since;
        if (isThere) {
          news.stop();
          if (run.token) await whileHeld(this.store.link, lease, run.token, ['DEL', lease], this.tell(key));
          return valueOf(entry);
        }
        if (!run.token) {
          const [, name, message] = await news.heard;
          if (name !== undefined) throw new Remote(name, message);
          await freeIfDead(this.store.link, lease);
          continue;
        }
        news.stop();
      } catch (error) {
        if (error instanceof Remote) throw Object.assign(new Error(error.message), { name: error.name });
        signal.throwIfAborted();
        // The database cannot be used: better an answer that is not shared than none.
        run.token = null;
      }
      return run.token === null ? task.ask(signal) : this.lead(run, task, lease);
    }
  }

  private async lead(run: Run, task: Task, lease: string) {
    const { key } = task;
    const { link } = this.store;
    const token = run.token!;
    const { signal } = run.controller;
    const beat = setInterval(() => void renew(link, lease, token, LEASE_MS).catch(() => {}), LEASE_MS / 3);
    const free = (news: Call) => whileHeld(link, lease, token, ['DEL', lease], news).catch(() => false);
    let value: unknown;
    let calls: Call[] | null;
    try {
      const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      value = await Promise.race([task.ask(signal), aborted]);
      calls = this.storing(task, value, run.generations);
    } catch (error) {
      clearInterval(beat);
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      await free(signal.aborted ? this.tell(key) : this.tell(key, name, message));
      throw error;
    }
    clearInterval(beat);
    const done = calls && whileHeld(link, lease, token, ...calls, ['DEL', lease], this.tell(key)).catch(() => false);
    // Where it was not stored the lease is given up; the value is the caller's all the same.
    if (await done) await this.store.bound(key).catch(() => {});
    else await free(this.tell(key));
    return calls && !(value instanceof Uint8Array) ? JSON.parse(JSON.stringify(value)) : value;
  }

  private storing({ key, freshMs, keepMs }: Task, value: unknown, g: Generations): Call[] | null {
    if (typeof Response !== 'undefined' && value instanceof Response) {
      throw new TypeError('a Response is read once: let the fetcher answer `await response.json()` or bytes, or use strategies');
    }
    const at = Date.now();
    const isBytes = value instanceof Uint8Array;
    const data = isBytes ? value : (JSON.stringify(value) as string | undefined);
    if (data === undefined) return null;
    const meta: ValueMeta = { g, f: at + freshMs, at, ...(isBytes ? { b: 1 } : {}) };
    return this.store.storeCalls(key, meta, isBytes ? data : encoder.encode(data as string), keepMs);
  }

  private tell(...news: News): Call {
    return ['PUBLISH', this.store.key('news'), JSON.stringify(news)];
  }

  /** News of a key, or after a while the hint to look again. */
  private listen(key: string, signal: AbortSignal) {
    let stop = () => {};
    const heard = new Promise<News>((resolve) => {
      const hear = (news: News) => (stop(), resolve(news));
      const again = () => hear([key]);
      const timer = setTimeout(again, POLL_MS);
      let set = this.listeners.get(key);
      if (!set) this.listeners.set(key, (set = new Set()));
      set.add(hear);
      signal.addEventListener('abort', again);
      stop = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', again);
        set.delete(hear);
        if (set.size === 0 && this.listeners.get(key) === set) this.listeners.delete(key);
      };
    });
    return { heard, stop: () => stop() };
  }

  invalidateTag(...tags: string[]): Promise<void> {
    return this.store.invalidate(tags);
  }

  async clear(): Promise<void> {
    await this.store.invalidate(['']);
    await this.store.sweep();
  }

  stats(): CacheStats {
    return { ...this.store.size(), ...this.counts, evictions: this.store.evictions };
  }

  close() {
    this.stop();
    for (const { controller } of this.flights.values()) controller.abort(new Error('the cache was closed'));
    this.store.close();
  }
}

/** A flight that failed in another tab. */
class Remote {
  constructor(readonly name: string, readonly message = '') {}
}

function valueOf({ meta, data }: Entry<ValueMeta>): unknown {
  return meta.b ? data : JSON.parse(decoder.decode(data));
}
