// A small Redis client for recording and testing: RESP2 and RESP3, replies as trees that keep their kind.
// A reply is { kind, value }: status error int double bool nil string verbatim big array set map push.
import { connect } from 'node:net';

const AGGREGATES = { '*': 'array', '~': 'set', '>': 'push' };
const SCALARS = { '+': 'status', '-': 'error', ':': 'int', ',': 'double', '(': 'big' };

/** Bytes of a call. Arguments are strings or bytes. */
export function encodeCall(argv) {
  const parts = [Buffer.from(`*${argv.length}\r\n`)];
  for (const word of argv) {
    const bytes = Buffer.from(word);
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

/** Reads one reply at `from`: [reply, end], or null when it is not all there yet. */
export function decodeReply(buffer, from = 0) {
  const eol = buffer.indexOf('\r\n', from);
  if (eol < 0) return null;
  const type = String.fromCharCode(buffer[from]);
  const head = buffer.toString('latin1', from + 1, eol);
  const at = eol + 2;
  if (SCALARS[type]) return [{ kind: SCALARS[type], value: buffer.toString('utf8', from + 1, eol) }, at];
  if (type === '_') return [{ kind: 'nil' }, at];
  if (type === '#') return [{ kind: 'bool', value: head === 't' }, at];
  if (type === '$' || type === '=') return decodeBytes(buffer, type, Number(head), at);
  const count = Number(head);
  if (count < 0) return [{ kind: 'nil' }, at];
  const isMap = type === '%' || type === '|';
  const items = decodeItems(buffer, isMap ? 2 * count : count, at);
  if (!items) return null;
  // Attributes stand before the reply proper and are left aside.
  if (type === '|') return decodeReply(buffer, items[1]);
  return [{ kind: isMap ? 'map' : (AGGREGATES[type] ?? 'array'), value: items[0] }, items[1]];
}

function decodeBytes(buffer, type, length, at) {
  if (length < 0) return [{ kind: 'nil' }, at];
  if (buffer.length < at + length + 2) return null;
  const bytes = buffer.subarray(at, at + length);
  const reply = type === '=' ? { kind: 'verbatim', value: bytes.subarray(4) } : { kind: 'string', value: bytes };
  return [reply, at + length + 2];
}

function decodeItems(buffer, count, at) {
  const items = [];
  for (let i = 0; i < count; i++) {
    const item = decodeReply(buffer, at);
    if (!item) return null;
    items.push(item[0]);
    at = item[1];
  }
  return [items, at];
}

/** One connection. Replies and pushes queue up until they are taken. */
export class Connection {
  replies = [];
  closed = false;
  #buffer = Buffer.alloc(0);
  #wake = null;

  static open(port, host = '127.0.0.1') {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  constructor(socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => this.#end());
    socket.on('close', () => this.#end());
  }

  #take(chunk) {
    this.#buffer = this.#buffer.length ? Buffer.concat([this.#buffer, chunk]) : chunk;
    let done;
    let at = 0;
    while ((done = decodeReply(this.#buffer, at))) {
      this.replies.push(done[0]);
      at = done[1];
    }
    this.#buffer = this.#buffer.subarray(at);
    if (this.replies.length > 0) this.#wake?.();
  }

  #end() {
    this.closed = true;
    this.#wake?.();
  }

  send(argv) {
    this.socket.write(encodeCall(argv));
  }

  /** Waits until something is queued, at most `ms`; answers whether there is. */
  async wait(ms) {
    if (this.replies.length === 0 && !this.closed) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => (clearTimeout(timer), resolve());
      });
      this.#wake = null;
    }
    return this.replies.length > 0;
  }

  /** Sends a call and answers its reply; pushes stay queued. */
  async call(...argv) {
    this.send(argv);
    const kept = [];
    const end = Date.now() + 10_000;
    for (;;) {
      if (!(await this.wait(end - Date.now()))) throw new Error(`no reply to ${argv[0]}`);
      const reply = this.replies.shift();
      if (reply.kind !== 'push') {
        this.replies.unshift(...kept);
        return reply;
      }
      kept.push(reply);
    }
  }

  close() {
    this.socket.destroy();
  }
}
