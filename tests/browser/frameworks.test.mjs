// Small applications in React, Vue and Svelte follow what other tabs write, through failovers, and draw no more than
// what has changed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from './frameworks/bundle.mjs';
import { leads, needs, until, world } from './world.mjs';

const ROWS = 1000;

const text = (tab, id) => tab.evaluate((wanted) => document.getElementById(wanted)?.textContent ?? null, id);

const shows = (tab, id, wanted) => until(async () => (await text(tab, id)) === wanted, `#${id} to show ${wanted}`);

/** A tab with the application, and the world around it. */
async function application(t, source, open) {
  const folder = mkdtempSync(join(tmpdir(), 'kilat-app-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await bundle(source, folder);
  const here = await world(t, { folders: { app: folder } });
  const start = async (tab) => {
    await tab.evaluate(async (options) => {
      await import('/app/app.js');
      await app.start(options);
    }, open);
  };
  return { ...here, start };
}

for (const source of ['react.jsx', 'vue.js', 'svelte.svelte.js']) {
  test(`${source}: what another tab writes is shown, row by row, through a failover`, needs(), async (t) => {
    const open = { name: 'application' };
    const { tab, start } = await application(t, source, open);
    const leader = await tab(open);
    await leads(leader);
    await leader.evaluate(async (rows) => {
      const writes = Array.from({ length: rows }, (_, id) => db.hset(`row:${id}`, 'name', `name ${id}`));
      await Promise.all([...writes, db.set('count', 1)]);
    }, ROWS);
    const page = await tab();
    await start(page);
    await shows(page, 'state', 'open');
    await shows(page, 'count', '1');

    await leader.evaluate(() => db.incr('count'));
    await shows(page, 'count', '2');

    await page.evaluate((rows) => app.rows(rows), ROWS);
    await shows(page, `row-${ROWS - 1}`, `name ${ROWS - 1}`);
    const before = await page.evaluate(() => app.drawn());
    await leader.evaluate(() => Promise.all([db.hset('row:500', 'name', 'new'), db.hset('row:7', 'other', 'x'), db.set('else', 'x')]));
    await shows(page, 'row-500', 'new');
    // The row that says something else, and no other one.
    assert.equal(await page.evaluate(() => app.drawn()), before + 1);

    const third = await tab(open);
    await leader.close();
    await third.evaluate(() => db.set('count', 41));
    await third.evaluate(() => db.incr('count'));
    await shows(page, 'count', '42');

    await page.evaluate(() => app.unmount());
    const watched = await page.evaluate(() => {
      globalThis.again = 0;
      db.watch('count', () => (again += 1));
      return db.node.watches.keys.size;
    });
    assert.equal(watched, 1, 'what is unmounted watches nothing');
    const drawn = await page.evaluate(() => app.drawn());
    await third.evaluate(() => Promise.all([db.incr('count'), db.hset('row:500', 'name', 'newer')]));
    await until(() => page.evaluate(() => again > 0), 'the write to arrive');
    assert.equal(await page.evaluate(() => app.drawn()), drawn);
  });
}

for (const source of ['vue.js', 'svelte.svelte.js']) {
  test(`${source}: a read follows the framework's own state too`, needs(), async (t) => {
    const open = { name: 'state' };
    const { tab, start } = await application(t, source, open);
    const page = await tab();
    await start(page);
    await page.evaluate(() => Promise.all([db.set('count', 'a'), db.set('other', 'b')]));
    await shows(page, 'count', 'a');
    await page.evaluate(() => app.show('other'));
    await shows(page, 'count', 'b');
    await page.evaluate(() => db.set('other', 'c'));
    await shows(page, 'count', 'c');
  });
}

test('react.jsx: no tearing while a transition is drawn in pieces', needs(), async (t) => {
  const open = { name: 'tearing' };
  const { tab, start } = await application(t, 'react.jsx', open);
  const page = await tab();
  await start(page);
  const writer = await tab(open);
  await writer.evaluate(() => {
    globalThis.writing = (async () => {
      for (let n = 0; n < 60; n++) {
        await db.set('count', n);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    })();
  });
  for (let round = 0; round < 8; round++) {
    await page.evaluate(() => app.transition());
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await writer.evaluate(() => writing);
  await shows(page, 'count', '59');
  const texts = await page.evaluate(() => [...document.querySelectorAll('.count')].map((node) => node.textContent));
  assert.deepEqual([...new Set(texts)], ['59']);
  assert.deepEqual(await page.evaluate(() => app.torn), []);
});
