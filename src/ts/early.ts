/** IndexedDB, opened and read beside the compiling of the module: each takes as long as the other. */

/** As src/browser/storage.rs has them, which makes them where this cannot: tests/native/tidy.rs compares them. */
const PREFIX = 'kilat:1:';
const STORES = ['blocks', 'pieces', 'meta'] as const;
const META = STORES[2];
const PIECES = STORES[1];
const IDENTITY = 'identity';
/** As in src/node/hint.rs. */
const HINT = '1'.padStart(32, '0');

/** Pieces that are read before the engine asks for them, at most: it goes on from there. */
const PIECES_MAX = 64;

/**
 * What was read, as src/browser/storage/early.rs takes it: the first pieces of the snapshot that was begun last, each `null`
 * where it could not be read, and how many it has. It is most likely the one that the hint names.
 */
type Found = [identity: unknown, hint: unknown, snapshot: string, pieces: Promise<unknown>[], count: number];

export interface Early {
  /** The identity of the database, as long as it is certain that this has made it: then it was empty a moment ago. */
  readonly made: Uint8Array | null;
  /** What was found in one that was there; `null` where nothing was, or where it may not hold any more. */
  read(): Promise<Found | null> | null;
  close(): void;
}

/**
 * Opens the database of this name, and makes it where there is none, so that the engine finds it open; its identity too,
 * unless that is to be `encrypted`. Reads what the engine will want first. What fails here, the engine will meet again.
 *
 * Browser: Chromium drops what it finds damaged, all databases of the origin, and tells so only whoever makes one anew:
 * `dropped` is called then.
 */
export function openEarly(name: string, encrypted: boolean, dropped: (message: string) => void): Early {
  let identity: Uint8Array<ArrayBuffer> | null = null;
  let isOver = false;
  let database: IDBDatabase | null = null;
  let found: Promise<Found | null> | null = null;
  const close = () => {
    isOver = true;
    found = null;
    database?.close();
  };
  // Nobody deletes a database that is open here before this connection has heard of it.
  const early = {
    get made() { return isOver || !database ? null : identity; },
    read: () => found,
    close,
  };
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
  found = new Promise((resolve) => {
    request.onsuccess = () => {
      database = request.result;
      if (isOver) database.close();
      else database.onversionchange = database.onclose = close;
      resolve(isOver || identity ? null : read(database).catch(() => null));
    };
    request.onerror = (event) => {
      event.preventDefault();
      resolve(null);
    };
  });
  return early;
}

/** Browser: every transaction is told to commit at once, for a page that hangs would keep all writers waiting. */
async function read(database: IDBDatabase): Promise<Found | null> {
  const first = database.transaction([META, PIECES]);
  let pieces = first.objectStore(PIECES);
  const asked = [ask(first.objectStore(META).get(IDENTITY)), ask(pieces.get([HINT, 0])), ask(pieces.getAllKeys())];
  first.commit();
  const [identity, hint, keys] = await Promise.all(asked);
  if (!identity) return null;
  const newest: string = keys.at(-1)?.[0] ?? '';
  const known: [string, number][] = keys.filter(([id]: [string]) => id === newest && id > HINT);
  const second = database.transaction(PIECES);
  pieces = second.objectStore(PIECES);
  const found = known.slice(0, PIECES_MAX).map((key) => ask(pieces.get(key)));
  second.commit();
  return [identity, hint, newest, found, known.length];
}

/** The result, or `null` where it failed: nobody may be there to hear of it. */
function ask(request: IDBRequest): Promise<any> {
  return new Promise((resolve) => {
    request.onsuccess = request.onerror = () => resolve(request.error ? null : request.result);
  });
}
