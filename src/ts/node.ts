/**
 * One node in this page: shared by everyone who opens its name here, restarted from storage when its engine dies.
 * Sessions outlive a restart; what they had in MULTI, WATCH and calls does not.
 */
import type { Session } from './client.js';
import { asKilatError, KilatError, thrown } from './errors.js';
import { openEarly, type Early } from './early.js';
import { Emitter, guard, type KilatEvents, type EventName } from './events.js';
import { Instance, type Answer, type Start } from './instance.js';
import type { StorageDoor } from './door.js';
import { nextTurn } from './load.js';
import { keySource, sameKey, type KeySource } from './key.js';
import type { OpenOptions } from './options.js';
import { Pending, READ, type Reader, type Reply, type ReplyTree, type Shape } from './reply.js';
import type { Status } from './status.js';
import type { Checked } from './words.js';
import { Watches } from './watch/watches.js';
import { leaveTornLog } from './torn.js';
import { Usage } from './usage.js';

/** Deaths in a row after which a node is not started again. */
const CRASHES_MAX = 5;
const CRASHES_WITHIN_MS = 10_000;

/** How long a fresh node waits for a leader to be known. */
const MEET_TRIES = 50;
const MEET_PAUSE_MS = 4;

const DRAIN_PAUSE_MS = 50;

interface Waiting {
  read(reader: Reader): unknown;
  resolve(value: unknown): void;
  reject(error: KilatError): void;
  /** What is made of it, where others wait for it too. */
  readonly commit?: Commit;
}

/** `Status` in src/node/status.rs. */
export type Told = Omit<Status, 'storage' | 'memory'> & { storage: Status['storage']['state']; dataBytes: number };

/** Calls of one turn whose writes are committed together. */
interface Commit {
  readonly call: number;
  /** Null, or why they are not. */
  readonly done: Promise<KilatError | null>;
  /** For those that are answered OK. */
  ok: Promise<Reply> | null;
}

/** What `compact` answers: bytes of linear memory. */
export interface Compacted {
  before: number;
  after: number;
}

/** Keeps back what may write, until another instance has taken over. */
export interface Held {
  run<T>(run: () => T | Promise<T>): Promise<T>;
  write(session: Session, words: readonly Checked[], level: number, shape: Shape): Promise<Reply>;
}

/** What a compaction sees of a node. */
export type Inner = Pick<Node, 'engine' | 'launch' | 'aside' | 'watches' | 'spare' | 'held'> & {
  readonly options: NodeOptions;
  readonly waiting: ReadonlyMap<number, unknown>;
  readonly away: boolean;
  take(instance: Instance): void;
  failure(code: string, message: string): KilatError;
};

const NOTHING_NAMED: Commit = { call: 0, done: /* @__PURE__ */ Promise.resolve(null), ok: null };

const asIs = (error: KilatError) => error as never;

const OK: Promise<Reply> = /* @__PURE__ */ Promise.resolve('OK');

export interface NodeOptions extends OpenOptions {
  /** Where a server listens: INFO tells it. */
  tcpPort?: number;
}

export class Node {
  readonly events = new Emitter();
  private readonly usage = new Usage();
  readonly watches = new Watches();
  private instance: Instance | null = null;
  private sessions = new Map<number, Session>();
  private waiting = new Map<number, Waiting>();
  private crashes: number[] = [];
  private ended: KilatError | null = null;
  private finished: (() => void)[] = [];
  /** A write was refused with BUSY, and nothing has been heard of `drained` since. */
  private busy = false;
  private ready: { resolve(): void; reject(error: KilatError): void } | null = null;
  /** Ends the waiting for a leader. */
  private leads: (() => void) | null = null;
  /** It has left with its page, and has not come back. */
  private away = false;
  private named: Commit = NOTHING_NAMED;
  private isLeader = false;
  private early: Early | null = null;
  private module: WebAssembly.Module | Promise<WebAssembly.Module> | null = null;
  /** What waits until another instance has taken over. */
  held: Held | null = null;
  /** Hears the events, by type, and the end of an instance that is not the node's own. */
  aside: ((said: string | KilatError) => void) | null = null;
  compacting: Promise<Compacted> | null = null;
  /** It is about to take over. */
  spare: Instance | null = null;
  /** Instances that have the door to storage open. */
  private doors = 0;
  /** How many have it open. */
  users = 0;

