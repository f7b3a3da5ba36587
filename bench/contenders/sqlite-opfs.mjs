// SQLite's WebAssembly build on OPFS, which wants a worker: calls go there as messages, many of a turn in one.

export async function open() {
  const worker = new Worker('/app/sqlite-worker.js', { type: 'module' });
  const waiting = new Map();
  let next = 0;
  const version = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.version));
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.onmessage = ({ data }) => {
    for (const [id, value] of data) {
      waiting.get(id)(value);
      waiting.delete(id);
    }
  };
  let turn = null;
  const call = (name, args) => {
    if (!turn) {
      turn = [];
      queueMicrotask(() => (worker.postMessage({ calls: turn }), (turn = null)));
    }
    turn.push([next, name, args]);
    return new Promise((resolve) => waiting.set(next++, resolve));
  };
  const names = ['get', 'set', 'incr', 'mget', 'hset', 'hgetall', 'lpush', 'lrange', 'sadd', 'zadd', 'zrange', 'jsonSet', 'jsonGet', 'clear'];
  const methods = Object.fromEntries(names.map((name) => [name, (...args) => call(name, args)]));
  return {
    version,
    ...methods,
    batch(run) {
      const calls = [];
      run(Object.fromEntries(names.map((name) => [name, (...args) => calls.push([name, args])])));
      return call('all', [calls]);
    },
    // Each call is a transaction, and each transaction waits for the file.
    flight: 100,
    close: () => worker.terminate(),
  };
}
