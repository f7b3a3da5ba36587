/** kilat, with its WebAssembly module inside. Importing it does nothing. */
import type { Kilat } from './kilat.js';
import { compile, compileInline } from './load.js';
import { destroyWith, listWith, openWith } from './open.js';
import type { OpenOptions } from './options.js';
import type { Untyped } from './schema.js';
import inlined from './wasm-inline.js';

export * from './exports.js';

/**
 * Opens a database, or makes it. Tabs that open the same name share it.
 *
 * `open<Schema>()` knows what each key holds. A schema maps keys, and patterns of keys, to what is there: any type that
 * JSON can say, `string`, JavaScript's `Set`, or `Hash`, `List` and `ZSet`:
 *
 * ```ts
 * interface Schema {
 *   [user: `user:${string}`]: User;
 *   board: ZSet;
 *   conf: Hash<{ theme: 'light' | 'dark' }>;
 * }
 * const db = await open<Schema>({ name: 'app' });
 * db.get(`user:${id}`); // User | null
 * ```
 */
export function open<S extends object = Untyped>(options: OpenOptions): Promise<Kilat<S>> {
  return openWith(({ wasm }) => (wasm ? compile(wasm) : compileInline(inlined)), options);
}

/** Deletes a database and all that is in it. */
export async function destroy(name: string): Promise<void> {
  await destroyWith(await compileInline(inlined), name);
}

/** The names of all databases of this origin. */
export async function list(): Promise<string[]> {
  return listWith(await compileInline(inlined));
}
