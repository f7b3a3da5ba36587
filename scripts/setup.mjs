// Set-up: finds every tool that building and testing need, and installs what is missing. Says what it
// installs; says nothing of what is there; does nothing twice. `node scripts/setup.mjs` runs it alone.
import { existsSync, readFileSync } from 'node:fs';
import { Stop, ask, at, isExecutable, must, run, runMain, say, which } from './shell.mjs';

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** What building needs. Answers the path of each tool. */
export async function setUpBuild() {
  checkNode();
  await installRust();
  await installNodeModules();
  const wasmBindgen = await installWasmBindgen();
  return { wasmBindgen, wasmOpt: at('node_modules/.bin/wasm-opt') };
}

/** What testing needs besides: browsers (null: none to be had) and Redis 7 (null: likewise). */
export async function setUpTests() {
  const browsers = { chromium: await installBrowser('chromium'), firefox: await installBrowser('firefox') };
  return { ...browsers, redisServer: await installRedis() };
}

/** Path of 'chromium', 'firefox' or 'webkit', found or installed; null: it cannot be had. */
export async function installBrowser(name) {
  const install = { chromium: installChromium, firefox: installFirefox, webkit: installWebkit }[name];
  if (!install) throw new Stop(`no browser is called '${name}': there are chromium, firefox and webkit`);
  return install();
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new Stop(`Node 20 or newer is needed, this is ${process.versions.node}.`);
}

async function installRust() {
  if (!which('cargo')) throw new Stop('Rust is needed: install it with rustup (rustup.rs), then run this again.');
  const sysroot = ask('rustc', ['--print', 'sysroot']);
  if (!sysroot) throw new Stop('rustc does not run: install Rust with rustup (rustup.rs), then run this again.');
  if (!existsSync(`${sysroot}/lib/rustlib/wasm32-unknown-unknown/lib`)) {
    if (!which('rustup')) throw new Stop('The wasm32-unknown-unknown target is missing and there is no rustup to add it.');
    say('set-up: adding the wasm32-unknown-unknown target');
    await must('rustup could not add the wasm32-unknown-unknown target.', 'rustup', ['target', 'add', 'wasm32-unknown-unknown']);
  }
  for (const [tool, component] of [['cargo-clippy', 'clippy'], ['rustfmt', 'rustfmt']]) {
    if (ask(tool, ['--version']) !== null) continue;
    say(`set-up: adding ${component}`);
    await must(`rustup could not add ${component}.`, 'rustup', ['component', 'add', component]);
  }
}

/** Nightly Rust, with these components of it. */
export async function setUpNightly(...components) {
  if (!which('rustup')) throw new Stop('Nightly Rust is needed, and there is no rustup to install it (rustup.rs).');
  const installed = ask('rustup', ['component', 'list', '--toolchain', 'nightly', '--installed'])?.split('\n');
  if (installed && components.every((component) => installed.some((line) => line.startsWith(component)))) return;
  say(`set-up: installing ${['nightly Rust', ...components].join(', ')}`);
  const wanted = components.flatMap((component) => ['--component', component]);
  await must('rustup could not install nightly Rust.', 'rustup', ['toolchain', 'install', 'nightly', '--profile', 'minimal', ...wanted]);
}

/** True when node_modules holds exactly what package-lock.json asks for. */
function nodeModulesAreCurrent() {
  try {
    const read = (file) => JSON.parse(readFileSync(at(file), 'utf8')).packages;
    const wanted = read('package-lock.json');
    const installed = read('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([path, entry]) => !path || installed[path]?.version === entry.version || (entry.optional && !installed[path]),
    );
  } catch {
    return false;
  }
}

async function installNodeModules() {
  if (nodeModulesAreCurrent()) return;
  say('set-up: installing npm dependencies (npm ci)');
  await must('npm ci failed: see its output above.', 'npm', ['ci', '--no-audit', '--no-fund'], { quiet: true });
}

