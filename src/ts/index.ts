/** kilat, with its WebAssembly module inside. Importing it does nothing. */
import type { Kilat } from './kilat.js';
import { compile, compileInline } from './load.js';
import { destroyWith, listWith, openWith } from './open.js';
import type { OpenOptions } from './options.js';
import inlined from './wasm-inline.js';

export * from './exports.js';

/** Opens a database, or makes it. Tabs that open the same name share it. */
export function open(options: OpenOptions): Promise<Kilat> {
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
