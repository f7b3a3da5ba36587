/** The page's end: calls on their way, functions that the worker may call, and what is done when the worker ends. */
import { KilatError } from '../errors.js';
import { guard } from '../events.js';
import { errorOf, failureOf, Outbox, restore, TELLING, type FromPage, type FromWorker, type Names, type Place } from './protocol.js';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  /** Hears how the session that was called speaks. */
  protocol?: ((protocol: 2 | 3) => void) | undefined;
}

type Callback = (...args: never[]) => unknown;

/** What goes with a call beside its method and arguments. */
export type Extra = Pick<Extract<FromPage, { call: number }>, 'bytes' | 'level' | 'object'>;

export class Link {
  /** Resolves with the methods that are there. */
  readonly opened: Promise<Names>;
  private next = 1;
  private readonly waiting = new Map<number, Waiting>();
  private readonly functions = new Map<number, { run: Callback; event?: unknown }>();
  private readonly outbox: Outbox<FromPage>;
  private ended: KilatError | null = null;
  private settle!: { resolve(names: Names): void; reject(error: Error): void };

  constructor(
    private readonly port: MessagePort,
    private readonly name: string,
  ) {
    this.opened = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Whoever waits for it hears of it.
    this.opened.catch(() => {});
    this.outbox = new Outbox<FromPage>(port, (message, error) => {
      const id = 'call' in message ? message.call : 'row' in message ? message.row : 0;
      const refusal = new KilatError('ARGUMENT', `what was given cannot be sent to the worker: ${error.message}`);
      if (id) this.take(id)?.reject(refusal);
      else if ('answer' in message) this.outbox.send({ answer: message.answer, failure: failureOf(refusal) });
    });
    port.onmessage = ({ data }: MessageEvent<FromWorker[]>) => {
      for (const message of data) this.hear(message);
    };
  }

  /** Runs a method in the worker. Functions among the arguments stay here and are called from there. */
  call(method: string, args: unknown[], extra: Extra = {}, protocol?: (protocol: 2 | 3) => void): Promise<unknown> {
    return this.run(this.next++, method, args, extra, protocol);
  }

  /** Runs a method that answers how to stop, at once. */
  listen(method: string, args: unknown[]): () => void {
    const id = this.next++;
    const numbers: number[] = [];
    this.run(id, method, args, {}, undefined, numbers).catch((error: unknown) => {
      if (this.ended === null) guard(() => { throw error; });
    });
    return () => {
      for (const number of numbers) this.functions.delete(number);
      if (!this.ended) this.outbox.send({ stop: id });
    };
  }

  /** Makes an object in the worker, such as a session; answers its number. */
  make(method: string, args: unknown[]): number {
    const id = this.next++;
    this.run(id, method, args, {}).catch((error: unknown) => guard(() => { throw error; }));
    return id;
  }

  row(message: Omit<Extract<FromPage, { row: number }>, 'row'>): Promise<unknown> {
    const id = this.next++;
    return this.wait(id, { row: id, ...message });
  }

  tell(life: Extract<FromPage, { life: unknown }>['life']) {
    if (this.ended) return;
    this.outbox.send({ life });
    // The page may stand still after this event.
    this.outbox.flush();
  }

  /** Nothing goes through it any more. */
  end(error: KilatError) {
    if (this.ended) return;
    this.ended = error;
    this.settle.reject(error);
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const call of waiting) call.reject(error);
    if (error.code === 'CRASHED') this.announce('crashed', { type: 'crashed', message: error.message });
    this.announce('closed', { type: 'closed' });
    this.functions.clear();
    this.port.close();
  }

  private announce(name: string, event: unknown) {
    for (const { run, event: wanted } of [...this.functions.values()]) {
      if (wanted === name) guard(() => void (run as (event: unknown) => unknown)(event));
    }
  }

  private run(
    id: number, method: string, args: unknown[], extra: Extra, protocol?: (protocol: 2 | 3) => void, numbers: number[] = [],
  ): Promise<unknown> {
    const places: Place[] = [];
    const sent = args.map((arg, i) => this.keepFunctions(arg, i, places, method === 'on' ? args[0] : undefined));
    numbers.push(...places.map(([, , number]) => number));
    const message = { call: id, method, args: sent, ...extra, ...(places.length > 0 ? { functions: places } : {}) };
    const done = this.wait(id, message, protocol);
    // A function that is only called while the call runs is forgotten with it.
    if (places.length > 0 && !TELLING.includes(method) && !KEEPING.includes(method)) {
      const forget = () => numbers.forEach((number) => this.functions.delete(number));
      done.then(forget, forget);
    }
    return done;
  }

  private keepFunctions(arg: unknown, place: number, places: Place[], event: unknown): unknown {
    const keep = (run: Callback, field: string | null) => {
      const number = this.next++;
      this.functions.set(number, { run, event });
      places.push([place, field, number]);
    };
    if (typeof arg === 'function') {
      keep(arg as Callback, null);
      return undefined;
    }
    if (typeof arg !== 'object' || arg === null || Object.getPrototypeOf(arg) !== Object.prototype) return arg;
    const functions = Object.entries(arg).filter(([, value]) => typeof value === 'function');
    if (functions.length === 0) return arg;
    const copy = { ...arg } as Record<string, unknown>;
    for (const [field, run] of functions) {
      keep(run as Callback, field);
      delete copy[field];
    }
    return copy;
  }

  private wait(id: number, message: FromPage, protocol?: (protocol: 2 | 3) => void): Promise<unknown> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, protocol });
      this.outbox.send(message);
    });
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private hear(message: FromWorker) {
    if ('opened' in message) this.settle.resolve(message.opened);
    else if ('refused' in message) this.settle.reject(errorOf(message.refused));
    else if ('reply' in message) this.reply(message);
    else if ('heard' in message) {
      const args = restore(message.args, message.marks) as never[];
      const heard = this.functions.get(message.heard);
      if (heard) guard(() => void heard.run(...args));
    } else void this.answer(message);
  }

  private reply(message: Extract<FromWorker, { reply: number }>) {
    const waiting = this.take(message.reply);
    if (!waiting) return;
    if ('failure' in message) return waiting.reject(errorOf(message.failure));
    if (message.protocol) waiting.protocol?.(message.protocol);
    waiting.resolve(restore(message.value, message.marks));
  }

  private async answer({ ask, of, args, marks }: Extract<FromWorker, { ask: number }>) {
    try {
      const asked = this.functions.get(of);
      if (!asked) throw new KilatError('CLOSED', `database '${this.name}' is not open`);
      const value: unknown = await asked.run(...(restore(args, marks) as never[]));
      this.outbox.send({ answer: ask, value });
    } catch (error) {
      this.outbox.send({ answer: ask, failure: failureOf(error) });
    }
  }
}

/** What these are given goes on being called after they have answered. */
const KEEPING: readonly string[] = ['openSession', 'connect'];
