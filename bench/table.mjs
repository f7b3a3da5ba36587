// Numbers for people: times a call, and the table of a matrix with each contender's time and its ratio to kilat's.
import { say } from '../scripts/shell.mjs';

/** "85 ns", "1.20 µs", "3.4 ms" */
export function time(ns) {
  if (ns < 1000) return `${ns.toFixed(ns < 100 ? 1 : 0)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(ns < 1e5 ? 2 : 0)} µs`;
  return `${(ns / 1e6).toFixed(ns < 1e8 ? 1 : 0)} ms`;
}

/** "950", "12.3 k", "4.10 M" */
export function count(number) {
  if (number < 1000) return String(Math.round(number));
  return number < 1e6 ? `${(number / 1e3).toFixed(number < 1e5 ? 1 : 0)} k` : `${(number / 1e6).toFixed(2)} M`;
}

export function nameOf({ work, mode, keys, size, flight }) {
  const way = { one: '', flight: flight ? `, ${flight} in flight` : ', in flight', pipelined: ', pipelined' }[mode];
  const many = keys === 1000 ? '' : `, ${count(keys)} keys`;
  return `${work}${way}${size === 16 ? '' : `, ${size < 1024 ? `${size} B` : `${size / 1024} KB`}`}${many}`;
}

/** Columns of text, the first one to the left. */
export function columns(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i] ?? '').length)));
  for (const row of rows) say(row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell ?? '').padStart(widths[i]))).join('  '));
}

/** A row for each kind of work: kilat's time, then the others' as multiples of it (above 1: they are slower). */
export function matrixTable({ contenders, rows }) {
  const others = contenders.map(({ name }) => name).filter((name) => name !== 'kilat');
  const ratio = (other, own) => (other === undefined ? '–' : own === undefined ? time(other) : `${plain(other / own)}x`);
  const lines = rows.map((row) => [nameOf(row), row.ns.kilat === undefined ? '–' : time(row.ns.kilat), ...others.map((name) => ratio(row.ns[name], row.ns.kilat))]);
  return [['a call of', 'kilat', ...others], ...lines];
}

/** Three digits, never in powers of ten. */
const plain = (number) => (number >= 100 ? String(Math.round(number)) : number.toPrecision(2));
