// TinyBase: strings are cells of a table, a hash is a row, a set and a sorted set are tables. In a page that wants its
// data stored, its own persister writes to IndexedDB; a write is done when that has written.
import { createStore } from 'tinybase';

export default {
  async open({ persistent = false } = {}) {
    const store = createStore();
    let persister = null;
    if (persistent) {
      const { createIndexedDbPersister } = await import('tinybase/persisters/persister-indexed-db');
      persister = createIndexedDbPersister(store, 'bench-tinybase');
    }
    const operations = operationsOf(store);
    // A save writes all tables; what is written at once shares one.
    let saving = null;
    const saved = () =>
      (saving ??= Promise.resolve().then(() => {
        saving = null;
        return persister.save();
      }));
    const stored = (write) => (...args) => (write(...args), saved());
    const { get, mget, set, incr } = operations;
    const these = persister ? { get, mget, set: stored(set), incr: stored(incr) } : operations;
    return {
      ...these,
      batch(run) {
        store.transaction(() => run(operations));
        return persister?.save();
      },
      batches: persister ? ['get', 'mget', 'set', 'incr'] : undefined,
      clear: () => (store.delTables(), persister?.save()),
    };
  },
};

const operationsOf = (store) => ({
  get: (key) => store.getCell('strings', key, 'value'),
  set: (key, value) => void store.setCell('strings', key, 'value', value),
  incr: (key) => void store.setCell('counters', key, 'value', (old) => Number(old ?? 0) + 1),
  mget: (keys) => keys.map((key) => store.getCell('strings', key, 'value')),
  hset: (key, field, value) => void store.setCell('hashes', key, field, value),
  hgetall: (key) => store.getRow('hashes', key),
  sadd: (key, member) => void store.setCell(key, member, 'in', true),
  zadd: (key, score, member) => void store.setCell(key, member, 'score', score),
  zrange: (key, count) => store.getSortedRowIds(key, 'score', true, 0, count),
  jsonSet: (key, value) => void store.setCell('strings', key, 'value', JSON.stringify(value)),
  jsonGet: (key) => JSON.parse(store.getCell('strings', key, 'value')),
});
