/** `kilat/cache`: answers kept for all tabs, and strategies for a service worker. */
export { createCache } from './cached.js';
export type { Cache, CacheOptions, CacheStats, Cached, CachedOptions, CallOptions, Flight } from './cached.js';
export type { Database } from './link.js';
export { strategies } from './strategies.js';
export type { FetchLike, Strategy, StrategyOptions } from './strategies.js';
