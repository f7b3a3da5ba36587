/** Walks over keys, fields and members, a slice at a time: what is walked need not be held at once. */
import { Commands } from './commands.generated.js';
import type { HscanOptions, ScanOptions, SscanOptions, ZscanOptions } from './methods.generated.js';
import type { Element, FieldKey, FieldValue, KeyOf, Untyped } from './schema.js';

/**
 * The commands of a database that answers at once, and iterators over its SCANs. Whatever is there from the first step to
 * the last is met at least once; what comes or goes meanwhile may be met or not, and anything may be met twice, as in
 * Redis. COUNT is how many are looked at in a step, 10 unless told otherwise.
 */
export abstract class Walkable<T = string, S = Untyped> extends Commands<T, S> {
  /** All keys, or those that match: `for (const key of db.scanIterator({ MATCH: 'user:*' }))`. */
  scanIterator(options: ScanOptions = {}): IterableIterator<T> {
    return walk<T>((cursor) => this.read(['SCAN', cursor, options]));
  }

  /** The fields of a hash with their values, as a `Map` wants them: `new Map(db.hscanIterator('h'))`. */
  hscanIterator<K extends KeyOf<S, 'hash'>>(
    key: K,
    options: HscanOptions = {},
  ): IterableIterator<[field: FieldKey<T, S, K>, value: FieldValue<T, S, K>]> {
    return pairs(walk((cursor) => this.read(['HSCAN', key, cursor, options])));
  }

  /** The members of a set. */
  sscanIterator<K extends KeyOf<S, 'set'>>(key: K, options: SscanOptions = {}): IterableIterator<Element<T, S, K>> {
    return walk((cursor) => this.read(['SSCAN', key, cursor, options]));
  }

  /** The members of a sorted set with their scores. */
  *zscanIterator<K extends KeyOf<S, 'zset'>>(
    key: K,
    options: ZscanOptions = {},
  ): IterableIterator<[member: Element<T, S, K>, score: number]> {
    const items = walk<T>((cursor) => this.read(['ZSCAN', key, cursor, options]));
    for (const [member, score] of pairs<T>(items)) yield [member as Element<T, S, K>, scoreOf(score)];
  }
}

function* walk<E>(step: (cursor: string) => unknown): Generator<E> {
  let cursor: unknown = '0';
  do {
    const [next, items] = step(textOf(cursor)) as [unknown, E[]];
    yield* items;
    cursor = next;
  } while (textOf(cursor) !== '0');
}

function* pairs<E, A = E, B = E>(items: Iterable<unknown>): Generator<[A, B]> {
  let first: unknown;
  let isSecond = false;
  for (const item of items) {
    if (isSecond) yield [first as A, item as B];
    first = item;
    isSecond = !isSecond;
  }
}

const textOf = (text: unknown) => (text instanceof Uint8Array ? String.fromCharCode(...text) : String(text));

function scoreOf(score: unknown): number {
  const text = textOf(score);
  return Number(text.replace('inf', 'Infinity'));
}
