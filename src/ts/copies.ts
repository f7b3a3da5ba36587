/**
 * The read cache: copies of what reads have answered, each proven fresh by the version word of its key
 * (`src/keyspace/versions.rs`) and by the key's time to live. A hit is a look-up and a load, and crosses nothing.
 *
 * What is there is text, numbers and null, or the text of a JSON value: arrays and objects are made anew for each hit,
 * so nobody can change a copy. Keys that are absent have none. Reads that are tracked (`db.live`) and those after the
 * engine's death find no words, hence no copy.
 */
import type { ReadCache } from './options.js';
import type { Reply } from './reply.js';

/** The words in linear memory, and nothing while copies must not be used. */
export interface Versions {
  words: Int32Array;
  /** Looks for them again where memory has grown. */
  renew(): void;
}

/** What the engine says of a reply beside it. */
export interface Freshness {
  /** Which word is the key's; 0: no copy is to be made. */
  place: number;
  ttlMs: number;
  /** Bytes of the reply. */
  length: number;
}

/** The time to live of what has none: `FOREVER` in src/browser/gather.rs. */
const FOREVER = 0xffff_ffff;

/** Calls of one key whose answers are kept. */
const ANSWERS_MAX = 4;

/** The share of its bounds that the cache keeps when it has reached one. */
const KEPT = 7 / 8;

/** Bytes of a copy beside its text, about. */
const COPY_BYTES = 120;

const ACCESSES = 0;
const HITS_TOLD_MAX = 16;
const TELL_MS = 1000;

export const NONE = new Int32Array();

/** Commands whose answer depends on the key in their second word alone, and on nothing but what it holds; and MGET. */
const COPIED: ReadonlySet<unknown> = /* @__PURE__ */ new Set(
  'GET HGETALL HKEYS HMGET HVALS LRANGE MGET SMEMBERS ZRANGE ZRANGEBYSCORE ZREVRANGE ZREVRANGEBYSCORE'.split(' '),
);

type Plain = string | number | null;

/** The answer to one call: items, and the names of fields where it is an object. */
interface Listed {
  readonly call: readonly unknown[];
  readonly names: string[] | null;
  readonly items: Plain[];
}

interface Copy {
  readonly key: string;
  place: number;
  version: number;
  /** The text, where nothing else is to be looked at or done: it is no JSON, has no expiry, and no hits are counted. */
  plain: string | null;
  /** It was hit since it was made, or since it was last spared. */
  isHot: boolean;
  /** By both clocks of the page: one may be set, the other may stand still while the machine sleeps. */
  untilMs: number;
  steadyMs: number;
  bytes: number;
  text: string | null;
  isJson: boolean;
  answers: Listed[];
  /** Hits that the engine has not been told of. */
  hits: number;
}

