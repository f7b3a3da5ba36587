// Who there is. Each is loaded alone, in a process or a page of its own.

export const CONTENDERS = {
  kilat: () => import('./kilat.mjs'),
  Map: () => import('./map.mjs'),
  'lru-cache': () => import('./lru-cache.mjs'),
  TinyBase: () => import('./tinybase.mjs'),
  'ioredis-mock': () => import('./ioredis-mock.mjs'),
  'sqlite-wasm': () => import('./sqlite-wasm.mjs'),
  PGlite: () => import('./pglite.mjs'),
  'redis + ioredis': () => import('./ioredis.mjs'),
  IndexedDB: () => import('./indexeddb.mjs'),
  'idb-keyval': () => import('./idb-keyval.mjs'),
  Dexie: () => import('./dexie.mjs'),
  localStorage: () => import('./local-storage.mjs'),
};

/** In memory, in Node; the last one is a server behind a socket. */
export const IN_NODE = ['kilat', 'Map', 'lru-cache', 'TinyBase', 'ioredis-mock', 'sqlite-wasm', 'PGlite', 'redis + ioredis'];

/** On disk, in a page: a write is done when it is stored. */
export const IN_PAGE = ['kilat', 'IndexedDB', 'idb-keyval', 'Dexie', 'localStorage', 'TinyBase', 'PGlite', 'sqlite-wasm'];
