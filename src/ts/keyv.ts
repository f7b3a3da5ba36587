/** `kilat/keyv`: a storage adapter, `new Keyv({ store: new KeyvKilat(db) })`. Keyv 5 and 6 take it. */
import { itemsOf, Link, textOf, type Call, type Database } from './cache/link.js';

export interface KeyvKilatOptions {
  /** What the keys begin with in kilat, before Keyv's own namespace. `keyv:` unless told otherwise. */
  prefix?: string;
}

export interface KeyvEntry {
  key: string;
  value: unknown;
  /** Milliseconds. */
  ttl?: number;
}

const BATCH = 1000;

/** Values expire in kilat itself. An error rejects the call, and Keyv tells it as its `error` event. */
export class KeyvKilat {
  /** Keyv 5 sets it: `clear` and `iterator` keep to it. Absent until then, so that Keyv 6 keeps namespaces apart itself. */
  declare namespace?: string | undefined;
  /** Keyv 5 iterates over the dialects that it knows: this is the one that kilat speaks. */
  readonly opts: { dialect: 'redis'; url: string; prefix: string };
  private readonly link: Link;

  constructor(db: Database, { prefix = 'keyv:' }: KeyvKilatOptions = {}) {
    this.link = new Link(db);
    this.opts = { dialect: 'redis', url: `kilat:${db.name}`, prefix };
  }

  /** What goes wrong rejects the call that it happened to: there is no event of the adapter's own. */
  on(_event: string, _listener: (...args: unknown[]) => void): this {
    return this;
  }

  private keyOf = (key: string) => this.opts.prefix + key;

  async get(key: string): Promise<string | undefined> {
    return this.link.text('GET', this.keyOf(key)) ?? undefined;
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    if (keys.length === 0) return [];
    return itemsOf(this.link.read('MGET', ...keys.map(this.keyOf))).map((reply) => textOf(reply) ?? undefined);
  }

  private setCall({ key, value, ttl }: KeyvEntry): Call {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return ['SET', this.keyOf(key), text, ...(ttl ? ['PX', Math.max(1, Math.ceil(ttl))] : [])];
  }

  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    await this.link.write(this.setCall({ key, value, ...(ttl ? { ttl } : {}) }));
    return true;
  }

  async setMany(entries: KeyvEntry[]): Promise<boolean[]> {
    if (entries.length > 0) await this.link.write(...entries.map((entry) => this.setCall(entry)));
    return entries.map(() => true);
  }

  async has(key: string): Promise<boolean> {
    return (await this.hasMany([key]))[0]!;
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    return keys.map((key) => isOne(this.link.read('EXISTS', this.keyOf(key))));
  }

  async delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  /** Answers whether there was one. */
  async deleteMany(keys: string[]): Promise<boolean> {
    if (keys.length === 0) return false;
    return (await this.link.write(...keys.map((key): Call => ['DEL', this.keyOf(key)]))).some(isOne);
  }

  async clear(): Promise<void> {
    for (const keys of this.batches(this.namespace)) await this.link.write(['DEL', ...keys]);
  }

  async *iterator(namespace?: string): AsyncGenerator<[string, string], void> {
    for (const keys of this.batches(namespace ?? this.namespace)) {
      const values = itemsOf(this.link.read('MGET', ...keys)).map(textOf);
      for (const [i, key] of keys.entries()) {
        const value = values[i];
        if (typeof value === 'string') yield [key.slice(this.opts.prefix.length), value];
      }
    }
  }

  /** The keys of a namespace as they stand at this moment. */
  private *batches(namespace: string | undefined): Generator<string[]> {
    const start = this.opts.prefix + (namespace ? `${namespace}:` : '');
    const keys = itemsOf(this.link.read('KEYS', `${start.replace(/[*?[\]\\^-]/g, '\\$&')}*`)).map((key) => textOf(key)!);
    for (let i = 0; i < keys.length; i += BATCH) yield keys.slice(i, i + BATCH);
  }

  /** Lets go of the database, which stays open: it is yours to close. */
  async disconnect(): Promise<void> {
    this.link.close();
  }
}

const isOne = (reply: { kind: string; value?: unknown }) => reply.kind === 'integer' && Number(reply.value) > 0;

export default KeyvKilat;
