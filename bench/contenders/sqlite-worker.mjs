// The worker of sqlite-opfs.mjs: a database in a pool of OPFS files. Calls of one message are one transaction each, as
// the page asked for them; `all` is one transaction of many.
import init from '@sqlite.org/sqlite-wasm';
import { storeOf } from './sqlite-wasm.mjs';

try {
  const sqlite = await init({ print: () => {}, printErr: () => {} });
  const pool = await sqlite.installOpfsSAHPoolVfs({ name: 'bench' });
  const store = storeOf(new pool.OpfsSAHPoolDb('/bench.db'), sqlite.version.libVersion);
  const all = (calls) => store.batch((view) => calls.forEach(([name, args]) => view[name](...args)));
  onmessage = ({ data }) => {
    postMessage(data.calls.map(([id, name, args]) => [id, name === 'all' ? all(...args) : store[name](...args)]));
  };
  postMessage({ version: store.version });
} catch (error) {
  postMessage({ error: String(error?.stack ?? error) });
}
