// lru-cache with room for all: as a cache is used that never evicts.
import { LRUCache } from 'lru-cache';

export default {
  open() {
    const cache = new LRUCache({ max: 2_000_000 });
    return {
      get: (key) => cache.get(key),
      set: (key, value) => void cache.set(key, value),
      incr(key) {
        const next = Number(cache.get(key) ?? 0) + 1;
        cache.set(key, next);
        return next;
      },
      mget: (keys) => keys.map((key) => cache.get(key)),
      clear: () => cache.clear(),
    };
  },
};
