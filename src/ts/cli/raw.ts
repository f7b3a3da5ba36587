/** Replies as redis-cli prints them where no terminal reads them: bytes as they are. */
import type { ReplyTree } from '../reply.js';

const LINE = Buffer.from('\n');
const SPACE = Buffer.from(' ');

export function raw(reply: ReplyTree): Buffer {
  switch (reply.kind) {
    case 'null':
    case 'null-array':
      return Buffer.alloc(0);
    case 'error':
      return Buffer.from(`${reply.text}\n`);
    case 'status':
    case 'double':
    case 'verbatim':
      return Buffer.from(reply.text);
    case 'integer':
      return Buffer.from(String(reply.value));
    case 'boolean':
      return Buffer.from(reply.value ? '(true)' : '(false)');
    case 'bulk':
      return Buffer.from(reply.bytes);
    case 'map':
    case 'pairs':
      return joined(reply.pairs.map((pair) => joined(pair.map(raw), SPACE)), LINE);
    default:
      return joined(reply.items.map(raw), LINE);
  }
}

function joined(parts: Buffer[], between: Buffer): Buffer {
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [between, part])));
}
