// Dexie: a table of keys and values; many at once by bulkPut.
import { Dexie } from 'dexie';

export default {
  async open() {
    const db = new Dexie('bench-dexie');
    db.version(1).stores({ pairs: '' });
    await db.open();
    return {
      version: Dexie.semVer,
      get: (key) => db.pairs.get(key),
      mget: (keys) => db.pairs.bulkGet(keys),
      set: (key, value) => db.pairs.put(value, key),
      incr: (key) => db.transaction('rw', db.pairs, async () => db.pairs.put(String(Number((await db.pairs.get(key)) ?? 0) + 1), key)),
      jsonSet: (key, value) => db.pairs.put(value, key),
      jsonGet: (key) => db.pairs.get(key),
      batch(run) {
        const [keys, values] = [[], []];
        const put = (key, value) => (keys.push(key), values.push(value));
        run({ set: put, jsonSet: put });
        return db.pairs.bulkPut(values, keys);
      },
      batches: ['set', 'jsonSet'],
      clear: () => db.pairs.clear(),
      close: () => db.close(),
    };
  },
};
