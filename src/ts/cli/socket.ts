/** One client: bytes of its socket into a session of the engine, and bytes of the session out. */
import type { Socket } from 'node:net';
import { Session, type Node } from '../node.js';

/** Fed at once: what a few bytes ask for may be large, and in between the socket's buffer is looked at. */
const SLICE = 16 * 1024;
/** With so much unsent no more is read. */
const UNSENT_MAX = 1024 * 1024;
/** Redis: client-output-buffer-limit pubsub. A client that does not read and is sent more than this is let go. */
const LET_GO = 32 * 1024 * 1024;

export function serveSocket(node: Node, socket: Socket): void {
  const session = new Session(node);
  /** Read, but not yet fed. */
  let waiting: Buffer[] = [];
  let closing = false;

  const isFull = () => socket.writableLength > UNSENT_MAX;
  const pump = () => {
    while (waiting.length > 0 && !isFull() && !closing) {
      const chunk = waiting[0]!;
      if (chunk.length <= SLICE) waiting.shift();
      else waiting[0] = chunk.subarray(SLICE);
      try {
        session.feed(chunk.subarray(0, SLICE));
      } catch {
        // The engine has died, or has ended: this client starts anew.
        end();
      }
    }
    if (waiting.length > 0 || isFull()) socket.pause();
    else if (socket.isPaused()) socket.resume();
  };
  const end = () => {
    closing = true;
    waiting = [];
    // What has been written goes out first; what still comes in is thrown away.
    socket.end();
    socket.resume();
  };

  session.onBytes = (bytes) => {
    if (socket.destroyed) return;
    socket.write(bytes);
    if (waiting.length === 0 && socket.writableLength > LET_GO && socket.isPaused()) socket.destroy();
  };
  session.onClose = end;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 300_000);
  socket.on('data', (chunk) => {
    if (closing) return;
    waiting.push(chunk);
    pump();
  });
  socket.on('drain', pump);
  // Half-open: what was asked for is answered, then we end too.
  socket.on('end', () => end());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    closing = true;
    waiting = [];
    session.close();
  });
}
