/** Strategies of a service worker: responses kept in kilat, for all tabs, by RFC 9111 as a private cache. */
import { ageOf, conditionsOf, isStorable, refreshed, slice, staleness, type ResponseMeta } from './http.js';
import type { Database } from './link.js';
import { Store, type Entry, type StoreOptions } from './store.js';

export interface StrategyOptions extends StoreOptions {
  /** The database, or its promise: a service worker may not wait for it at its top. */
  db: Database | Promise<Database>;
  /** Seconds that a response is fresh which does not say so itself (max-age, Expires). */
  ttl?: number;
  /** Seconds that a response is kept at all: stale ones serve when the network is off. 30 days unless told. */
  keep?: number;
  /** What `invalidateTag` of a cache of the same name may name. */
  tags?: readonly string[] | ((request: Request) => readonly string[]);
  /** Seconds after which `networkFirst` answers what it has; without it, only when the network fails. */
  networkTimeout?: number;
  /** Requests that differ in their search alone are one. */
  ignoreSearch?: boolean;
  /** Serves stale what says `must-revalidate` or `no-cache`, when the network is off: for hosts that say it of all. */
  ignoreMustRevalidate?: boolean;
  /** In place of the worker's own. */
  fetch?: typeof fetch;
}

/** A FetchEvent, or what of it is needed. */
export interface FetchLike {
  request: Request;
  waitUntil?(promise: Promise<unknown>): void;
}

/** Answers a request; what it does after the answer, the event waits for. */
export interface Strategy {
  (event: FetchLike | Request): Promise<Response>;
  /** Fetches and keeps these, all or none of them being an error: for `install`. */
  add(urls: readonly (string | URL)[]): Promise<void>;
}

interface Found extends Entry<ResponseMeta> {
  isFresh: boolean;
  mayServeStale: boolean;
}

type Waits = (promise: Promise<unknown>) => void;
type Answer = (shelf: Shelf, request: Request, waits: Waits) => Promise<Response>;

/** What is fresh without asking; otherwise the network, and what is stale where that fails. */
const cacheFirst = (options: StrategyOptions): Strategy =>
  strategy(options, async (shelf, request, waits) => {
    const found = shelf.find(request);
    if (found?.isFresh) return shelf.response(found, request);
    return orStale(shelf.ask(request, found, waits), shelf, found, request);
  });

/** The network; what is kept where it fails, answers 502 to 504, or is slower than `networkTimeout`. */
const networkFirst = (options: StrategyOptions): Strategy =>
  strategy(options, async (shelf, request, waits) => {
    const found = shelf.find(request);
    const answer = shelf.ask(request, found, waits);
    const usable = found && (found.isFresh || found.mayServeStale) ? found : null;
    if (!usable) return answer;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { networkTimeout } = options;
    const late = new Promise<null>((resolve) => {
      if (networkTimeout !== undefined) timer = setTimeout(() => resolve(null), networkTimeout * 1000);
    });
    const first = await Promise.race([answer.catch(() => null), late]);
    clearTimeout(timer);
    waits(answer.catch(() => {}));
    return first && !isDown(first) ? first : shelf.response(usable, request);
  });

/** What is there at once; where it is stale, asked for anew behind it. */
const staleWhileRevalidate = (options: StrategyOptions): Strategy =>
  strategy(options, async (shelf, request, waits) => {
    const found = shelf.find(request);
    if (!found?.isFresh && !found?.mayServeStale) return orStale(shelf.ask(request, found, waits), shelf, found, request);
    if (!found.isFresh) waits(shelf.ask(request, found, waits).catch(() => {}));
    return shelf.response(found, request);
  });

/** By name, and left out of a bundle that does not use them. */
export const strategies = { cacheFirst, networkFirst, staleWhileRevalidate };

const isDown = ({ status }: Response) => status >= 502 && status <= 504;

async function orStale(answer: Promise<Response>, shelf: Shelf, found: Found | null, request: Request): Promise<Response> {
  const usable = found && (found.isFresh || found.mayServeStale) ? found : null;
  const response = await answer.catch((error: unknown) => {
    if (usable) return null;
    throw error;
  });
  return usable && (!response || isDown(response)) ? shelf.response(usable, request) : response!;
}

function strategy(options: StrategyOptions, answer: Answer): Strategy {
  const network = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init));
  let opened: Promise<Shelf> | null = null;
  const shelf = () => {
    opened ??= Promise.resolve(options.db).then((db) => new Shelf(db, options, network));
    opened.catch(() => (opened = null));
    return opened;
  };

  const handle = async (event: FetchLike | Request): Promise<Response> => {
    const request = 'request' in event ? event.request : event;
    const waits: Waits = 'request' in event && event.waitUntil ? (promise) => event.waitUntil!(promise) : () => {};
    const ours = await shelf().catch(() => null);
    // Without the database the network is what it was without us.
    if (!ours || request.cache === 'no-store' || request.cache === 'only-if-cached') return network(request);
    if (request.method !== 'GET') return ours.pass(request, waits);
    if (request.cache === 'reload') return ours.ask(request, null, waits);
    if (request.headers.has('range')) return ours.part(request);
    if (request.cache === 'no-cache') {
      // Browser: a reload says so of the page, and with the network off it shall show what there is.
      const found = ours.find(request);
      return orStale(ours.ask(request, found, waits), ours, found, request);
    }
    return answer(ours, request, waits);
  };

  const add = async (urls: readonly (string | URL)[]) => {
    const ours = await shelf();
    await Promise.all(
      urls.map(async (url) => {
        const request = new Request(url, { cache: 'reload' });
        const waited: Promise<unknown>[] = [];
        const response = await ours.ask(request, null, (promise) => waited.push(promise), true);
        await Promise.all(waited);
        if (!response.ok) throw new Error(`${request.url} answered ${response.status}`);
      }),
    );
  };
  return Object.assign(handle, { add });
}

