// The code blocks of the documentation that need a browser: pages in HTML, and JavaScript that says `browser`, `worker`
// (it is engine.worker.js beside the page's other blocks) or `service-worker`.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { at } from '../../scripts/shell.mjs';
import { blocksOf, pages } from '../package/docs/blocks.mjs';
import { needs, until, world } from './world.mjs';

const NOTES = ['browser', 'service-worker'];
const blocks = pages().flatMap((page) => blocksOf(page).map((block) => ({ page, ...block })));
const here = blocks.filter(({ language, note }) => language === 'html' || NOTES.includes(note));

async function bundle({ code, page, line }, folder, name) {
  const source = join(folder, `block-${name}`);
  writeFileSync(source, code);
  const find = (plugin) => plugin.onResolve({ filter: /^kilat(\/|$)/ }, ({ path }) => ({ path: at('pkg', `${path.slice(6) || 'index'}.js`) }));
  const { warnings } = await build({
    entryPoints: [source],
    outfile: join(folder, name),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    plugins: [{ name: 'kilat', setup: find }],
  });
  assert.deepEqual(warnings, [], `${page}:${line}`);
}

/** A folder with a block as `app.js` or `index.html`, the worker of its page beside it, and the package installed. */
async function prepared(t, block) {
  const folder = mkdtempSync(join(tmpdir(), 'kilat-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'installed'));
  symlinkSync(at('.'), join(folder, 'installed/kilat'));
  if (block.language === 'html') {
    const errors = "<script>errors = []; addEventListener('error', ({ message }) => errors.push(message));</script>";
    writeFileSync(join(folder, 'index.html'), `<!doctype html><title>block</title>${errors}${block.code}`);
    return folder;
  }
  await bundle(block, folder, 'app.js');
  const worker = blocks.find(({ page, note }) => page === block.page && note === 'worker');
  if (worker) await bundle(worker, folder, 'engine.worker.js');
  return folder;
}

test('there are blocks that run in a browser', () => assert.ok(here.length > 0));

for (const block of here) {
  test(`${block.page}:${block.line}, ${block.note || block.language}`, needs(), async (t) => {
    const folder = await prepared(t, block);
    const { address, tab } = await world(t, { folders: { blocks: folder, node_modules: join(folder, 'installed') } });
    const page = await tab();
    if (block.language === 'html') {
      await page.navigate(`${address}blocks/index.html`);
      await until(() => page.evaluate(() => document.readyState === 'complete'), 'the page to load');
      assert.deepEqual(await page.evaluate(() => errors), []);
      return;
    }
    if (block.note === 'browser') {
      await page.evaluate(() => import('/blocks/app.js').then(() => null));
      return;
    }
    await page.evaluate(async () => {
      globalThis.registration = await navigator.serviceWorker.register('/blocks/app.js', { type: 'module' });
    });
    const active = () => page.evaluate(() => registration.active?.state === 'activated');
    await until(active, 'the service worker to be active');
  });
}
