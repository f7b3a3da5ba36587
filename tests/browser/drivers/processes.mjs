// Processes as Linux shows them.
import { readFileSync, readdirSync } from 'node:fs';
import { pause } from '../../../scripts/shell.mjs';

/** `root` and all that descend from it: `{ pid, command }`. */
export function processesBelow(root) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(look);
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

function look(name) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return [];
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return [{ pid: Number(name), parent: Number(parent), command }];
  } catch {
    return [];
  }
}

/** Resolved when none of them runs any more. */
export async function gone(pids, ms = 10_000) {
  const end = Date.now() + ms;
  while (pids.some((pid) => look(String(pid)).length > 0)) {
    if (Date.now() > end) throw new Error(`processes ${pids} are still there after ${ms} ms`);
    await pause(5);
  }
}

/**
 * Which of these processes runs a page: the only one that grows each time that the page is made to. The others may grow by
 * work of their own; where none has grown, the page gave back meanwhile what it held before.
 */
export async function growsWith(tab, pids) {
  let left = pids;
  for (let tries = 0; tries < 10; tries++) {
    const before = left.map(residentMb);
    await tab.evaluate(() => {
      globalThis.ballast = new Uint8Array(60e6);
      for (let i = 0; i < ballast.length; i += 4096) ballast[i] = 1;
    });
    const grown = left.filter((pid, i) => residentMb(pid) - before[i] > 40);
    left = grown.length > 0 ? grown : pids;
    await tab.evaluate(() => { delete globalThis.ballast; });
    if (left.length < 2) break;
  }
  if (left.length !== 1) throw new Error(`${left.length} processes grew with the page`);
  return left[0];
}

function residentMb(pid) {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6;
  } catch {
    return 0;
  }
}
