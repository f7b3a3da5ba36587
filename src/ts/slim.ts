/** kilat without its WebAssembly module: you serve `kilat/kilat_bg.wasm` and say where it is. */
import { KilatError } from './errors.js';
import type { Kilat } from './kilat.js';
import { compile, type WasmSource } from './load.js';
import { destroyWith, listWith, openWith } from './open.js';
import type { OpenOptions } from './options.js';
import type { Untyped } from './schema.js';

export * from './exports.js';

export interface SlimOptions extends OpenOptions {
  wasm: WasmSource;
}

async function moduleOf({ wasm }: { wasm?: WasmSource }): Promise<WebAssembly.Module> {
  if (!wasm) throw new KilatError('OPTION', 'option wasm is missing: kilat/slim must be told where kilat_bg.wasm is');
  return compile(wasm);
}

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
export function open<S extends object = Untyped>(options: SlimOptions): Promise<Kilat<S>> {
  return openWith(moduleOf, options);
}

/** Deletes a database and all that is in it. */
export async function destroy(name: string, options: { wasm: WasmSource }): Promise<void> {
  await destroyWith(await moduleOf(options), name);
}

/** The names of all databases of this origin. */
export async function list(options: { wasm: WasmSource }): Promise<string[]> {
  return listWith(await moduleOf(options));
}
