/** What the cache and the outbox need of a database: reads at once, and transactions. They use its database 0. */
import type { ReplyTree } from '../reply.js';
import type { RawSession } from '../session.js';

/** A database opened by `kilat`, whatever its schema. */
export interface Database {
  readonly name: string;
  openSession(): RawSession;
  subscribe(channel: string, listener: (message: string) => void): () => void;
}

/** A command and its words. */
export type Call = [command: string, ...words: (string | number | Uint8Array)[]];

const PAUSE_MS_MAX = 50;

const decoder = new TextDecoder();

/** The text of a reply, or null. */
export function textOf(reply: ReplyTree | undefined): string | null {
  if (reply?.kind === 'bulk') return decoder.decode(reply.bytes);
  return reply?.kind === 'status' ? reply.text : null;
}

export const numberOf = (reply: ReplyTree) => Number(textOf(reply) ?? 0);

export const itemsOf = (reply: ReplyTree): ReplyTree[] => ('items' in reply ? reply.items : []);

function checked(reply: ReplyTree): ReplyTree {
  if (reply.kind !== 'error') return reply;
  throw Object.assign(new Error(reply.text), { code: reply.text.split(' ')[0] });
}

export class Link {
  private readonly reader: RawSession;

  constructor(readonly db: Database) {
    this.reader = db.openSession();
  }

  /** Reads, at once. */
  read(...[command, ...words]: Call): ReplyTree {
    return checked(this.reader.call(command, ...words) as ReplyTree);
  }

  text(...call: Call): string | null {
    return textOf(this.read(...call));
  }

  /** Runs calls with nothing in between. */
  async write(...calls: Call[]): Promise<ReplyTree[]> {
    return (await this.transact([], () => calls)) ?? [];
  }

  /**
   * Runs what `plan` says if nobody has changed the keys `watch` meanwhile, or else asks it again.
   * It may say null: nothing is to be done. It reads, and does not wait.
   */
  async transact(watch: string[], plan: () => Call[] | null): Promise<ReplyTree[] | null> {
    const session = this.db.openSession();
    try {
      for (let pauseMs = 0; ; pauseMs = Math.min(pauseMs * 2 + 1, PAUSE_MS_MAX)) {
        if (watch.length > 0) checked(session.call('WATCH', watch) as ReplyTree);
        const calls = plan();
        if (!calls) return null;
        void session.call('MULTI');
        for (const [command, ...words] of calls) checked(session.call(command, ...words) as ReplyTree);
        const done = checked(await session.call('EXEC'));
        if ('items' in done) return done.items.map(checked);
        // This tab may not have heard yet of what came in between.
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    } finally {
      session.close();
    }
  }

  close() {
    this.reader.close();
  }
}
