// kilat. With `persistent: false` its data is in memory alone; otherwise it is in IndexedDB, at the level asked for.
import { open } from '../../pkg/index.js';

export default {
  async open({ persistent = false, level = 'memory', name = 'bench' } = {}) {
    const db = await open({ name, persistent, durability: level });
    return {
      db,
      get: (key) => db.get(key),
      // Past any cache on this side: a call of the engine.
      getFromEngine: (key) => db.call('GET', key),
      ...methods(db),
      set: (key, value) => db.set(key, value),
      mget: (keys) => db.mget(...keys),
      jsonSet: (key, value) => db.set(key, value),
      jsonGet: (key) => db.get(key),
      batch(run) {
        const chain = db.pipeline();
        run({
          ...methods(chain),
          get: (key) => chain.get(key),
          set: (key, value) => chain.set(key, value),
          mget: (keys) => chain.mget(...keys),
          jsonSet: (key, value) => chain.set(key, value),
        });
        return chain.exec();
      },
      batches: ['get', 'set', 'incr', 'mget', 'hset', 'hgetall', 'lpush', 'lrange', 'sadd', 'zadd', 'zrange', 'jsonSet'],
      clear: () => db.flushall(),
      settle: () => settled(db),
      close: () => db.close(),
    };
  },
};

/** What is written behind a call that has been answered is written: at the level `memory` that is all of it. */
async function settled(db) {
  for (;;) {
    const { saving, seq, committedSeq } = db.status();
    if (!saving && committedSeq === seq) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const methods = (db) => ({
  incr: (key) => db.incr(key),
  hset: (key, field, value) => db.hset(key, field, value),
  hgetall: (key) => db.hgetall(key),
  lpush: (key, value) => db.lpush(key, value),
  lrange: (key, first, last) => db.lrange(key, first, last),
  sadd: (key, member) => db.sadd(key, member),
  zadd: (key, score, member) => db.zadd(key, score, member),
  zrange: (key, count) => db.zrange(key, 0, count - 1, REVERSED),
});

const REVERSED = { REV: true };
