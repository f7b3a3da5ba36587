/** What became of keys, as the engine tells it: src/browser/observe.rs. */
import { checkKey, type Key } from '../words.js';

/** The key is there; it is gone; it is gone because its time to live was over. */
export type Fate = 'set' | 'deleted' | 'expired';

/** What changed since a listener was called last. */
export interface Changes {
  /** The keys, each once. Of a pattern none are named where `everything` is true. */
  readonly keys: ReadonlyMap<string, Fate>;
  /** Any key may have changed: the database was flushed or swapped, or the data was read anew from storage. */
  readonly everything: boolean;
}

/** By the numbers that the engine gives them. */
export const FATES: readonly Fate[] = ['set', 'deleted', 'expired'];
/** The whole database. */
export const ALL = 3;

export interface Entry {
  /** A place in `FATES`, or `ALL`. */
  mark: number;
  db: number;
  key: Uint8Array;
}

/** `[u8 mark] [u8 database] [u32 length] [key]`, again and again. */
export function* entriesOf(bytes: Uint8Array): Generator<Entry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 6 + view.getUint32(at + 2, true);
    yield { mark: bytes[at]!, db: bytes[at + 1]!, key: bytes.subarray(at + 6, end) };
    at = end;
  }
}

const decoder = new TextDecoder();

export const textOf = (key: Uint8Array) => decoder.decode(key);

/** A key and its database as one string: bytes that are no text stay apart from each other. */
export function nameOf(db: number, key: Uint8Array): string {
  let name = String.fromCharCode(db);
  for (const byte of key) name += String.fromCharCode(byte);
  return name;
}

/** A key's bytes, the caller's own ones copied. */
export function bytesOf(key: Key): Uint8Array {
  checkKey(key, 'key');
  return typeof key === 'string' ? new TextEncoder().encode(key) : key.slice();
}
