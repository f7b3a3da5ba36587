/**
 * Replies out of linear memory: RESP3, with the engine's own marks for what RESP3 folds (`src/resp/encode.rs`).
 * They are read once, straight into what a program wants (`value`) or into a tree that keeps every kind (`tree`).
 */
import { errorOfReply, KilatError } from './errors.js';

/** What a command answers, as JavaScript has it. */
export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | KilatError
  | Reply[]
  | { [field: string]: Reply };

/** What a command answers, kind by kind: for those who print replies. */
export type ReplyTree =
  | { kind: 'status' | 'error'; text: string }
  | { kind: 'integer'; value: number | bigint }
  | { kind: 'double'; value: number; text: string }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' | 'null-array' }
  | { kind: 'bulk'; bytes: Uint8Array }
  | { kind: 'verbatim'; format: string; text: string }
  | { kind: 'array' | 'set' | 'push' | 'sequence'; items: ReplyTree[] }
  | { kind: 'map' | 'pairs'; pairs: [ReplyTree, ReplyTree][] };

/** How strings come out. */
export type Shape = 'text' | 'bytes';

/** The number of a call whose reply comes later; or the reply, which counts once that call is answered. */
export class Pending<T = unknown> {
  constructor(
    readonly call: number,
    readonly reply?: T,
  ) {}
}

/** Up to here a call of so many arguments is quicker than TextDecoder. */
const SHORT = 32;
const HALF = 16;

/** Bytes of many strings that are decoded in one go: fewer are not worth it, of more too many would be kept. */
const WHOLE_MIN = 64;
const WHOLE_MAX = 16 * 1024;
/** What is longer is decoded alone. */
const PART_MAX = WHOLE_MAX / 4;

let decoder: TextDecoder | undefined;

export class Reader {
  private line = 0;
  /** The text of what lies between these, where it is ASCII and was worth it. */
  private whole: string | null = null;
  private begin = 0;
  /** 0 as long as no reply of many strings was met. */
  private edge = 0;

  constructor(
    private bytes: Uint8Array,
    private at: number,
    private end = 0,
  ) {}

  /** Reads from here on, up to `end`. */
  set(bytes: Uint8Array, at: number, end: number): this {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.edge = 0;
    return this;
  }

  get position(): number {
    return this.at;
  }

  /** Another reader of the same bytes. */
  from(position: number): Reader {
    return new Reader(this.bytes, position);
  }

  /** The next reply as a value. A reply that is still to come is a `Pending`; only a whole reply can be. */
  value(shape: Shape): Reply | Pending<Reply> {
    return this.isLater() ? this.later(() => this.any(shape)) : this.any(shape);
  }

  private isLater(): boolean {
    const mark = this.bytes[this.at];
    return mark === 64 /* @ */ || mark === 94 /* ^ */;
  }

  /** A reply that does not count yet. */
  private later<T>(read: () => T): Pending<T> {
    const isToCome = this.bytes[this.at++] === 64;
    const call = this.integer() as number;
    return isToCome ? new Pending(call) : new Pending(call, read());
  }

  /** What stands behind a mark, up to the end. */
  rest(): string {
    return this.decode(this.at + 1, this.end);
  }

  private any(shape: Shape): Reply {
    switch (this.bytes[this.at++]) {
      case 36: // $
        return this.bulk(shape);
      case 58: // :
        return this.integer();
      case 95: // _
        this.skip();
        return null;
      case 43: // +
        return this.text();
      case 44: // ,
        return numberOf(this.text());
      case 35: // #
        return this.text() === 't';
      case 45: // -
        return errorOfReply(this.text());
      case 61: // =
        return this.blob().slice(4);
      case 42: // *
      case 126: // ~
      case 62: // >
      case 59: // ;
        return this.items(shape);
      case 38: // &
        return this.pairs(shape);
      case 37: // %
        return this.map(shape);
      default:
        throw new KilatError('ERR', 'a reply that cannot be read');
    }
  }

  private items(shape: Shape): Reply {
    const length = this.integer() as number;
    if (length < 0) return null;
    this.look();
    const items = new Array<Reply>(length);
    for (let i = 0; i < length; i++) items[i] = this.any(shape);
    return items;
  }

  private pairs(shape: Shape): Reply[] {
    const length = this.integer() as number;
    const pairs = new Array<Reply>(length);
    for (let i = 0; i < length; i++) pairs[i] = [this.any(shape), this.any(shape)];
    return pairs;
  }

  /** An object without a prototype: a field named `__proto__` is only a field. */
  private map(shape: Shape): Reply {
    this.look();
    const map = Object.create(null) as { [field: string]: Reply };
    for (let left = this.integer() as number; left > 0; left--) {
      const name = this.any('text') as string;
      map[name] = this.any(shape);
    }
    return map;
  }

  /** Decodes what follows in one go, where that is quicker and was not done. */
  private look(at = this.at) {
    if (at < this.edge) return;
    const length = Math.min(this.end - at, WHOLE_MAX);
    this.edge = 0;
    const text = length < WHOLE_MIN ? '' : this.decode(at, at + length);
    // As many characters as bytes: each is one byte. One that was cut off at the edge is in no string before it.
    this.whole = text.length === length ? text : null;
    this.begin = at;
    this.edge = at + length;
  }

