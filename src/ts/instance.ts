/** One WebAssembly instance with one node in it: calls go in, replies come out, by linear memory. */
import { NONE, type Freshness, type Versions } from './copies.js';
import type { StorageDoor } from './door.js';
import type { Early } from './early.js';
import { errorOfReply, KilatError } from './errors.js';
import type { KeySource } from './key.js';
import { instantiate, type Exports } from './kilat_wasm.js';
import { DURABILITIES, type Durability } from './options.js';
import { Pending, Reader, type Reply, type ReplyTree, type Shape } from './reply.js';
import { room, write, writeKey, writeText, type Checked, type Key } from './words.js';

/** How a node is started: `start` in src/browser/bindings.rs. */
export interface Start {
  name: string;
  durability: Durability;
  persistent: boolean;
  shared: boolean;
  discardLost: boolean;
  tcpPort: number;
}

/** How it comes to what is stored. */
interface Doors {
  storage: StorageDoor | undefined;
  key: KeySource | undefined;
  early: Early | null;
}

/** Who hears of what happens outside a call. */
export interface Listener {
  /** The reply of a pending call. */
  reply(call: number, reader: Reader): void;
  /** Something for a session that did not ask. */
  push(session: number, reader: Reader): void;
  /** Bytes for a RESP client; they are the listener's to keep. */
  bytes(session: number, bytes: Uint8Array): void;
  sessionClosed(session: number): void;
  /** Keys that are observed have changed; the bytes are the listener's to keep. */
  changed(bytes: Uint8Array): void;
  event(event: { type: string }): void;
  /** Whether anybody listens to the event `expired`. */
  hearsExpired(): boolean;
  /** Storage was found that this key does not open. */
  refused(error: KilatError): void;
  /** The instance is dead. */
  crashed(message: string): void;
}

const SMALL = 64 * 1024;

/** When a write is acknowledged: 0 for the database's own way, or one more than the place in `DURABILITIES`. */
export type Level = number;

/** A reply, or the number of a call that is pending. */
export type Answer<T> = T | Pending<T>;

/** Quicker than `queueMicrotask`, by far in Node.js. */
const RESOLVED = /* @__PURE__ */ Promise.resolve();

const NOTHING = new Uint8Array();
const NO_DATA = new DataView(NOTHING.buffer);

/**
 * In place of an address: the reply is OK, at once or with the call that was named last; below zero it is a number. As in
 * src/browser/bindings.rs.
 */
const OK = 1;
const OK_LATER = 2;

/** OK, once the call that was named last is answered. */
export const LATER = new Pending<Reply>(0, 'OK');

/** With a level: more SETs may come. As in src/browser/bindings.rs. */
const SETS = 4;

/** Bytes of SETs that are taken together: as in src/browser/words.rs. */
const SETS_BYTES = 16 * 1024;

/** Bytes before replies: their length, and what a copy needs. */
const HEAD = 12;

/** What `find` has found under a key, by the mark before it. */
export const TEXT = 34; // "
export const JSON_TEXT = 74; // J

/** With the place of a key's word: its value is a JSON value. As in src/browser/gather.rs. */
const IS_JSON = 0x8000_0000;

/** What is told in place of an address: see `told` in src/browser/bindings.rs. */
function numberAt(at: number): number | Pending<number> {
  const twice = -1 - at;
  const number = Math.floor(twice / 2);
  return twice & 1 ? new Pending(LATER.call, number) : number;
}

export class Instance implements Versions {
  words = NONE;
  /** Of the last reply. */
  readonly fresh: Freshness = { place: 0, ttlMs: 0, length: 0 };
  /** Of the last reply. */
  readonly reader = new Reader(NOTHING, 0);
  private isTracking = false;
  private place: [address: number, count: number] | null = null;
  private address = 0;
  private capacity = 0;
  private view = NOTHING;
  private data = NO_DATA;
  /** One word: where the next SET goes that is left for the engine (`src/browser/words.rs`); 0 while none may be. */
  private end = NONE;
  private sets = 0;
  /** Whose SETs they are, and what stands for their replies. */
  private session = 0;
  private level = 0;
  private shared: Promise<Reply> | null = null;
  private dead: KilatError | null = null;

  private constructor(
    private readonly exports: Exports,
    private readonly listener: Listener,
  ) {}

  static async start(module: WebAssembly.Module, start: Start, doors: Doors, listener: Listener) {
    const instance = new Instance(await instantiate(module), listener);
    const host = {
      ...doors,
      refused: (code: string, why: string) => listener.refused(new KilatError(code, why)),
      deliver: (address: number, length: number) => instance.deliver(address, length),
      settleSoon: () => void RESOLVED.then(instance.settle),
      event: (event: { type: string }) => listener.event(event),
      get hearsExpired() { return listener.hearsExpired(); },
      get made() { return doors.early?.made; },
      read: () => doors.early?.read(),
      crashed: (message: string) => instance.die(message),
    };
    const { name, durability, persistent, shared, discardLost, tcpPort } = start;
    const level = DURABILITIES.indexOf(durability);
    instance.guard(() => instance.exports.start(name, level, persistent, shared, discardLost, tcpPort, host));
    return instance;
  }

