/** One client: bytes of its socket into a session of the engine, and bytes of the session out. */
import type { Socket } from 'node:net';
import { Session } from '../client.js';
import type { Node } from '../node.js';

/** Fed at once; in between the socket's buffer is looked at. */
const SLICE = 16 * 1024;
/** The same for a client whose few bytes have asked for many. */
const SLICE_OF_GREEDY = 512;
/** With so much unsent no more is read. */
const UNSENT_MAX = 1024 * 1024;
/** Redis: client-output-buffer-limit pubsub. A client that takes no messages and is sent more than this is let go. */
const LET_GO = 32 * 1024 * 1024;

/** `ip:port`; an IPv6 address in brackets. */
export function placeOf(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A client that goes on sending after the end has so long to take the last word. */
const FAREWELL_MS = 1000;

const NOTHING = new Uint8Array();

export function serveSocket(node: Node, socket: Socket): void {
  new Client(node, socket);
}

class Client {
  private readonly session: Session;
  /** Read, but not yet fed. */
  private waiting: Uint8Array[] = [];
  private feeding = false;
  private closing = false;
  /** Bytes of the replies to the last slice. */
  private answered = 0;

  constructor(
    node: Node,
    private readonly socket: Socket,
  ) {
    this.session = new Session(node);
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    this.session.name(placeOf(remoteAddress ?? '', remotePort ?? 0), placeOf(localAddress ?? '', localPort ?? 0));
    this.session.onBytes = (bytes) => this.send(bytes);
    this.session.onClose = () => this.end();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 300_000);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('drain', () => this.pump());
    // The client has said all: what it asked for is answered, then the session ends.
    socket.on('end', () => this.take(NOTHING));
    socket.on('close', () => {
      this.closing = true;
      this.waiting = [];
      this.session.close();
    });
  }

  private take(chunk: Uint8Array) {
    if (this.closing) return;
    this.waiting.push(chunk);
    this.pump();
  }

  private get isFull() {
    return this.socket.writableLength > UNSENT_MAX;
  }

  private pump() {
    if (this.feeding) return;
    this.feeding = true;
    while (this.waiting.length > 0 && !this.isFull && !this.closing) {
      const size = this.answered > UNSENT_MAX ? SLICE_OF_GREEDY : SLICE;
      const chunk = this.waiting[0]!;
      if (chunk.length <= size) this.waiting.shift();
      else this.waiting[0] = chunk.subarray(size);
      this.answered = 0;
      try {
        this.session.feed(chunk.subarray(0, size));
      } catch {
        // The engine has died, or has ended: this client starts anew.
        this.end();
      }
    }
    this.feeding = false;
    if (this.waiting.length > 0 || this.isFull) this.socket.pause();
    else if (this.socket.isPaused()) this.socket.resume();
  }

  private send(bytes: Uint8Array) {
    this.answered += bytes.length;
    if (this.socket.destroyed) return;
    this.socket.write(bytes);
    if (!this.feeding && this.socket.isPaused() && this.socket.writableLength > LET_GO) this.socket.destroy();
    else if (this.isFull) this.socket.pause();
  }

  private end() {
    this.closing = true;
    this.waiting = [];
    // What has been written goes out first; what still comes in is thrown away.
    this.socket.end();
    this.socket.resume();
    const timer = setTimeout(() => this.socket.destroy(), FAREWELL_MS);
    this.socket.once('close', () => clearTimeout(timer));
  }
}
