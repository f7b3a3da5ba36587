/** The worker's end: runs what pages call on databases that it holds. */
import { KilatError } from '../errors.js';
import { Kilat } from '../kilat.js';
import { MultiChain } from '../multi.js';
import type { OpenOptions } from '../options.js';
import { RawSession, type Connection } from '../session.js';
import {
  errorOf, failureOf, look, Outbox, RELEASE, TELLING, type FromPage, type FromWorker, type Hello, type Mark, type Names,
} from './protocol.js';

type Target = Record<string, (...args: unknown[]) => unknown>;

/** Opens a database, with the module that came from the page or without. */
export type Opener = (options: OpenOptions, module?: WebAssembly.Module) => Promise<Kilat>;

/** The part of a worker's global object that is needed here. */
interface Scope {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  navigator?: { locks?: LockManager };
}

/** Answers those who ask for a database. Other messages are nobody's business here. */
export function serve(open: Opener) {
  const scope = globalThis as unknown as Scope;
  scope.addEventListener('message', ({ data }) => {
    if (typeof data === 'object' && data !== null && (data as Hello).kilat && (data as Hello).port) {
      void begin(scope, data as Hello, open);
    }
  });
}

async function begin(scope: Scope, hello: Hello, open: Opener) {
  const say = (message: FromWorker) => hello.port.postMessage([message]);
  try {
    if (hello.kilat !== RELEASE) {
      throw new KilatError('OPTION', `the page has kilat ${hello.kilat}, the worker kilat ${RELEASE}: they must be the same`);
    }
    await hold(scope, hello.alive);
    const db = await open(hello.options, hello.module);
    if (!hello.visible) db['node'].tell('hidden');
    new Desk(db, hello.port);
    say({ opened: names(db) });
  } catch (error) {
    say({ refused: failureOf(error) });
  }
}

/** Holds a lock as long as this worker lives: by it the page notices its end. */
function hold(scope: Scope, lock: string): Promise<void> {
  const locks = scope.navigator?.locks;
  if (!locks) return Promise.resolve();
  return new Promise((resolve) => {
    const forever = () => (resolve(), new Promise<void>(() => {}));
    locks.request(lock, forever).catch(() => resolve());
  });
}

/** What is not for pages, or is done by them. */
const HIDDEN = [
  'constructor', 'read', 'write', 'begin', 'rewrite', 'untilClosed', 'multi', 'pipeline', 'withDurability', 'exec', 'live',
];

function names(db: Kilat): Names {
  const of = (object: object) => {
    const found = new Set<string>();
    for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        if (typeof value === 'function' && !HIDDEN.includes(name) && !name.endsWith('Iterator')) found.add(name);
      }
    }
    return [...found];
  };
  return { db: of(Kilat.prototype), bytes: of(Object.getPrototypeOf(db.bytes) as object), chain: of(MultiChain.prototype) };
}

/** One database of one page. */
class Desk {
  private readonly outbox: Outbox<FromWorker>;
  private readonly stops = new Map<number, () => void>();
  private readonly objects = new Map<number, RawSession | Connection>();
  private readonly asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private readonly known: { db: Set<string>; bytes: Set<string>; chain: Set<string> };
  private next = 1;

  constructor(
    private readonly db: Kilat,
    private readonly port: MessagePort,
  ) {
    const { db: own, bytes, chain } = names(db);
    this.known = { db: new Set(own), bytes: new Set(bytes), chain: new Set(chain) };
    this.outbox = new Outbox<FromWorker>(port, (message, error) => {
      const refusal = failureOf(new KilatError('ARGUMENT', `the answer cannot be sent to the page: ${error.message}`));
      if ('reply' in message) this.outbox.send({ reply: message.reply, failure: refusal });
      else if ('ask' in message) this.asked.get(message.ask)?.reject(errorOf(refusal));
    });
    port.onmessage = ({ data }: MessageEvent<FromPage[]>) => {
      for (const message of data) this.take(message);
    };
  }

