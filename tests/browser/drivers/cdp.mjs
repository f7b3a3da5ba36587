// A connection by Chromium's own protocol: calls, and events by session.
import WebSocket from 'ws';

/** Answers `{ send(method, params, session), on(listener), end() }`. */
export async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 30 });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;

  const refuse = (why, concerns = () => true) => {
    for (const [id, call] of waiting) {
      if (!concerns(call)) continue;
      waiting.delete(id);
      call.reject(new Error(`${call.method}: ${why}`));
    }
  };
  const take = ({ id, result, error, method, params, sessionId }) => {
    if (id) {
      const call = waiting.get(id);
      waiting.delete(id);
      if (error) call?.reject(new Error(`${call.method}: ${error.message}`));
      else call?.resolve(result);
      return;
    }
    if (method === 'Target.detachedFromTarget') refuse('the tab is gone', (call) => call.session === params.sessionId);
    if (method === 'Inspector.targetCrashed') refuse('the tab crashed', (call) => call.session === sessionId);
    for (const listener of listeners) listener({ method, params, session: sessionId });
  };
  socket.on('message', (text) => take(JSON.parse(text)));
  socket.on('error', () => {});
  socket.on('close', () => refuse('the browser is gone'));

  return {
    send(method, params = {}, session = undefined) {
      if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error(`${method}: the browser is gone`));
      const id = ++last;
      socket.send(JSON.stringify({ id, method, params, sessionId: session }));
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject, method, session }));
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end: () => socket.terminate(),
  };
}
