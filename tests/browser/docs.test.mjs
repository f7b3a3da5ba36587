// The code blocks of the documentation that say `browser` or `service-worker` run there.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { at } from '../../scripts/shell.mjs';
import { blocksOf, pages } from '../package/docs/blocks.mjs';
import { needs, until, world } from './world.mjs';

const NOTES = ['browser', 'service-worker'];
const blocks = pages().flatMap((page) => blocksOf(page).map((block) => ({ page, ...block })));
const here = blocks.filter(({ note }) => NOTES.includes(note));

/** Bundles a block as `app.js` of a folder. */
async function bundled(t, { code, line, page }) {
  const folder = mkdtempSync(join(tmpdir(), 'kilat-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'block.mjs'), code);
  const find = (plugin) => plugin.onResolve({ filter: /^kilat(\/|$)/ }, ({ path }) => ({ path: at('pkg', `${path.slice(6) || 'index'}.js`) }));
  const result = await build({
    entryPoints: [join(folder, 'block.mjs')],
    outfile: join(folder, 'app.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    plugins: [{ name: 'kilat', setup: find }],
  });
  assert.deepEqual(result.warnings, [], `${page}:${line}`);
  return folder;
}

test('there are blocks that run in a browser', () => assert.ok(here.length > 0));

for (const block of here) {
  test(`${block.page}:${block.line}, ${block.note}`, needs(), async (t) => {
    const folder = await bundled(t, block);
    const { tab } = await world(t, { folders: { blocks: folder } });
    const page = await tab();
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
