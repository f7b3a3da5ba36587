// A connection by WebDriver BiDi: calls, and events. What waits for a page that goes is refused.
import WebSocket from 'ws';

/** Answers `{ send(method, params), on(listener), end() }`, of a session of its own. */
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
  const take = ({ id, type, result, error, message, method, params }) => {
    if (type !== 'event') {
      const call = waiting.get(id);
      waiting.delete(id);
      if (type === 'error') call?.reject(new Error(`${call.method}: ${error}: ${message}`));
      else call?.resolve(result);
      return;
    }
    const isGone = ({ params: asked }) => asked.target?.context === params.context;
    if (method === 'browsingContext.contextDestroyed') refuse('the tab is gone', isGone);
    for (const listener of listeners) listener({ method, params });
  };
  socket.on('message', (text) => take(JSON.parse(text)));
  socket.on('error', () => {});
  socket.on('close', () => refuse('the browser is gone'));

  const send = (method, params = {}) => {
    if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error(`${method}: the browser is gone`));
    const id = ++last;
    socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject, method, params }));
  };
  const on = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  await send('session.new', { capabilities: {} });
  return { send, on, end: () => socket.terminate() };
}
