/** The key that a database is encrypted with, in all the forms in which `open` takes it. */
import { KilatError } from './errors.js';
import { kindOf } from './words.js';

/** A key from words that a person knows, by PBKDF2 with SHA-256. */
export interface Passphrase {
  passphrase: string;
  /** How often it is hashed: 600,000 unless told otherwise, and the same at every opening. */
  iterations?: number;
}

/**
 * An AES-GCM `CryptoKey` that may encrypt and decrypt, 16 or 32 random bytes, or a passphrase. Bytes and passphrases
 * are turned into a key that cannot be read out again.
 */
export type EncryptionKey = CryptoKey | Uint8Array | ArrayBuffer | Passphrase;

/** As OWASP has it for PBKDF2 with SHA-256. */
const ITERATIONS = 600_000;
const ITERATIONS_MIN = 10_000;
const USAGES: KeyUsage[] = ['encrypt', 'decrypt'];

const isBytes = (value: unknown) => value instanceof Uint8Array || value instanceof ArrayBuffer;
const isKey = (value: unknown): value is CryptoKey => typeof CryptoKey !== 'undefined' && value instanceof CryptoKey;
const bytesOf = (key: Uint8Array | ArrayBuffer) => Uint8Array.from(key instanceof Uint8Array ? key : new Uint8Array(key));

/** What is wanted in place of this, if it is no key. */
export function wantedKey(value: unknown): string | null {
  if (isKey(value)) {
    const fits = value.algorithm.name === 'AES-GCM' && USAGES.every((usage) => value.usages.includes(usage));
    return fits ? null : 'an AES-GCM key that may encrypt and decrypt';
  }
  if (isBytes(value)) {
    const length = (value as ArrayBuffer).byteLength;
    return length === 16 || length === 32 ? null : `16 or 32 bytes (these are ${length})`;
  }
  const { passphrase, iterations = ITERATIONS } = (value ?? {}) as Partial<Passphrase>;
  if (typeof passphrase !== 'string' || passphrase === '') {
    return 'a CryptoKey, 16 or 32 bytes, or { passphrase } with a string that is not empty';
  }
  return Number.isSafeInteger(iterations) && iterations >= ITERATIONS_MIN ? null : `a passphrase with at least ${ITERATIONS_MIN} iterations`;
}

/** Gives the key for a salt. The salt is the database's identity: random, made once, kept with the data. */
export type KeySource = (salt: Uint8Array) => Promise<CryptoKey>;

/** The engine asks for the key when it has found the database. */
export function keySource(key: EncryptionKey): KeySource {
  if (isKey(key)) return async () => key;
  if (isBytes(key)) {
    const bytes = bytesOf(key as Uint8Array);
    return () => subtle().importKey('raw', bytes, 'AES-GCM', false, USAGES);
  }
  const { passphrase, iterations = ITERATIONS } = key as Passphrase;
  return async (salt) => {
    const words = await subtle().importKey('raw', new TextEncoder().encode(passphrase), 'PBKDF2', false, ['deriveKey']);
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt: Uint8Array.from(salt), iterations };
    return subtle().deriveKey(how, words, { name: 'AES-GCM', length: 256 }, false, USAGES);
  };
}

/** Browser: pages that are not served by https (localhost aside) have no WebCrypto. */
function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle;
  if (!found) throw new KilatError('NOCRYPTO', `option key needs WebCrypto, which this page has not: crypto.subtle is ${kindOf(found)}`);
  return found;
}

/** Whether two who open the same database in one page have the same key. */
export function sameKey(a: EncryptionKey | undefined, b: EncryptionKey | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || isKey(a) || isKey(b)) return false;
  if (isBytes(a) && isBytes(b)) {
    const [one, two] = [bytesOf(a as Uint8Array), bytesOf(b as Uint8Array)];
    return one.length === two.length && one.every((byte, at) => byte === two[at]);
  }
  const of = ({ passphrase, iterations = ITERATIONS }: Partial<Passphrase>) => JSON.stringify([passphrase, iterations]);
  return !isBytes(a) && !isBytes(b) && of(a as Passphrase) === of(b as Passphrase);
}
