// Compiles, or the types of a database in a worker are not what the documentation promises. Nothing here runs.
import { open, KilatError, type WorkerKilat, type WorkerSession } from '../../pkg/worker.js';
import { open as openInline } from '../../pkg/worker-inline.js';
import { host } from '../../pkg/worker-host.js';
import type { Reply, ReplyTree, Status, ZSet } from '../../pkg/index.js';

interface User { name: string; age: number }
interface Schema { [user: `user:${string}`]: User; board: ZSet; token: string }

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>() => undefined as T | undefined;

export async function opens(worker: Worker) {
  const db: WorkerKilat = await open({ name: 'app', worker });
  const inline: WorkerKilat = await openInline({ name: 'app', durability: 'always' });
  // @ts-expect-error a worker is wanted
  await open({ name: 'app' });
  // @ts-expect-error a folder is not for workers
  await openInline({ name: 'app', storage: {} });
  const started: void = host();
  void started;
  await using closed = db;
  void closed;
  return inline;
}

export async function reads(db: WorkerKilat) {
  const score = db.zscore('board', 'bob');
  is<Same<typeof score, Promise<number | null>>>();
  const all = db.hgetall('h');
  is<Same<typeof all, Promise<Record<string, string>>>>();
  const bytes = db.bytes.get('k');
  is<Same<typeof bytes, Promise<Uint8Array | null>>>();
  const field = db.bytes.hget('h', 'f');
  is<Same<typeof field, Promise<Uint8Array | null>>>();
  const user = db.get<User>('user:1');
  is<Same<typeof user, Promise<User | null>>>();
  const status = db.status();
  is<Same<typeof status, Promise<Status>>>();
  const any = db.call('GET', 'k');
  is<Same<typeof any, Promise<Reply>>>();
  const dump = db.export();
  is<Same<typeof dump, Promise<Uint8Array>>>();
  const chosen = db.select(1);
  is<Same<typeof chosen, Promise<'OK'>>>();
}

export async function rest(db: WorkerKilat) {
  const counted = await db.incr('n');
  is<Same<typeof counted, number>>();
  await db.zadd('z', { NX: true }, [1, 'a']);
  const replies = await db.multi().set('a', 1).incr('a').exec();
  const second: number | KilatError = replies[1];
  void second;
  const stop: () => void = db.subscribe('news.*', (message, channel) => message + channel);
  stop();
  db.on('leader', (event) => event.epoch.toFixed());
  db.watch({ match: 'user:*' }, ({ keys }) => keys.forEach((fate, key) => key + fate));
  for await (const [member, score] of db.zscanIterator('z')) member.padEnd(score);
  // @ts-expect-error a live read is answered at once, and in a worker nothing is
  db.live(() => 1);
  // @ts-expect-error there is no such event
  db.on('nonsense', () => {});
  const sure: WorkerKilat = db.withDurability('always');
  const session: WorkerSession = sure.openSession({ onPush: (push) => push.kind });
  const reply: ReplyTree = await session.call('PING');
  return reply;
}

export async function typed(worker: Worker) {
  const db = await open<Schema>({ name: 'app', worker });
  const user = await db.get('user:1');
  is<Same<typeof user, User | null>>();
  await db.set('user:2', { name: 'Ann', age: 36 });
  // @ts-expect-error a user has an age
  await db.set('user:2', { name: 'Ann' });
  // @ts-expect-error a user is no sorted set
  await db.zscore('user:1', 'ann');
  return db.zscore('board', 'ann');
}