/** The command line tool must be of exactly the crate's version, or its output does not load. */
async function installWasmBindgen() {
  const lock = readFileSync(at('Cargo.lock'), 'utf8');
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock)?.[1];
  if (!version) throw new Stop('Cargo.lock names no wasm-bindgen: run cargo check, then run this again.');
  const own = at('target/tools/bin/wasm-bindgen');
  for (const file of [which('wasm-bindgen'), own]) {
    if (file && ask(file, ['--version']) === `wasm-bindgen ${version}`) return file;
  }
  say(`set-up: building wasm-bindgen ${version} into target/tools (once, some minutes)`);
  const install = ['install', '--quiet', '--root', at('target/tools'), '--version', version, 'wasm-bindgen-cli'];
  const { code } = await run('cargo', [...install, '--locked'], { quiet: true });
  if (code !== 0) {
    // A registry's mirror may lack a version that the lock file names.
    say('set-up: the versions that it was released with cannot all be had: building it with those that can');
    await must(`wasm-bindgen-cli ${version} could not be built: see cargo's output above.`, 'cargo', install);
  }
  return own;
}

/** Path of a Chromium that is there already, or null. CHROME_PATH comes first. */
export async function findChromium() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Stop(`CHROME_PATH is ${named}, which cannot be run.`);
  }
  const found = CHROMIUM_PLACES.find(isExecutable) ?? CHROMIUM_NAMES.map(which).find(Boolean);
  if (found) return found;
  try {
    const { chromium } = await import('playwright-core');
    return isExecutable(chromium.executablePath()) ? chromium.executablePath() : null;
  } catch {
    return null;
  }
}

const FIREFOX_NAMES = ['firefox-esr', 'firefox'];
const FIREFOX_PLACES = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];

/** Path of a Firefox that is there already, or null. FIREFOX_PATH comes first. */
export async function findFirefox() {
  const named = process.env.FIREFOX_PATH;
  if (named && !isExecutable(named)) throw new Stop(`FIREFOX_PATH is ${named}, which cannot be run.`);
  return named || (FIREFOX_PLACES.find(isExecutable) ?? FIREFOX_NAMES.map(which).find(Boolean) ?? null);
}

async function installFirefox() {
  const found = (await findFirefox()) ?? ((await installDebian('firefox-esr')) ? await findFirefox() : null);
  if (!found) say('set-up: no Firefox could be had: its tests are left out (set FIREFOX_PATH to one).');
  return found;
}

const MINIBROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

/** Path of a WebKitGTK browser that can be driven here, or null: it wants WebKitWebDriver and Xvfb besides. */
export async function findWebkit() {
  const named = process.env.WEBKIT_PATH;
  if (named && !isExecutable(named)) throw new Stop(`WEBKIT_PATH is ${named}, which cannot be run.`);
  const found = named || (isExecutable(MINIBROWSER) ? MINIBROWSER : which('MiniBrowser'));
  return found && which('WebKitWebDriver') && which('Xvfb') ? found : null;
}

async function installWebkit() {
  let found = await findWebkit();
  if (!found && (await installDebian('webkit2gtk-driver')) && (await installDebian('xvfb'))) found = await findWebkit();
  if (!found) say('set-up: no WebKitGTK that can be driven could be had (Debian: webkit2gtk-driver, xvfb).');
  return found;
}

async function installChromium() {
  let found = await findChromium();
  if (found) return found;
  if (await installDebian('chromium')) found = await findChromium();
  if (found) return found;
  say('set-up: downloading Chromium with Playwright');
  const done = await run(process.execPath, [at('node_modules/playwright-core/cli.js'), 'install', 'chromium'], { quiet: true });
  found = done.code === 0 ? await findChromium() : null;
  if (!found) say('set-up: no Chromium could be had: the browser tests are left out (set CHROME_PATH to one).');
  return found;
}

/** redis-server 7.x on PATH, or null. */
export function findRedis() {
  const file = which('redis-server');
  return file && / v=7\./.test(ask(file, ['--version']) ?? '') ? file : null;
}

/** Redis is for recording transcripts and for comparing with, never for running kilat. */
export async function installRedis() {
  const found = findRedis() ?? ((await installDebian('redis-server')) ? findRedis() : null);
  if (!found) say('set-up: no redis-server 7 could be had: the tests that compare with it are left out.');
  return found;
}

/** Installs a Debian package when this is root on a Debian; answers whether it is there now. */
export async function installDebian(name) {
  if (process.getuid?.() !== 0 || !which('apt-get')) return false;
  say(`set-up: installing ${name} (apt-get)`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { quiet: true, env });
  if ((await install()).code === 0) return true;
  await run('apt-get', ['update', '-qq'], { quiet: true, env });
  return (await install()).code === 0;
}

await runMain(import.meta.url, async () => {
  const tools = { ...(await setUpBuild()), ...(await setUpTests()) };
  for (const [name, path] of Object.entries(tools)) say(`${name.padEnd(12)} ${path ?? '(none)'}`);
});
