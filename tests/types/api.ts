// Compiles, or the types are not what the documentation promises. Nothing here runs.
import { open, destroy, list, format, KilatError, type Chain, type Kilat, type Reply, type Status } from '../../pkg/index.js';
import { open as openSlim } from '../../pkg/slim.js';

interface User { name: string; age: number; tags: string[] }

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>() => undefined as T | undefined;

export async function reads(db: Kilat) {
  const score = db.zscore('board', 'bob');
  is<Same<typeof score, number | null>>();
  const all = db.hgetall('h');
  is<Same<typeof all, Record<string, string>>>();
  const bytes = db.bytes.hget('h', 'f');
  is<Same<typeof bytes, Uint8Array | null>>();
  const whole = db.bytes.get('k');
  is<Same<typeof whole, Uint8Array | null>>();
  const user = db.get<User>('user:1');
  is<Same<typeof user, User | null>>();
  const settings = db.config('GET', 'maxmemory');
  is<Same<typeof settings, Record<string, string>>>();
  const status: Status = db.status();
  is<Same<typeof status.role, 'opening' | 'follower' | 'claiming' | 'leader' | 'left' | 'closed'>>();
}

export async function writes(db: Kilat) {
  const added = db.zadd('board', 10, 'ann', 25, 'bob');
  is<Same<typeof added, Promise<number>>>();
  const counted = await db.incr('n');
  is<Same<typeof counted, number>>();
  await db.hset('h', { a: 1, b: 'two', c: new Uint8Array([3]) });
  await db.mset({ a: 1, b: 2 });
  await db.set('user:1', { name: 'Ada', age: 36, tags: ['math'] }, { ttl: 60, NX: true });
  const updated = await db.update<User>('user:1', { age: 37 });
  is<Same<typeof updated, User>>();
  await db.update<User>('user:1', (old) => ({ ...old!, age: old!.age + 1 }));
  const gone = await db.delete('user:1');
  is<Same<typeof gone, boolean>>();
  const replies = await db.multi().set('a', 1).incr('a').zadd('z', 1, 'm').call('PING').exec();
  is<Same<typeof replies, ['OK' | KilatError, number | KilatError, number | KilatError, Reply, ...Reply[]]>>();
  const chain: Chain = db.multi().del('a');
  void chain;
}

export async function rest(db: Kilat) {
  const stop: () => void = db.subscribe('news.*', (message, channel) => message + channel);
  stop();
  db.on('leader', (event) => event.epoch.toFixed());
  db.on('expired', (event) => event.key.toUpperCase());
  const dump: Uint8Array = db.export();
  await db.import(dump);
  const session = db.openSession({ onPush: (push) => void format(push) });
  const tree = await session.call('PING');
  format(tree, { protocol: session.protocol });
  await destroy('x');
  const names: string[] = await list();
  void names;
  try {
    db.call('NOPE');
  } catch (error) {
    if (error instanceof KilatError) error.code.toLowerCase();
  }
  await using other = await open({ name: 'other', durability: 'always' });
  void other;
}

export async function refused(db: Kilat) {
  // @ts-expect-error a key is text or bytes
  db.zscore(5, 'member');
  // @ts-expect-error a date is no JSON
  await db.set('k', { at: new Date() });
  // @ts-expect-error there is no such option
  await db.set('k', 'v', { tl: 5 });
  // @ts-expect-error there is no such durability
  await open({ name: 'x', durability: 'often' });
  // @ts-expect-error a name is wanted
  await open({});
  // @ts-expect-error slim wants to know where its module is
  await openSlim({ name: 'x' });
  // @ts-expect-error there is no such event
  db.on('nope', () => {});
  // @ts-expect-error a command that does not exist
  db.nope('x');
}
