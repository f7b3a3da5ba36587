/** IndexedDB, opened beside the compiling of the module: each takes as long as the other. */

/** As src/browser/storage.rs has them, which makes them where this cannot: tests/native/tidy.rs compares them. */
const PREFIX = 'kilat:1:';
const STORES = ['blocks', 'pieces', 'meta'] as const;
const META = STORES[2];
const IDENTITY = 'identity';

export interface Early {
  /** The identity of the database, as long as it is certain that this has made it: then it was empty a moment ago. */
  readonly made: Uint8Array | null;
  close(): void;
}

/**
 * Opens the database of this name, and makes it where there is none, so that the engine finds it open; its identity too,
 * unless that is to be `encrypted`. What fails here, the engine will meet again.
 *
 * Browser: Chromium drops what it finds damaged, all databases of the origin, and tells so only whoever makes one anew:
 * `dropped` is called then.
 */
export function openEarly(name: string, encrypted: boolean, dropped: (message: string) => void): Early {
  let identity: Uint8Array<ArrayBuffer> | null = null;
  let isOver = false;
  let database: IDBDatabase | null = null;
  const close = () => {
    isOver = true;
    database?.close();
  };
  // Nobody deletes a database that is open here before this connection has heard of it.
  const early = { get made() { return isOver || !database ? null : identity; }, close };
  let request: IDBOpenDBRequest;
  try {
    request = indexedDB.open(PREFIX + name, 1);
  } catch {
    return early;
  }
  request.onupgradeneeded = (event) => {
    const { dataLoss, dataLossMessage } = event as IDBVersionChangeEvent & { dataLoss?: string; dataLossMessage?: string };
    if (dataLoss === 'total') dropped(`The browser found its storage damaged and dropped all of it: ${dataLossMessage}`);
    for (const store of STORES) request.result.createObjectStore(store);
    if (encrypted || typeof crypto === 'undefined') return;
    identity = crypto.getRandomValues(new Uint8Array(16));
    request.transaction!.objectStore(META).add(identity, IDENTITY);
  };
  request.onsuccess = () => {
    database = request.result;
    if (isOver) database.close();
    else database.onversionchange = database.onclose = close;
  };
  request.onerror = (event) => event.preventDefault();
  return early;
}
