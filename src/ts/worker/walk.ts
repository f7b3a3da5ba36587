/** Walks over keys, fields and members of a database in a worker, a slice at a time: as src/ts/iterate.ts, later. */
import type { HscanOptions, ScanOptions, SscanOptions, ZscanOptions } from '../methods.generated.js';
import type { Element, FieldKey, FieldValue, KeyOf } from '../schema.js';

export interface WorkerWalks<T, S> {
  /** All keys, or those that match: `for await (const key of db.scanIterator({ MATCH: 'user:*' }))`. */
  scanIterator(options?: ScanOptions): AsyncIterableIterator<T>;
  /** The fields of a hash with their values. */
  hscanIterator<K extends KeyOf<S, 'hash'>>(
    key: K,
    options?: HscanOptions,
  ): AsyncIterableIterator<[field: FieldKey<T, S, K>, value: FieldValue<T, S, K>]>;
  /** The members of a set. */
  sscanIterator<K extends KeyOf<S, 'set'>>(key: K, options?: SscanOptions): AsyncIterableIterator<Element<T, S, K>>;
  /** The members of a sorted set with their scores. */
  zscanIterator<K extends KeyOf<S, 'zset'>>(
    key: K,
    options?: ZscanOptions,
  ): AsyncIterableIterator<[member: Element<T, S, K>, score: number]>;
}

type Call = (method: string, args: unknown[]) => Promise<unknown>;

/** The iterators, over `call`. */
export function walks(call: Call) {
  const scan = (method: string, before: unknown[], options: unknown = {}) =>
    walk((cursor) => call(method, [...before, cursor, options]) as Promise<[unknown, unknown[]]>);
  return {
    scanIterator: (options?: unknown) => scan('scan', [], options),
    hscanIterator: (key: unknown, options?: unknown) => pairs(scan('hscan', [key], options), (value) => value),
    sscanIterator: (key: unknown, options?: unknown) => scan('sscan', [key], options),
    zscanIterator: (key: unknown, options?: unknown) => pairs(scan('zscan', [key], options), scoreOf),
  };
}

async function* walk(step: (cursor: string) => Promise<[unknown, unknown[]]>): AsyncGenerator {
  let cursor = '0';
  do {
    const [next, items] = await step(cursor);
    yield* items;
    cursor = textOf(next);
  } while (cursor !== '0');
}

async function* pairs(items: AsyncIterable<unknown>, shape: (second: unknown) => unknown): AsyncGenerator<[unknown, unknown]> {
  const held: unknown[] = [];
  for await (const item of items) {
    if (held.push(item) < 2) continue;
    yield [held[0], shape(held[1])];
    held.length = 0;
  }
}

const textOf = (text: unknown) => (text instanceof Uint8Array ? String.fromCharCode(...text) : String(text));

const scoreOf = (score: unknown) => Number(textOf(score).replace('inf', 'Infinity'));
