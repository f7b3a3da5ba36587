/** How much storage the origin uses: asked for now and then, as the browser answers later and `status()` at once. */

/** An answer older than this is renewed when somebody looks. */
const FRESH_MS = 2_000;

export interface UsageFacts {
  /** Bytes that the origin takes, as the browser estimates them: all its databases and caches. Null: not known. */
  used: number | null;
  /** Bytes that the origin may take. Null: not known. */
  quota: number | null;
  /** The browser has promised not to clear it for want of room. Null: not known. */
  persisted: boolean | null;
}

const manager = (): StorageManager | undefined => (typeof navigator === 'undefined' ? undefined : navigator.storage);

export class Usage {
  private facts: UsageFacts = { used: null, quota: null, persisted: null };
  private askedMs = -FRESH_MS;

  /** The last answer; asks anew where it is old. */
  get(): UsageFacts {
    if (performance.now() - this.askedMs >= FRESH_MS) void this.refresh();
    return this.facts;
  }

  async refresh(): Promise<void> {
    this.askedMs = performance.now();
    const storage = manager();
    try {
      const [estimate, persisted] = await Promise.all([storage?.estimate?.(), storage?.persisted?.()]);
      this.facts = { used: estimate?.usage ?? null, quota: estimate?.quota ?? null, persisted: persisted ?? null };
    } catch {
      // Browser: a page whose origin is opaque is refused; then nothing is known.
    }
  }

  /** Asks the browser not to clear this origin's storage. False where it refuses, or has nothing to ask. */
  async persist(): Promise<boolean> {
    const granted = (await manager()?.persist?.().catch(() => false)) ?? false;
    await this.refresh();
    return granted;
  }
}
