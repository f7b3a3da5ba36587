// The code blocks of the documentation, and how each kind is run.
import { readFileSync, readdirSync } from 'node:fs';
import { at } from '../../../scripts/shell.mjs';

const BLOCK = /^```(\S+)[ \t]*(.*)\n([^]*?)^```$/gm;

/** The pages that people read; those of the commands are generated, and their examples are the transcripts. */
export function pages() {
  const docs = readdirSync(at('docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.sort().map((name) => `docs/${name}`)];
}

/** `[{ language, note, code, line }]`, in order. */
export function blocksOf(page) {
  const text = readFileSync(at(page), 'utf8');
  const lineOf = (index) => text.slice(0, index).split('\n').length;
  return [...text.matchAll(BLOCK)].map((found) => ({ language: found[1], note: found[2].trim(), code: found[3], line: lineOf(found.index) }));
}
