// What a page loads: scripts/size.mjs measures it.
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { at } from '../../scripts/shell.mjs';
import { sizes } from '../../scripts/size.mjs';

export const title = 'bytes to load, gzip';

export async function run() {
  const all = sizes();
  const wasm = gzipSync(readFileSync(at('pkg/kilat_bg.wasm')), { level: 9 }).length;
  // `kilat/slim` is the JavaScript of `.` without the module that `.` has inside.
  return { rows: [{ what: 'kilat_bg.wasm', gzip: wasm }, { what: 'JavaScript without it', gzip: all['slim.js'].gzip }, { what: 'kilat, all of it', gzip: all['index.js'].gzip }] };
}

export const table = ({ rows }) => [['file', 'kB gzip'], ...rows.map(({ what, gzip }) => [what, (gzip / 1000).toFixed(1)])];