const KEEP_S = 30 * 24 * 3600;

/** The responses of one strategy. */
class Shelf {
  private readonly store: Store;

  constructor(
    db: Database,
    private readonly options: StrategyOptions,
    private readonly network: typeof fetch,
  ) {
    this.store = new Store(db, options);
  }

  private keyOf(request: Request): string {
    const url = new URL(request.url);
    url.hash = '';
    if (this.options.ignoreSearch) url.search = '';
    return url.href;
  }

  private variant(key: string, names: readonly string[], request: Request) {
    return `${key}\n${JSON.stringify(names.map((name) => request.headers.get(name)))}`;
  }

  /** What is kept for a request, with what may be done with it. */
  find(request: Request): Found | null {
    try {
      const key = this.keyOf(request);
      let entry = this.store.read<ResponseMeta>(key);
      if (entry?.meta.vary) entry = this.store.read<ResponseMeta>(this.variant(key, entry.meta.vary, request));
      if (!entry) return null;
      const { isFresh, mayServeStale } = staleness(entry.meta, this.options.ttl, Date.now());
      return { ...entry, isFresh, mayServeStale: mayServeStale || this.options.ignoreMustRevalidate === true };
    } catch {
      return null;
    }
  }

  response({ meta, data }: Found, request: Request): Response {
    const headers = new Headers(meta.headers);
    headers.set('age', String(Math.floor(ageOf(meta, Date.now()))));
    const range = request.headers.get('range');
    const part = range && slice(range, meta, data, headers);
    return part || new Response(data as BodyInit, { status: meta.status, statusText: meta.text, headers });
  }

  /** The network's answer, asked conditionally where something is there; it is kept behind the answer. */
  async ask(request: Request, found: Found | null, waits: Waits, isStrict = false): Promise<Response> {
    const { tags = [] } = this.options;
    const generations = this.store.generations(typeof tags === 'function' ? tags(request) : tags);
    const asked = Date.now();
    const response = await this.network(...this.conditional(request, found));
    const came = Date.now();
    const storing = (meta: Omit<ResponseMeta, 'g' | 'asked' | 'came'>, body: Uint8Array) =>
      this.keep(request, { ...meta, g: generations, asked, came }, body);

    if (response.status === 304 && found) {
      const headers = refreshed(found.meta.headers, response.headers);
      const meta = { ...found.meta, headers, asked, came };
      waits(storing(meta, found.data).catch(() => {}));
      return this.response({ ...found, meta }, request);
    }
    if (!isStorable(request, response)) return response;
    const { status, statusText: text } = response;
    const copy = response.clone();
    const kept = (async () => {
      // A body that breaks off rejects here, and nothing is kept.
      const body = new Uint8Array(await copy.arrayBuffer());
      const length = copy.headers.get('content-length');
      if (length !== null && !copy.headers.has('content-encoding') && Number(length) !== body.length) return;
      await storing({ status, text, headers: [...copy.headers].filter(([name]) => name !== 'content-encoding') }, body);
    })();
    waits(isStrict ? kept : kept.catch(() => {}));
    return response;
  }

  /** A navigation cannot be copied with headers of its own, and another origin would have to allow them. */
  private conditional(request: Request, found: Found | null): [RequestInfo, RequestInit?] {
    const conditions = found && conditionsOf(found.meta);
    const isOwn = typeof location === 'undefined' || new URL(request.url).origin === location.origin;
    if (!conditions || !isOwn) return [request];
    const headers = new Headers(request.headers);
    for (const [name, value] of conditions) headers.set(name, value);
    const { credentials, redirect, referrer, signal } = request;
    // Browser: with a condition of one's own the browser's cache is asked nothing.
    return [request.url, { headers, credentials, redirect, referrer, signal }];
  }

  private async keep(request: Request, meta: ResponseMeta, body: Uint8Array) {
    const key = this.keyOf(request);
    const keepMs = (this.options.keep ?? KEEP_S) * 1000;
    const names = (new Headers(meta.headers).get('vary') ?? '').toLowerCase().split(',').map((name) => name.trim());
    // The browser has undone the encoding.
    const vary = names.filter((name) => name !== '' && name !== 'accept-encoding').sort();
    const own = vary.length > 0 ? this.variant(key, vary, request) : key;
    const calls = this.store.storeCalls(own, meta, body, keepMs);
    if (!calls) return;
    if (own !== key) {
      const none = { status: 0, text: '', headers: [], asked: 0, came: 0, g: meta.g, vary };
      calls.push(...(this.store.storeCalls(key, none, new Uint8Array(), keepMs) ?? []));
    }
    await this.store.link.write(...calls);
    await this.store.bound(own);
  }

  /** A range: cut from what is there whole and fresh, or the network's matter. */
  async part(request: Request): Promise<Response> {
    const found = request.headers.has('if-range') ? null : this.find(request);
    try {
      if (found?.isFresh) return this.response(found, request);
      return await this.network(request);
    } catch (error) {
      if (found?.mayServeStale) return this.response(found, request);
      throw error;
    }
  }

  /** What changes something on the server makes what is kept for its address invalid. */
  async pass(request: Request, waits: Waits): Promise<Response> {
    const response = await this.network(request);
    if (!['HEAD', 'OPTIONS', 'TRACE'].includes(request.method) && response.status < 400) {
      waits(this.store.link.write(...this.store.forgetCalls(this.keyOf(request))).catch(() => {}));
    }
    return response;
  }
}
