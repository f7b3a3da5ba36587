/** A database as a page holds it whose engine runs in a worker. */
import { KilatError } from '../errors.js';
import { EVENT_NAMES, type EventName } from '../events.js';
import { levelOf, type Durability, type OpenOptions } from '../options.js';
import { Link, type Extra } from './link.js';
import { RELEASE, type Hello, type Life, type Names } from './protocol.js';
import type { Connection, WorkerKilat, WorkerSession } from './kilat.js';
import { walks } from './walk.js';

/** How long a worker may take to load before it is believed to hold no engine. */
const HELLO_MS_MAX = 30_000;

/** Opens a database in a worker. `ended` runs when it is closed, or the worker has ended. */
export async function openIn<S>(
  worker: Worker,
  options: OpenOptions,
  module?: WebAssembly.Module,
  ended?: (error: KilatError) => void,
): Promise<WorkerKilat<S>> {
  const name = String((options as OpenOptions | null)?.name);
  const { port1, port2 } = new MessageChannel();
  const link = new Link(port1, name);
  const alive = `kilat-worker:${Math.random().toString(36).slice(2)}${Date.now().toString(36)}`;
  const watch = new AbortController();
  const stop = listenToPage(link);
  let left = false;
  const leave = (error: KilatError) => {
    if (left) return;
    left = true;
    stop();
    watch.abort();
    link.end(error);
    ended?.(error);
  };
  try {
    const hello: Hello = { kilat: RELEASE, port: port2, options: portable(options), alive, visible: isVisible() };
    worker.postMessage(module ? { ...hello, module } : hello, [port2]);
    const names = await answered(worker, link);
    const lost = () => leave(new KilatError('CRASHED', `the worker of database '${name}' has ended`));
    port1.addEventListener('close', lost);
    globalThis.navigator?.locks?.request(alive, { signal: watch.signal }, lost).catch(() => {});
    return remote(link, names, name, leave) as unknown as WorkerKilat<S>;
  } catch (error) {
    leave(new KilatError('CLOSED', `database '${name}' was not opened`));
    throw error;
  }
}

/** Waits for the worker's answer, for its failure to load, or for the end of patience. */
async function answered(worker: Worker, link: Link): Promise<Names> {
  let clean = () => {};
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string) => reject(new KilatError('LOAD', why));
    const onError = (event: Event) => {
      const { message, filename } = event as ErrorEvent;
      fail(`the worker could not be loaded${message ? `: ${message}${filename ? ` (${filename})` : ''}` : ': its script is missing or forbidden'}`);
    };
    const silent = `the worker has not answered in ${HELLO_MS_MAX / 1000} s: its file calls host() of kilat/worker-host`;
    const timer = setTimeout(() => fail(silent), HELLO_MS_MAX);
    worker.addEventListener('error', onError);
    clean = () => {
      clearTimeout(timer);
      worker.removeEventListener('error', onError);
    };
  });
  try {
    return await Promise.race([link.opened, failed]);
  } finally {
    clean();
  }
}

