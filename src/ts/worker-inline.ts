/**
 * kilat with its engine in a worker that needs no file: its script is inside, and is run from a blob. A page with a
 * Content-Security-Policy must allow that (`worker-src blob:`); where it does not, `kilat/worker` is the way.
 */
import { KilatError } from './errors.js';
import { compile, compileInline } from './load.js';
import type { OpenOptions } from './options.js';
import inlined from './wasm-inline.js';
import script from './worker-script.js';
import type { Untyped } from './schema.js';
import type { WorkerBytes, WorkerKilat, WorkerSession } from './worker/kilat.js';
import { openIn } from './worker/remote.js';

export { KilatError };
export type { WorkerBytes, WorkerKilat, WorkerSession };

/** Opens a database, or makes it, in a worker of its own, which ends when it is closed. */
export async function open<S extends object = Untyped>(options: Omit<OpenOptions, 'storage'>): Promise<WorkerKilat<S>> {
  const module = await (options?.wasm ? compile(options.wasm) : compileInline(inlined));
  const { wasm: _, ...rest } = options ?? {};
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  let worker: Worker;
  try {
    worker = new Worker(address, { name: `kilat ${rest.name}` });
  } catch (error) {
    URL.revokeObjectURL(address);
    throw new KilatError('LOAD', `a worker cannot be made of a blob (worker-src blob: allows it): ${String(error)}`);
  }
  return openIn(worker, rest, module, () => {
    worker.terminate();
    URL.revokeObjectURL(address);
  });
}
