// SQLite's own WebAssembly build, with prepared statements; many writes are one transaction. In memory; stored data would
// want a worker and OPFS, which `sqlite-worker.mjs` has.
import init from '@sqlite.org/sqlite-wasm';
import { CLEAR, STATEMENTS, TABLES, methods } from './sql.mjs';

export default {
  async open({ persistent = false } = {}) {
    if (persistent) return (await import('./sqlite-opfs.mjs')).open();
    const sqlite = await init({ print: () => {}, printErr: () => {} });
    const db = new sqlite.oo1.DB(':memory:');
    return storeOf(db, sqlite.version.libVersion);
  },
};

export function storeOf(db, version) {
  db.exec(TABLES);
  const prepared = Object.fromEntries(Object.entries(STATEMENTS).map(([name, text]) => [name, db.prepare(text.replaceAll('$', '?'))]));
  const several = db.prepare('SELECT s.value FROM json_each(?1) AS wanted LEFT JOIN strings AS s ON s.key = wanted.value');
  const rowsOf = (statement, parameters, width) => {
    const rows = [];
    statement.bind(parameters);
    while (statement.step()) rows.push(width === 1 ? statement.get(0) : [statement.get(0), statement.get(1)]);
    statement.reset();
    return rows;
  };
  const all = methods({
    read: (name, parameters) => rowsOf(prepared[name], parameters, name === 'hgetall' ? 2 : 1),
    first: (name, parameters) => {
      const statement = prepared[name].bind(parameters);
      const value = statement.step() ? statement.get(0) : null;
      statement.reset();
      return value;
    },
    write: (name, parameters) => void prepared[name].bind(parameters).stepReset(),
    many: (keys) => rowsOf(several, [JSON.stringify(keys)], 1),
  });
  all.jsonGet = (key) => JSON.parse(all.get(key));
  return {
    version,
    ...all,
    batch(run) {
      db.exec('BEGIN');
      try {
        run(all);
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
      db.exec('COMMIT');
    },
    clear: () => void db.exec(CLEAR),
    close: () => db.close(),
  };
}
