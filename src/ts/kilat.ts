/** A database, as a program holds it. */
import { Session } from './client.js';
import { KilatError, thrown } from './errors.js';
import { EVENT_NAMES, type EventName, type KilatEvents } from './events.js';
import { Walkable } from './iterate.js';
import { jsonText, type Json } from './json.js';
import { MultiChain, setCall, type Chain } from './multi.js';
import { release, type Compacted, type Node } from './node.js';
import { levelOf, READ_CACHE, type Durability, type OpenOptions } from './options.js';
import { prepare, refuseOwnSession, rowOf } from './prepare.js';
import type { Reply } from './reply.js';
import { RawSession, type Connection, type ConnectionListener, type SessionListener } from './session.js';
import type { KeyIn, KeyOf, Storable, TypedKey, Untyped, ValueFor, ValueOf, ValuesFor } from './schema.js';
import { type SetAnswer, type SetGiven, type SetOptions } from './set-options.js';
import type { Status } from './status.js';
import { bytesOf } from './watch/change.js';
import { Live } from './watch/live.js';
import type { ChangesListener, Watched } from './watch/watches.js';
import { Subscriber, type Listener } from './subscriber.js';
import { checkKey, type Checked, type Key, type Words } from './words.js';

/** How `update` changes a value: a patch of it, or a function of the old one. */
export type Change<T> = Partial<T> | ((old: T | null) => T | undefined | Promise<T | undefined>);

/** Tries of an update whose key is changed by others, with a pause that grows. */
const PAUSE_MS_MAX = 50;

/** The commands with their strings as bytes. */
class BytesView<S> extends Walkable<Uint8Array, S> {
  constructor(private readonly session: Session) {
    super();
  }

  read(words: readonly unknown[]): unknown {
    return thrown(this.session.call(prepare(words), 'bytes'));
  }

  async write(words: readonly unknown[]): Promise<unknown> {
    return this.session.write(prepare(words), 0, 'bytes');
  }

  /** The bytes of a string, or of a JSON value's text; null where there is none. */
  get(key: KeyOf<S, 'text' | 'json'>): Uint8Array | null {
    return this.read(['GET', key]) as Uint8Array | null;
  }
}

/** `S` is the schema of the keys: see `open`. */
export class Kilat<S = Untyped> extends Walkable<string, S> {
  /** The same commands, with strings answered as `Uint8Array`. */
  readonly bytes: Omit<BytesView<S>, 'read' | 'write'>;
  /** `using db = ...` closes it, without waiting. */
  declare [Symbol.dispose]: () => void;
  /** `await using db = ...` closes it. */
  declare [Symbol.asyncDispose]: () => Promise<void>;
  private readonly session: Session;
  private readonly subscriber: Subscriber;
  /** What all views of it share. */
  private readonly state = { database: 0, closing: null as Promise<void> | null };
  /** When its writes are acknowledged: `Level` in src/ts/instance.ts. */
  private readonly level: number;
  private readonly leave = new Set<() => void>();

  /** @internal `open` makes it. */
  constructor(
    private readonly node: Node,
    /** What it was opened as. */
    readonly name: string,
    { durability, readCache = READ_CACHE }: OpenOptions,
  ) {
    super();
    // Somebody else in this page may have opened it at another level.
    this.level = durability ? levelOf(durability) : 0;
    this.session = new Session(node, readCache ? { ...READ_CACHE, ...readCache } : null, 3);
    this.session.onRestart = () => this.begin(this.session);
    this.bytes = new BytesView<S>(this.session);
    this.subscriber = new Subscriber(node);
  }

  /** @internal */
  read(words: readonly unknown[]): unknown {
    return thrown(this.session.read(words));
  }

