/** What the generated methods stand on: a way to run a call that reads, and one that writes. */
export abstract class Caller {
  /** @internal Runs a call that is answered at once. */
  abstract read(words: readonly unknown[]): unknown;
  /** @internal Runs a call that may have to be stored, or run by another tab. */
  abstract write(words: readonly unknown[]): Promise<unknown>;
}
