/** What `open` may be told. */
import type { StorageDoor } from './door.js';
import { KilatError } from './errors.js';
import { wantedKey, type EncryptionKey } from './key.js';
import type { WasmSource } from './load.js';
import { isWellFormed, kindOf } from './words.js';

/**
 * When a write is acknowledged, that is, when its promise resolves:
 * - `memory`: when the leader has applied it
 * - `everysec`: when it is stored; it survives every crash but the machine's, which may cost the last second
 * - `always`: when the disk has it; nothing is ever lost
 */
export type Durability = 'memory' | 'everysec' | 'always';

/** How much the read cache may keep; the oldest go first, those that were read again after the others. */
export interface ReadCache {
  /** Keys. */
  entries: number;
  /** Bytes of keys and values, about. */
  bytes: number;
}

export const READ_CACHE: ReadCache = { entries: 10_000, bytes: 8 * 1024 * 1024 };

export interface OpenOptions {
  /** The database: one for each name and origin. Tabs that open the same name share it. */
  name: string;
  /** `everysec` unless told otherwise. */
  durability?: Durability;
  /** False: the data lives in this page's memory alone and no other tab sees it. */
  persistent?: boolean;
  /**
   * What to do where stored data is damaged so that acknowledged writes are gone (no snapshot is whole and the log
   * before it has been cut, or a block that others build on cannot be read). The event `corrupt` tells in any case.
   * - `refuse`, unless told otherwise: what is whole is read, writes are refused with `MISCONF`, nothing is deleted;
   *   `status().storage.state` is `damaged`
   * - `discard`: go on from what is whole; the rest is deleted with the next snapshots
   *
   * A torn end of the log is no such damage: it is cut, told by `corrupt`, and the database goes on.
   */
  recover?: 'refuse' | 'discard';
  /**
   * Encrypts all that is stored and all that is said between tabs. What a database was made with it is opened with:
   * `WRONGKEY` for another key, `KEYNEEDED` for none, `NOTENCRYPTED` for a key where there was none.
   */
  key?: EncryptionKey;
  /**
   * The read cache of this opener: copies of what `get` has answered, and `hgetall`, `lrange`, `zrange` and their like,
   * which are used for as long as their keys do not change, in whichever tab, and do not expire. A JSON value is read
   * anew from its text each time, and an array or object is made anew, so you may change what you get. Unless told
   * otherwise 10,000 keys or 8 MB, whichever is reached first; `false`: none. What it answers is not seen by `MONITOR`
   * and `INFO`; where maxmemory-policy goes by accesses it tells of them, before this opener's next write and at the
   * latest within a second.
   */
  readCache?: false | Partial<ReadCache>;
  /** Another place to keep the data than IndexedDB: a folder, in Node.js. */
  storage?: StorageDoor;
  /** The WebAssembly module: wanted by `kilat/slim`, not needed by `kilat`. */
  wasm?: WasmSource;
}

export const DURABILITIES: readonly Durability[] = ['memory', 'everysec', 'always'];

const isReadCache = (value: unknown) =>
  typeof value === 'object' && value !== null &&
  Object.entries(value).every(([name, max]) => Object.hasOwn(READ_CACHE, name) && Number.isInteger(max) && max >= 0);

const isDurability = (value: unknown) => (DURABILITIES as readonly unknown[]).includes(value);

const KNOWN: Record<keyof OpenOptions, (value: unknown) => string | null> = {
  name: (value) => (typeof value === 'string' && value !== '' && isWellFormed(value) ? null : 'a string that is not empty'),
  durability: (value) => (isDurability(value) ? null : "'memory', 'everysec' or 'always'"),
  persistent: (value) => (typeof value === 'boolean' ? null : 'true or false'),
  recover: (value) => (value === 'refuse' || value === 'discard' ? null : "'refuse' or 'discard'"),
  key: wantedKey,
  readCache: (value) => (value === false || isReadCache(value) ? null : 'false, or { entries, bytes } with numbers'),
  storage: (value) => (typeof (value as StorageDoor | null)?.add === 'function' ? null : 'a StorageDoor'),
  wasm: (value) => (value ? null : 'a URL, a Response, a WebAssembly.Module or its bytes'),
};

/** Refuses what is unknown or wrong, by name. */
export function checkOptions(options: unknown): asserts options is OpenOptions {
  if (typeof options !== 'object' || options === null) {
    throw new KilatError('OPTION', `open wants options, such as { name: 'app' }, not ${kindOf(options)}`);
  }
  for (const [option, value] of Object.entries(options)) {
    const check = KNOWN[option as keyof OpenOptions];
    if (!Object.hasOwn(KNOWN, option)) {
      throw new KilatError('OPTION', `unknown option '${option}': there are ${Object.keys(KNOWN).join(', ')}`);
    }
    if (value === undefined) continue;
    const wanted = check(value);
    if (wanted) throw new KilatError('OPTION', `option ${option} must be ${wanted}, not ${kindOf(value)}`);
  }
  const wrong = KNOWN.name((options as OpenOptions).name);
  if (wrong) throw new KilatError('OPTION', `option name must be ${wrong}`);
}

/** The number that the engine knows a durability by. */
export function levelOf(durability: unknown): number {
  const wanted = KNOWN.durability(durability);
  if (wanted) throw new KilatError('OPTION', `durability must be ${wanted}, not ${kindOf(durability)}`);
  return DURABILITIES.indexOf(durability as Durability) + 1;
}
