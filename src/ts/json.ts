/** JSON values: what may be one. They cross to the engine as they are, so they are checked here, by name. */
import { KilatError } from './errors.js';
import { isWellFormed, kindOf } from './words.js';

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };

/** The engine reads no deeper. */
const DEPTH_MAX = 120;

const SURROGATE = ' a lone surrogate: it is no text';

/** The text of `value`, which is JSON all through; the error names what is not, by its path from `name`. */
export function jsonText(value: unknown, name = 'value'): string {
  let wrong = flawOf(value, [], false);
  const text = wrong ? '' : JSON.stringify(value);
  // Lone surrogates are written as `\\ud800`, and so is text that looks like that.
  if (text.includes('\\ud')) wrong = flawOf(value, [], true);
  if (wrong) throw new KilatError('ARGUMENT', name + wrong);
  return text;
}

/** What is wrong with a value, behind the path of where it is; nothing where it is JSON. */
function flawOf(value: unknown, above: object[], looksIntoText: boolean): string | undefined {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') return looksIntoText && !isWellFormed(value) ? ' holds' + SURROGATE : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : ` is ${value}, which JSON cannot say`;
  if (typeof value !== 'object') return ` is ${kindOf(value)}, which JSON cannot say`;
  if (above.includes(value)) return ' contains itself';
  if (above.length === DEPTH_MAX) return ` lies deeper than ${DEPTH_MAX} levels`;
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return ` is ${kindOf(value)}: only plain objects and arrays can be stored`;
  above.push(value);
  const parts: unknown[] = isList ? value : Object.values(value);
  const names = looksIntoText && !isList && Object.keys(value);
  for (let i = 0; i < parts.length; i++) {
    const flaw = names && !isWellFormed(names[i]!) ? ' has a name with' + SURROGATE : flawOf(parts[i], above, looksIntoText);
    if (flaw) return segment(isList ? i : Object.keys(value)[i]!) + flaw;
  }
  above.pop();
}

/** Made by `{}`, in this realm or another, or without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function segment(part: string | number): string {
  if (typeof part === 'number') return `[${part}]`;
  return /^[A-Za-z_$][\w$]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
}