/** The options as they can be sent. */
function portable(options: OpenOptions): OpenOptions {
  if (typeof options !== 'object' || options === null) return options;
  const { storage, wasm, ...rest } = options;
  if (storage) throw new KilatError('OPTION', 'option storage cannot be sent to a worker');
  if (wasm === undefined) return rest;
  if (typeof wasm === 'string' || wasm instanceof URL) {
    // A path is meant as the page has it.
    const base = typeof document === 'undefined' ? globalThis.location?.href : document.baseURI;
    return { ...rest, wasm: new URL(wasm, base).href };
  }
  if (wasm instanceof WebAssembly.Module || wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return { ...rest, wasm };
  throw new KilatError('OPTION', 'option wasm must be a URL, a WebAssembly.Module or its bytes: a Response cannot be sent to a worker');
}

const isVisible = () => typeof document === 'undefined' || document.visibilityState !== 'hidden';

/** A worker does not hear of what becomes of its page. */
function listenToPage(link: Link): () => void {
  if (typeof document === 'undefined') return () => {};
  const heard: [EventTarget, string, () => Life][] = [
    [globalThis, 'pagehide', () => 'leave'],
    [globalThis, 'pageshow', () => 'return'],
    [document, 'freeze', () => 'leave'],
    [document, 'resume', () => 'return'],
    [document, 'visibilitychange', () => (isVisible() ? 'visible' : 'hidden')],
  ];
  const stops = heard.map(([target, type, life]) => {
    const listener = () => link.tell(life());
    target.addEventListener(type, listener);
    return () => target.removeEventListener(type, listener);
  });
  return () => stops.forEach((stop) => stop());
}

type Methods = Record<string | symbol, unknown>;

function remote(link: Link, names: Names, name: string, leave: (error: KilatError) => void): Methods {
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= (async () => {
    try {
      await link.call('close', []);
    } finally {
      leave(new KilatError('CLOSED', `database '${name}' was closed`));
    }
  })());
  const methods = (of: readonly string[], extra: Extra): Methods => ({
    ...Object.fromEntries(of.map((method) => [method, (...args: unknown[]) => link.call(method, args, extra)])),
    ...walks((method, args) => link.call(method, args, extra)),
  });

  const view = (level?: Durability): Methods => {
    const extra = level ? { level } : {};
    return {
      ...methods(names.db, extra),
      name,
      bytes: methods(names.bytes, { ...extra, bytes: true }),
      subscribe: (pattern: string, listener: unknown) => link.listen('subscribe', [pattern, listener]),
      watch: (what: unknown, listener: unknown, { signal }: { signal?: AbortSignal } = {}) => {
        if (typeof listener !== 'function') throw new KilatError('ARGUMENT', 'watch wants a function to call');
        const stop = link.listen('watch', [what, listener]);
        signal?.addEventListener('abort', stop, { once: true });
        if (signal?.aborted) stop();
        return stop;
      },
      on: (event: EventName, listener: unknown) => {
        if (EVENT_NAMES.includes(event)) return link.listen('on', [event, listener]);
        throw new KilatError('ARGUMENT', `unknown event '${String(event)}': there are ${EVENT_NAMES.join(', ')}`);
      },
      multi: () => chain(link, names, 'multi', level),
      pipeline: () => chain(link, names, 'pipeline', level),
      withDurability: (durability: Durability) => (levelOf(durability), view(durability)),
      openSession: (listener: object = {}) => session(link, link.make('openSession', [listener])),
      connect: (listener: object) => connection(link, link.make('connect', [listener])),
      close,
      [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: () => void close(),
      [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: close,
    };
  };
  return view();
}

/** Gathers calls; `exec` sends them. */
function chain(link: Link, names: Names, kind: 'multi' | 'pipeline', level?: Durability): Methods {
  const calls: [string, unknown[]][] = [];
  const made: Methods = {
    exec: () => link.row({ kind, calls: calls.splice(0), ...(level ? { level } : {}) }),
  };
  for (const method of names.chain) {
    made[method] = (...args: unknown[]) => {
      calls.push([method, args]);
      return made;
    };
  }
  return made;
}

function session(link: Link, object: number): WorkerSession {
  const made: WorkerSession = {
    protocol: 2,
    call: (...words) => link.call('call', words, { object }, (protocol) => (made.protocol = protocol)) as ReturnType<WorkerSession['call']>,
    close: () => ignore(link.call('close', [], { object })),
  };
  return made;
}

function connection(link: Link, object: number): Connection {
  return {
    feed: (bytes) => ignore(link.call('feed', [bytes], { object })),
    close: () => ignore(link.call('close', [], { object })),
  };
}

/** Whoever closes a session that has ended wants nothing else. */
const ignore = (done: Promise<unknown>) => void done.catch(() => {});