  /** Bytes of its linear memory, which never shrinks. */
  get memoryBytes(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /** Runs one call and reads its reply. */
  call(session: number, words: readonly Checked[], shape: Shape, level: Level): Answer<Reply> {
    const at = this.run(session, words, level);
    if (at > OK_LATER) return this.read(at).value(shape);
    if (at < 0) return numberAt(at);
    return at === OK ? 'OK' : LATER;
  }

  /**
   * Leaves a SET to cross with the next call or when the turn ends, if one of the same session and level has crossed in
   * this turn and nothing since. Answers what that one was answered, or null where this one must cross itself.
   */
  leaveSet(session: number, level: Level, key: string, value: string): Promise<Reply> | null {
    // Not above 0 too where memory has grown: the word is a new one then.
    const at = this.end[0]!;
    const isLeft = at > 0 && at + 4 + (key.length + value.length) * 3 <= SETS_BYTES && session === this.session && level === this.level;
    if (!isLeft) return null;
    const { view, data } = this;
    const from = this.sets + at;
    const keyLength = writeText(key, view, from + 4);
    const valueLength = keyLength < 0 ? -1 : writeText(value, view, from + 4 + keyLength);
    if (valueLength < 0) return null;
    data.setUint16(from, keyLength, true);
    data.setUint16(from + 2, valueLength, true);
    this.end[0] = at + 4 + keyLength + valueLength;
    // No copy is proven fresh before it has crossed.
    this.words = NONE;
    return this.shared;
  }

  /** Runs a SET; `answered` makes a promise of its reply, which stands for those that are left behind it, too. */
  set(session: number, level: Level, key: string, value: string, answered: (answer: Answer<Reply>) => Promise<Reply>): Promise<Reply> {
    if (this.sets === 0) {
      this.sets = this.control('sets') as number;
      this.view = NOTHING;
    }
    this.shared = answered(this.call(session, ['SET', key, value], 'text', level | SETS));
    this.session = session;
    this.level = level;
    return this.shared;
  }

  callTree(session: number, words: readonly Checked[]): Answer<ReplyTree> {
    const length = this.put(words);
    return this.read(this.guard(() => this.exports.call(session, length, 1, 0))).tree();
  }

  /** Runs calls in one crossing, one after the other with nothing in between. */
  callAll(session: number, calls: readonly (readonly Checked[])[], level: Level): Answer<Reply>[] {
    const length = this.putAll(calls);
    const reader = this.read(this.guard(() => this.exports.call(session, length, calls.length, level)));
    return calls.map(() => reader.value('text'));
  }

  /**
   * A read whose answer may be copied: see `fresh`. With a number of `keys`, as MGET has them, `found` is told of each
   * that holds text, and then `fresh` is of that.
   */
  fetch(session: number, words: readonly Checked[], keys = 0, found?: (i: number, text: string, isJson: boolean) => void): Answer<Reply> {
    const { fresh } = this;
    const length = this.put(words);
    const at = this.guard(() => this.exports.read(session, length, keys));
    this.freshen(at);
    const reply = this.read(at).value('text');
    for (let i = 0, from = at + HEAD + fresh.length; i < keys && Array.isArray(reply); i++, from += 8) {
      const text = reply[i];
      if (typeof text !== 'string') continue;
      // What was found before may have made memory grow.
      this.refresh();
      const place = this.data.getUint32(from, true);
      fresh.place = place & ~IS_JSON;
      fresh.ttlMs = this.data.getUint32(from + 4, true);
      fresh.length = text.length;
      found!(i, text, place >= IS_JSON);
    }
    return reply;
  }

  /**
   * Looks for a key: `TEXT` or `JSON_TEXT` where it holds one, and then that is the `rest` of the reply; otherwise 0, and
   * the reply is GET's. `fresh` is of it only where it is to be copied.
   */
  find(session: number, key: Key, isToCopy: boolean): number {
    if (this.dead) throw this.dead;
    this.reserve(key.length * 3);
    const length = writeKey(key, this.view, this.address);
    let at: number;
    try {
      at = this.exports.get(isToCopy ? session : -session, length);
    } catch (error) {
      throw this.failed(error);
    }
    this.read(at);
    if (isToCopy) this.freshen(at);
    const mark = this.view[at + HEAD]!;
    return mark === TEXT || mark === JSON_TEXT ? mark : 0;
  }

  feed(session: number, bytes: Uint8Array) {
    this.reserve(bytes.length);
    this.view.set(bytes, this.address);
    this.guard(() => this.exports.feed(session, bytes.length));
  }

  openSession(protocol: 2 | 3): number {
    return this.guard(() => this.exports.session(protocol === 3 ? -1 : 0));
  }

  closeSession(session: number) {
    if (!this.dead) this.guard(() => this.exports.session(session));
  }

  control(what: string, argument?: unknown): unknown {
    if (what === 'track') {
      this.isTracking = Boolean(argument);
      this.words = NONE;
    }
    return this.guard(() => this.exports.control(what, argument) as unknown);
  }

  /** Replaces all data. */
  import(bytes: Uint8Array): Answer<Reply> {
    return this.read(this.control('import', bytes) as number).value('text');
  }

  /** Answers where the reply is, or `OK`, or `OK_LATER`. */
  private run(session: number, words: readonly Checked[], level: Level): number {
    if (this.dead) throw this.dead;
    const length = this.put(words);
    try {
      return this.exports.call(session, length, 0, level);
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** Writes a call into the buffer; answers how many bytes it took. */
  private put(words: readonly Checked[]): number {
    this.reserve(room(words));
    return write(words, this.view, this.data, this.address) - this.address;
  }

  /** As `put`, for several calls. */
  private putAll(calls: readonly (readonly Checked[])[]): number {
    this.reserve(calls.reduce((wanted, words) => wanted + room(words), 0));
    let at = this.address;
    for (const words of calls) at = write(words, this.view, this.data, at);
    return at - this.address;
  }

  /** Makes room, and renews the view where memory has grown. A large buffer is not kept. */
  private reserve(wanted: number) {
    if (wanted > this.capacity || this.capacity > 1024 * 1024) {
      this.capacity = Math.max(wanted, SMALL);
      this.address = this.guard(() => this.exports.buffer(this.capacity));
      if (this.address === 0) {
        this.capacity = 0;
        throw errorOfReply('OOM there is no memory for the call');
      }
    }
    this.refresh();
  }

  /** Memory that has grown leaves a view behind that is empty. */
  private refresh() {
    if (this.view.length > 0) return;
    const { buffer } = this.exports.memory;
    this.view = new Uint8Array(buffer);
    this.data = new DataView(buffer);
    this.end = new Int32Array(buffer, this.sets, 1);
  }

  /** A reader of the replies there; it is the same one each time. `reply_with` in src/browser/bindings.rs. */
  private read(at: number): Reader {
    this.refresh();
    const begin = at + HEAD;
    return this.reader.set(this.view, begin, begin + this.data.getUint32(at, true));
  }

  /** What a copy of the reply there needs. */
  private freshen(at: number) {
    this.refresh();
    const { data, fresh } = this;
    fresh.length = data.getUint32(at, true);
    fresh.place = data.getUint32(at + 4, true);
    fresh.ttlMs = data.getUint32(at + 8, true);
  }

  /** The words that prove copies fresh: none while reads are tracked, so that the engine sees them, or once it is dead. */
  renew() {
    if (this.words.length > 0 || this.isTracking || this.dead) return;
    this.place ??= this.control('versions') as [address: number, count: number];
    this.words = new Int32Array(this.exports.memory.buffer, ...this.place);
  }

  /** `[u32 kind] [f64 id] [u32 length] [bytes]`, again and again: `Kind` in src/browser/driver.rs. */
  private deliver(address: number, length: number) {
    // A listener may call back, and memory may grow: what is delivered is copied first.
    this.refresh();
    const bytes = this.view.slice(address, address + length);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < length; ) {
      const kind = view.getUint32(at, true);
      const id = view.getFloat64(at + 4, true);
      const start = at + 16;
      at = start + view.getUint32(at + 12, true);
      if (kind === 0) this.listener.reply(id, new Reader(bytes, start, at));
      else if (kind === 1) this.listener.push(id, new Reader(bytes, start, at));
      else if (kind === 2) this.listener.bytes(id, bytes.subarray(start, at));
      else if (kind === 3) this.listener.sessionClosed(id);
      else this.listener.changed(bytes.subarray(start, at));
    }
  }

  private readonly settle = () => {
    try {
      if (!this.dead) this.exports.settle();
    } catch (error) {
      const failure = this.failed(error);
      // Its death is told in another way.
      if (!this.dead) throw failure;
    }
  };

  private die(message: string) {
    if (this.dead) return;
    this.dead = new KilatError('CRASHED', `the engine died: ${message}`);
    this.words = this.end = NONE;
    // The engine is still on the stack: what follows must not call it.
    queueMicrotask(() => this.listener.crashed(message));
  }

  /** Runs something of the engine's; its death is an error of ours. */
  private guard<T>(run: () => T): T {
    if (this.dead) throw this.dead;
    try {
      return run();
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** What is to be thrown for what the engine has thrown. */
  private failed(error: unknown): unknown {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) this.die(String(error));
    if (this.dead) return this.dead;
    return typeof error === 'string' ? errorOfReply(error) : error;
  }
}