export class Copies {
  private readonly copies = new Map<string, Copy>();
  private bytes = 0;
  private touched: Copy[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private versions: Versions = { words: NONE, renew() {} };

  /** `tell` tells the engine that keys were read: where it evicts by accesses, each as often as it was, up to 16 times. */
  constructor(
    private readonly max: ReadCache,
    private readonly tell: (keys: string[]) => void,
  ) {}

  /** From now on for this engine's words: what was copied from another one is forgotten. */
  begin(versions: Versions) {
    this.versions = versions;
    this.copies.clear();
    this.bytes = 0;
    this.touched = [];
  }

  /** Nothing is found any more. */
  end() {
    this.begin({ words: NONE, renew() {} });
    clearTimeout(this.timer);
  }

  /** What `db.get` answers; undefined where the engine must be asked. */
  get(key: string): unknown {
    const copy = this.find(key);
    if (copy === undefined) return undefined;
    const text = copy.plain ?? this.textOf(copy);
    return copy.isJson && text !== undefined ? JSON.parse(text) : text;
  }

  /** What MGET answers for a key. */
  text(key: string): string | undefined {
    const copy = this.find(key);
    return copy && (copy.plain ?? this.textOf(copy));
  }

  /** The copy of a key, if its word is what it was; its time may be past. */
  private find(key: string): Copy | undefined {
    const copy = this.copies.get(key);
    if (copy === undefined || this.versions.words[copy.place] !== copy.version) return undefined;
    copy.isHot = true;
    return copy;
  }

  private textOf(copy: Copy): string | undefined {
    if (copy.text === null || isPast(copy)) return undefined;
    if (this.counts()) this.count(copy);
    return copy.text;
  }

  putText(key: string, text: string, isJson: boolean, freshness: Freshness) {
    const copy = this.room(key, freshness);
    if (!copy) return;
    copy.text = text;
    copy.isJson = isJson;
    copy.plain = isJson || copy.untilMs !== Infinity || this.counts() ? null : text;
  }

  /** Whether the engine wants to hear of hits. Where that changes, all words do. */
  private counts(): boolean {
    return this.versions.words[ACCESSES] !== 0;
  }

  /** Whether the answer to this call may be copied. */
  takes(call: readonly unknown[]): boolean {
    let at = COPIED.has(call[0]) && typeof call[1] === 'string' ? call.length - 1 : 0;
    while (at > 1 && isPlain(call[at])) at--;
    return at === 1;
  }

  /** The answer to a call that it `takes`; undefined where the engine must be asked. */
  answer(call: readonly unknown[]): Reply | undefined {
    const copy = this.find(call[1] as string);
    if (!copy || isPast(copy)) return undefined;
    for (const listed of copy.answers) {
      if (!isSame(listed.call, call)) continue;
      if (this.counts()) this.count(copy);
      return madeAnew(listed);
    }
    return undefined;
  }

  putAnswer(call: readonly unknown[], reply: Reply, freshness: Freshness) {
    const listed = listedOf(call, reply);
    const copy = listed && this.room(call[1] as string, freshness);
    if (!copy) return;
    if (copy.answers.length === ANSWERS_MAX) copy.answers.shift();
    copy.answers.push(listed);
  }

  /** Tells of the hits that were not told yet; before what may evict. */
  flush() {
    if (this.touched.length === 0) return;
    const { touched } = this;
    this.touched = [];
    const keys: string[] = [];
    for (const copy of touched) {
      for (let left = Math.min(copy.hits, HITS_TOLD_MAX); left > 0; left--) keys.push(copy.key);
      copy.hits = 0;
    }
    this.tell(keys);
  }

  private count(copy: Copy) {
    if (copy.hits++ > 0) return;
    this.touched.push(copy);
    if (this.touched.length > 1) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), TELL_MS);
    // Node.js: it keeps no process alive.
    (this.timer as { unref?(): void }).unref?.();
  }

  /** A copy of the key that holds nothing old, with room for what is to be put in; null where none is to be made. */
  private room(key: string, { place, ttlMs, length }: Freshness): Copy | null {
    if (place === 0 || ttlMs === 0 || length > this.max.bytes / 4 || this.max.entries === 0) return null;
    this.versions.renew();
    const version = this.versions.words[place];
    if (version === undefined) return null;
    let copy = this.copies.get(key);
    if (!copy) {
      copy = { key, place, version, plain: null, isHot: false, untilMs: 0, steadyMs: 0, bytes: 0, text: null, isJson: false, answers: [], hits: 0 };
      this.copies.set(key, copy);
      this.grow(copy, COPY_BYTES + key.length);
    } else if (copy.version !== version || copy.place !== place || isPast(copy)) {
      this.grow(copy, COPY_BYTES + key.length - copy.bytes);
      copy.plain = copy.text = null;
      copy.answers = [];
    }
    copy.place = place;
    copy.version = version;
    copy.untilMs = ttlMs === FOREVER ? Infinity : Date.now() + ttlMs;
    copy.steadyMs = ttlMs === FOREVER ? Infinity : performance.now() + ttlMs;
    this.grow(copy, length);
    const fits = (share: number) => this.copies.size <= this.max.entries * share && this.bytes <= this.max.bytes * share;
    if (fits(1)) return copy;
    // Many at a time: engines find the first of a `Map` by walking over all that were deleted before it.
    for (const oldest of this.copies.values()) {
      if (fits(KEPT)) break;
      if (oldest === copy) continue;
      this.copies.delete(oldest.key);
      if (oldest.isHot) {
        // Behind all others, and met again if they are not enough.
        oldest.isHot = false;
        this.copies.set(oldest.key, oldest);
      } else this.bytes -= oldest.bytes;
    }
    if (fits(1)) return copy;
    this.copies.delete(key);
    this.bytes -= copy.bytes;
    return null;
  }

  private grow(copy: Copy, by: number) {
    copy.bytes += by;
    this.bytes += by;
  }
}

/** Whether the key is gone by now, or may be. Redis: it is there in its last millisecond. */
function isPast(copy: Copy): boolean {
  return copy.untilMs !== Infinity && (Date.now() > copy.untilMs || performance.now() > copy.steadyMs);
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  // The key and the command are the same.
  for (let i = a.length - 1; i > 1; i--) if (a[i] !== b[i]) return false;
  return a[0] === b[0];
}

const isPlain = (item: unknown): item is Plain => item === null || typeof item === 'string' || typeof item === 'number';

/** What is to be kept of a reply; null where it holds more than text and numbers. */
function listedOf(call: readonly unknown[], reply: Reply): Listed | null {
  const isList = Array.isArray(reply);
  // Bytes and errors are objects too, with a prototype.
  if (!isList && (typeof reply !== 'object' || reply === null || Object.getPrototypeOf(reply) !== null)) return null;
  const items: unknown[] = isList ? reply.slice() : Object.values(reply);
  if (!items.every(isPlain)) return null;
  return { call: call.slice(), names: isList ? null : Object.keys(reply), items };
}

function madeAnew({ names, items }: Listed): Reply {
  if (!names) return items.slice();
  const object = Object.create(null) as { [field: string]: Reply };
  for (let i = 0; i < names.length; i++) object[names[i]!] = items[i]!;
  return object;
}
