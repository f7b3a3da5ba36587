// The wall: values are set until there is no more memory, and then everything that was acknowledged is asked for. A clear
// error is wanted, and data that is whole: no wasm32 memory can be larger than 4 GiB, and Node.js gives it all of them.
import { start } from '../process.mjs';

export const title = 'until memory is full';

export async function run({ quick, say }) {
  if (quick) return say('left out of a quick run: it fills 4 GiB');
  const subject = start('./full.mjs');
  try {
    return { rows: [await subject.call('fill', { size: 1 << 20 })] };
  } finally {
    subject.end();
  }
}

export function table({ rows: [{ size, acknowledged, gibibytes, error, later, freed, again, wrong, missing, reads }] }) {
  return [
    ['values of', `${size} bytes`],
    ['acknowledged', `${acknowledged}, ${gibibytes.toFixed(2)} GiB`],
    ['the write after', error],
    ['a read then', reads],
    ['a small write then', later],
    ['a DEL of 64 then', freed],
    ['a write of the same size then', again],
    ['acknowledged values that are missing', missing],
    ['acknowledged values that are wrong', wrong],
  ];
}