  private bulk(shape: Shape): string | Uint8Array | null {
    const length = this.integer() as number;
    if (length < 0) return null;
    const start = this.at;
    this.at += length + 2;
    if (shape === 'bytes') return this.bytes.slice(start, start + length);
    return this.decode(start, start + length);
  }

  private blob(): string {
    return this.bulk('text') as string;
  }

  /** Text up to the end of the line. */
  private text(): string {
    const start = this.at;
    this.skip();
    return this.decode(start, this.line);
  }

  private skip() {
    let at = this.at;
    while (this.bytes[at] !== 13) at++;
    this.line = at;
    this.at = at + 2;
  }

  private integer(): number | bigint {
    const start = this.at;
    let at = start;
    const negative = this.bytes[at] === 45;
    if (negative) at++;
    let value = 0;
    for (let byte = this.bytes[at]!; byte !== 13; byte = this.bytes[++at]!) value = value * 10 + (byte - 48);
    this.at = at + 2;
    if (value > Number.MAX_SAFE_INTEGER) return BigInt(this.decode(start, at));
    return negative ? -value : value;
  }

  private decode(start: number, end: number): string {
    const length = end - start;
    if (this.edge > 0) {
      if (start >= this.edge && length <= PART_MAX) this.look(start);
      if (this.whole !== null && end <= this.edge) return this.whole.slice(start - this.begin, end - this.begin);
    }
    if (length <= SHORT) {
      const { bytes } = this;
      let bits = 0;
      for (let i = start; i < end; i++) bits |= bytes[i]!;
      if (bits < 128) return (length <= HALF ? half(bytes, start) : short(bytes, start)).slice(0, length);
    }
    decoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
    return decoder.decode(this.bytes.subarray(start, end));
  }

  /** The next reply with all its kinds. */
  tree(): ReplyTree | Pending<ReplyTree> {
    return this.isLater() ? this.later(() => this.branch()) : this.branch();
  }

  private branch(): ReplyTree {
    const kind = String.fromCharCode(this.bytes[this.at++]!);
    switch (kind) {
      case '+':
        return { kind: 'status', text: this.text() };
      case '-':
        return { kind: 'error', text: this.text() };
      case ':':
        return { kind: 'integer', value: this.integer() };
      case ',': {
        const text = this.text();
        return { kind: 'double', value: numberOf(text), text };
      }
      case '#':
        return { kind: 'boolean', value: this.text() === 't' };
      case '_':
        this.skip();
        return { kind: 'null' };
      case '$': {
        const bytes = this.bulk('bytes') as Uint8Array | null;
        return bytes ? { kind: 'bulk', bytes } : { kind: 'null' };
      }
      case '=': {
        const blob = this.blob();
        return { kind: 'verbatim', format: blob.slice(0, 3), text: blob.slice(4) };
      }
      case '%':
      case '&':
        return { kind: kind === '%' ? 'map' : 'pairs', pairs: this.branches(2) as [ReplyTree, ReplyTree][] };
      default:
        return this.list(kind);
    }
  }

  private list(mark: string): ReplyTree {
    const kind = ({ '*': 'array', '~': 'set', '>': 'push', ';': 'sequence' } as const)[mark];
    if (!kind) throw new KilatError('ERR', 'a reply that cannot be read');
    if (this.bytes[this.at] === 45) {
      this.skip();
      return { kind: 'null-array' };
    }
    return { kind, items: this.branches(1) as ReplyTree[] };
  }

  private branches(width: 1 | 2): (ReplyTree | [ReplyTree, ReplyTree])[] {
    const length = this.integer() as number;
    return Array.from({ length }, () => (width === 1 ? this.branch() : [this.branch(), this.branch()]));
  }
}

/** `HALF` ASCII bytes: with a call of so many arguments, some of them for nothing, quicker than with an array. */
const half = (b: Uint8Array, at: number) =>
  String.fromCharCode(
    b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!,
    b[at + 8]!, b[at + 9]!, b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!, b[at + 15]!,
  );

/** `SHORT` of them: one text, where two halves would have to be joined. */
const short = (b: Uint8Array, at: number) =>
  String.fromCharCode(
    b[at]!, b[at + 1]!, b[at + 2]!, b[at + 3]!, b[at + 4]!, b[at + 5]!, b[at + 6]!, b[at + 7]!,
    b[at + 8]!, b[at + 9]!, b[at + 10]!, b[at + 11]!, b[at + 12]!, b[at + 13]!, b[at + 14]!, b[at + 15]!,
    b[at + 16]!, b[at + 17]!, b[at + 18]!, b[at + 19]!, b[at + 20]!, b[at + 21]!, b[at + 22]!, b[at + 23]!,
    b[at + 24]!, b[at + 25]!, b[at + 26]!, b[at + 27]!, b[at + 28]!, b[at + 29]!, b[at + 30]!, b[at + 31]!,
  );

/** How a reply is read, by the shape that is wanted. */
export const READ: Record<Shape, (reader: Reader) => Reply | Pending<Reply>> = {
  text: (reader) => reader.value('text'),
  bytes: (reader) => reader.value('bytes'),
};

function numberOf(text: string): number {
  if (text === 'inf') return Infinity;
  return text === '-inf' ? -Infinity : Number(text);
}
