// IndexedDB as the browser has it: a transaction a call, or one for many.

const request = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });

export default {
  async open({ strict = false } = {}) {
    const opening = indexedDB.open('bench-raw', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('pairs');
    const db = await request(opening);
    const durability = strict ? 'strict' : 'relaxed';
    const write = (run) => {
      const transaction = db.transaction('pairs', 'readwrite', { durability });
      run(transaction.objectStore('pairs'));
      transaction.commit();
      return finished(transaction);
    };
    const pairs = () => db.transaction('pairs').objectStore('pairs');
    return {
      get: (key) => request(pairs().get(key)),
      mget(keys) {
        const store = pairs();
        return Promise.all(keys.map((key) => request(store.get(key))));
      },
      set: (key, value) => write((store) => store.put(value, key)),
      async incr(key) {
        const transaction = db.transaction('pairs', 'readwrite', { durability });
        const store = transaction.objectStore('pairs');
        const asked = store.get(key);
        asked.onsuccess = () => store.put(String(Number(asked.result ?? 0) + 1), key);
        await finished(transaction);
      },
      jsonSet: (key, value) => write((store) => store.put(value, key)),
      jsonGet: (key) => request(pairs().get(key)),
      batch: (run) => write((store) => run({ set: (key, value) => store.put(value, key), jsonSet: (key, value) => store.put(value, key) })),
      batches: ['set', 'jsonSet'],
      clear: () => write((store) => store.clear()),
      close: () => db.close(),
    };
  },
};
