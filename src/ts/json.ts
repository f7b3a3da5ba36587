/** JSON values: what may be one. They cross to the engine as they are, so they are checked here, by name. */
import { KilatError } from './errors.js';
import { isWellFormed, kindOf } from './words.js';

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };

/** The engine reads no deeper. */
const DEPTH_MAX = 120;

/** Makes sure that `value` is JSON all through; the error names what is not, by its path from `name`. */
export function checkJson(value: unknown, name = 'value'): asserts value is Json {
  const above: object[] = [];
  const path: (string | number)[] = [];

  const fail = (what: string): never => {
    throw new KilatError('ARGUMENT', `${name}${path.map(segment).join('')} ${what}`);
  };
  const check = (value: unknown): void => {
    if (value === null || typeof value === 'boolean') return;
    if (typeof value === 'string') return isWellFormed(value) ? undefined : fail('holds a lone surrogate: it is no text');
    if (typeof value === 'number') return Number.isFinite(value) ? undefined : fail(`is ${value}, which JSON cannot say`);
    if (typeof value !== 'object') return fail(`is ${kindOf(value)}, which JSON cannot say`);
    if (above.includes(value)) fail('contains itself');
    if (above.length === DEPTH_MAX) fail(`lies deeper than ${DEPTH_MAX} levels`);
    if (!Array.isArray(value) && !isPlain(value)) fail(`is ${kindOf(value)}: only plain objects and arrays can be stored`);
    above.push(value);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        path.push(i);
        check(value[i]);
        path.pop();
      }
    } else {
      for (const [field, inner] of Object.entries(value)) {
        path.push(field);
        if (!isWellFormed(field)) fail('has a name with a lone surrogate: it is no text');
        check(inner);
        path.pop();
      }
    }
    above.pop();
  };
  check(value);
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
