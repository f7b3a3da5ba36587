/** Sessions of one's own: for prompts, tests and servers. */
import { Session } from './client.js';
import type { Node } from './node.js';
import { withOptions } from './option-words.js';
import { rowOf } from './prepare.js';
import type { ReplyTree } from './reply.js';
import { flatten, type Words } from './words.js';

export interface SessionListener {
  /** Something that came without being asked for: a message. */
  onPush?: (push: ReplyTree) => void;
  /** The engine has closed the session. */
  onClose?: () => void;
}

export interface ConnectionListener {
  onBytes: (bytes: Uint8Array) => void;
  onClose: () => void;
}

/** A client that speaks RESP. */
export interface Connection {
  feed(bytes: Uint8Array): void;
  close(): void;
}

/** One client's state, and replies with all their kinds. An error is a reply like others. */
export class RawSession {
  /** What its client would be spoken to in: RESP2 until HELLO says otherwise. `format` wants to know. */
  protocol: 2 | 3 = 2;
  private readonly session: Session;

  /** @internal */
  constructor(node: Node, listener: SessionListener) {
    this.session = new Session(node);
    this.session.onPush = (_, tree) => listener.onPush?.(tree());
    this.session.onClose = () => listener.onClose?.();
    this.session.onRestart = () => (this.protocol = 2);
  }

  call(command: string | Uint8Array, ...words: Words[]): ReplyTree | Promise<ReplyTree> {
    const name = typeof command === 'string' ? command : new TextDecoder().decode(command);
    const call = [name, ...words];
    const row = rowOf(call);
    const reply = this.session.callTree(flatten(row ? withOptions(call, row) : call));
    if (/^hello$/i.test(name) && !(reply instanceof Promise)) this.greet(reply);
    else if (/^reset$/i.test(name)) this.protocol = 2;
    return reply;
  }

  private greet(reply: ReplyTree) {
    if (reply.kind !== 'map') return;
    for (const [name, value] of reply.pairs) {
      const isProtocol = name.kind === 'bulk' && new TextDecoder().decode(name.bytes) === 'proto';
      if (isProtocol && value.kind === 'integer') this.protocol = value.value === 3 ? 3 : 2;
    }
  }

  close() {
    this.session.close();
  }
}
