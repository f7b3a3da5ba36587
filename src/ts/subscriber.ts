/** Who listens to which channel and pattern in this page. One session of the engine's hears for all. */
import { guard } from './events.js';
import { Session } from './client.js';
import type { Node } from './node.js';
import type { Reply } from './reply.js';

/** Hears a message, and the channel that it came on. */
export type Listener = (message: string, channel: string) => void;

const isPattern = (name: string) => /[*?[\\]/.test(name);

export class Subscriber {
  private session: Session | null = null;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(private readonly node: Node) {}

  subscribe(name: string, listener: Listener): () => void {
    let set = this.listeners.get(name);
    if (!set) {
      this.listeners.set(name, (set = new Set()));
      this.open().call([isPattern(name) ? 'PSUBSCRIBE' : 'SUBSCRIBE', name]);
    }
    // The same function twice is two listeners.
    const own: Listener = (message, channel) => listener(message, channel);
    set.add(own);
    return () => this.unsubscribe(name, own);
  }

  private unsubscribe(name: string, listener: Listener) {
    const set = this.listeners.get(name);
    if (!set?.delete(listener) || set.size > 0) return;
    this.listeners.delete(name);
    this.session?.call([isPattern(name) ? 'PUNSUBSCRIBE' : 'UNSUBSCRIBE', name]);
  }

  private open(): Session {
    if (!this.session) {
      const session = (this.session = new Session(this.node, null, 3));
      session.onPush = (push) => this.hear(push as Reply[]);
      session.onRestart = () => this.resume(session);
    }
    return this.session;
  }

  private resume(session: Session) {
    for (const name of this.listeners.keys()) session.call([isPattern(name) ? 'PSUBSCRIBE' : 'SUBSCRIBE', name]);
  }

  private hear(push: Reply[]) {
    const [kind, ...words] = push as string[];
    const [name, channel, message] = kind === 'pmessage' ? words : [words[0], words[0], words[1]];
    if (kind !== 'message' && kind !== 'pmessage') return;
    for (const listener of [...(this.listeners.get(name!) ?? [])]) guard(() => listener(message!, channel!));
  }

  close() {
    this.listeners.clear();
    this.session?.close();
    this.session = null;
  }
}
