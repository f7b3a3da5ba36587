/** A line into words, as redis-cli has it: "double quotes" with escapes, 'single quotes' with \' alone. */
const ESCAPES: Record<number, number> = { 0x6e: 10, 0x72: 13, 0x74: 9, 0x62: 8, 0x61: 7 };
const BACKSLASH = 0x5c;
const DOUBLE = 0x22;
const SINGLE = 0x27;

const isSpace = (byte: number | undefined) => byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);

/** Null where quotes are not closed, or something follows them at once. */
export function splitLine(line: string): Buffer[] | null {
  const bytes = Buffer.from(line);
  const words: Buffer[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(bytes[at])) at++;
    if (at >= bytes.length) return words;
    const word: number[] = [];
    const end = takeWord(bytes, at, word);
    if (end === null) return null;
    words.push(Buffer.from(word));
    at = end;
  }
}

/** Reads one word from `at` on; answers where it ends. */
function takeWord(bytes: Buffer, at: number, word: number[]): number | null {
  while (at < bytes.length && !isSpace(bytes[at])) {
    const byte = bytes[at++]!;
    if (byte !== DOUBLE && byte !== SINGLE) {
      word.push(byte);
      continue;
    }
    const end = byte === DOUBLE ? takeDouble(bytes, at, word) : takeSingle(bytes, at, word);
    return end !== null && (end === bytes.length || isSpace(bytes[end])) ? end : null;
  }
  return at;
}

function takeDouble(bytes: Buffer, at: number, word: number[]): number | null {
  while (at < bytes.length) {
    const byte = bytes[at++]!;
    if (byte === DOUBLE) return at;
    if (byte !== BACKSLASH || at === bytes.length) {
      word.push(byte);
      continue;
    }
    const hex = /^x([0-9a-f]{2})/i.exec(bytes.toString('latin1', at, at + 3));
    const escaped = bytes[at]!;
    word.push(hex ? parseInt(hex[1]!, 16) : (ESCAPES[escaped] ?? escaped));
    at += hex ? 3 : 1;
  }
  return null;
}

function takeSingle(bytes: Buffer, at: number, word: number[]): number | null {
  while (at < bytes.length) {
    const byte = bytes[at++]!;
    if (byte === SINGLE) return at;
    if (byte === BACKSLASH && bytes[at] === SINGLE) word.push(bytes[at++]!);
    else word.push(byte);
  }
  return null;
}
