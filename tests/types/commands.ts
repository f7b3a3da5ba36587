// Compiles, or the methods of commands are not typed as the documentation promises. Nothing here runs.
import { orThrow } from '../../pkg/index.js';
import type {
  Chain, Kilat, KilatError, Later, LcsMatches, Methods, Reply, SetOptions, Untyped, ZaddOptions,
} from '../../pkg/index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>() => undefined as T | undefined;

export async function answersByOptions(db: Kilat, options: ZaddOptions, flag: boolean, words: string[]) {
  const names = db.zrange('z', 9, 0, { BYSCORE: true, REV: true, LIMIT: [0, 10] });
  is<Same<typeof names, string[]>>();
  const scored = db.zrange('z', '-inf', '(5', { BYSCORE: true, WITHSCORES: true });
  is<Same<typeof scored, [member: string, score: number][]>>();
  const either = db.zrange('z', 0, -1, { WITHSCORES: flag });
  is<Same<typeof either, string[] | [member: string, score: number][]>>();
  const byWords = db.zrange('z', 0, -1, 'REV', 'WITHSCORES');
  is<Same<typeof byWords, [member: string, score: number][]>>();
  const unscored = db.zrange('z', 0, -1, 'REV');
  is<Same<typeof unscored, string[]>>();
  const dynamic = db.zrange('z', 0, -1, ...words);
  is<Same<typeof dynamic, string[] | [member: string, score: number][]>>();

  const added = await db.zadd('z', { NX: true, CH: true }, [1, 'a'], [2, 'b']);
  is<Same<typeof added, number>>();
  const summed = await db.zadd('z', { INCR: true }, [1, 'a']);
  is<Same<typeof summed, number | null>>();
  const plain = await db.zadd('z', 'XX', 1, 'a');
  is<Same<typeof plain, number>>();
  await db.zadd('z', options, [1, 'a']);

  const place = db.lpos('l', 'x', { RANK: -1 });
  is<Same<typeof place, number | null>>();
  const places = db.lpos('l', 'x', { COUNT: 0 });
  is<Same<typeof places, number[]>>();
  const one = await db.lpop('l');
  is<Same<typeof one, string | null>>();
  const several = await db.lpop('l', 2);
  is<Same<typeof several, string[] | null>>();
  const sorted = await db.sort('l', { BY: 'w_*', LIMIT: [0, 5], GET: ['#', 'o_*'], DESC: true, ALPHA: true });
  is<Same<typeof sorted, (string | null)[]>>();
  const stored = await db.sort('l', { STORE: 'd' });
  is<Same<typeof stored, number>>();
  const common = db.lcs('a', 'b');
  is<Same<typeof common, string>>();
  const length = db.lcs('a', 'b', { LEN: true });
  is<Same<typeof length, number>>();
  const matches = db.lcs('a', 'b', { IDX: true, MINMATCHLEN: 4, WITHMATCHLEN: true });
  is<Same<typeof matches, LcsMatches>>();
  const fields = db.hrandfield('h', 2, { WITHVALUES: true });
  is<Same<typeof fields, [field: string, value: string][]>>();
  const bytes = db.bytes.zrange('z', 0, -1, { WITHSCORES: true });
  is<Same<typeof bytes, [member: Uint8Array, score: number][]>>();

  const set = await db.set('k', 'v', { EX: 60 });
  is<Same<typeof set, 'OK'>>();
  const maybe = await db.set('k', 'v', { EXAT: new Date(), NX: true });
  is<Same<typeof maybe, 'OK' | null>>();
  const old = await db.set('k', 'v', { GET: true });
  is<Same<typeof old, string | null>>();
  const setOptions: SetOptions = { ttl: 5 };
  await db.set('k', 'v', setOptions);
}

export async function optionObjects(db: Kilat) {
  db.scan(0, { MATCH: 'u:*', COUNT: 100, TYPE: 'zset' });
  await db.getex('k', { PX: 100 });
  await db.getex('k', { PERSIST: true });
  await db.expire('k', 60, { NX: true });
  await db.expire('k', 60, 'NX');
  await db.expireat('k', new Date(), { GT: true });
  await db.zunionstore('d', ['a', 'b'], { WEIGHTS: [1, 2], AGGREGATE: 'MAX' });
  await db.zunionstore('d', 2, 'a', 'b', 'WEIGHTS', 1, 2);
  await db.restore('k', 0, new Uint8Array(), { REPLACE: true, FREQ: 5 });
  await db.copy('a', 'b', { DB: 1, REPLACE: true });
  const popped = await db.lmpop(['a', 'b'], 'LEFT', { COUNT: 2 });
  is<Same<typeof popped, [key: string, elements: string[]] | null>>();
  const least = await db.zmpop(['a'], 'MIN');
  is<Same<typeof least, [key: string, members: [member: string, score: number][]] | null>>();
  await db.linsert('l', 'BEFORE', 'pivot', 'new');
  await db.lmove('a', 'b', 'LEFT', 'RIGHT');
  await db.hset('h', new Map([['f', 1]]));
  await db.hset('h', 'f', 1, 'g', 2);
  await db.mset(new Map([['k', 'v']]));
  await db.sadd('s', 'a', ['b', 'c']);
  await db.del('a', 'b');
  await db.del(['a', 'b']);
}

