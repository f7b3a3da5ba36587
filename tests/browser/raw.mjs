// Chromium by its own protocol. Playwright keeps every tab visible and focused and turns the back-forward cache off:
// tests of a page's life cannot use it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { pause } from '../../scripts/shell.mjs';
import { ARGS, chromiumPath, serve, until } from './world.mjs';

/** A browser with a fresh profile; `tab(open)` opens a page with `kilat`, and with `db` where options are given. */
export async function rawWorld(t) {
  const server = await serve();
  const address = `http://127.0.0.1:${server.address().port}/`;
  const profile = mkdtempSync(join(tmpdir(), 'kilat-profile-'));
  const args = [...ARGS, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'];
  const child = spawn(chromiumPath, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let browser = null;
  t.after(async () => {
    if (browser) await Promise.race([browser.send('Browser.close'), pause(3_000)]);
    await Promise.race([ended, pause(3_000)]);
    child.kill('SIGKILL');
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const file = join(profile, 'DevToolsActivePort');
  const [port, path] = await until(() => existsSync(file) && readFileSync(file, 'utf8').split('\n').length > 1 && readFileSync(file, 'utf8').split('\n'), 'Chromium to listen');
  browser = await connect(`ws://127.0.0.1:${port}${path}`);
  return {
    address,
    async tab(open) {
      const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
      const page = new Page(browser, targetId, sessionId);
      await page.send('Page.enable');
      await page.visit(address, open);
      return page;
    },
  };
}

class Page {
  constructor(browser, targetId, sessionId) {
    Object.assign(this, { browser, targetId, sessionId });
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.sessionId);
  }

  /** Runs a function in the page and answers what it answers, as JSON. */
  async evaluate(run, argument) {
    const expression = `(${run})(${JSON.stringify(argument) ?? ''})`;
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async goto(url) {
    await this.send('Page.navigate', { url });
    await until(() => this.evaluate((url) => location.href === url && document.readyState === 'complete', url).catch(() => false), `page ${url}`);
  }

  async visit(address, open) {
    await this.goto(address);
    await this.evaluate(`async (open) => {
      globalThis.kilat = await import('/pkg/index.js');
      if (open) globalThis.db = await kilat.open(open);
    }`, open ?? null);
  }

  /** Shows this tab: the others of its window are hidden. */
  show() {
    return this.browser.send('Target.activateTarget', { targetId: this.targetId });
  }

  setLifecycle(state) {
    return this.send('Page.setWebLifecycleState', { state });
  }

  role() {
    return this.evaluate(() => db.status().role);
  }
}

async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map();
  let last = 0;
  socket.on('message', (text) => {
    const { id, result, error } = JSON.parse(text);
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  });
  return {
    send(method, params, sessionId) {
      const id = ++last;
      socket.send(JSON.stringify({ id, method, params, sessionId }));
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
  };
}
