// localStorage: synchronous, text alone, 5 MB, written to disk later.

export default {
  open() {
    return {
      get: (key) => localStorage.getItem(key),
      set: (key, value) => localStorage.setItem(key, value),
      mget: (keys) => keys.map((key) => localStorage.getItem(key)),
      incr: (key) => localStorage.setItem(key, String(Number(localStorage.getItem(key) ?? 0) + 1)),
      jsonSet: (key, value) => localStorage.setItem(key, JSON.stringify(value)),
      jsonGet: (key) => JSON.parse(localStorage.getItem(key)),
      // 5 MiB of UTF-16 with keys.
      bytesMax: 1_500_000,
      keysMax: 10_000,
      clear: () => localStorage.clear(),
    };
  },
};
