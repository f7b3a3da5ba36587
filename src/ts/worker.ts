/**
 * kilat with its engine in a worker of yours, off the main thread. Importing it does nothing, and it is small: the
 * WebAssembly module is in the worker, whose file calls `host()` of `kilat/worker-host`.
 */
import { KilatError } from './errors.js';
import type { OpenOptions } from './options.js';
import type { Untyped } from './schema.js';
import type { WorkerBytes, WorkerKilat, WorkerSession } from './worker/kilat.js';
import { openIn } from './worker/remote.js';

export { KilatError };
export type { WorkerBytes, WorkerKilat, WorkerSession };

export interface WorkerOptions extends Omit<OpenOptions, 'storage'> {
  /** A worker whose file calls `host()` of `kilat/worker-host`. It may hold several databases. */
  worker: Worker;
}

/** Opens a database in a worker, or makes it. Closing it leaves the worker running. */
export async function open<S extends object = Untyped>(options: WorkerOptions): Promise<WorkerKilat<S>> {
  const { worker, ...rest } = options ?? {};
  if (typeof worker?.postMessage !== 'function' || typeof worker.addEventListener !== 'function') {
    throw new KilatError('OPTION', "option worker must be a Worker, such as new Worker(new URL('./engine.worker.js', import.meta.url), { type: 'module' })");
  }
  return openIn(worker, rest);
}
