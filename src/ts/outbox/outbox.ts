/** `createOutbox`: who sends, when, and what an answer means. */
import { claim, freeIfDead, renew, whileHeld } from '../cache/lease.js';
import { Link, type Database } from '../cache/link.js';
import { Letters, type Letter } from './letters.js';

export type { Letter } from './letters.js';

export interface OutboxOptions {
  /** Outboxes of one name are one, in all tabs: what its keys begin with. `outbox` unless told otherwise. */
  name?: string;
  /** False: this one queues and looks, and leaves the sending to others. */
  send?: boolean;
  /** The header that tells the server that a request came twice. `Idempotency-Key` unless told otherwise. */
  idempotencyHeader?: string;
  /** Seconds before a request is tried again: the first pause, which doubles, and the longest. 1 and 300. */
  pause?: number;
  pauseMax?: number;
  /** Answers of 5xx, 408, 425 and 429 after which a letter is dead. 20. Without the network nothing is counted. */
  refusalsMax?: number;
  /** Seconds that an answer may take. 60. */
  timeout?: number;
  /** In place of the page's own. */
  fetch?: typeof fetch;
}

export interface SendOptions {
  /** Requests of one queue are sent in order. `main` unless told otherwise. */
  queue?: string;
  /** What tells the server that it is the same request; made at random unless given. */
  idempotencyKey?: string;
}

/** A letter whose state has changed, in whatever tab. A `queued` one with attempts will be tried again. */
export type OutboxEvent = Letter;

export interface Outbox {
  /** Keeps a request; resolves when it is stored, which is before it is sent. */
  send(input: string | URL | Request, init?: RequestInit & SendOptions): Promise<Letter>;
  /** Letters that wait or are on their way, oldest first. */
  pending(): Letter[];
  /** Letters that the server has refused for good (4xx), or too often. */
  dead(): Letter[];
  get(id: string): Letter | null;
  /** Waits until a letter is done or dead. */
  settled(id: string): Promise<Letter>;
  /** Sends a dead letter again, at the end of its queue and with the same key. */
  retry(id: string): Promise<boolean>;
  /** Removes a letter, waiting or dead. One that is on its way may still arrive. */
  discard(id: string): Promise<boolean>;
  /** Hears of every change, in all tabs. Answers how to stop. */
  on(listener: (letter: OutboxEvent) => void): () => void;
  /** Sends what can be sent now; resolves when nothing more can. For a service worker's `sync` event. */
  flush(): Promise<void>;
  /** The tag of Background Sync under which this outbox asks to be woken. */
  readonly syncTag: string;
  close(): void;
}

const LEASE_MS = 15_000;
const BEAT_MS = 3000;

/** An outbox in this database: `db` comes from kilat's `open`. */
export function createOutbox(db: Database, options: OutboxOptions = {}): Outbox {
  return new Sender(db, options);
}

const randomId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

class Sender implements Outbox {
  readonly syncTag: string;
  private readonly letters: Letters;
  private readonly listeners = new Set<(letter: OutboxEvent) => void>();
  private readonly leave: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private wanted = false;
  private closed = false;

  constructor(
    private readonly db: Database,
    private readonly options: OutboxOptions,
  ) {
    const { name = 'outbox' } = options;
    if (!/^[\w:.-]+$/.test(name)) throw new TypeError(`an outbox's name is letters, digits and _ : . -, not '${name}'`);
    this.letters = new Letters(new Link(db), name);
    this.syncTag = `kilat:${db.name}:${name}`;
    this.leave.push(db.subscribe(this.letters.key('news'), (message) => this.hear(JSON.parse(message) as Letter)));
    if (options.send === false) return;
    this.listen('online', () => this.wake(true));
    this.listen('pageshow', () => this.wake());
    this.wake();
  }

  private listen(event: string, run: () => void) {
    globalThis.addEventListener?.(event, run);
    this.leave.push(() => globalThis.removeEventListener?.(event, run));
  }

  private hear(letter: Letter) {
    for (const listener of [...this.listeners]) {
      try {
        listener(letter);
      } catch (error) {
        queueMicrotask(() => { throw error; });
      }
    }
    if (letter.state === 'queued' && this.options.send !== false) this.wake();
  }

  async send(input: string | URL | Request, { queue = 'main', idempotencyKey = randomId(), ...init }: RequestInit & SendOptions = {}): Promise<Letter> {
    const base = globalThis.location?.href;
    const request = new Request(input instanceof Request ? input : new URL(input, base), init);
    const headers = new Headers(request.headers);
    headers.set(this.options.idempotencyHeader ?? 'Idempotency-Key', idempotencyKey);
    const body = new Uint8Array(await request.arrayBuffer());
    const { method, url } = request;
    const fresh = { attempts: 0, status: 0, error: '', notBefore: 0, queuedAt: Date.now() };
    const letter: Letter = { id: randomId(), state: 'queued', queue, method, url, headers: [...headers], ...fresh };
    await this.letters.add(letter, body.length > 0 ? body : null);
    void this.askForSync();
    return letter;
  }

  /** Browser: where there is Background Sync the service worker is woken even when all tabs are gone. */
  private async askForSync() {
    type Syncs = { sync?: { register(tag: string): Promise<void> } };
    try {
      const scope = globalThis as { registration?: Syncs };
      const registration = scope.registration ?? (await navigator.serviceWorker?.getRegistration());
      await (registration as Syncs | undefined)?.sync?.register(this.syncTag);
    } catch {
      // It is an extra: a page that may not have it sends by itself.
    }
  }

  pending = () => this.letters.all('q');
  dead = () => this.letters.all('dead');
  get = (id: string) => this.letters.read(id);

