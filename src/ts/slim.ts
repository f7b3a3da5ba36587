/** kilat without its WebAssembly module: you serve `kilat/kilat_bg.wasm` and say where it is. */
import { KilatError } from './errors.js';
import type { Kilat } from './kilat.js';
import { compile, type WasmSource } from './load.js';
import { destroyWith, listWith, openWith } from './open.js';
import type { OpenOptions } from './options.js';

export * from './exports.js';

export interface SlimOptions extends OpenOptions {
  wasm: WasmSource;
}

async function moduleOf({ wasm }: { wasm?: WasmSource }): Promise<WebAssembly.Module> {
  if (!wasm) throw new KilatError('OPTION', 'option wasm is missing: kilat/slim must be told where kilat_bg.wasm is');
  return compile(wasm);
}

/** Opens a database, or makes it. Tabs that open the same name share it. */
export function open(options: SlimOptions): Promise<Kilat> {
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