export async function rows(db: Kilat) {
  const answers = await db.multi().set('a', 1).incr('a').zrange('z', 0, -1, { WITHSCORES: true }).exec();
  const [set, count, scored] = answers;
  is<Same<typeof set, 'OK' | KilatError>>();
  is<Same<typeof count, number | KilatError>>();
  is<Same<typeof scored, [member: string, score: number][] | KilatError>>();
  const sure = orThrow(answers);
  const [first, second] = sure;
  is<Same<typeof first, 'OK'>>();
  is<Same<typeof second, number>>();
  const none = await db.pipeline().exec();
  is<Same<typeof none, Reply[]>>();
  let chain: Chain = db.pipeline();
  for (const key of ['a', 'b']) chain = chain.get(key);
  const replies = await chain.exec();
  is<Same<typeof replies, Reply[]>>();
  const safe = await db.withDurability('always').zadd('z', { CH: true }, [1, 'a']);
  is<Same<typeof safe, number>>();
}

export async function several(db: Kilat, keys: string[]) {
  const pair = db.mget('a', 'b');
  is<Same<typeof pair, [string | null, string | null]>>();
  const all = db.mget(keys);
  is<Same<typeof all, (string | null)[]>>();
  const scores = db.zmscore('z', ['a', 'b']);
  is<Same<typeof scores, [number | null, number | null]>>();
  const values = db.getMany<{ n: number }>(['a', 'b']);
  is<Same<typeof values, ({ n: number } | null)[]>>();
  await db.setMany({ a: 1, b: 'two' }, { ttl: 5 });
  await db.setMany(new Map([['a', { n: 1 }]]));
  for (const key of db.scanIterator({ MATCH: 'u:*', TYPE: 'hash' })) key.toUpperCase();
  for await (const [member, score] of db.zscanIterator('z', { COUNT: 5 })) score.toFixed(member.length);
  const map = new Map(db.hscanIterator('h'));
  is<Same<typeof map, Map<string, string>>>();
  const bytes = [...db.bytes.sscanIterator('s')];
  is<Same<typeof bytes, Uint8Array[]>>();
}

export async function refused(db: Kilat) {
  // @ts-expect-error one excludes the other
  await db.zadd('z', { NX: true, XX: true }, [1, 'a']);
  // @ts-expect-error one excludes the other
  await db.set('k', 'v', { EX: 5, KEEPTTL: true });
  // @ts-expect-error there is no such option
  db.zrange('z', 0, -1, { REVERSE: true });
  // @ts-expect-error there is no such option beside one that there is
  db.zrange('z', 0, -1, { REV: true, REVERSE: true });
  // @ts-expect-error options are in upper case
  db.scan(0, { match: 'x' });
  // @ts-expect-error a flag takes true or false
  await db.expire('k', 60, { NX: 'yes' });
  // @ts-expect-error a time to live is no point of time
  await db.expire('k', new Date());
  // @ts-expect-error LIMIT is for scores and texts
  db.zrange('z', 0, -1, { REV: true, LIMIT: [0, 10] });
  // @ts-expect-error LIMIT takes two numbers
  db.zrange('z', 0, -1, { BYSCORE: true, LIMIT: 5 });
  // @ts-expect-error a list has two ends
  await db.lmove('a', 'b', 'TOP', 'RIGHT');
  // @ts-expect-error before or after
  await db.linsert('l', 'NEAR', 'pivot', 'new');
  // @ts-expect-error there are SUM, MIN and MAX
  await db.zunionstore('d', ['a'], { AGGREGATE: 'AVG' });
  // @ts-expect-error a member without its score
  await db.zadd('z', { CH: true }, ['a']);
  // @ts-expect-error there is no such subcommand
  db.config('GOT', 'maxmemory');
  // @ts-expect-error a date is no word
  await db.hset('h', { at: new Date() });
  // @ts-expect-error in a chain too
  db.multi().zadd('z', { NX: true, XX: true }, [1, 'a']);
}

/** The methods of a database in another thread. */
export async function later(far: Methods<string, Later, Untyped>) {
  const names = far.zrange('z', 0, -1, { REV: true });
  is<Same<typeof names, Promise<string[]>>>();
  const added = far.zadd('z', [1, 'a']);
  is<Same<typeof added, Promise<number>>>();
  const pair = await far.mget('a', 'b');
  is<Same<typeof pair, [string | null, string | null]>>();
}
