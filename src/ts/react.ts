/**
 * kilat for React: `useKey` and `useQuery` redraw a component when what they read has changed, in whichever tab.
 * Built on `useSyncExternalStore`: no tearing under concurrent rendering. On the server, and while the database is
 * being opened, they answer `undefined`.
 */
import { createContext, createElement, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Kilat } from './kilat.js';
import type { Untyped } from './schema.js';
import type { Key } from './words.js';

const Context = createContext<Kilat | null>(null);

export interface KilatProviderProps {
  /** The database, or the promise of it; null or undefined where there is none, as on a server. */
  db: Kilat<any> | Promise<Kilat<any>> | null | undefined;
  children?: ReactNode;
}

/** Gives a database to the components inside. Closing it is yours. */
export function KilatProvider({ db, children }: KilatProviderProps) {
  const [opened, setOpened] = useState<{ of: unknown; db?: Kilat; error?: unknown }>({ of: null });
  useEffect(() => {
    if (!(db instanceof Promise)) return;
    let isCurrent = true;
    db.then(
      (found) => isCurrent && setOpened({ of: db, db: found }),
      (error: unknown) => isCurrent && setOpened({ of: db, error: error ?? new Error('the database could not be opened') }),
    );
    return () => {
      isCurrent = false;
    };
  }, [db]);
  // An error boundary shows what went wrong.
  if (opened.of === db && opened.error !== undefined) throw opened.error;
  const value = db instanceof Promise ? (opened.of === db ? (opened.db ?? null) : null) : (db ?? null);
  return createElement(Context.Provider, { value }, children);
}

/** The database of the nearest `KilatProvider`; null while it is being opened. */
export function useKilat(): Kilat | null {
  return useContext(Context);
}

const nothing = { listen: () => () => {}, value: () => undefined };

/**
 * What `read` answers, read again when a key that it looked at changes. It may call any command that reads, and runs
 * again too when one of `deps` is another one. Throws what `read` throws, for an error boundary.
 */
export function useQuery<T, S = Untyped>(read: (db: Kilat<S>) => T, deps: readonly unknown[] = []): T | undefined {
  const db = useKilat();
  const store = useMemo(() => {
    if (!db) return nothing;
    const live = db.live(() => read(db as unknown as Kilat<S>));
    return { listen: (listener: () => void) => live.onChange(listener), value: () => live.value };
    // What `read` closes over is named in `deps`.
  }, [db, ...deps]);
  return useSyncExternalStore<T | undefined>(store.listen, store.value, nothing.value);
}

/** The value of a key, as `db.get` answers it: null where there is none. */
export function useKey<T = unknown>(key: Key): T | null | undefined {
  const name = typeof key === 'string' ? key : key.join();
  return useQuery((db) => db.get(key) as T | null, [name]);
}
