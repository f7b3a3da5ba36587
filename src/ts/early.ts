/** IndexedDB, opened beside the compiling of the module: each takes as long as the other. */

/** As src/browser/storage.rs has them, which makes them where this cannot. */
const PREFIX = 'kilat:1:';
const STORES = ['blocks', 'pieces', 'meta'] as const;
const IDENTITY = 'identity';

/**
 * Opens the database of this name, and makes it where there is none, so that the engine finds it open; its identity too,
 * unless that is to be `encrypted`. Answers what closes this connection. What fails here, the engine will meet again.
 *
 * Browser: Chromium drops what it finds damaged, all databases of the origin, and tells so only whoever makes one anew:
 * `dropped` is called then.
 */
export function openEarly(name: string, encrypted: boolean, dropped: (message: string) => void): () => void {
  let request: IDBOpenDBRequest;
  try {
    request = indexedDB.open(PREFIX + name, 1);
  } catch {
    return () => {};
  }
  let isOver = false;
  let database: IDBDatabase | null = null;
  request.onupgradeneeded = (event) => {
    const { dataLoss, dataLossMessage } = event as IDBVersionChangeEvent & { dataLoss?: string; dataLossMessage?: string };
    if (dataLoss === 'total') dropped(`The browser found its storage damaged and dropped all of it: ${dataLossMessage}`);
    for (const store of STORES) request.result.createObjectStore(store);
    if (encrypted || typeof crypto === 'undefined') return;
    request.transaction!.objectStore('meta').add(crypto.getRandomValues(new Uint8Array(16)), IDENTITY);
  };
  request.onsuccess = () => {
    database = request.result;
    if (isOver) database.close();
    else database.onversionchange = () => database?.close();
  };
  request.onerror = (event) => event.preventDefault();
  return () => {
    isOver = true;
    database?.close();
  };
}
