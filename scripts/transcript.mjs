// Transcripts: reading, writing, printing replies as redis-cli does, and comparing under marks.
// tests/transcripts/README.md describes the format; tests/native/support/ is the same in Rust.

export const MARKS = ['unordered', 'random', 'time', 'session', 'resp3', 'after', 'reopen', 'live', 'kilat'];

/**
 * Reads a transcript: `{ syntax, kilat, steps, items }`. An item is `{ text }` (comment, blank line) or a
 * step `{ line, body, argv, marks, reply }`, `reply` being lines.
 */
export function parseTranscript(text) {
  const items = [];
  let step = null;
  for (const line of text.replace(/\n+$/, '').split('\n')) {
    if (line.startsWith('> ')) {
      step = parseStep(line);
      items.push(step);
    } else if (line === '' || line.startsWith('#')) {
      step = null;
      items.push({ text: line });
    } else if (step) {
      step.reply.push(line);
    } else {
      throw new Error(`a reply without a command: ${line}`);
    }
  }
  const head = items[0]?.text ?? '';
  if (!head.startsWith('# ')) throw new Error('the first line must be `# SYNTAX`');
  const { body, marks } = splitMarks(head.slice(2));
  const steps = items.filter((item) => item.argv);
  return { syntax: body, kilat: marks.has('kilat'), steps, items };
}

export function writeTranscript({ items }) {
  const lines = items.flatMap((item) => (item.argv ? [item.line, ...item.reply] : [item.text]));
  return `${lines.join('\n')}\n`;
}

function parseStep(line) {
  const { body, marks } = splitMarks(line.slice(2));
  const argv = splitArgs(body);
  if (!argv || argv.length === 0) throw new Error(`unbalanced quotes or no command: ${line}`);
  return { line, body, argv, marks, session: marks.get('session') ?? 'A', reply: [] };
}

/** `body   #: mark, mark value` */
function splitMarks(text) {
  const found = /^(.*?)\s+#:\s*([^"']*)$/.exec(text);
  const marks = new Map();
  if (!found) return { body: text.trim(), marks };
  for (const mark of found[2].split(',')) {
    const [name, value = true] = mark.trim().split(/\s+/);
    if (!MARKS.includes(name)) throw new Error(`unknown mark ${name} in: ${text}`);
    marks.set(name, value);
  }
  return { body: found[1].trim(), marks };
}

const ESCAPES = { n: 10, r: 13, t: 9, b: 8, a: 7 };

/** Words of a command line as redis-cli reads them: bytes each, or null when quotes do not balance. */
export function splitArgs(text) {
  const bytes = new TextEncoder().encode(text);
  const words = [];
  let at = 0;
  const isSpace = (byte) => byte === 32 || (byte >= 9 && byte <= 13);
  while (at < bytes.length) {
    if (isSpace(bytes[at])) {
      at++;
      continue;
    }
    const word = [];
    let quote = 0;
    for (; at < bytes.length && (quote || !isSpace(bytes[at])); at++) {
      const byte = bytes[at];
      if (!quote && (byte === 34 || byte === 39)) quote = byte;
      else if (quote === 34 && byte === 92 && at + 1 < bytes.length) at += escape(bytes, at, word);
      else if (quote === 39 && byte === 92 && bytes[at + 1] === 39) word.push(bytes[++at]);
      else if (quote && byte === quote) {
        if (at + 1 < bytes.length && !isSpace(bytes[at + 1])) return null;
        quote = 0;
      } else word.push(byte);
    }
    if (quote) return null;
    words.push(Uint8Array.from(word));
  }
  return words;
}

/** Reads the escape at `at`; answers how many bytes stand behind the backslash. */
function escape(bytes, at, word) {
  const hex = String.fromCharCode(...bytes.subarray(at + 2, at + 4));
  if (bytes[at + 1] === 120 && /^[0-9a-fA-F]{2}$/.test(hex)) {
    word.push(parseInt(hex, 16));
    return 3;
  }
  word.push(ESCAPES[String.fromCharCode(bytes[at + 1])] ?? bytes[at + 1]);
  return 1;
}