  private take(message: FromPage) {
    if ('call' in message) this.run(message.call, () => this.call(message), message.object);
    else if ('row' in message) this.run(message.row, () => this.row(message));
    else if ('stop' in message) {
      this.stops.get(message.stop)?.();
      this.stops.delete(message.stop);
    } else if ('life' in message) this.db['node'].tell(message.life);
    else {
      const asked = this.asked.get(message.answer);
      this.asked.delete(message.answer);
      if (message.failure) asked?.reject(errorOf(message.failure));
      else asked?.resolve(message.value);
    }
  }

  private run(id: number, call: () => unknown, object?: number) {
    try {
      const value = call();
      if (value instanceof Promise) value.then((value) => this.reply(id, value, object), (error) => this.fail(id, error));
      else this.reply(id, value, object);
    } catch (error) {
      this.fail(id, error);
    }
  }

  private call(message: Extract<FromPage, { call: number }>): unknown {
    const { call, method, args, bytes, level, object } = message;
    for (const [place, field, number] of message.functions ?? []) {
      const run = this.functionOf(number, TELLING.includes(method) || field !== null);
      if (field === null) args[place] = run;
      else (args[place] as Record<string, unknown>)[field] = run;
    }
    if (method === 'close' && object === undefined) return this.close();
    const value = this.targetOf(method, object, bytes, level)[method]!(...args);
    if (typeof value === 'function') {
      this.stops.set(call, value as () => void);
      return undefined;
    }
    if (method === 'openSession' || method === 'connect') {
      this.objects.set(call, value as RawSession | Connection);
      return undefined;
    }
    if (method === 'close') this.objects.delete(object!);
    return value;
  }

  private targetOf(method: string, object: number | undefined, bytes: true | undefined, level?: OpenOptions['durability']): Target {
    if (object !== undefined) {
      const target = this.objects.get(object);
      if (!target || !['call', 'feed', 'close'].includes(method)) throw new KilatError('CLOSED', 'the session is closed');
      return target as unknown as Target;
    }
    if (!(bytes ? this.known.bytes : this.known.db).has(method)) throw new KilatError('ARGUMENT', `there is no method ${method}`);
    const view = level ? this.db.withDurability(level) : this.db;
    return (bytes ? view.bytes : view) as unknown as Target;
  }

  private row({ kind, calls, level }: Extract<FromPage, { row: number }>): unknown {
    const view = level ? this.db.withDurability(level) : this.db;
    const chain = kind === 'multi' ? view.multi() : view.pipeline();
    for (const [method, args] of calls) {
      if (!this.known.chain.has(method)) throw new KilatError('ARGUMENT', `there is no method ${method}`);
      (chain as unknown as Target)[method]!(...args);
    }
    return chain.exec();
  }

  /** A function of the page's: told, or asked for an answer. */
  private functionOf(number: number, tells: boolean): (...args: unknown[]) => unknown {
    return (...args) => {
      const marks: Mark[] = [];
      const transfer: Transferable[] = [];
      look(args, marks, transfer);
      const marked = marks.length > 0 ? { marks } : {};
      if (tells) return this.outbox.send({ heard: number, args, ...marked });
      const ask = this.next++;
      this.outbox.send({ ask, of: number, args, ...marked }, transfer);
      return new Promise((resolve, reject) => this.asked.set(ask, { resolve, reject }));
    };
  }

  private reply(id: number, value: unknown, object?: number) {
    const marks: Mark[] = [];
    const transfer: Transferable[] = [];
    look(value, marks, transfer);
    const session = object === undefined ? undefined : this.objects.get(object);
    const protocol = session instanceof RawSession ? { protocol: session.protocol } : {};
    this.outbox.send({ reply: id, value, ...protocol, ...(marks.length > 0 ? { marks } : {}) }, transfer);
  }

  private fail(id: number, error: unknown) {
    this.outbox.send({ reply: id, failure: failureOf(error) });
  }

  private async close() {
    await this.db.close();
    // The answer must get out first.
    setTimeout(() => this.port.close(), 0);
  }
}
