/** Whether two replies say the same: plain objects, arrays, maps, bytes and what is simple. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) return isEqualList(a, b as ArrayLike<unknown>);
  if (a instanceof Map) return isEqualMap(a, b as Map<unknown, unknown>);
  const prototype: unknown = Object.getPrototypeOf(a);
  // Of anything else nobody knows what makes it equal.
  if (prototype !== null && prototype !== Object.prototype) return false;
  const fields = Object.entries(a);
  if (fields.length !== Object.keys(b).length) return false;
  return fields.every(([name, value]) => Object.hasOwn(b, name) && isEqual(value, (b as Record<string, unknown>)[name]));
}

function isEqualList(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isEqual(a[i], b[i])) return false;
  return true;
}

function isEqualMap(a: Map<unknown, unknown>, b: Map<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!b.has(key) || !isEqual(value, b.get(key))) return false;
  return true;
}