const NAMED = { 34: '\\"', 92: '\\\\', 10: '\\n', 13: '\\r', 9: '\\t', 7: '\\a', 8: '\\b' };

/** Bytes in quotes as redis-cli prints them. */
export function quote(bytes) {
  let out = '"';
  for (const byte of bytes) {
    if (NAMED[byte]) out += NAMED[byte];
    else if (byte >= 32 && byte < 127) out += String.fromCharCode(byte);
    else out += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${out}"`;
}

const EMPTY = { array: '(empty array)', set: '(empty set)', map: '(empty hash)', push: '(empty push)' };

/** A reply tree as lines, as redis-cli prints it to a terminal; a verbatim text is quoted. */
export function printReply(reply) {
  const { kind, value } = reply;
  if (kind in EMPTY) return value.length === 0 ? [EMPTY[kind]] : printItems(kind, value);
  switch (kind) {
    case 'status': return [value];
    case 'error': return [`(error) ${value}`];
    case 'int': return [`(integer) ${value}`];
    case 'double': return [`(double) ${value}`];
    case 'big': return [`(big number) ${value}`];
    case 'bool': return [value ? '(true)' : '(false)'];
    case 'nil': return ['(nil)'];
    case 'verbatim': return [`(verbatim) ${quote(value)}`];
    default: return [quote(value)];
  }
}

function printItems(kind, items) {
  const step = kind === 'map' ? 2 : 1;
  const width = String(items.length / step).length;
  const separator = kind === 'map' ? '#' : kind === 'set' ? '~' : ')';
  const indent = ' '.repeat(width + 2);
  const lines = [];
  for (let i = 0; i < items.length; i += step) {
    const entry = printReply(items[i]);
    if (kind === 'map') {
      const value = printReply(items[i + 1]);
      if (isMultiline(items[i + 1])) {
        entry[entry.length - 1] += ' => ';
        entry.push(...value);
      } else {
        entry[entry.length - 1] += ` => ${value[0]}`;
        entry.push(...value.slice(1));
      }
    }
    const number = `${String(i / step + 1).padStart(width)}${separator} `;
    lines.push(number + entry[0], ...entry.slice(1).map((line) => indent + line));
  }
  return lines;
}

function isMultiline({ kind, value }) {
  if (!(kind in EMPTY) || value.length === 0) return false;
  if (value.length > (kind === 'map' ? 2 : 1)) return true;
  return isMultiline(value[value.length - 1]);
}

/** Whether two printed replies are the same under the marks of their command. */
export function sameReply(expected, actual, marks) {
  const form = (lines) => {
    if (marks.has('random')) return lines.map(shapeOf).join('\n');
    return marks.has('unordered') ? unorder(lines) : lines.join('\n');
  };
  const [a, b] = [form(expected), form(actual)];
  return a === b || (marks.has('time') && sameButTime(a, b));
}

const shapeOf = (line) =>
  line
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\((integer|double|big number)\) \S+/g, '($1)');

/** The elements of every array in order of their text. */
function unorder(lines) {
  const first = /^( *\d+[)~#] )/.exec(lines[0] ?? '');
  if (!first) return lines.join('\n');
  const width = first[1].length;
  const elements = [];
  for (const line of lines) {
    const rest = line.slice(width);
    if (/^ *\d+[)~#] $/.test(line.slice(0, width))) elements.push([rest]);
    else elements.at(-1).push(rest);
  }
  return `[${elements.map(unorder).sort().join('\n')}]`;
}

/** Equal but for numbers that differ by a twentieth, or by two. Negative numbers must be equal. */
function sameButTime(a, b) {
  const number = /-?\d+(?:\.\d+)?/g;
  const [left, right] = [a.match(number) ?? [], b.match(number) ?? []];
  if (left.length !== right.length || a.replace(number, '0') !== b.replace(number, '0')) return false;
  return left.every((text, i) => {
    const [x, y] = [Number(text), Number(right[i])];
    return x === y || (x >= 0 && y >= 0 && Math.abs(x - y) <= Math.max(2, Math.max(x, y) / 20));
  });
}
