// What the language has: no store, the speed of light. Answers are references; it has no sorted set and no copies.

export default {
  open() {
    let map = new Map();
    const made = (key, make) => {
      let value = map.get(key);
      if (value === undefined) map.set(key, (value = make()));
      return value;
    };
    return {
      version: globalThis.process?.versions.v8 ?? 'of the browser',
      get: (key) => map.get(key),
      set: (key, value) => void map.set(key, value),
      incr(key) {
        const next = Number(map.get(key) ?? 0) + 1;
        map.set(key, next);
        return next;
      },
      mget: (keys) => keys.map((key) => map.get(key)),
      hset: (key, field, value) => made(key, () => new Map()).set(field, value).size,
      hgetall: (key) => new Map(map.get(key)),
      // Newest last, so that a push costs what it costs at best.
      lpush: (key, value) => made(key, () => []).push(value),
      lrange: (key, first, last) => map.get(key).slice(-last - 1, -first || undefined).reverse(),
      sadd: (key, member) => made(key, () => new Set()).add(member).size,
      clear: () => (map = new Map()),
    };
  },
};
