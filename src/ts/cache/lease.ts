/**
 * A lease: what one tab does for all of them. Its token stands in a key that expires, and names the page that holds it,
 * so that others need not wait for the expiry when that page has died: it held a Web Lock of that name.
 */
import type { Link } from './link.js';

const ALIVE = 'kilat:alive:';

let page: Promise<string> | null = null;
let count = 0;

/** This page's name; it begins with `+` where a Web Lock tells that the page lives. */
function pageName(): Promise<string> {
  return (page ??= new Promise((resolve) => {
    const id = [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36)).join('');
    const locks = globalThis.navigator?.locks;
    if (!locks) return resolve(`-${id}`);
    locks
      .request(ALIVE + id, () => {
        resolve(`+${id}`);
        return new Promise(() => {});
      })
      .catch(() => resolve(`-${id}`));
  }));
}

/** Takes the lease `key` for `ms`; answers its token, or null where somebody has it. */
export async function claim(link: Link, key: string, ms: number): Promise<string | null> {
  if (link.text('GET', key) !== null) return null;
  const token = `${await pageName()}/${++count}`;
  const [done] = await link.write(['SET', key, token, 'NX', 'PX', ms]);
  return done?.kind === 'status' ? token : null;
}

/** Runs `calls` if the lease is still `token`'s; answers whether it was. */
export async function whileHeld(link: Link, key: string, token: string, ...calls: Parameters<Link['write']>) {
  const held = () => (link.text('GET', key) === token ? calls : null);
  return (await link.transact([key], held)) !== null;
}

export const renew = (link: Link, key: string, token: string, ms: number) => whileHeld(link, key, token, ['PEXPIRE', key, ms]);

/** Frees a lease whose holder has died. */
export async function freeIfDead(link: Link, key: string) {
  const token = link.text('GET', key);
  if (!token?.startsWith('+')) return;
  const name = ALIVE + token.slice(1, token.indexOf('/'));
  const { held } = await navigator.locks.query();
  if (!held?.some((lock) => lock.name === name)) await whileHeld(link, key, token, ['DEL', key]);
}
