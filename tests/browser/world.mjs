// What the tests of this folder share: a browser with a profile of its own, a static server, and tabs that have the
// built package as `kilat`. A test asks for what it needs; everything ends with it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driver } from './drivers/index.mjs';
import { serve } from './server.mjs';
import { until } from './until.mjs';
import { Writers } from './writers.mjs';

export { needs } from './drivers/index.mjs';
export { until } from './until.mjs';

/**
 * A browser, and `writers`, clients whose writes are recorded. `tab(open, options)` opens a tab with `kilat`, and with `db`
 * where options of `open` are given; its own options are those of the driver's `newTab`. `held` has the names of what pages
 * stand still at (`/hold/<name>`). `relaunch()` starts the browser again on the same `profile`.
 */
export async function world(t, { folders = {} } = {}) {
  const server = await serve({ folders, hear: (message) => here.writers.hear(message), hold: (what) => here.held.add(what) });
  const profile = mkdtempSync(join(tmpdir(), 'kilat-profile-'));
  const { address } = server;
  const here = {
    writers: new Writers(),
    held: new Set(),
    address,
    profile,
    origin: new URL(address).origin,
    browser: await driver.launch(profile),
    /** Every one of these tabs has all that was acknowledged, once; answers how much it was. */
    async checkAll(tabs) {
      let acknowledged = 0;
      for (const tab of tabs) {
        const { lost, doubled, ...seen } = await here.writers.check(tab);
        assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] });
        acknowledged = seen.acknowledged;
      }
      assert.ok(acknowledged > 0, 'something was written');
      return acknowledged;
    },
    async relaunch() {
      here.browser = await driver.launch(profile);
    },
    async tab(open, options) {
      const tab = await here.browser.newTab(address, options);
      await load(tab, open);
      return tab;
    },
  };
  t.after(async () => {
    await here.browser.close();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return here;
}

/** Gives a page that was just loaded `kilat`, and perhaps `db`; `from` is the folder of the package. */
export async function load(tab, open = null, from = 'pkg') {
  await tab.evaluate(`async ({ open, from }) => {
    globalThis.kilat = await import('/' + from + '/index.js');
    if (open) globalThis.db = await kilat.open(open);
  }`, { open, from });
}

/** Loads the page anew, with `kilat` and perhaps `db`. */
export async function revisit(tab, open) {
  await tab.reload();
  await load(tab, open);
}

export const roleOf = (tab) => tab.evaluate(() => db.status().role);

export const leads = (tab, ms) => until(async () => (await roleOf(tab)) === 'leader', 'the tab to lead', ms);

export const follows = (tab, ms) => until(async () => (await roleOf(tab)) === 'follower', 'the tab to follow', ms);

/** A tab for each of these clients, all of them writing; the first one leads. */
export async function tabsThatWrite({ tab, writers }, open, clients, options) {
  const tabs = [];
  for (const client of clients) {
    const one = await tab(open, options);
    await (tabs.length === 0 ? leads(one) : follows(one));
    tabs.push(one);
    await writers.start(one, client);
  }
  return tabs;
}
