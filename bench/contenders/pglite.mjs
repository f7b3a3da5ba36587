// PGlite: PostgreSQL in WebAssembly. It prepares statements by itself; many writes are one transaction. In a page that
// wants its data stored it is opened on `idb://`.
import { PGlite } from '@electric-sql/pglite';
import { CLEAR, STATEMENTS, TABLES, methods } from './sql.mjs';

const ROWS = { rowMode: 'array' };

export default {
  async open({ persistent = false } = {}) {
    const db = await PGlite.create(persistent ? 'idb://bench-pglite' : undefined);
    await db.exec(TABLES);
    const { rows } = await db.query('SHOW server_version');
    const all = operationsOf(db);
    return {
      version: `PostgreSQL ${rows[0].server_version}`,
      ...all,
      jsonGet: async (key) => JSON.parse(await all.get(key)),
      batch: (run) =>
        db.transaction((transaction) => {
          const calls = [];
          const queued = Object.entries(operationsOf(transaction)).map(([name, call]) => [name, (...args) => calls.push(call(...args))]);
          run(Object.fromEntries(queued));
          return Promise.all(calls);
        }),
      // It runs one statement at a time, and a row of more would take seconds.
      flight: persistent ? 10 : 100,
      keysMax: 1000,
      clear: () => db.exec(CLEAR),
      close: () => db.close(),
    };
  },
};

const operationsOf = (db) =>
  methods({
    read: async (name, parameters) => (await db.query(STATEMENTS[name], parameters, ROWS)).rows,
    first: async (name, parameters) => (await db.query(STATEMENTS[name], parameters, ROWS)).rows[0]?.[0],
    write: (name, parameters) => db.query(STATEMENTS[name], parameters, ROWS),
    many: async (keys) => (await db.query('SELECT value FROM strings WHERE key = ANY ($1)', [keys], ROWS)).rows,
  });
