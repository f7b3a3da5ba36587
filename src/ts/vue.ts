/**
 * kilat for Vue: `useKey` and `useQuery` answer refs that follow the database, in whichever tab it changes. On the
 * server, and while the database is being opened, their value is `undefined`.
 */
import { computed, inject, onScopeDispose, provide, shallowRef, toValue, watch, type App, type ComputedRef, type InjectionKey, type MaybeRefOrGetter, type ShallowRef } from 'vue';
import type { Kilat } from './kilat.js';
import type { Untyped } from './schema.js';
import type { Key } from './words.js';

/** What a database may be given as. */
export type KilatSource = Kilat<any> | Promise<Kilat<any>> | null | undefined;

const PLACE: InjectionKey<ShallowRef<Kilat | null>> = Symbol('kilat');

function refOf(db: KilatSource): ShallowRef<Kilat | null> {
  const ref = shallowRef<Kilat | null>(db instanceof Promise ? null : (db ?? null));
  if (db instanceof Promise) db.then((found) => (ref.value = found), (error: unknown) => queueMicrotask(() => { throw error; }));
  return ref;
}

/** `app.use(kilat, db)`: gives a database to all components. Closing it is yours. */
export const kilat = {
  install(app: App, db: KilatSource) {
    app.provide(PLACE, refOf(db));
  },
};

/** Gives a database to the components inside this one. */
export function provideKilat(db: KilatSource) {
  provide(PLACE, refOf(db));
}

/** The database; null while it is being opened. */
export function useKilat(): ShallowRef<Kilat | null> {
  return inject(PLACE, () => shallowRef<Kilat | null>(null), true);
}

/**
 * What `read` answers, read again when a key or a ref that it looked at changes. It may call any command that reads.
 */
export function useQuery<T, S = Untyped>(read: (db: Kilat<S>) => T): ComputedRef<T | undefined> {
  const db = useKilat();
  const changes = shallowRef(0);
  const live = computed(() => {
    const opened = db.value;
    return opened && opened.live(() => read(opened as unknown as Kilat<S>));
  });
  const isServer = typeof window === 'undefined' && typeof self === 'undefined';
  if (!isServer) {
    let stop = () => {};
    watch(live, (now) => {
      stop();
      stop = now ? now.onChange(() => changes.value++) : () => {};
      changes.value++;
    }, { immediate: true, flush: 'sync' });
    onScopeDispose(() => stop());
  }
  return computed(() => {
    void changes.value;
    // Read anew: refs that it looks at are known to Vue only if they are looked at here.
    return live.value?.again();
  });
}

/** The value of a key, as `db.get` answers it: null where there is none. */
export function useKey<T = unknown>(key: MaybeRefOrGetter<Key>): ComputedRef<T | null | undefined> {
  return useQuery((db) => db.get(toValue(key)) as T | null);
}
