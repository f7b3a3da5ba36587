// Chromium by its own protocol. Playwright keeps every tab visible and focused, and turns off the back-forward cache,
// the throttling of timers and freezing: tests of a page's life cannot use it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../../../scripts/setup.mjs';
import { until } from '../until.mjs';
import { StartedBrowser } from './browser.mjs';
import { connect } from './cdp.mjs';
import { growsWith } from './processes.mjs';

export const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // Pages are told the limit that there is: otherwise 10 GiB more than they use, whatever it is.
  '--disable-features=StaticStorageQuota',
];

export const chromium = {
  name: 'chromium',
  can: new Set(['private', 'quota', 'clear', 'hidden', 'crash', 'freeze', 'process', 'hang', 'commit', 'cache', 'persistent', 'usage', 'persist']),
  find: findChromium,
  launch,
};

async function launch(profile) {
  const portFile = join(profile, 'DevToolsActivePort');
  rmSync(portFile, { force: true });
  const args = [...ARGS, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'];
  const child = spawn(await findChromium(), args, { stdio: 'ignore' });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  const lines = () => (existsSync(portFile) ? readFileSync(portFile, 'utf8').split('\n') : []);
  const [port, path] = await until(() => lines().length > 1 && lines(), 'Chromium to listen', 60_000);

  return new Browser(child, await connect(`ws://127.0.0.1:${port}${path}`));
}

class Browser extends StartedBrowser {
  constructor(child, connection) {
    super(child, connection, { endCommand: 'Browser.close', patienceMs: 3_000 });
  }

  async newTab(url, { window = true, context = undefined } = {}) {
    const params = { url: 'about:blank', newWindow: window, browserContextId: context };
    const { targetId } = await this.connection.send('Target.createTarget', params);
    const { sessionId } = await this.connection.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this, targetId, sessionId);
    await tab.send('Page.enable');
    await tab.send('Inspector.enable');
    await tab.navigate(url);
    return tab;
  }

  async newPrivateTab(url) {
    const { browserContextId } = await this.connection.send('Target.createBrowserContext');
    return this.newTab(url, { context: browserContextId });
  }

  setQuota(origin, bytes) {
    return this.#ofAnyPage('Storage.overrideQuotaForOrigin', { origin, quotaSize: bytes });
  }

  allowPersist(origin) {
    return this.connection.send('Browser.grantPermissions', { origin, permissions: ['durableStorage'] });
  }

  clear(origin) {
    return this.#ofAnyPage('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  }

  /** What only a page's session can be asked, although it concerns the profile. */
  async #ofAnyPage(method, params) {
    const { targetInfos } = await this.connection.send('Target.getTargets');
    const { targetId } = targetInfos.find(({ type, url }) => type === 'page' && url.startsWith(params.origin));
    const { sessionId } = await this.connection.send('Target.attachToTarget', { targetId, flatten: true });
    await this.connection.send(method, params, sessionId);
  }

  /** The processes that run pages. */
  renderers() {
    return this.processesWith('--type=renderer');
  }
}

class Tab {
  constructor(browser, targetId, session) {
    Object.assign(this, { browser, targetId, session });
  }

  send(method, params) {
    return this.browser.connection.send(method, params, this.session);
  }

  async evaluate(run, argument = null) {
    const expression = `(${run})(${JSON.stringify(argument)})`;
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', asked);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async navigate(url) {
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await this.#isAt(url);
  }

  async back() {
    const { currentIndex, entries } = await this.send('Page.getNavigationHistory');
    const { id, url } = entries[currentIndex - 1];
    await this.send('Page.navigateToHistoryEntry', { entryId: id });
    await this.#isAt(url);
  }

  async reload() {
    const url = await this.evaluate(() => {
      globalThis.isOld = true;
      return location.href;
    });
    await this.send('Page.reload');
    await until(() => this.evaluate(() => !globalThis.isOld).catch(() => false), 'the page to be loaded anew');
    await this.#isAt(url);
  }

  #isAt(url) {
    const isThere = `(url) => location.href === url && document.readyState === 'complete'`;
    return until(() => this.evaluate(isThere, url).catch(() => false), `page ${url}`);
  }

  async activate() {
    await this.browser.connection.send('Target.activateTarget', { targetId: this.targetId });
  }

  async close() {
    await this.browser.connection.send('Target.closeTarget', { targetId: this.targetId });
  }

  async crash() {
    const crashed = new Promise((resolve) => {
      const off = this.browser.connection.on(({ method, session }) => {
        if (method !== 'Inspector.targetCrashed' || session !== this.session) return;
        off();
        resolve();
      });
    });
    this.send('Page.crash').catch(() => {});
    await crashed;
  }

  async freeze() {
    await this.send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  async thaw() {
    await this.send('Page.setWebLifecycleState', { state: 'active' });
  }

  process() {
    return growsWith(this, this.browser.renderers());
  }
}