  private constructor(
    private readonly compile: () => WebAssembly.Module | Promise<WebAssembly.Module>,
    private readonly options: NodeOptions,
  ) {}

  /** Resolves when the node has a role and its data. `begin` can listen to what happens before. */
  static async open(compile: () => WebAssembly.Module | Promise<WebAssembly.Module>, options: NodeOptions, begin?: (node: Node) => void): Promise<Node> {
    const node = new Node(compile, options);
    begin?.(node);
    await node.start();
    return node;
  }

  /** Refuses to be handed out to someone who wants it kept elsewhere. */
  checkSame(options: OpenOptions) {
    const where = ({ persistent = true, storage }: OpenOptions) => (persistent ? (storage ?? 'IndexedDB') : 'memory');
    const { name, key, recover } = options;
    const refuse = (why: string) => {
      throw new KilatError('OPTION', `database '${name}' is open in this page${why}`);
    };
    if (where(options) !== where(this.options)) refuse(' with other options persistent or storage');
    if (!sameKey(key, this.options.key)) refuse(' with another option key');
    if (recover && recover !== (this.options.recover ?? 'refuse')) refuse(`: close it before it is opened with recover '${recover}'`);
  }

  /** The engine, or the reason why there is none. */
  get engine(): Instance {
    if (this.ended) throw this.ended;
    if (!this.instance) throw new KilatError('CRASHED', 'the engine has died and is being started again');
    return this.instance;
  }

  get isRunning(): boolean {
    return !this.ended && this.instance !== null;
  }

  /** What an instance is told. */
  private get told(): Start {
    const persistent = this.options.persistent ?? true;
    return {
      name: this.options.name,
      durability: this.options.durability ?? 'everysec',
      persistent,
      // A folder is one process's; without storage there is nothing to share.
      shared: persistent && !this.options.storage && typeof indexedDB !== 'undefined',
      discardLost: this.options.recover === 'discard',
      tcpPort: this.options.tcpPort ?? 0,
    };
  }

  private async start() {
    const { name, shared } = this.told;
    const dropped = (message: string) => this.event({ type: 'corrupt', message });
    this.early = shared ? openEarly(name, this.options.key !== undefined, dropped) : null;
    this.module ??= this.compile();
    try {
      await this.run();
    } finally {
      this.early?.close();
    }
    // It is waited for by nobody: who waits for this goes first.
    if (shared && this.isLeader) void nextTurn().then(leaveTornLog);
  }

  /** Starts an instance: this node's, or a spare one that may take its place. */
  async launch(isSpare = false): Promise<Instance> {
    const { storage, key } = this.options;
    let instance: Instance | null = null;
    // What an instance says that is not the node's, or not any more, is nothing to anyone but `aside`.
    const current = () => (instance === null ? !isSpare : instance === this.instance);
    const { early } = this;
    const doors = { storage: storage && this.doorOf(storage), key: key === undefined ? undefined : keySource(key), early };
    instance = await Instance.start(await this.module!, this.told, doors, {
      reply: (call, reader) => current() && this.reply(call, reader),
      push: (session, reader) => current() && this.push(session, reader),
      bytes: (session, bytes) => current() && this.sessions.get(session)?.onBytes?.(bytes),
      sessionClosed: (session) => current() && this.sessionClosed(session),
      changed: (bytes) => current() && this.watches.changed(bytes),
      event: (event) => (current() ? this.event(event as KilatEvents[EventName]) : this.aside?.(event.type)),
      hearsExpired: () => this.events.hears('expired'),
      refused: (error) => (current() ? this.refused(error) : this.aside?.(error)),
      crashed: (message) => {
        this.doors--;
        if (current()) this.crashed(message);
        else this.aside?.(new KilatError('CRASHED', `the engine died: ${message}`));
      },
    });
    if (!isSpare) this.instance = instance;
    return instance;
  }

