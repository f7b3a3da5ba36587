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

/** A worker and how many have a database open in it. */
interface Shared {
  readonly worker: Worker;
  readonly address: string;
  users: number;
}

/** The workers of a page by the names of their databases, for all copies of this module: as the nodes in src/ts/node.ts. */
const PLACE: unique symbol = Symbol.for(`kilat.workers.${KILAT_RELEASE}`) as never;

/** Opens a database, or makes it, in a worker of its own, which ends when the last one of this page has closed it. */
export async function open<S extends object = Untyped>(options: Omit<OpenOptions, 'storage'>): Promise<WorkerKilat<S>> {
  const module = await (options?.wasm ? compile(options.wasm) : compileInline(inlined));
  const { wasm: _, ...rest } = options ?? {};
  const page = globalThis as { [PLACE]?: Map<string, Shared> };
  const workers = (page[PLACE] ??= new Map<string, Shared>());
  const shared = workers.get(rest.name) ?? make(rest.name);
  workers.set(rest.name, shared);
  shared.users++;
  return openIn(shared.worker, rest, module, ({ code }) => {
    shared.users--;
    if (workers.get(rest.name) === shared && (shared.users === 0 || code === 'CRASHED')) workers.delete(rest.name);
    if (shared.users > 0) return;
    shared.worker.terminate();
    URL.revokeObjectURL(shared.address);
  });
}

function make(name: string): Shared {
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    return { worker: new Worker(address, { name: `kilat ${name}` }), address, users: 0 };
  } catch (error) {
    URL.revokeObjectURL(address);
    throw new KilatError('LOAD', `a worker cannot be made of a blob (worker-src blob: allows it): ${String(error)}`);
  }
}
