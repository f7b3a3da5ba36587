// Fills kilat until a write is refused, or it dies, and looks what became of the data.
import { open } from '../pkg/index.js';
import { keyOf } from './values.mjs';

const MOST = 5 * 2 ** 30;
const outcome = (error) => `${error.code ?? error.name}: ${error.message}`;

export async function fill({ size }) {
  const db = await open({ name: 'full', persistent: false, durability: 'memory' });
  // The bound of a page is out of the way: it is the one of the memory itself that is looked for.
  await db.call('CONFIG', 'SET', 'maxmemory', '0');
  const valueOf = (i) => new Uint8Array(size).fill(i & 0xff);
  let [acknowledged, error] = [0, 'none'];
  for (; acknowledged * size < MOST; acknowledged++) {
    try {
      await db.set(keyOf(acknowledged), valueOf(acknowledged));
    } catch (refusal) {
      error = outcome(refusal);
      break;
    }
  }
  let [missing, wrong, reads] = [0, 0, 'answered'];
  for (let i = 0; i < acknowledged; i++) {
    try {
      const bytes = db.bytes.get(keyOf(i));
      if (bytes === null) missing++;
      else if (bytes.length !== size || bytes[0] !== (i & 0xff) || bytes[size - 1] !== (i & 0xff)) wrong++;
    } catch (failure) {
      reads = outcome(failure);
      missing = acknowledged - i;
      break;
    }
  }
  const later = await db.set('small', 'x').then(() => 'taken', outcome);
  // Room for a few of them again.
  const freed = await db.del(...Array.from({ length: 64 }, (_, i) => keyOf(i))).then((count) => `${count} keys`, outcome);
  const again = await db.set(keyOf(0), valueOf(0)).then(() => 'taken', outcome);
  return { size, acknowledged, gibibytes: (acknowledged * size) / 2 ** 30, error, reads, later, freed, again, missing, wrong };
}