  /** The door, closed when nobody has it open any more. */
  private doorOf(door: StorageDoor): StorageDoor {
    this.doors++;
    const close = async () => (--this.doors > 0 ? undefined : door.close());
    return new Proxy(door, {
      get: (_, name: keyof StorageDoor) => (name === 'close' ? close : (...args: never[]) => (door[name] as (...args: never[]) => unknown).apply(door, args)),
    });
  }

  /** Runs an engine until it has a role and its data. */
  private async run() {
    const ready = new Promise<void>((resolve, reject) => (this.ready = { resolve, reject }));
    const instance = await this.launch();
    // Before anyone can call: the fresh engine knows no session yet.
    this.resume();
    this.watches.setEngine(instance);
    // The browser's answer comes out of the same queue as what is read of storage: it is asked behind the first of that.
    const usage = this.usage.refresh();
    await ready;
    await Promise.all([this.meetLeader(), usage]);
  }

  /** Moves the data into a fresh memory: `Kilat.compact`. */
  compact(): Promise<Compacted> {
    this.compacting ??= import('./compact.js')
      .then(({ compact }) => compact(this as unknown as Inner))
      .finally(() => (this.compacting = null));
    return this.compacting;
  }

  /** Another instance takes over, which has the sessions already. */
  private take(instance: Instance) {
    this.instance = instance;
    // It counts calls from the beginning.
    this.named = NOTHING_NAMED;
    for (const session of this.sessions.values()) session.copies?.begin(instance);
    this.watches.setEngine(instance);
  }

  private failure(code: string, message: string): KilatError {
    return new KilatError(code, message);
  }

  /** The key does not fit: the node ends, and nothing was touched. */
  private refused(error: KilatError) {
    const { instance } = this;
    this.end(new KilatError(error.code, `database '${this.options.name}': ${error.message}`));
    // The engine is still on the stack.
    queueMicrotask(() => instance?.control('close'));
  }

  /** Waits a little until it is known who leads, so that a node which is alone leads when it is handed out. */
  private async meetLeader() {
    for (let tries = 0; tries < MEET_TRIES && !this.ended && this.instance; tries++) {
      if (this.isLeader || this.engine.control('led')) return;
      const leads = await new Promise<boolean>((resolve) => {
        this.leads = () => resolve(true);
        setTimeout(resolve, MEET_PAUSE_MS, false);
      });
      if (leads) return;
    }
  }

  private event(event: KilatEvents[EventName]) {
    if (event.type === 'leader' || event.type === 'follower') {
      this.isLeader = event.type === 'leader';
      this.ready?.resolve();
    }
    if (event.type === 'leader') this.leads?.();
    if (event.type === 'drained') this.busy = false;
    if (event.type === 'memory-only' && this.options.persistent !== false) {
      console.warn(`kilat: database '${this.options.name}' lives in memory alone: ${event.message}`);
    }
    if (event.type === 'closed') {
      this.end(new KilatError('CLOSED', `database '${this.options.name}' has ended`));
      for (const done of this.finished.splice(0)) done();
    }
    this.events.emit(event);
  }

  private end(error: KilatError) {
    this.ended ??= error;
    for (const session of this.sessions.values()) session.copies?.end();
    this.ready?.reject(error);
    this.rejectAll(error);
  }