  /** @internal */
  write(words: readonly unknown[]): Promise<unknown> {
    try {
      return this.session.write(prepare(words), this.level);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Any command, by its words. A write answers a promise; a read answers at once. */
  call(command: string, ...words: Words[]): Reply | Promise<Reply> {
    if (command === 'GET' && words.length === 1 && typeof words[0] === 'string') {
      return thrown(this.session.fetch(words[0], true, false)) as Reply;
    }
    const all = [command, ...words];
    const row = rowOf(all);
    refuseOwnSession(command, row);
    if (row?.kind === 'write') return this.write(all) as Promise<Reply>;
    const reply = this.session.call(prepare(all));
    return reply instanceof Promise ? reply.then(thrown) : thrown(reply);
  }

  /**
   * Sets a key to a value, whatever it held. A string or bytes become a Redis string (SET); a number, boolean, null,
   * array or object becomes a JSON value (JSON.SET). Answers null where `NX` or `XX` forbade it, with `GET` the old
   * string.
   */
  set<V, GET extends boolean = false, NX extends boolean = false, XX extends boolean = false>(
    key: KeyIn<S>,
    value: V & Storable<V>,
    options?: SetGiven<GET, NX, XX>,
  ): Promise<SetAnswer<GET, NX | XX>>;
  /** Sets a key to the value that the schema says, whatever it held. */
  set<K extends TypedKey<S>, GET extends boolean = false, NX extends boolean = false, XX extends boolean = false>(
    key: K,
    value: ValueFor<S, K>,
    options?: SetGiven<GET, NX, XX>,
  ): Promise<SetAnswer<GET, NX | XX>>;
  set(key: Key, value: unknown, options?: SetOptions): Promise<unknown> {
    try {
      if (options === undefined && typeof key === 'string' && typeof value === 'string') {
        return this.session.set(key, value, this.level);
      }
      return this.session.write(prepare(setCall(key, value, options)), this.level);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** What `set` has set: a string, or a JSON value; null where there is none. Other types are an error. */
  get<T = Json>(key: KeyIn<S>): T | null;
  get<K extends TypedKey<S>>(key: K): ValueOf<S, K> | null;
  get(key: Key): unknown {
    const copied = this.session.copied(key);
    if (copied !== undefined) return copied;
    checkKey(key, 'key');
    return thrown(this.session.fetch(key));
  }

  /** Several values at once, in the order of their keys. */
  getMany<T = Json>(keys: readonly KeyIn<S>[]): (T | null)[];
  getMany<const K extends readonly TypedKey<S>[]>(keys: K): { -readonly [I in keyof K]: ValueOf<S, K[I]> | null };
  getMany(keys: readonly Key[]): unknown {
    return keys.map((key) => this.get(key as KeyIn<S>));
  }

  /** Sets several keys in one step, by an object or by pairs: all of them, or none if one cannot be set. */
  setMany(values: ValuesFor<S>, options?: SetOptions): Promise<void>;
  async setMany(values: object, options: SetOptions = {}): Promise<void> {
    const pairs = Symbol.iterator in values ? [...(values as Iterable<[Key, unknown]>)] : Object.entries(values);
    const calls = pairs.map(([key, value]) => prepare(setCall(key, value, options)));
    for (const reply of (await run(this.session, calls, this.level)) ?? []) thrown(reply);
  }

  /**
   * Changes a value in one step, whatever other tabs do meanwhile. A patch is merged (RFC 7386: fields of objects are
   * replaced one by one, null removes) where the data is led; a function gets what is there, answers what shall be,
   * and is called again if somebody else was quicker. It may answer `undefined` to leave things as they are.
   * Answers the new value.
   */
  update<T = Json>(key: KeyIn<S>, change: Change<T> | Json): Promise<T>;
  update<K extends TypedKey<S>>(key: K, change: Change<ValueFor<S, K>>): Promise<ValueOf<S, K>>;
  async update(key: Key, change: unknown): Promise<unknown> {
    checkKey(key, 'key');
    if (typeof change === 'function') return this.rewrite(key, change as (old: unknown) => unknown);
    await this.session.write(['JSON.MERGE', key, '$', jsonText(change, 'patch')], this.level);
    return thrown(this.session.fetch(key));
  }

  /** Removes a key; answers whether it was there. */
  async delete(key: KeyOf<S>): Promise<boolean> {
    checkKey(key, 'key');
    return (await this.write(['DEL', key])) === 1;
  }

  /** WATCH, read, MULTI, write, EXEC, until nobody came in between. */
  private async rewrite(key: Key, change: (old: unknown) => unknown): Promise<unknown> {
    const session = new Session(this.node, null, 3);
    try {
      this.begin(session);
      for (let pauseMs = 0; ; pauseMs = Math.min(pauseMs * 2 + 1, PAUSE_MS_MAX)) {
        thrown(session.call(['WATCH', key]));
        const old = thrown(session.fetch(key));
        const next = await change(old);
        if (next === undefined) return old;
        const call = prepare(setCall(key, next, { KEEPTTL: true }));
        if ((await run(session, [call], this.level)) !== null) return next;
        // This tab may not have heard yet of what came in between.
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    } finally {
      session.close();
    }
  }

  /** Gathers calls, to be run by `exec` with nothing in between. */
  multi(): Chain<[], S> {
    return new MultiChain(async (calls) => (await run(this.session, calls, this.level)) ?? []) as unknown as Chain<[], S>;
  }

  /** Gathers calls, to be run by `exec` together; others may come in between. */
  pipeline(): Chain<[], S> {
    return new MultiChain((calls) => this.session.pipeline(calls, this.level)) as unknown as Chain<[], S>;
  }

  /** The same database, its writes acknowledged at another level. */
  withDurability(durability: Durability): Kilat<S> {
    return Object.create(this, { level: { value: levelOf(durability) } }) as Kilat<S>;
  }

  /** Hears messages on a channel, or on all whose names match a pattern with `*`, `?` or `[...]`. */
  subscribe(pattern: string, listener: Listener): () => void {
    return this.untilClosed(this.subscriber.subscribe(pattern, listener));
  }

  /** Hears what becomes of this node. Answers how to stop. */
  on<N extends EventName>(name: N, listener: (event: KilatEvents[N]) => void): () => void {
    if (!EVENT_NAMES.includes(name)) {
      throw new KilatError('ARGUMENT', `unknown event '${String(name)}': there are ${EVENT_NAMES.join(', ')}`);
    }
    return this.untilClosed(this.node.events.on(name, listener));
  }

  /**
   * Calls `listener` whenever keys have changed, in whichever tab and for whatever reason (written, deleted, expired),
   * once for all that changed together: what this page wrote in one turn, or a batch of another tab's. In the leading
   * tab it hears of writes when reads see them, which is before they are stored. Answers how to stop.
   */
  watch(what: Key | readonly Key[] | { match: Key }, listener: ChangesListener, options: { signal?: AbortSignal } = {}): () => void {
    const db = this.state.database;
    const isPattern = typeof what === 'object' && 'match' in what;
    const keys = isPattern ? [what.match] : Array.isArray(what) ? (what as readonly Key[]) : [what as Key];
    const watched = keys.map((key): Watched => ({ db, key: bytesOf(key), isPattern }));
    if (typeof listener !== 'function') throw new KilatError('ARGUMENT', 'watch wants a function to call');
    // The same function twice is two listeners.
    const stop = this.untilClosed(this.node.watches.add(watched, (changes) => listener(changes)));
    options.signal?.addEventListener('abort', stop, { once: true });
    if (options.signal?.aborted) stop();
    return stop;
  }

  /**
   * A read whose value is kept up to date: `db.live(() => db.zrange('top', 0, 9)).subscribe(show)`. It is read again
   * when a key that it looked at changes. Any command that reads may stand in it, several too; it cannot await.
   */
  live<T>(read: () => T): Live<T> {
    if (typeof read !== 'function') throw new KilatError('ARGUMENT', 'live wants a function that reads');
    return new Live(this.node.watches, read);
  }

  /** What this node is at this moment. */
  status(): Status {
    return this.node.status();
  }

  /**
   * Asks the browser to keep this origin's storage when room is short, and not to clear it by itself. Answers whether it
   * promised; false too where it cannot be asked (Node.js, a page without https). `status().storage.persisted` tells later.
   */
  override persist(): Promise<boolean>;
  /** PERSIST key: it keeps no time to live. */
  override persist(key: KeyOf<S>): Promise<number>;
  override persist(...keys: [] | [KeyOf<S>]): Promise<boolean | number> {
    return keys.length === 0 ? this.node.persist() : (this.write(['PERSIST', ...keys]) as Promise<number>);
  }

  /**
   * Moves the data into a fresh WebAssembly memory, for one that has grown never shrinks: what was freed goes back to the
   * system. Reads go on; writes wait for the last few milliseconds of it. Both memories are there meanwhile. Answers the
   * bytes of the memory before and after: `status().memory` tells when that pays. Rejects with `BUSY`, everything being
   * as it was, where calls wait for too long.
   */
  compact(): Promise<Compacted> {
    return this.node.compact();
  }

  /** Resolves when writes are taken: at once, but after `BUSY`. */
  drained(): Promise<void> {
    return this.node.drained();
  }

  /** Chooses one of the sixteen databases for the calls that follow. */
  select(index: number): 'OK' {
    const reply = this.read(['SELECT', index]) as 'OK';
    this.state.database = index;
    return reply;
  }

  /** All data as a `dump.rdb`, which redis-server loads. */
  export(): Uint8Array {
    // An error where nothing can be read: an empty file would pass for all there is.
    if (!this.status().ready) this.read(['DBSIZE']);
    return this.node.engine.control('export') as Uint8Array;
  }

  /** Replaces all data by a `dump.rdb`'s. Bytes that are damaged change nothing. */
  async import(bytes: Uint8Array): Promise<void> {
    if (!(bytes instanceof Uint8Array)) throw new KilatError('ARGUMENT', 'import wants the bytes of a dump.rdb');
    thrown(await this.node.import(bytes));
  }

  /** A session of its own: every command, and replies with their kinds. For prompts and tests. */
  openSession(listener: SessionListener = {}): RawSession {
    return new RawSession(this.node, listener);
  }

  /** A client that speaks RESP: bytes in, bytes out. */
  connect(listener: ConnectionListener): Connection {
    const session = new Session(this.node);
    session.onBytes = listener.onBytes;
    session.onClose = listener.onClose;
    return { feed: (bytes) => session.feed(bytes), close: () => session.close() };
  }

  /** Closes it; the last one to close a name in a page commits, and gives up the lead. */
  close(): Promise<void> {
    this.state.closing ??= (async () => {
      for (const stop of this.leave) stop();
      this.subscriber.close();
      // What waits for a fresh memory is still to be run.
      if (this.node.compacting) await this.node.compacting.catch(() => {});
      this.session.close();
      await release(this.node, this.name);
    })();
    return this.state.closing;
  }

  private untilClosed(end: () => void): () => void {
    const stop = () => {
      this.leave.delete(stop);
      end();
    };
    this.leave.add(stop);
    return stop;
  }

  /** The database chosen. */
  private begin(session: Session) {
    if (this.state.database !== 0) session.call(['SELECT', String(this.state.database)]);
  }
}

// Browser: where these symbols are missing, compilers that write `using` out look for these names.
Object.defineProperties(Kilat.prototype, {
  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: { value(this: Kilat) { void this.close(); } },
  [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: { value(this: Kilat) { return this.close(); } },
});

/** Runs a transaction; null where something watched had changed. */
async function run(session: Session, calls: Checked[][], level: number): Promise<Reply[] | null> {
  const replies = await session.callAll([['MULTI'], ...calls, ['EXEC']], level);
  const refused = replies.slice(0, -1).find((reply) => reply instanceof KilatError);
  const done = await replies.at(-1);
  if (refused) throw refused;
  return thrown(done as Reply) as Reply[] | null;
}
