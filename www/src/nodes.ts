/**
 * Who is there: every node of the playground, in this page, in its workers and in other tabs, tells what it is
 * on a channel of the playground's own. Kilat itself does not need it: it only draws the picture.
 */
import type { Kilat } from 'kilat';

export const NAME = 'playground';
const CHANNEL = 'kilat-playground-picture';
const SILENT_MS = 2_500;
const GONE_MS = 12_000;

export interface NodeSeen {
  id: string;
  kind: 'tab' | 'node';
  label: string;
  role: string;
  epoch: number;
  seq: number;
  at: number;
}

type Message = { node: NodeSeen } | { gone: string } | { freeze: string; ms: number } | { kill: string } | { who: true };

/** Announces one node and hears the others. */
export class Picture {
  readonly id: string = crypto.randomUUID();
  readonly seen = new Map<string, NodeSeen>();
  private channel = new BroadcastChannel(CHANNEL);
  private last = '';

  constructor(
    private db: Kilat,
    private kind: 'tab' | 'node',
    private onChange: () => void,
    private onKill: () => void,
  ) {
  }

  /** Begins to announce and to hear. */
  start() {
    this.channel.onmessage = (event: MessageEvent<Message>) => this.hear(event.data);
    this.channel.postMessage({ who: true } satisfies Message);
    setInterval(() => this.announce(true), 1_000);
    setInterval(() => this.announce(false), 100);
    this.announce(true);
  }

  /** All nodes, the leader first, each with whether it has fallen silent. */
  nodes(): (NodeSeen & { silent: boolean; self: boolean })[] {
    const now = Date.now();
    for (const [id, node] of this.seen) if (now - node.at > GONE_MS) this.seen.delete(id);
    return [...this.seen.values()]
      .map((node) => ({ ...node, silent: now - node.at > SILENT_MS, self: node.id === this.id }))
      .sort((a, b) => Number(b.role === 'leader') - Number(a.role === 'leader') || a.label.localeCompare(b.label));
  }

  /** The leader of the newest epoch. */
  leader(): NodeSeen | undefined {
    const leaders = this.nodes().filter((node) => node.role === 'leader');
    return leaders.sort((a, b) => b.epoch - a.epoch)[0];
  }

  freeze(id: string, ms: number) {
    this.channel.postMessage({ freeze: id, ms } satisfies Message);
    if (id === this.id) setTimeout(() => hang(ms), 50);
  }

  kill(id: string) {
    this.channel.postMessage({ kill: id } satisfies Message);
    if (id === this.id) this.onKill();
  }

  /** Tells the others that a node of ours is gone. */
  gone(id: string) {
    this.seen.delete(id);
    this.channel.postMessage({ gone: id } satisfies Message);
    this.onChange();
  }

  private announce(always: boolean) {
    const { role, epoch, seq } = this.db.status();
    const state = `${role} ${epoch} ${seq}`;
    if (!always && state === this.last) return;
    this.last = state;
    const label = `${this.kind} ${this.id.slice(0, 4)}`;
    const node: NodeSeen = { id: this.id, kind: this.kind, label, role, epoch, seq, at: Date.now() };
    this.seen.set(this.id, node);
    this.channel.postMessage({ node } satisfies Message);
    this.onChange();
  }

  private hear(message: Message) {
    if ('node' in message) {
      this.seen.set(message.node.id, { ...message.node, at: Date.now() });
      this.onChange();
    } else if ('gone' in message) {
      this.seen.delete(message.gone);
      this.onChange();
    } else if ('who' in message) this.announce(true);
    else if ('freeze' in message && message.freeze === this.id) hang(message.ms);
    else if ('kill' in message && message.kill === this.id) this.onKill();
  }
}

/** Holds the thread, as a tab that hangs does. */
function hang(ms: number) {
  const end = Date.now() + ms;
  while (Date.now() < end);
}
