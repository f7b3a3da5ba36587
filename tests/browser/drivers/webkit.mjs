// WebKitGTK's MiniBrowser by WebKitWebDriver, on a display that nobody sees.
//
// WebDriver runs one command after the other, and a page that hangs would hold all of them up: a command only starts what
// is to be evaluated, and the page reports by `fetch` what came of it.
//
// What it cannot do: a session keeps nothing ('persistent') and ends with the first process of it that dies ('crash',
// 'process'); closing a tab that hangs ends nothing ('hang'); what a page asks of IndexedDB, `commit()` too,
// leaves it when its task ends ('commit'); there are no commands for the rest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { findWebkit } from '../../../scripts/setup.mjs';
import { freePort } from '../../../scripts/shell.mjs';
import { until } from '../until.mjs';
import { gone, processesBelow } from './processes.mjs';

export const webkit = { name: 'webkit', can: new Set(['cache']), find: findWebkit, launch };

async function launch(profile) {
  const display = await Display.open();
  const port = await freePort();
  const env = {
    ...process.env,
    DISPLAY: display.name,
    GDK_BACKEND: 'x11',
    HOME: profile,
    XDG_CACHE_HOME: profile,
    XDG_CONFIG_HOME: profile,
    XDG_DATA_HOME: profile,
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  };
  const child = spawn('WebKitWebDriver', [`--port=${port}`], { stdio: 'ignore', env });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  child.once('exit', () => process.off('exit', killed));
  const session = await Session.open(`http://127.0.0.1:${port}`);
  const reports = await Reports.open();
  return new Browser({ child, display, session, reports });
}

/** An X server with a number of its own choice. */
class Display {
  static async open() {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const killed = () => child.kill('SIGKILL');
    process.once('exit', killed);
    child.once('exit', () => process.off('exit', killed));
    const [number] = await once(child.stdio[3], 'data');
    return Object.assign(new Display(), { child, name: `:${String(number).trim()}` });
  }

  close() {
    this.child.kill('SIGKILL');
  }
}

/** A WebDriver session: commands, one after the other, each in the window that it names. */
class Session {
  #last = Promise.resolve();
  #current = null;

  static async open(address) {
    const session = Object.assign(new Session(), { address });
    const binary = await findWebkit();
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } } };
    await until(() => fetch(`${address}/status`).then(() => true, () => false), 'WebKitWebDriver to listen', 60_000);
    const { sessionId } = await session.#ask('POST', '/session', { capabilities });
    session.address = `${address}/session/${sessionId}`;
    await session.send('POST', '/timeouts', { script: 60_000, pageLoad: 60_000 });
    // It is there from the beginning, and stays: new ones are asked for in one that is open.
    session.first = await session.send('GET', '/window');
    return session;
  }

  /** `window`: the handle of the window that it is for. */
  send(method, path, body, window = null) {
    const run = async () => {
      if (window !== null && window !== this.#current) {
        await this.#ask('POST', '/window', { handle: window });
        this.#current = window;
      }
      return this.#ask(method, path, body);
    };
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }

  /** The current window is gone. */
  forget() {
    this.#current = null;
  }

  async #ask(method, path, body) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.address}${path}`, { method, headers, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined });
    const { value } = await response.json();
    if (value?.error) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}

/** What pages report, by the number of what they were asked. */
class Reports {
  #waiting = new Map();
  #last = 0;

  static async open() {
    const reports = new Reports();
    const server = createServer(async (request, response) => {
      const report = await json(request).catch(() => ({ error: 'the page went while it reported' }));
      reports.#settle(Number(request.url.slice(1)), report);
      response.writeHead(204).end();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return Object.assign(reports, { server, address: `http://127.0.0.1:${server.address().port}` });
  }

  /** Answers `{ url, report }`: where to report to, and what will have been. */
  expect(tab) {
    const id = ++this.#last;
    const report = new Promise((resolve, reject) => this.#waiting.set(id, { tab, resolve, reject }));
    return { url: `${this.address}/${id}`, report };
  }

  #settle(id, { value, error }) {
    const call = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  }

  /** What was asked of this tab, or of all, will not be answered. */
  refuse(tab = null) {
    for (const [id, call] of this.#waiting) if (tab === null || call.tab === tab) this.#settle(id, { error: 'the page is gone' });
  }

  close() {
    this.refuse();
    this.server.close();
    this.server.closeAllConnections();
  }
}

class Browser {
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** MiniBrowser's own process. */
  get pid() {
    return processesBelow(this.child.pid).find(({ command }) => command.includes('MiniBrowser')).pid;
  }

  async newTab(url, { window = true } = {}) {
    const { handle } = await this.session.send('POST', '/window/new', { type: window ? 'window' : 'tab' }, this.session.first);
    const tab = new Tab(this, handle);
    await tab.navigate(url);
    return tab;
  }

  async kill() {
    const pids = processesBelow(this.child.pid).map(({ pid }) => pid);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    this.reports.close();
    this.display.close();
    await gone(pids);
  }

  /** A session does not outlive its last command, and a page may still hold that up. */
  close() {
    return this.kill();
  }
}

class Tab {
  constructor(browser, handle) {
    Object.assign(this, { browser, handle });
  }

  send(method, path, body) {
    return this.browser.session.send(method, path, body, this.handle);
  }

  async evaluate(run, argument = null) {
    const { url, report } = this.browser.reports.expect(this);
    report.catch(() => {});
    // A task of its own: the command is done before what it starts begins.
    const script = `
      const report = (what) => fetch(${JSON.stringify(url)}, { method: 'POST', mode: 'no-cors', body: JSON.stringify(what) });
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = async () => {
        port1.close();
        try {
          report({ value: await (${run})(${JSON.stringify(argument)}) });
        } catch (error) {
          report({ error: error + ' ' + error.stack });
        }
      };
      port2.postMessage(null);`;
    await this.send('POST', '/execute/sync', { script, args: [] });
    return report;
  }

  navigate(url) {
    return this.#leave('/url', { url });
  }

  back() {
    return this.#leave('/back');
  }

  reload() {
    return this.#leave('/refresh');
  }

  async #leave(path, body) {
    await this.send('POST', path, body);
    this.browser.reports.refuse(this);
  }

  async close() {
    await this.send('DELETE', '/window');
    this.browser.session.forget();
    this.browser.reports.refuse(this);
  }
}
