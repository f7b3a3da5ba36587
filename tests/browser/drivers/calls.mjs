// Calls over a WebSocket that are answered by their number, and events: what both drivers' protocols have in common.
import WebSocket from 'ws';

/** Less than a test may take, so that it tells what it waited for. */
const PATIENCE_MS = 150_000;

/**
 * Answers `{ send(method, more, about), on(listener), end() }`. `sort` tells what a message is: `{ id, result, failure }`
 * for an answer, `{ event, why, concerns }` for an event; where `why` is given, calls whose `about` is concerned are refused.
 */
export async function callsOver(url, sort) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 30 });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;

  const refuse = (why, concerns = () => true) => {
    for (const [id, call] of waiting) {
      if (!concerns(call.about)) continue;
      waiting.delete(id);
      call.reject(new Error(`${call.method}: ${why}`));
    }
  };
  const take = ({ id, result, failure, event, why, concerns }) => {
    if (!event) {
      const call = waiting.get(id);
      waiting.delete(id);
      if (failure) call?.reject(new Error(`${call.method}: ${failure}`));
      else call?.resolve(result);
      return;
    }
    if (why) refuse(why, concerns);
    for (const listener of listeners) listener(event);
  };
  socket.on('message', (text) => take(sort(JSON.parse(text))));
  socket.on('error', () => {});
  socket.on('close', () => refuse('the browser is gone'));

  return {
    send(method, more, about) {
      if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error(`${method}: the browser is gone`));
      const id = ++last;
      socket.send(JSON.stringify({ id, method, ...more }));
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, method, about });
        const giveUp = () => reject(new Error(`no answer for ${PATIENCE_MS} ms: ${method} ${JSON.stringify(more).slice(0, 500)}`));
        setTimeout(() => waiting.delete(id) && giveUp(), PATIENCE_MS).unref();
      });
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end: () => socket.terminate(),
  };
}
