/** What RFC 9111 asks of a private cache: what may be kept, how long it is fresh, what may be served stale. */
import type { Meta } from './store.js';

/** A response without its body; the times are Unix time in milliseconds. */
export interface ResponseMeta extends Meta {
  status: number;
  text: string;
  headers: [string, string][];
  /** When it was asked for and when it came. */
  asked: number;
  came: number;
  /** In place of a response: the request headers that tell its variants apart. */
  vary?: string[];
}

export type Directives = Map<string, string>;

/** Cache-Control, its names in lower case. */
export function directivesOf(headers: Headers): Directives {
  const found = [...(headers.get('cache-control') ?? '').matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]*)))?/g)];
  return new Map(found.map(([, name, quoted, plain]) => [name!.toLowerCase(), quoted ?? plain ?? '']));
}

const secondsOf = (text: string | null | undefined) => (/^\d+$/.test(text ?? '') ? Number(text) : null);
const dateOf = (text: string | null) => (text === null ? NaN : Date.parse(text));

/** Whole responses that say nothing against it. */
export function isStorable(request: Request, response: Response): boolean {
  if (response.type === 'opaque' || response.type === 'error' || response.type === 'opaqueredirect') return false;
  const directives = directivesOf(response.headers);
  const forbidden = directives.has('no-store') || directivesOf(request.headers).has('no-store');
  if (forbidden || (response.headers.get('vary') ?? '').includes('*')) return false;
  const isExplicit = directives.has('max-age') || response.headers.has('expires');
  return [200, 203].includes(response.status) || (isExplicit && [404, 410].includes(response.status));
}

/** Seconds that a response is fresh after it was made; `ttl` where it does not say. */
export function lifetimeOf(headers: Headers, ttl: number | undefined, came: number): number {
  const directives = directivesOf(headers);
  if (directives.has('no-cache')) return 0;
  const maxAge = directives.get('max-age');
  if (maxAge !== undefined) return secondsOf(maxAge) ?? 0;
  const made = dateOf(headers.get('date')) || came;
  // An Expires that is no date, such as 0, is in the past.
  if (headers.has('expires')) return Math.max(0, (dateOf(headers.get('expires')) - made) / 1000 || 0);
  if (ttl !== undefined) return ttl;
  const changed = dateOf(headers.get('last-modified'));
  return Number.isNaN(changed) ? 0 : Math.max(0, (made - changed) / 10_000);
}

/** Seconds since a response was made, as far as can be known. */
export function ageOf({ headers, asked, came }: ResponseMeta, now: number): number {
  const all = new Headers(headers);
  const apparent = Math.max(0, came - (dateOf(all.get('date')) || came));
  const corrected = (secondsOf(all.get('age')) ?? 0) * 1000 + (came - asked);
  return (Math.max(apparent, corrected) + Math.max(0, now - came)) / 1000;
}

/** Whether it may be served without asking, and whether it may be served when asking fails. */
export function staleness(meta: ResponseMeta, ttl: number | undefined, now: number) {
  const headers = new Headers(meta.headers);
  const directives = directivesOf(headers);
  const isFresh = lifetimeOf(headers, ttl, meta.came) > ageOf(meta, now);
  return { isFresh, mayServeStale: !directives.has('must-revalidate') && !directives.has('no-cache') };
}

/** Headers that ask whether a response is still good; null where it has nothing to ask with. */
export function conditionsOf(meta: ResponseMeta): [string, string][] | null {
  const headers = new Headers(meta.headers);
  const [etag, changed] = [headers.get('etag'), headers.get('last-modified')];
  if (etag) return [['if-none-match', etag]];
  return changed ? [['if-modified-since', changed]] : null;
}

/** The stored headers, with those of a 304 in their place. */
export function refreshed(stored: [string, string][], answer: Headers): [string, string][] {
  const headers = new Headers(stored);
  for (const [name, value] of answer) if (!/^content-(encoding|length|range|type)$/.test(name)) headers.set(name, value);
  return [...headers];
}

/** A part of a whole body, as a 206; null where it is not one range of bytes that can be had. */
export function slice(range: string, meta: ResponseMeta, body: Uint8Array, headers: Headers): Response | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range);
  if (!found || (found[1] === '' && found[2] === '') || meta.status !== 200) return null;
  const size = body.length;
  const start = found[1] === '' ? Math.max(0, size - Number(found[2])) : Number(found[1]);
  const end = found[1] === '' || found[2] === '' ? size : Math.min(size, Number(found[2]) + 1);
  if (start >= size) {
    return new Response(null, { status: 416, statusText: 'Range Not Satisfiable', headers: { 'content-range': `bytes */${size}` } });
  }
  if (end <= start) return null;
  headers.set('content-range', `bytes ${start}-${end - 1}/${size}`);
  headers.set('content-length', String(end - start));
  return new Response(body.slice(start, end) as BodyInit, { status: 206, statusText: 'Partial Content', headers });
}
