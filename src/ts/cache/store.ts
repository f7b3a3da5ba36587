/**
 * Entries with a time to live, tags and a bound in bytes, under one prefix of keys:
 *
 *   NAME:v:KEY   hash   m: meta as JSON, d: data
 *   NAME:tags    hash   tag -> how often it was invalidated; an entry is valid while its tags stand where they
 *                       stood before its data was asked for; '' is a tag of all
 *   NAME:size    hash   KEY -> bytes
 *   NAME:used    zset   KEY -> last use (LRU) or uses, halved at each eviction (LFU)
 *   NAME:bytes   string never less than the sum of the sizes: an entry adds to it, only a sweep takes away
 */
import { itemsOf, Link, numberOf, textOf, type Call, type Database } from './link.js';

export interface StoreOptions {
  /** Caches of one name share their entries, in all tabs: what their keys begin with. `cache` unless told otherwise. */
  name?: string;
  /** About how many bytes of values may be kept: beyond them entries are evicted. 50 MB unless told otherwise. */
  maxBytes?: number;
  /** Whom to evict: least recently used (`lru`, the default) or least frequently used (`lfu`). */
  policy?: 'lru' | 'lfu';
}

export type Generations = [tag: string, generation: number][];

/** What every entry's meta has. */
export interface Meta {
  /** Tags, and where they stood. */
  g: Generations;
}

export interface Entry<M extends Meta> {
  meta: M;
  data: Uint8Array;
}

/** Keys, fields and numbers of an entry, about. */
const OVERHEAD = 200;
/** Uses are written at most so often, or when there are so many. */
const FLUSH_MS = 5000;
const FLUSH_USES = 500;
const SWEEP_MS = 1000;
/** Keys in one command. */
const BATCH = 1000;

export class Store {
  readonly link: Link;
  readonly name: string;
  readonly maxBytes: number;
  private readonly isLfu: boolean;
  private uses = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private sweeping: Promise<number> | null = null;
  private sweeper: ReturnType<typeof setTimeout> | null = null;
  evictions = 0;

  constructor(db: Database, { name = 'cache', maxBytes = 50e6, policy = 'lru' }: StoreOptions) {
    if (!/^[\w:.-]+$/.test(name)) throw new TypeError(`a cache's name is letters, digits and _ : . -, not '${name}'`);
    if (!(maxBytes > 0)) throw new TypeError(`maxBytes must be a positive number, not ${maxBytes}`);
    if (policy !== 'lru' && policy !== 'lfu') throw new TypeError(`policy must be 'lru' or 'lfu', not ${String(policy)}`);
    this.link = new Link(db);
    this.name = name;
    this.maxBytes = maxBytes;
    this.isLfu = policy === 'lfu';
  }

  key(part: string, key = '') {
    return `${this.name}:${part}${key}`;
  }

  /** Where tags stand now: to be asked before the data is. */
  generations(tags: readonly string[]): Generations {
    const all = ['', ...tags];
    const found = itemsOf(this.link.read('HMGET', this.key('tags'), ...all));
    return all.map((tag, i) => [tag, Number(textOf(found[i]) ?? 0)]);
  }

  isCurrent(generations: Generations): boolean {
    const now = this.generations(generations.slice(1).map(([tag]) => tag));
    return now.every(([, generation], i) => generation === generations[i]![1]);
  }

  /** An entry that is there and not invalidated; its freshness is the caller's matter. */
  read<M extends Meta>(key: string): Entry<M> | null {
    const [meta, data] = itemsOf(this.link.read('HMGET', this.key('v:', key), 'm', 'd'));
    const text = textOf(meta);
    if (text === null || data?.kind !== 'bulk') return null;
    const entry = { meta: JSON.parse(text) as M, data: data.bytes };
    if (!this.isCurrent(entry.meta.g)) return null;
    this.use(key);
    return entry;
  }

