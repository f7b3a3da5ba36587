/** Replies out of a stream of bytes, RESP2 and RESP3. */
import type { ReplyTree } from '../reply.js';

/** An aggregate that is being read. */
interface Frame {
  mark: string;
  /** Items that are still to come. */
  left: number;
  items: ReplyTree[];
}

/** Where no more of a reply has come yet. */
const MORE = Symbol('more');

export class ReplyParser {
  private buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  private frames: Frame[] = [];
  /** The length of a bulk string whose line has been read, and its mark. */
  private bulk: { mark: string; length: number } | null = null;

  feed(bytes: Uint8Array) {
    if (this.end + bytes.length > this.buffer.length) {
      const kept = this.end - this.start;
      const grown = Buffer.allocUnsafe(Math.max(2 * (kept + bytes.length), 16 * 1024));
      this.buffer.copy(grown, 0, this.start, this.end);
      this.buffer = grown;
      this.start = 0;
      this.end = kept;
    }
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** The next whole reply; undefined while it has not all come. */
  next(): ReplyTree | undefined {
    for (;;) {
      let reply = this.step();
      if (reply === MORE) return undefined;
      while (reply) {
        const frame = this.frames.at(-1);
        if (!frame) return reply;
        frame.items.push(reply);
        if (--frame.left > 0) break;
        this.frames.pop();
        reply = aggregate(frame);
      }
    }
  }

  /** Reads one line, or the bytes that it promised. Null: an aggregate has begun. */
  private step(): ReplyTree | null | typeof MORE {
    if (this.bulk) return this.bytes(this.bulk);
    const at = this.buffer.subarray(this.start, this.end).indexOf('\r\n');
    if (at < 0) return MORE;
    const mark = String.fromCharCode(this.buffer[this.start]!);
    const text = this.buffer.toString('utf8', this.start + 1, this.start + at);
    this.start += at + 2;
    if (!'$=!*~>%'.includes(mark)) return simple(mark, text);
    const length = Number(text);
    if (!Number.isInteger(length)) throw new Error(`Protocol error, got ${JSON.stringify(mark + text)} as a reply`);
    if (length < 0) return { kind: mark === '*' ? 'null-array' : 'null' };
    if ('$=!'.includes(mark)) return this.bytes((this.bulk = { mark, length }));
    const frame = { mark, left: mark === '%' ? 2 * length : length, items: [] };
    if (length === 0) return aggregate(frame);
    this.frames.push(frame);
    return null;
  }

  private bytes({ mark, length }: { mark: string; length: number }): ReplyTree | typeof MORE {
    if (this.end - this.start < length + 2) return MORE;
    const bytes = Buffer.from(this.buffer.subarray(this.start, this.start + length));
    this.start += length + 2;
    this.bulk = null;
    if (mark === '$') return { kind: 'bulk', bytes };
    if (mark === '!') return { kind: 'error', text: bytes.toString() };
    return { kind: 'verbatim', format: bytes.toString('utf8', 0, 3), text: bytes.toString('utf8', 4) };
  }
}

function simple(mark: string, text: string): ReplyTree {
  switch (mark) {
    case '+':
      return { kind: 'status', text };
    case '-':
      return { kind: 'error', text };
    case ':':
    case '(': {
      const value = Number(text);
      return { kind: 'integer', value: Number.isSafeInteger(value) ? value : BigInt(text) };
    }
    case ',':
      return { kind: 'double', value: Number(text.replace('inf', 'Infinity')), text };
    case '#':
      return { kind: 'boolean', value: text === 't' };
    case '_':
      return { kind: 'null' };
    default:
      throw new Error(`Protocol error, got ${JSON.stringify(mark)} as reply type byte`);
  }
}

function aggregate({ mark, items }: Frame): ReplyTree {
  if (mark === '*') return { kind: 'array', items };
  if (mark === '~') return { kind: 'set', items };
  if (mark === '>') return { kind: 'push', items };
  const pairs: [ReplyTree, ReplyTree][] = [];
  for (let at = 0; at < items.length; at += 2) pairs.push([items[at]!, items[at + 1]!]);
  return { kind: 'map', pairs };
}
