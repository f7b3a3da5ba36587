// The ways in which a tab ends or stands still: for the tests, and for `npm run kills`.
//
// A way has `needs`, capabilities of the engine; `prepare(tab)`, what must be asked of a page that is still well;
// `strike(tab, world)`, which does it; and `after(tab, world)`, which wakes the page or clears away what is left of it.

const signal = (name) => (tab) => process.kill(tab.pid, name);

const findProcess = async (tab) => {
  tab.pid = await tab.process();
};

const nothing = () => {};
const close = (tab) => tab.close();

/** An infinite loop: the page answers nobody until its tab is closed. */
const hang = (tab) => {
  tab.evaluate(() => { for (;;); }).catch(nothing);
};

const elsewhere = (tab, { address }) => tab.navigate(`${address}elsewhere`);

/** The page is gone for good. */
export const ENDS = {
  close: { needs: [], prepare: nothing, strike: close, after: nothing },
  navigate: { needs: [], prepare: nothing, strike: elsewhere, after: close },
  reload: { needs: [], prepare: nothing, strike: (tab) => tab.reload(), after: close },
  crash: { needs: ['crash'], prepare: nothing, strike: (tab) => tab.crash(), after: close },
  'kill -9': { needs: ['process'], prepare: findProcess, strike: signal('SIGKILL'), after: close },
  hang: { needs: ['hang'], prepare: nothing, strike: hang, after: close },
};

/**
 * The page stands still, and is woken. Browser: Chromium gives up a page in the back-forward cache whose transaction is in the
 * way of another tab's, so one that was left in the middle of a write may have to be loaded anew: `isAwake` tells.
 */
export const SLEEPS = {
  cache: { needs: ['cache'], prepare: nothing, strike: elsewhere, after: (tab) => tab.back() },
  freeze: { needs: ['freeze'], prepare: nothing, strike: (tab) => tab.freeze(), after: (tab) => tab.thaw() },
  SIGSTOP: { needs: ['process'], prepare: findProcess, strike: signal('SIGSTOP'), after: signal('SIGCONT') },
};

/** After so long it is a stopped process that holds all others up, and it is woken. */
const HELD_UP_MS = 15_000;

/**
 * When a later leader first acknowledged a write of these clients, and whether that had to wait: `{ atMs, isHeldUp }`. Browser:
 * a process that is stopped between the beginning of a transaction and its commit, which no page can keep together, holds all
 * others up until it goes on or the browser gives the transaction up, after a minute.
 */
export async function nextReign(way, tab, here, clients, epoch) {
  if (way !== SLEEPS.SIGSTOP) return { atMs: await here.writers.nextReign(clients, epoch), isHeldUp: false };
  const atMs = await here.writers.nextReign(clients, epoch, HELD_UP_MS).catch(nothing);
  if (atMs) return { atMs, isHeldUp: false };
  way.after(tab);
  return { atMs: await here.writers.nextReign(clients, epoch), isHeldUp: true };
}

/** Whether it is the page that it was, and its client goes on. */
export const isAwake = (tab) => tab.evaluate(() => globalThis.stopWriting !== undefined);
