/** Marks an error of ours, whichever copy of this module in the page has made it. */
const BRAND = Symbol.for('kilat.error');

/**
 * What went wrong, by `code`: Redis's own (`WRONGTYPE`, `ERR`, `EXECABORT`, ...), or one of kilat's:
 *
 * - `ARGUMENT`: the call cannot be written down; nothing was done
 * - `OPTION`: an option of `open` or `set` that is unknown or wrong
 * - `BUSY`: more is waiting to be stored than may wait; `drained()` tells when to go on
 * - `QUOTA`: storage is full; nothing was done
 * - `CRASHED`: the engine died in the middle of it; whether it was done is known after the restart
 * - `INDETERMINATE`: whether it was done cannot be known
 * - `WRONGKEY`, `KEYNEEDED`, `NOTENCRYPTED`: the database is encrypted with another key, or it is encrypted, or it is not
 * - `NOCRYPTO`: there is no WebCrypto here, or it does not take the key
 * - `STORAGE`: IndexedDB is there and did not open, for two and a half seconds: `open` may be tried again
 * - `CLOSED`: the database was closed by this page
 * - `LOAD`: the WebAssembly module could not be had
 */
export class KilatError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'KilatError';
    this.code = code;
  }

  /** True of the errors of every copy of kilat in the page, as a database may be another copy's. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

Object.defineProperty(KilatError.prototype, BRAND, { value: true });

/** The error that an error reply stands for: its first word is the code. */
export function errorOfReply(text: string): KilatError {
  const code = /^[A-Z][A-Z0-9_]*(?= |$)/.exec(text)?.[0] ?? 'ERR';
  return new KilatError(code, text);
}

/** An error reply is thrown. */
export function thrown<T>(reply: T): T {
  if (reply instanceof KilatError) throw reply;
  return reply;
}

/** Any thrown thing as an error of ours. */
export function asKilatError(error: unknown, code = 'ERR'): KilatError {
  if (error instanceof KilatError) return error;
  return new KilatError(code, error instanceof Error ? error.message : String(error));
}

/** The answers of `exec()`, or the first error among them, thrown. */
export function orThrow<const A extends readonly unknown[]>(answers: A): { [I in keyof A]: Exclude<A[I], KilatError> } {
  for (const answer of answers) if (answer instanceof KilatError) throw answer;
  return answers as { [I in keyof A]: Exclude<A[I], KilatError> };
}