  async settled(id: string): Promise<Letter> {
    let stop = () => {};
    try {
      return await new Promise<Letter>((resolve, reject) => {
        const look = () => {
          const letter = this.get(id);
          if (!letter) reject(new Error(`there is no letter ${id}`));
          else if (letter.state === 'done' || letter.state === 'dead') resolve(letter);
        };
        stop = this.on(look);
        look();
      });
    } finally {
      stop();
    }
  }

  async retry(id: string): Promise<boolean> {
    const letter = this.get(id);
    if (letter?.state !== 'dead') return false;
    return this.letters.move({ ...letter, state: 'queued', notBefore: 0, attempts: 0, error: '' }, 'dead');
  }

  discard(id: string) {
    return this.letters.remove(id);
  }

  on(listener: (letter: OutboxEvent) => void): () => void {
    const own = (letter: OutboxEvent) => listener(letter);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** Sends soon; `anew`: what waits out a pause too, for the network is back. */
  private wake(anew = false) {
    void this.run(anew).catch(() => this.later(BEAT_MS));
  }

  flush(): Promise<void> {
    return this.run(true);
  }

  private run(anew: boolean): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.wanted = true;
    return (this.running ??= this.rounds(anew).finally(() => (this.running = null)));
  }

  private later(ms: number) {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => this.wake(), ms);
  }

  /** One tab sends for all: who has the lease goes through the queues until nothing can be sent now. */
  private async rounds(anew: boolean) {
    const { link } = this.letters;
    const lease = this.letters.key('lease');
    clearTimeout(this.timer);
    if (this.letters.all('q').length === 0) return;
    let token = await claim(link, lease, LEASE_MS);
    if (!token) {
      await freeIfDead(link, lease);
      token = await claim(link, lease, LEASE_MS);
    }
    // Another tab sends; if it stops, it is this one's turn.
    if (!token) return this.later(BEAT_MS);
    const lost = new AbortController();
    const beat = setInterval(async () => {
      if (!(await renew(link, lease, token, LEASE_MS).catch(() => true))) lost.abort(new Error('another tab has taken over'));
    }, BEAT_MS);
    try {
      while (this.wanted && !lost.signal.aborted && !this.closed) {
        this.wanted = false;
        const queues = [...new Set(this.letters.all('q').map(({ queue }) => queue))];
        await Promise.all(queues.map((queue) => this.drain(queue, lease, token, lost.signal, anew)));
        anew = false;
      }
    } finally {
      clearInterval(beat);
      await whileHeld(link, lease, token, ['DEL', lease]).catch(() => {});
    }
    const next = Math.min(...this.letters.all('q').map(({ notBefore }) => notBefore));
    if (Number.isFinite(next)) this.later(Math.max(50, next - Date.now()));
  }

  private async drain(queue: string, lease: string, token: string, signal: AbortSignal, anew: boolean) {
    for (;;) {
      const letter = this.letters.all('q').find((letter) => letter.queue === queue);
      if (!letter || signal.aborted || this.closed) return;
      if (letter.notBefore > Date.now() && !(anew && letter.status === 0)) return;
      const sending: Letter = { ...letter, state: 'sending', attempts: letter.attempts + 1 };
      const { link } = this.letters;
      // What is on its way is written down first: whoever finds it so knows that it may have arrived.
      if (!(await whileHeld(link, lease, token, this.letters.write(sending), this.letters.tell(sending)))) return;
      const next = await this.post(sending, signal);
      if (signal.aborted) return;
      if (next.state === 'queued') {
        await whileHeld(link, lease, token, this.letters.write(next), this.letters.tell(next));
        return;
      }
      await this.letters.move(next, 'q');
    }
  }

  /** Sends a letter; answers what it has become. */
  private async post(letter: Letter, signal: AbortSignal): Promise<Letter> {
    const { method, url, headers, id } = letter;
    const { timeout = 60, refusalsMax = 20 } = this.options;
    const send = this.options.fetch ?? fetch;
    const slow = new AbortController();
    const abort = () => slow.abort(signal.reason);
    signal.addEventListener('abort', abort);
    const timer = setTimeout(() => slow.abort(new Error(`no answer in ${timeout} s`)), timeout * 1000);
    try {
      const body = this.letters.body(id) as BodyInit | undefined;
      const response = await send(url, { method, headers, signal: slow.signal, ...(body ? { body } : {}) });
      void response.body?.cancel().catch(() => {});
      const { status, statusText } = response;
      if (status < 400) return { ...letter, state: 'done', status, error: '' };
      const error = `${status} ${statusText}`.trim();
      const isPassing = status >= 500 || [408, 425, 429].includes(status);
      if (!isPassing || letter.attempts >= refusalsMax) return { ...letter, state: 'dead', status, error };
      return this.again({ ...letter, status, error }, retryAfterMs(response.headers.get('retry-after')));
    } catch (error) {
      // Whether the server has had it cannot be known: the key will tell it.
      return this.again({ ...letter, status: 0, error: String(error) }, null);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** Later: when the server said, or after a pause that doubles, drawn at random so that tabs and users spread. */
  private again(letter: Letter, afterMs: number | null): Letter {
    const { pause = 1, pauseMax = 300 } = this.options;
    const longest = Math.min(pauseMax, pause * 2 ** Math.min(letter.attempts - 1, 30)) * 1000;
    const waitMs = afterMs ?? longest * (0.5 + Math.random() / 2);
    return { ...letter, state: 'queued', notBefore: Date.now() + waitMs };
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    for (const leave of this.leave) leave();
    const end = () => this.letters.link.close();
    if (this.running) void this.running.then(end, end);
    else end();
  }
}

/** Retry-After, in seconds or as a date. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null;
  const at = /^\d+$/.test(header) ? Date.now() + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
