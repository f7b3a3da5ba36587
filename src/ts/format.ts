/** Replies as redis-cli prints them to a terminal. */
import type { ReplyTree } from './reply.js';

export interface FormatOptions {
  /** What the client speaks: RESP2 knows fewer kinds. 2 unless told otherwise. */
  protocol?: 2 | 3;
  /** A verbatim text in quotes, as transcripts have it; redis-cli prints it as it is. */
  quoteVerbatim?: boolean;
}

const ESCAPES: Record<number, string> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };

/** Bytes in redis-cli's quotes: what is not ASCII is shown byte by byte. */
export function quote(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) {
    if (ESCAPES[byte]) text += ESCAPES[byte];
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${text}"`;
}

/** A reply's text, without a line break at its end. */
export function format(reply: ReplyTree, { protocol = 2, quoteVerbatim = false }: FormatOptions = {}): string {
  return lines(protocol === 2 ? fold(reply) : unpair(reply), quoteVerbatim).join('\n');
}

function lines(reply: ReplyTree, quoteVerbatim: boolean): string[] {
  switch (reply.kind) {
    case 'status':
      return [reply.text];
    case 'error':
      return [`(error) ${reply.text}`];
    case 'integer':
      return [`(integer) ${reply.value}`];
    case 'double':
      return [`(double) ${reply.text}`];
    case 'boolean':
      return [reply.value ? '(true)' : '(false)'];
    case 'null':
    case 'null-array':
      return ['(nil)'];
    case 'bulk':
      return [quote(reply.bytes)];
    case 'verbatim':
      return [quoteVerbatim ? `(verbatim) ${quote(new TextEncoder().encode(reply.text))}` : reply.text];
    case 'sequence':
      return reply.items.flatMap((item) => lines(item, quoteVerbatim));
    case 'map':
    case 'pairs':
      if (reply.pairs.length === 0) return ['(empty hash)'];
      return numbered(reply.pairs.map((pair) => pairLines(pair, quoteVerbatim)), '#');
    default: {
      if (reply.items.length === 0) return [`(empty ${reply.kind})`];
      return numbered(reply.items.map((item) => lines(item, quoteVerbatim)), reply.kind === 'set' ? '~' : ')');
    }
  }
}

/** `key => value`; a value of many lines begins on a line of its own. */
function pairLines([key, value]: [ReplyTree, ReplyTree], quoteVerbatim: boolean): string[] {
  const left = lines(key, quoteVerbatim);
  const right = lines(value, quoteVerbatim);
  left[left.length - 1] += ' => ';
  if (!('items' in value || 'pairs' in value) || right.length === 1) left[left.length - 1] += right.shift() ?? '';
  return [...left, ...right];
}

function numbered(items: readonly string[][], mark: string): string[] {
  const width = String(items.length).length;
  const indent = ' '.repeat(width + 2);
  return items.flatMap(([first, ...more], index) => [
    `${String(index + 1).padStart(width)}${mark} ${first}`,
    ...more.map((line) => indent + line),
  ]);
}

/** RESP3 has pairs as arrays of two. */
function unpair(reply: ReplyTree): ReplyTree {
  if ('items' in reply) return { ...reply, items: reply.items.map(unpair) };
  if (!('pairs' in reply)) return reply;
  const pairs = reply.pairs.map(([a, b]): [ReplyTree, ReplyTree] => [unpair(a), unpair(b)]);
  if (reply.kind === 'map') return { kind: 'map', pairs };
  return { kind: 'array', items: pairs.map((items) => ({ kind: 'array', items })) };
}

/** RESP2 has numbers, strings, arrays and nothing else: `src/resp/encode.rs`. */
function fold(reply: ReplyTree): ReplyTree {
  switch (reply.kind) {
    case 'double':
      return { kind: 'bulk', bytes: new TextEncoder().encode(reply.text) };
    case 'boolean':
      return { kind: 'integer', value: reply.value ? 1 : 0 };
    case 'verbatim':
      return { kind: 'bulk', bytes: new TextEncoder().encode(reply.text) };
    case 'array':
    case 'set':
    case 'push':
      return { kind: 'array', items: reply.items.map(fold) };
    case 'sequence':
      return { kind: 'sequence', items: reply.items.map(fold) };
    case 'map':
    case 'pairs':
      return { kind: 'array', items: reply.pairs.flat().map(fold) };
    default:
      return reply;
  }
}
