// A connection by Chromium's own protocol: calls, and events by session.
import { callsOver } from './calls.mjs';

function sort({ id, result, error, method, params, sessionId }) {
  if (id) return { id, result, failure: error?.message };
  const event = { method, params, session: sessionId };
  if (method === 'Target.detachedFromTarget') return { event, why: 'the tab is gone', concerns: (session) => session === params.sessionId };
  if (method === 'Inspector.targetCrashed') return { event, why: 'the tab crashed', concerns: (session) => session === sessionId };
  return { event };
}

/** Answers `{ send(method, params, session), on(listener), end() }`. */
export async function connect(url) {
  const calls = await callsOver(url, sort);
  const send = (method, params = {}, session = undefined) => calls.send(method, { params, sessionId: session }, session);
  return { ...calls, send };
}
