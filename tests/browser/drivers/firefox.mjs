// Firefox by WebDriver BiDi. Scripts may run in the browser's own window too (`--remote-allow-system-access`): they tell which
// process runs a page, and clear storage as a user does.
//
// What it cannot do: 'quota', which it reads once; 'freeze', which it has no command for; 'cache': it has one, but keeps
// out of it all pages that hold or await a Web Lock, and so all that have a database open.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFirefox } from '../../../scripts/setup.mjs';
import { until } from '../until.mjs';
import { StartedBrowser } from './browser.mjs';
import { connect } from './bidi.mjs';
import { gone } from './processes.mjs';

/** What a profile is told before it is opened; the remote agent itself turns off updates, prompts and telemetry. */
const PREFERENCES = {
  // As exact as Chromium's: rounded to 1 ms otherwise.
  'privacy.reduceTimerPrecision': false,
  // A process for each tab of a site, not four for all of them: a process dies with one tab only.
  'dom.ipc.processCount': 40,
  'dom.ipc.processCount.webIsolated': 40,
  // None is kept ready: a machine with two cores starts those that are used sooner.
  'dom.ipc.processPrelaunch.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.tabs.unloadOnLowMemory': false,
  'toolkit.startup.max_resumed_crashes': -1,
  // Nothing of the network but what a test asks for.
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'browser.safebrowsing.update.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
};

export const firefox = {
  name: 'firefox',
  can: new Set(['private', 'clear', 'hidden', 'crash', 'process', 'hang', 'commit', 'persistent', 'usage', 'persist']),
  find: findFirefox,
  launch,
};

async function launch(profile) {
  const portFile = join(profile, 'WebDriverBiDiServer.json');
  rmSync(portFile, { force: true });
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0', '--remote-allow-system-access', 'about:blank'];
  const env = { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1' };
  const child = spawn(await findFirefox(), args, { stdio: 'ignore', env });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  const port = () => {
    try {
      return existsSync(portFile) && JSON.parse(readFileSync(portFile, 'utf8')).ws_port;
    } catch {
      // It is still being written.
      return false;
    }
  };
  const connection = await connect(`ws://127.0.0.1:${await until(port, 'Firefox to listen', 60_000)}/session`);
  await connection.send('session.subscribe', { events: ['browsingContext.contextDestroyed'] });
  return new Browser(child, connection);
}

class Browser extends StartedBrowser {
  constructor(child, connection) {
    super(child, connection, { endCommand: 'browser.close', patienceMs: 5_000 });
  }

  async newTab(url, { window = true, userContext = undefined } = {}) {
    const asked = { type: window ? 'window' : 'tab', userContext };
    const { context } = await this.connection.send('browsingContext.create', asked);
    const tab = new Tab(this, context);
    await tab.navigate(url);
    return tab;
  }

  async newPrivateTab(url) {
    const { userContext } = await this.connection.send('browser.createUserContext');
    return this.newTab(url, { userContext });
  }

  /** As a user who says yes when asked. */
  allowPersist(origin) {
    return this.inWindow((origin) => {
      const principal = Services.scriptSecurityManager.createContentPrincipalFromOrigin(origin);
      Services.perms.addFromPrincipal(principal, 'persistent-storage', Services.perms.ALLOW_ACTION);
    }, origin);
  }

  /** What the settings do for one site. */
  clear(origin) {
    return this.inWindow((origin) => new Promise((resolve, reject) => {
      const principal = Services.scriptSecurityManager.createContentPrincipalFromOrigin(origin);
      const request = Services.qms.clearStoragesForPrincipal(principal, null, 'idb');
      request.callback = () => (request.resultCode === 0 ? resolve() : reject(new Error(String(request.resultCode))));
    }), origin);
  }

  /** Runs a function in the browser's own window. */
  async inWindow(run, argument = null) {
    const { contexts } = await this.connection.send('browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 });
    return evaluate(this.connection, contexts[0].context, run, argument);
  }

  /** The processes that run pages. */
  renderers() {
    return this.processesWith('-contentproc');
  }
}

async function evaluate(connection, context, run, argument) {
  const functionDeclaration = `async () => JSON.stringify(await (${run})(${JSON.stringify(argument)}))`;
  const asked = { functionDeclaration, awaitPromise: true, target: { context } };
  const { result, exceptionDetails } = await connection.send('script.callFunction', asked);
  if (exceptionDetails) throw new Error(exceptionDetails.text);
  return result.type === 'undefined' ? undefined : JSON.parse(result.value);
}

class Tab {
  constructor(browser, context) {
    Object.assign(this, { browser, context });
  }

  send(method, params = {}) {
    return this.browser.connection.send(method, { context: this.context, ...params });
  }

  evaluate(run, argument = null) {
    return evaluate(this.browser.connection, this.context, run, argument);
  }

  navigate(url) {
    return this.send('browsingContext.navigate', { url, wait: 'complete' });
  }

  async back() {
    const left = await this.evaluate(() => location.href);
    await this.send('browsingContext.traverseHistory', { delta: -1 });
    const isThere = (left) => location.href !== left && document.readyState === 'complete';
    await until(() => this.evaluate(isThere, left).catch(() => false), `the page before ${left}`);
  }

  async reload() {
    await this.send('browsingContext.reload', { wait: 'complete' });
  }

  async activate() {
    await this.send('browsingContext.activate');
  }

  async close() {
    await this.send('browsingContext.close');
  }

  async crash() {
    const pid = await this.process();
    process.kill(pid, 'SIGABRT');
    await gone([pid]);
  }

  process() {
    return this.browser.inWindow((id) => {
      const { NavigableManager } = ChromeUtils.importESModule('chrome://remote/content/shared/NavigableManager.sys.mjs');
      return NavigableManager.getBrowsingContextById(id).currentWindowGlobal.osPid;
    }, this.context);
  }
}
