/** What `db.on(name, listener)` tells. */
export interface KilatEvents {
  /** This node leads from now on: it takes the writes of all tabs. */
  leader: { type: 'leader'; epoch: number };
  /** This node follows another one. */
  follower: { type: 'follower'; epoch: number };
  /** Storage is full: a write was refused. */
  quota: { type: 'quota' };
  /** A key's time to live is over. */
  expired: { type: 'expired'; db: number; key: string };
  /** Storage cannot be used; the data lives in memory alone. */
  'memory-only': { type: 'memory-only'; message: string };
  /** Damaged bytes were found in storage and left aside. */
  corrupt: { type: 'corrupt'; message: string };
  /** Storage was cleared while the database was open. */
  cleared: { type: 'cleared' };
  /** Another build writes a format, or speaks a protocol, that this one does not know. */
  incompatible: { type: 'incompatible'; message: string };
  /** After `BUSY`: writes are taken again. */
  drained: { type: 'drained' };
  /** The engine died; a fresh one is being started from what is stored. */
  crashed: { type: 'crashed'; message: string };
  /** The node has ended. */
  closed: { type: 'closed' };
}

export type EventName = keyof KilatEvents;

type Listener<N extends EventName> = (event: KilatEvents[N]) => void;

export const EVENT_NAMES: readonly EventName[] = [
  'leader', 'follower', 'quota', 'expired', 'memory-only', 'corrupt', 'cleared', 'incompatible', 'drained', 'crashed',
  'closed',
];

/** What goes on being true: who listens later hears of it too. */
const LASTING: readonly EventName[] = ['memory-only', 'corrupt', 'cleared', 'incompatible'];

/** Listeners by the name of what they listen to. */
export class Emitter {
  private readonly past: KilatEvents[EventName][] = [];
  private readonly listeners = new Map<EventName, Set<(event: never) => void>>();

  on<N extends EventName>(name: N, listener: Listener<N>): () => void {
    let set = this.listeners.get(name);
    if (!set) this.listeners.set(name, (set = new Set()));
    set.add(listener);
    for (const event of this.past.filter((event) => event.type === name)) {
      queueMicrotask(() => set.has(listener) && guard(() => listener(event as never)));
    }
    return () => set.delete(listener);
  }

  hears(name: EventName): boolean {
    return (this.listeners.get(name)?.size ?? 0) > 0;
  }

  emit(event: KilatEvents[EventName]) {
    if (LASTING.includes(event.type)) this.past.push(event);
    for (const listener of [...(this.listeners.get(event.type) ?? [])]) guard(() => listener(event as never));
  }
}

/** A listener that throws is its author's matter, as with any event: it is reported, and the others go on. */
export function guard(run: () => void) {
  try {
    run();
  } catch (error) {
    if (typeof reportError === 'function') reportError(error);
    else queueMicrotask(() => { throw error; });
  }
}