  private use(key: string) {
    this.uses.set(key, this.isLfu ? (this.uses.get(key) ?? 0) + 1 : Date.now());
    if (this.uses.size >= FLUSH_USES) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  private useCalls(): Call[] {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const uses = [...this.uses];
    this.uses.clear();
    if (uses.length === 0) return [];
    if (!this.isLfu) return [['ZADD', this.key('used'), 'XX', ...uses.flatMap(([key, at]) => [at, key])]];
    return uses.map(([key, times]): Call => ['ZADD', this.key('used'), 'XX', 'INCR', times, key]);
  }

  /** Writes down what was used since. */
  async flush() {
    const calls = this.useCalls();
    // Uses that are lost make an eviction less apt, and nothing worse.
    if (calls.length > 0) await this.link.write(...calls).catch(() => {});
  }

  /** The calls that store an entry for `keepMs`; null where it is too large to be kept. */
  storeCalls(key: string, meta: Meta, data: Uint8Array | string, keepMs: number): Call[] | null {
    const text = JSON.stringify(meta);
    const bytes = OVERHEAD + 3 * key.length + text.length + data.length;
    if (bytes > this.maxBytes || !(keepMs > 0)) return null;
    const value = this.key('v:', key);
    return [
      ['DEL', value],
      ['HSET', value, 'm', text, 'd', data],
      ...(Number.isFinite(keepMs) ? [['PEXPIRE', value, Math.ceil(keepMs)] as Call] : []),
      ['HSET', this.key('size'), key, bytes],
      ['INCRBY', this.key('bytes'), bytes],
      ...this.useCalls(),
      ['ZADD', this.key('used'), ...(this.isLfu ? ['INCR'] : []), this.isLfu ? 1 : Date.now(), key],
    ];
  }

  forgetCalls(...keys: string[]): Call[] {
    return [
      ['DEL', ...keys.map((key) => this.key('v:', key))],
      ['HDEL', this.key('size'), ...keys],
      ['ZREM', this.key('used'), ...keys],
    ];
  }

  /** After a store: makes room if there is too much. */
  async bound(kept: string) {
    if (numberOf(this.link.read('GET', this.key('bytes'))) > this.maxBytes) await this.sweep(kept);
  }

  /** Makes all entries with one of these tags invalid, in all tabs, at once; what is under way for them too. */
  async invalidate(tags: readonly string[]) {
    if (tags.length === 0) return;
    await this.link.write(...tags.map((tag): Call => ['HINCRBY', this.key('tags'), tag, 1]));
    // They are invalid already; what they take is given back behind it.
    this.sweeper ??= setTimeout(() => {
      this.sweeper = null;
      void this.sweep().catch(() => {});
    }, SWEEP_MS);
  }

  /** Removes what has expired or was invalidated, then evicts until a tenth is free; answers how many were evicted. */
  sweep(kept?: string): Promise<number> {
    return (this.sweeping ??= this.sweepNow(kept).finally(() => (this.sweeping = null)));
  }

  private async sweepNow(kept?: string): Promise<number> {
    await this.flush();
    let evicted = 0;
    await this.link.transact([this.key('bytes')], () => {
      const sizes = new Map<string, number>();
      const gone: string[] = [];
      let total = 0;
      const tags = this.pairs('tags');
      for (const [name, bytes] of this.pairs('size')) {
        const meta = this.link.text('HGET', this.key('v:', name), 'm');
        const isHere = meta !== null && (JSON.parse(meta) as Meta).g.every(([tag, at]) => (tags.get(tag) ?? 0) === at);
        if (isHere) sizes.set(name, bytes), (total += bytes);
        else gone.push(name);
      }
      evicted = 0;
      if (total > this.maxBytes) {
        for (const member of itemsOf(this.link.read('ZRANGE', this.key('used'), 0, -1))) {
          const name = textOf(member)!;
          if (total <= this.maxBytes * 0.9) break;
          if (name === kept || !sizes.has(name)) continue;
          gone.push(name);
          total -= sizes.get(name)!;
          evicted += 1;
        }
      }
      const calls: Call[] = [['SET', this.key('bytes'), total]];
      for (let at = 0; at < gone.length; at += BATCH) calls.push(...this.forgetCalls(...gone.slice(at, at + BATCH)));
      const used = this.key('used');
      if (this.isLfu && evicted > 0) calls.push(['ZUNIONSTORE', used, 1, used, 'WEIGHTS', 0.5]);
      return calls;
    });
    this.evictions += evicted;
    return evicted;
  }

  /** A hash of numbers. */
  private pairs(part: string): Map<string, number> {
    const reply = this.link.read('HGETALL', this.key(part));
    const pairs = 'pairs' in reply ? reply.pairs : [];
    return new Map(pairs.map(([name, value]) => [textOf(name)!, numberOf(value)]));
  }

  /** Entries that are there, and the bytes that they take at most. */
  size() {
    const count = this.link.read('HLEN', this.key('size'));
    return {
      entries: count.kind === 'integer' ? Number(count.value) : 0,
      bytes: numberOf(this.link.read('GET', this.key('bytes'))),
    };
  }

  close() {
    if (this.sweeper) clearTimeout(this.sweeper);
    void this.flush();
    this.link.close();
  }
}
