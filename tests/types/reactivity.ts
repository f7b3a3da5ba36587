/** What the compiler must accept and refuse of db.watch, db.live and the hooks. Never run. */
import { open, type Changes, type Json, type Kilat, type Live } from 'kilat';
import { useKey, useQuery } from 'kilat/react';
import { key, query } from 'kilat/svelte';
import { useKey as useKeyVue, useQuery as useQueryVue } from 'kilat/vue';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(yes: Equal<A, B>): void;

interface User {
  name: string;
}

interface Schema {
  'user:${string}': User;
}

export async function watches() {
  const db = await open({ name: 'types' });
  const stop: () => void = db.watch('key', (changes: Changes) => changes.keys.get('key') === 'expired');
  db.watch(['a', new Uint8Array()], () => {}, { signal: new AbortController().signal });
  db.watch({ match: 'user:*' }, ({ everything }) => everything);
  // @ts-expect-error a number is no key
  db.watch(7, () => {});
  // @ts-expect-error that is no fate
  db.watch('key', (changes) => changes.keys.get('key') === 'gone');
  const live: Live<string[]> = db.live(() => db.keys('*'));
  live.subscribe((keys) => keys.length);
  stop();
}

export function Component({ id }: { id: string }) {
  const user = useKey<User>(`user:${id}`);
  same<typeof user, User | null | undefined>(true);
  const typed = useQuery((db: Kilat<Schema>) => db.get(`user:${id}`), [id]);
  same<typeof typed, User | null | undefined>(true);
  const count = useQuery((db) => db.zcard('top'));
  same<typeof count, number | undefined>(true);
  const any = useQuery((db) => db.get('x'));
  same<typeof any, Json | undefined>(true);
  return count;
}

export function setup(db: Kilat<Schema>) {
  const user = useKeyVue<User>(() => 'user:1');
  same<typeof user.value, User | null | undefined>(true);
  const typed = useQueryVue((typed: Kilat<Schema>) => typed.get('user:1'));
  same<typeof typed.value, User | null | undefined>(true);
  const one = query(db, (typed) => typed.get('user:1'));
  same<typeof one.current, User | null>(true);
  same<ReturnType<typeof key<User>>['current'], User | null>(true);
}
