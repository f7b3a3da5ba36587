/** What a database in a worker can do: as one in this thread, with promises where that one answers at once. */
import type { Later } from '../answer.js';
import type { Json } from '../json.js';
import type { Kilat } from '../kilat.js';
import type { Methods } from '../methods.generated.js';
import type { Durability } from '../options.js';
import type { Reply, ReplyTree } from '../reply.js';
import type { KeyIn, KeyOf, TypedKey, Untyped, ValueOf } from '../schema.js';
import type { Connection, SessionListener } from '../session.js';
import type { Status } from '../status.js';
import type { Words } from '../words.js';
import type { WorkerWalks } from './walk.js';

/** What is in a worker as it is in this thread. */
type Same =
  | 'name' | 'set' | 'update' | 'delete' | 'multi' | 'pipeline' | 'subscribe' | 'on' | 'watch' | 'drained' | 'import' | 'connect'
  | 'close' | typeof Symbol.dispose | typeof Symbol.asyncDispose;

/** `S` is the schema of the keys: see `open`. There is no `live`, whose reads are answered at once. */
export interface WorkerKilat<S = Untyped> extends Methods<string, Later, S>, WorkerWalks<string, S>, Pick<Kilat<S>, Same> {
  /** The same commands, with strings answered as `Uint8Array`. */
  readonly bytes: WorkerBytes<S>;
  /** Any command, by its words. */
  call(command: string, ...words: Words[]): Promise<Reply>;
  /** What `set` has set: a string, or a JSON value; null where there is none. Other types are an error. */
  get<T = Json>(key: KeyIn<S>): Promise<T | null>;
  get<K extends TypedKey<S>>(key: K): Promise<ValueOf<S, K> | null>;
  /** What this node is at this moment. */
  status(): Promise<Status>;
  /** Chooses one of the sixteen databases for the calls that follow. */
  select(index: number): Promise<'OK'>;
  /** All data as a `dump.rdb`, which redis-server loads. */
  export(): Promise<Uint8Array>;
  /** The same database, its writes acknowledged at another level. */
  withDurability(durability: Durability): WorkerKilat<S>;
  /** A session of its own: every command, and replies with their kinds. For prompts and tests. */
  openSession(listener?: SessionListener): WorkerSession;
}

export interface WorkerBytes<S = Untyped> extends Methods<Uint8Array, Later, S>, WorkerWalks<Uint8Array, S> {
  /** The bytes of a string, or of a JSON value's text; null where there is none. */
  get(key: KeyOf<S, 'text' | 'json'>): Promise<Uint8Array | null>;
}

/** A session in a worker: `RawSession`, answering later. */
export interface WorkerSession {
  /** What its client would be spoken to in: RESP2 until HELLO says otherwise. `format` wants to know. */
  protocol: 2 | 3;
  call(command: string | Uint8Array, ...words: Words[]): Promise<ReplyTree>;
  close(): void;
}

export type { Connection };