  private rejectAll(error: KilatError) {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const call of waiting) call.reject(error);
  }

  /** The engine is dead: everyone who waits is told, and a fresh one starts from what is stored. */
  private crashed(message: string) {
    this.instance = null;
    this.watches.setEngine(null);
    // The next engine counts calls from the beginning.
    this.named = NOTHING_NAMED;
    this.rejectAll(new KilatError('CRASHED', `the engine died: ${message}`));
    this.events.emit({ type: 'crashed', message });
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < CRASHES_WITHIN_MS), now];
    if (this.crashes.length > CRASHES_MAX) {
      this.end(new KilatError('CRASHED', `the engine dies again and again: ${message}`));
      return;
    }
    this.start().then(() => this.watches.touchAll(), (error: unknown) => this.end(asKilatError(error, 'CRASHED')));
  }

  /** Opens in a fresh engine the sessions that the one before had. */
  private resume() {
    const sessions = [...this.sessions.values()];
    this.sessions.clear();
    for (const session of sessions) {
      if (session.onBytes) {
        session.onClose?.();
        continue;
      }
      session.id = this.openSession(session);
      guard(() => session.onRestart?.());
    }
  }

  openSession(session: Session): number {
    session.copies?.begin(this.engine);
    const id = this.engine.openSession(session.protocol);
    this.sessions.set(id, session);
    return id;
  }

  closeSession(session: Session) {
    if (this.sessions.get(session.id) !== session) return;
    this.sessions.delete(session.id);
    if (!this.ended) this.instance?.closeSession(session.id);
  }

  /** A reply that is there, or the promise of one. `failed` makes one of an error. */
  settle<T>(
    answer: Answer<T>,
    read: (reader: Reader) => Answer<T>,
    failed: (error: KilatError) => T = asIs,
  ): T | Promise<T> {
    if (answer instanceof Pending) return this.wait(answer as Pending<T>, read, failed);
    if (answer instanceof KilatError && answer.code === 'BUSY') this.busy = true;
    return answer;
  }

  /** Of its own: what closures hold is allocated where a function begins, whether it comes to them or not. */
  private wait<T>({ call, reply }: Pending<T>, read: (reader: Reader) => Answer<T>, failed: (error: KilatError) => T): Promise<T> {
    if (reply !== undefined) return this.commit(call).done.then((error) => (error ? failed(error) : reply));
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(call, { read, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** As `settle`, but always a promise: an error that comes later rejects it, one that is there is thrown. */
  later(answer: Answer<Reply>, shape: Shape): Promise<Reply> {
    if (answer === 'OK') return OK;
    if (answer instanceof Pending && answer.reply !== undefined) return this.committed(answer.call, answer.reply);
    const reply = this.settle(answer, READ[shape]);
    return reply instanceof Promise ? reply.then(thrown) : Promise.resolve(thrown(reply));
  }

  /** A reply that counts once call `call` is answered. */
  private committed(call: number, reply: Reply): Promise<Reply> {
    const commit = this.commit(call);
    const ok = (commit.ok ??= commit.done.then((error) => (error ? Promise.reject(error) : 'OK')));
    return reply === 'OK' ? ok : ok.then(() => thrown(reply));
  }

  /** What stands for all calls that wait for call `call`; 0: the one named last. */
  private commit(call: number): Commit {
    return call === 0 || call === this.named.call ? this.named : this.name(call);
  }

  private name(call: number): Commit {
    // Of two levels in one turn each is named again and again.
    const known = this.waiting.get(call)?.commit;
    if (known) return (this.named = known);
    let waiting!: Omit<Waiting, 'commit'>;
    const done = new Promise<KilatError | null>((resolve, reject) => {
      const settled = (reply: unknown) => resolve(reply instanceof KilatError ? reply : null);
      waiting = { read: READ.text, resolve: settled, reject };
    });
    this.named = { call, done, ok: null };
    this.waiting.set(call, { ...waiting, commit: this.named });
    return this.named;
  }

  /** Replaces all data by a `dump.rdb`'s. */
  import(bytes: Uint8Array): Reply | Promise<Reply> {
    if (this.held) return this.held.run(() => this.import(bytes));
    return this.settle(this.engine.import(bytes), READ.text);
  }

  private reply(call: number, reader: Reader) {
    const waiting = this.waiting.get(call);
    this.waiting.delete(call);
    waiting?.resolve(waiting.read(reader));
  }

  private push(id: number, reader: Reader) {
    const session = this.sessions.get(id);
    if (!session?.onPush) return;
    const start = reader.position;
    const push = reader.value('text') as Reply;
    const { onPush } = session;
    guard(() => onPush(push, () => reader.from(start).tree() as ReplyTree));
  }

  private sessionClosed(id: number) {
    const session = this.sessions.get(id);
    this.sessions.delete(id);
    if (session) guard(() => session.onClose?.());
  }

  /** Tells what a worker does not hear of: what becomes of its page. */
  tell(life: 'leave' | 'return' | 'visible' | 'hidden') {
    if (this.ended || !this.instance || (life === 'leave' && this.away) || (life === 'return' && !this.away)) return;
    if (life === 'leave' || life === 'return') this.away = life === 'leave';
    this.engine.control(life);
    // One that is about to take its place is told too.
    this.spare?.control(life);
  }

  status(): Status {
    const { storage, dataBytes, ...status } = this.engine.control('status') as Told;
    // Without storage no level is more than memory.
    const level = storage === 'memory' ? 'memory' : status.level;
    const encrypted = this.options.key !== undefined;
    const memory = { data: dataBytes, taken: this.engine.memoryBytes };
    return { ...status, storage: { state: storage, ...this.usage.get(), level, encrypted }, memory };
  }

  /** Asks the browser not to clear this origin's storage for want of room. */
  persist(): Promise<boolean> {
    return this.usage.persist();
  }

  /** Waits until nothing is refused with BUSY any more. */
  async drained() {
    while (this.busy && !this.ended) {
      const stop = await new Promise<() => void>((resolve) => {
        const stop = this.events.on('drained', () => resolve(stop));
        setTimeout(() => resolve(stop), DRAIN_PAUSE_MS);
      });
      stop();
      // The leader may have refused what this node holds nothing of.
      if (this.status().pendingBytes === 0) this.busy = false;
    }
  }

  /** Commits, lets go of the lead and of storage. */
  async close() {
    if (this.ended) return;
    const done = new Promise<void>((resolve) => this.finished.push(resolve));
    this.engine.control('close');
    await done;
  }
}

/**
 * Where the nodes of a page are: on the global object, so that a module that was loaded twice, by hot replacement or in
 * two bundles, finds them. Another release knows not how these are built, so it has its own: two tabs in one page.
 */
const PLACE: unique symbol = Symbol.for(`kilat.nodes.${KILAT_RELEASE}`) as never;

/** The node of this name, opened now or found. */
export async function acquire(options: OpenOptions, module: () => Promise<WebAssembly.Module>): Promise<Node> {
  const page = globalThis as { [PLACE]?: Map<string, Promise<Node>> };
  const nodes = (page[PLACE] ??= new Map<string, Promise<Node>>());
  let opening = nodes.get(options.name);
  if (!opening) {
    opening = Node.open(module, options);
    nodes.set(options.name, opening);
    opening.catch(() => nodes.delete(options.name));
    opening.then((node) => node.events.on('closed', () => {
      if (nodes.get(options.name) === opening) nodes.delete(options.name);
    }), () => {});
  }
  const node = await opening;
  node.checkSame(options);
  node.users++;
  return node;
}

/** Closes a node when its last user has left. */
export async function release(node: Node, name: string) {
  if (--node.users > 0) return;
  const page = globalThis as { [PLACE]?: Map<string, Promise<Node>> };
  page[PLACE]?.delete(name);
  await node.close();
}
