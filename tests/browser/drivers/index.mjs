// The browsers that tests drive, one file for each engine, behind one interface. KILAT_BROWSER names the engine.
//
//   driver.name                     'chromium'
//   driver.can                      what the engine can be made to do: a Set of the words of CAPABILITIES
//   driver.find()                   the path of its program, or null
//   driver.launch(profile)          a browser on that folder; a folder that was used before is opened again
//
//   browser.pid                     its main process
//   browser.newTab(url, { window }) a tab; in a window of its own, and so to be seen, unless `window: false`
//   browser.newPrivateTab(url)      a tab that shares no storage with the others       'private'
//   browser.setQuota(origin, bytes) how much an origin may store                       'quota'
//   browser.allowPersist(origin)    what it is asked to keep, it keeps                  'persist'
//   browser.clear(origin)           as a user who clears an origin's IndexedDB         'clear'
//   browser.kill()                  kill -9; resolved when every process of it is gone
//   browser.close()                 the end, as a user ends it
//
//   tab.evaluate(run, argument)     runs a function in the page; JSON in, JSON out. Rejects when the page goes
//   tab.navigate(url), back(), reload()   resolved when the page is there
//   tab.activate()                  the tab that is seen of its window                 'hidden'
//   tab.close()
//   tab.crash()                     ends the page's process as a bug would             'crash'
//   tab.freeze(), tab.thaw()        as the browser does to save power                  'freeze'
//   tab.process()                   the pid of the process that runs the page          'process'
//
// Five more are not calls: 'usage', pages can ask how much is stored; 'hang', a tab that hangs can be closed; 'commit', a
// transaction that was committed goes on while its page hangs; 'cache', pages that are left come back as they were (the
// back-forward cache), and 'persistent', a profile outlives its browser.
import { Stop } from '../../../scripts/shell.mjs';
import { chromium } from './chromium.mjs';
import { firefox } from './firefox.mjs';
import { webkit } from './webkit.mjs';

export const CAPABILITIES = ['private', 'quota', 'clear', 'hidden', 'crash', 'freeze', 'process', 'hang', 'commit', 'cache', 'persistent', 'usage', 'persist'];

const DRIVERS = { chromium, firefox, webkit };

/** The driver of that name. */
export function driverNamed(name) {
  const driver = DRIVERS[name];
  if (!driver) throw new Stop(`no driver for '${name}': there are ${Object.keys(DRIVERS).join(', ')}`);
  return driver;
}

export const driver = driverNamed(process.env.KILAT_BROWSER || 'chromium');

const isThere = (await driver.find()) !== null;

/** Options of a test that needs these capabilities: it is left out, aloud, where the engine lacks one. */
export function needs(...capabilities) {
  for (const capability of capabilities) {
    if (!CAPABILITIES.includes(capability)) throw new Error(`no such capability: ${capability}`);
  }
  const lacking = capabilities.filter((capability) => !driver.can.has(capability));
  const skip = !isThere ? `no ${driver.name} here` : lacking.length > 0 && `${driver.name} cannot do: ${lacking.join(', ')}`;
  return { skip, timeout: 180_000 };
}
