/** `open` and its like, whatever gives them the module. */
import { asKilatError, KilatError } from './errors.js';
import { instantiate } from './kilat_wasm.js';
import { Kilat } from './kilat.js';
import { acquire } from './node.js';
import { checkOptions, type OpenOptions } from './options.js';
import type { Untyped } from './schema.js';

/** Gives the compiled module; the options may say where it is. */
export type ModuleOf = (options: { wasm?: OpenOptions['wasm'] }) => Promise<WebAssembly.Module>;

export async function openWith<S = Untyped>(module: ModuleOf, options: OpenOptions): Promise<Kilat<S>> {
  checkOptions(options);
  return new Kilat<S>(await acquire(options, () => module(options)), options.name, options);
}

/** Runs one thing of an engine that has no node. */
async function ask<T>(module: WebAssembly.Module, what: string, argument?: string): Promise<T> {
  const glue = await instantiate(module);
  try {
    return (await glue.control(what, argument)) as T;
  } catch (error) {
    throw asKilatError(error, 'STORAGE');
  }
}

export async function destroyWith(module: WebAssembly.Module, name: string): Promise<void> {
  if (typeof name !== 'string') throw new KilatError('ARGUMENT', 'destroy wants the name of a database');
  await ask<void>(module, 'destroy', name);
}

export async function listWith(module: WebAssembly.Module): Promise<string[]> {
  return (await ask<string[]>(module, 'list')).sort();
}
