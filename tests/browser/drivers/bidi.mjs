// A connection by WebDriver BiDi: calls, and events. What waits for a page that goes is refused.
import { callsOver } from './calls.mjs';

function sort({ id, type, result, error, message, method, params }) {
  if (type !== 'event') return { id, result, failure: type === 'error' && `${error}: ${message}` };
  const event = { method, params };
  if (method !== 'browsingContext.contextDestroyed') return { event };
  return { event, why: 'the tab is gone', concerns: (asked) => asked.target?.context === params.context };
}

/** Answers `{ send(method, params), on(listener), end() }`, of a session of its own. */
export async function connect(url) {
  const calls = await callsOver(url, sort);
  const send = (method, params = {}) => calls.send(method, { params }, params);
  await send('session.new', { capabilities: {} });
  return { ...calls, send };
}
