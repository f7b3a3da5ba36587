// idb-keyval: the shortest way to a key in IndexedDB; many at once by setMany and getMany.
import { clear, get, getMany, set, setMany, update } from 'idb-keyval';

export default {
  open() {
    return {
      get: (key) => get(key),
      set: (key, value) => set(key, value),
      mget: (keys) => getMany(keys),
      incr: (key) => update(key, (old) => String(Number(old ?? 0) + 1)),
      jsonSet: (key, value) => set(key, value),
      jsonGet: (key) => get(key),
      batch(run) {
        const pairs = [];
        run({ set: (key, value) => pairs.push([key, value]), jsonSet: (key, value) => pairs.push([key, value]) });
        return setMany(pairs);
      },
      batches: ['set', 'jsonSet'],
      clear: () => clear(),
    };
  },
};
