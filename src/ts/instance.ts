/** One WebAssembly instance with one node in it: calls go in, replies come out, by linear memory. */
import type { StorageDoor } from './door.js';
import { KilatError } from './errors.js';
import type { KeySource } from './key.js';
import { instantiate, type Exports } from './kilat_wasm.js';
import type { Durability } from './options.js';
import { Pending, Reader, type Reply, type ReplyTree, type Shape } from './reply.js';
import { checkLengths, room, write, type Checked } from './words.js';

/** How a node is started: `Start` in src/browser/json.rs. */
export interface Start {
  name: string;
  durability: Durability;
  persistent: boolean;
  shared: boolean;
  discardLost: boolean;
  tcpPort: number;
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
  /** Storage was found that this key does not open. */
  refused(error: KilatError): void;
  /** The instance is dead. */
  crashed(message: string): void;
}

const SMALL = 64 * 1024;

/** When a write is acknowledged: 0 for the database's own way, or one more than the place in `DURABILITIES`. */
export type Level = number;

/** A reply, or the number of a call that is pending. */
export type Answer<T> = T | Pending;

export class Instance {
  private address = 0;
  private capacity = 0;
  private view = new Uint8Array();
  private dead: KilatError | null = null;

  private constructor(
    private readonly exports: Exports,
    private readonly listener: Listener,
  ) {}

  static async start(module: WebAssembly.Module, start: Start, doors: { storage?: StorageDoor; key?: KeySource }, listener: Listener) {
    const instance = new Instance(await instantiate(module), listener);
    const host = {
      ...doors,
      refused: (code: string, why: string) => listener.refused(new KilatError(code, why)),
      deliver: (address: number, length: number) => instance.deliver(address, length),
      event: (event: { type: string }) => listener.event(event),
      crashed: (message: string) => instance.die(message),
    };
    instance.guard(() => instance.exports.start(start, host));
    return instance;
  }

  /** Runs one call and reads its reply. */
  call(session: number, words: readonly Checked[], shape: Shape, level: Level): Answer<Reply> {
    return this.readerOf(session, [words], level).value(shape);
  }

  callTree(session: number, words: readonly Checked[]): Answer<ReplyTree> {
    return this.readerOf(session, [words], 0).tree();
  }

  /** Runs calls in one crossing, one after the other with nothing in between. */
  callAll(session: number, calls: readonly (readonly Checked[])[], shape: Shape, level: Level): Answer<Reply>[] {
    const reader = this.readerOf(session, calls, level);
    return calls.map(() => reader.value(shape));
  }

  /** Runs a call that has `JSON_VALUE` among its words. */
  callJson(session: number, words: readonly Checked[], value: unknown, level: Level): Answer<Reply> {
    const length = this.put([words]);
    const address = this.guard(() => this.exports.callJson(session, length, value, level));
    return this.reader(address).value('text');
  }

  /** A string, or a JSON value, or null. */
  get(session: number, key: Checked, shape: Shape): Answer<unknown> {
    const length = this.put([[key]]);
    const found = this.guard(() => this.exports.get(session, length)) as [unknown] | number;
    return Array.isArray(found) ? found[0] : this.reader(found).value(shape);
  }

  feed(session: number, bytes: Uint8Array) {
    this.reserve(bytes.length);
    this.view.set(bytes, this.address);
    this.guard(() => this.exports.feed(session, bytes.length));
  }

  openSession(): number {
    return this.guard(() => this.exports.session(0));
  }

  closeSession(session: number) {
    if (!this.dead) this.guard(() => this.exports.session(session));
  }

  control(what: string, argument?: unknown): unknown {
    return this.guard(() => this.exports.control(what, argument) as unknown);
  }

  /** Replaces all data. */
  import(bytes: Uint8Array): Answer<Reply> {
    return this.reader(this.control('import', bytes) as number).value('text');
  }

  private readerOf(session: number, calls: readonly (readonly Checked[])[], level: Level): Reader {
    const length = this.put(calls);
    return this.reader(this.guard(() => this.exports.call(session, length, calls.length, level)));
  }

  /** Writes calls into the buffer; answers how many bytes they took. */
  private put(calls: readonly (readonly Checked[])[]): number {
    let wanted = 0;
    for (const words of calls) {
      wanted += room(words);
      if (wanted > SMALL) checkLengths(words);
    }
    this.reserve(wanted);
    let at = this.address;
    for (const words of calls) at = write(words, this.view, at);
    return at - this.address;
  }

  /** Makes room, and renews the view where memory has grown. A large buffer is not kept. */
  private reserve(wanted: number) {
    if (wanted > this.capacity || this.capacity > 1024 * 1024) {
      this.capacity = Math.max(wanted, SMALL);
      this.address = this.guard(() => this.exports.buffer(this.capacity));
    }
    this.refresh();
  }

  /** Memory that has grown leaves a view behind that is empty. */
  private refresh() {
    if (this.view.length === 0) this.view = new Uint8Array(this.exports.memory.buffer);
  }

  /** Replies lie behind their length. */
  private reader(address: number): Reader {
    this.refresh();
    return new Reader(this.view, address + 4);
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
      if (kind === 0) this.listener.reply(id, new Reader(bytes, start));
      else if (kind === 1) this.listener.push(id, new Reader(bytes, start));
      else if (kind === 2) this.listener.bytes(id, bytes.subarray(start, at));
      else if (kind === 3) this.listener.sessionClosed(id);
      else this.listener.changed(bytes.subarray(start, at));
    }
  }

  private die(message: string) {
    if (this.dead) return;
    this.dead = new KilatError('CRASHED', `the engine died: ${message}`);
    // The engine is still on the stack: what follows must not call it.
    queueMicrotask(() => this.listener.crashed(message));
  }

  /** Runs something of the engine's; its death is an error of ours. */
  private guard<T>(run: () => T): T {
    if (this.dead) throw this.dead;
    try {
      return run();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) this.die(String(error));
      if (this.dead) throw this.dead;
      if (typeof error === 'string') throw new KilatError('ERR', error);
      throw error;
    }
  }
}
