/** What `kilat cli` talks to: a server over TCP, or an engine in this process. */
import { connect, type Socket } from 'node:net';
import type { Kilat } from '../kilat.js';
import type { ReplyTree } from '../reply.js';
import type { RawSession } from '../session.js';
import { Fault, reasonOf } from './fault.js';
import { ReplyParser } from './parser.js';

export interface Target {
  /** Where it is, as the prompt shows it. */
  readonly place: string;
  readonly protocol: 2 | 3;
  readonly connected: boolean;
  /** What came without being asked for, or after a subscription. */
  onPush: (reply: ReplyTree) => void;
  /** Connects anew where the connection is gone. Fails with a sentence. */
  call(words: readonly Uint8Array[]): Promise<ReplyTree>;
  close(): Promise<void>;
}

/** A server. */
export class Remote implements Target {
  readonly place: string;
  protocol: 2 | 3;
  onPush: (reply: ReplyTree) => void = () => {};
  private socket: Socket | null = null;
  private waiting: { resolve(reply: ReplyTree): void; reject(error: Error): void }[] = [];
  /** To be chosen again after a lost connection. */
  private db: number;

  constructor(
    private readonly host: string,
    private readonly port: number,
    { db, protocol }: { db: number; protocol: 2 | 3 },
  ) {
    this.place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    this.db = db;
    this.protocol = protocol;
  }

  get connected() {
    return this.socket !== null;
  }

  async connect(): Promise<void> {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) =>
        reject(new Fault(`Could not connect to Redis at ${this.place}: ${reasonOf(error)}`)));
    });
    const parser = new ReplyParser();
    socket.on('error', () => {});
    socket.on('close', () => this.lost(socket));
    socket.on('data', (bytes) => {
      parser.feed(bytes);
      try {
        for (let reply = parser.next(); reply; reply = parser.next()) this.take(reply);
      } catch (error) {
        socket.destroy();
        this.fail(new Fault(`Error: ${reasonOf(error)}`));
      }
    });
    this.socket = socket;
    if (this.protocol === 3) await this.demand(['HELLO', '3']);
    if (this.db !== 0) await this.demand(['SELECT', String(this.db)]);
  }

  /** A call without which there is no going on. */
  private async demand(words: string[]) {
    const reply = await this.send(words.map((word) => Buffer.from(word)));
    if (reply.kind === 'error') throw new Fault(`${words.join(' ')} failed: ${reply.text}`);
  }

  private take(reply: ReplyTree) {
    const waiting = reply.kind === 'push' && !isSubscription(reply) ? undefined : this.waiting.shift();
    if (waiting) waiting.resolve(reply);
    else this.onPush(reply);
  }

  private lost(socket: Socket) {
    if (this.socket === socket) this.socket = null;
    this.fail(new Fault('Error: Server closed the connection'));
  }

  private fail(error: Error) {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  async call(words: readonly Uint8Array[]): Promise<ReplyTree> {
    if (!this.socket) await this.connect();
    const reply = await this.send(words);
    const name = Buffer.from(words[0]!).toString().toLowerCase();
    if (reply.kind !== 'error') {
      if (name === 'select' && reply.kind === 'status' && reply.text === 'OK') this.db = Number(Buffer.from(words[1]!).toString());
      if (name === 'hello') this.protocol = reply.kind === 'map' ? 3 : 2;
      if (name === 'reset') [this.db, this.protocol] = [0, 2];
    }
    return reply;
  }

  private send(words: readonly Uint8Array[]): Promise<ReplyTree> {
    const parts: Uint8Array[] = [Buffer.from(`*${words.length}\r\n`)];
    for (const word of words) parts.push(Buffer.from(`$${word.length}\r\n`), word, Buffer.from('\r\n'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.socket?.write(Buffer.concat(parts));
    });
  }

  async close() {
    this.socket?.end();
    this.socket?.unref();
  }
}

/** RESP3 answers SUBSCRIBE with a push. */
function isSubscription(reply: ReplyTree): boolean {
  const kind = reply.kind === 'push' ? reply.items[0] : undefined;
  return kind?.kind === 'bulk' && /^[ps]?(un)?subscribe$/.test(Buffer.from(kind.bytes).toString());
}

/** An engine in this process. */
export class Embedded implements Target {
  onPush: (reply: ReplyTree) => void = () => {};
  readonly connected = true;
  private readonly session: RawSession;

  constructor(
    private readonly db: Kilat,
    readonly place: string,
    private readonly release: () => Promise<void>,
  ) {
    this.session = db.openSession({ onPush: (reply) => this.onPush(reply) });
  }

  get protocol() {
    return this.session.protocol;
  }

  async call(words: readonly Uint8Array[]): Promise<ReplyTree> {
    return this.session.call(words[0]!, ...words.slice(1));
  }

  async close() {
    await this.db.close();
    await this.release();
  }
}
