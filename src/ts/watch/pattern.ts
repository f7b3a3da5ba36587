/** Redis's glob patterns, as a function of bytes: `*`, `?`, `[a-z]`, `[^a]`, and `\` before what stands for itself. */
export function matcherOf(pattern: Uint8Array): (key: Uint8Array) => boolean {
  const chars = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const text = chars(pattern);
  let source = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '*') source += '[^]*';
    else if (char === '?') source += '[^]';
    else if (char === '[') [source, at] = classAt(text, at, source);
    else if (char === '\\' && at + 1 < text.length) source += escaped(text[++at]!);
    else source += escaped(char);
  }
  const expression = new RegExp(`^${source}$`);
  return (key) => expression.test(chars(key));
}

const escaped = (char: string) => char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');

/** A class, and where it ends. Redis: one that is not closed goes to the end. */
function classAt(text: string, start: number, source: string): [string, number] {
  let at = start + 1;
  let inside = '';
  const isNegative = text[at] === '^';
  if (isNegative) at++;
  for (; at < text.length && text[at] !== ']'; at++) {
    if (text[at] === '\\' && at + 1 < text.length) inside += escaped(text[++at]!);
    else if (text[at + 1] === '-' && at + 2 < text.length) {
      const [low, high] = [text[at]!, text[at + 2]!].sort() as [string, string];
      inside += `${escaped(low)}-${escaped(high)}`;
      at += 2;
    } else inside += escaped(text[at]!);
  }
  if (inside === '') return [source + (isNegative ? '[^]' : '[]'), at];
  return [`${source}[${isNegative ? '^' : ''}${inside}]`, at];
}
