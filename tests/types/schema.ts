// Compiles, or typed keys are not what the documentation promises. Nothing here runs.
import { open, type Hash, type KilatError, type List, type ZSet } from '../../pkg/index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>() => undefined as T | undefined;

interface User { name: string; age?: number }

interface Schema {
  [user: `user:${string}`]: User;
  [tags: `tags:${string}`]: Set<'red' | 'blue'>;
  [visits: `visits:${number}`]: number;
  'user:admin': User & { level: number };
  token: string;
  photo: Uint8Array;
  scores: ZSet;
  queue: List<number>;
  conf: Hash<{ theme: 'light' | 'dark'; size: number }>;
}

export async function typed(id: string) {
  const db = await open<Schema>({ name: 'app' });
  const user = db.get(`user:${id}`);
  is<Same<typeof user, User | null>>();
  const admin = db.get('user:admin');
  is<Same<typeof admin, (User & { level: number }) | null>>();
  const visits = db.get('visits:5');
  is<Same<typeof visits, number | null>>();
  const token = db.get('token');
  is<Same<typeof token, string | null>>();
  const photo = db.bytes.get('photo');
  is<Same<typeof photo, Uint8Array | null>>();
  await db.set(`user:${id}`, { name: 'Ada' }, { ttl: 60 });
  await db.set('photo', new Uint8Array());
  const updated = await db.update(`user:${id}`, (old) => ({ ...old!, age: 5 }));
  is<Same<typeof updated, User>>();
  await db.update('user:admin', { level: 2 });
  await db.incr('visits:5');
  await db.append('token', 'x');

  const all = db.hgetall('conf');
  is<Same<typeof all, { theme?: 'light' | 'dark'; size?: `${number}` }>>();
  const theme = db.hget('conf', 'theme');
  is<Same<typeof theme, 'light' | 'dark' | null>>();
  const bytes = db.bytes.hget('conf', 'theme');
  is<Same<typeof bytes, Uint8Array | null>>();
  await db.hset('conf', { theme: 'dark', size: 5 });
  await db.hsetnx('conf', 'size', 5);
  const fields = db.hkeys('conf');
  is<Same<typeof fields, ('theme' | 'size')[]>>();

  const tags = db.smembers(`tags:${id}`);
  is<Same<typeof tags, ('red' | 'blue')[]>>();
  await db.sadd(`tags:${id}`, 'red', ['blue']);
  const queued = await db.lpop('queue', 2);
  is<Same<typeof queued, `${number}`[] | null>>();
  await db.rpush('queue', 1, 2);
  const best = db.zrange('scores', 0, 9, { REV: true, WITHSCORES: true });
  is<Same<typeof best, [member: string, score: number][]>>();
  await db.zunionstore('scores', ['scores', `tags:${id}`]);
  await db.del('token', `user:${id}`);

  const [one, other] = db.getMany(['token', `user:${id}`]);
  is<Same<typeof one, string | null>>();
  is<Same<typeof other, User | null>>();
  await db.setMany({ token: 'x', 'user:admin': { name: 'Ada', level: 1 } });
  await db.setMany([['token', 'x'], [`user:${id}`, { name: 'Ada' }]]);
  const two = db.hmget('conf', 'size', 'theme');
  is<Same<typeof two, [`${number}` | null, 'light' | 'dark' | null]>>();
  for (const tag of db.sscanIterator(`tags:${id}`)) is<Same<typeof tag, 'red' | 'blue'>>();

  const [name, rank] = await db.multi().get('token').zrank('scores', 'ada').exec();
  is<Same<typeof name, string | null | KilatError>>();
  is<Same<typeof rank, number | null | KilatError>>();
}

export async function refused(id: string) {
  const db = await open<Schema>({ name: 'app' });
  // @ts-expect-error a user has a name
  await db.set(`user:${id}`, { age: 5 });
  // @ts-expect-error the narrowest pattern holds: an admin has a level
  await db.set('user:admin', { name: 'Ada' });
  // @ts-expect-error no such key
  db.get('usr:1');
  // @ts-expect-error visits are numbered
  db.get('visits:many');
  // @ts-expect-error any text may be any key
  db.get(id);
  // @ts-expect-error a sorted set is no JSON value
  db.get('scores');
  // @ts-expect-error a user is no set
  db.smembers(`user:${id}`);
  // @ts-expect-error a set is no list
  await db.lpush(`tags:${id}`, 'x');
  // @ts-expect-error no such tag
  await db.sadd(`tags:${id}`, 'green');
  // @ts-expect-error no such field
  db.hget('conf', 'colour');
  // @ts-expect-error no such theme
  await db.hset('conf', { theme: 'grey' });
  // @ts-expect-error no number
  await db.hsetnx('conf', 'size', 'wide');
  // @ts-expect-error a JSON value is no string
  await db.append(`user:${id}`, 'x');
  // @ts-expect-error a token is a string
  await db.setMany({ token: 5 });
  // @ts-expect-error an admin has a level
  await db.setMany({ 'user:admin': { name: 'Ada' } });
  // @ts-expect-error a set is not set
  await db.setMany({ 'tags:1': new Set(['red']) });
  // @ts-expect-error a user is not a string
  await db.setMany([[`user:${id}`, 'x']]);
  // @ts-expect-error no such key
  db.getMany(['token', 'tokn']);
  // @ts-expect-error in a transaction too
  db.multi().sadd('scores', 'x');
  // @ts-expect-error a string is no number
  await db.set('token', 5);
}

/** The same in quotes, and all other keys as they come. */
interface Quoted {
  'user:${string}': User;
  'cart:${number}:items': List;
  [other: `x:${string}`]: unknown;
}

export async function quoted(id: number) {
  const db = await open<Quoted>({ name: 'app' });
  const user = db.get(`user:${id}`);
  is<Same<typeof user, User | null>>();
  const items = db.lrange(`cart:${id}:items`, 0, -1);
  is<Same<typeof items, string[]>>();
  await db.set('x:1', [1, 'a', null]);
  // @ts-expect-error a cart has a number
  db.lrange('cart:mine:items', 0, -1);
}

export async function stored() {
  const db = await open({ name: 'app' });
  const user: User = { name: 'Ada' };
  await db.set('user:1', user);
  await db.set('users', [user, user]);
  await db.set('tree', { left: { left: null, right: [1, true, 'x'] } });
  // @ts-expect-error a function cannot be stored
  await db.set('f', { run: () => {} });
  // @ts-expect-error a map cannot be stored
  await db.set('m', { map: new Map() });
  // @ts-expect-error a bigint cannot be stored
  await db.set('b', 5n);
}
