// Several tabs: one state, in all of them; messages; an engine that crashes. How tabs end: dying.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../scripts/shell.mjs';
import { needs, revisit, roleOf, until, world } from './world.mjs';

test('data is there after a reload, and after the last tab was closed', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'reload' };
  const page = await tab(open);
  await page.evaluate(async () => {
    await db.set('s', 'text');
    await db.set('j', { deep: [1, { a: null }] });
    await Promise.all(Array.from({ length: 1000 }, (_, i) => db.zadd('z', i, `m${i}`)));
    await db.set('gone', 'x', { ttl: 0.05 });
  });
  await revisit(page, open);
  await pause(60);
  const look = () => [db.get('s'), db.get('j'), db.zcard('z'), db.zscore('z', 'm999'), db.exists('gone')];
  const expected = ['text', { deep: [1, { a: null }] }, 1000, 999, 0];
  assert.deepEqual(await page.evaluate(look), expected);
  await page.close();
  assert.deepEqual(await (await tab(open)).evaluate(look), expected);
});

test('data is there after SAVE, and a log that was compacted', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'compacted' };
  const page = await tab(open);
  const before = await page.evaluate(async () => {
    for (let i = 0; i < 20; i++) await db.set(`k${i}`, 'x'.repeat(100_000));
    await db.save();
    if (!(db.lastsave() > Date.now() / 1000 - 60)) throw new Error(`LASTSAVE is ${db.lastsave()}`);
    await db.set('after', 'yes');
    return db.call('DEBUG', 'DIGEST');
  });
  await revisit(page, open);
  assert.equal(await page.evaluate(() => db.call('DEBUG', 'DIGEST')), before);
});

test('a write in any tab is visible in all, in order', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'visible' };
  const pages = [await tab(open), await tab(open), await tab(open)];
  const roles = await Promise.all(pages.map(roleOf));
  assert.equal(roles.filter((role) => role === 'leader').length, 1, `roles ${roles}`);
  for (const [i, writer] of pages.entries()) {
    const own = await writer.evaluate(async (i) => {
      await db.set(`from:${i}`, { i });
      // What was acknowledged here is visible here.
      return db.get(`from:${i}`);
    }, i);
    assert.deepEqual(own, { i });
    for (const reader of pages) {
      await until(() => reader.evaluate((i) => db.get(`from:${i}`)?.i === i, i), `write of tab ${i} in all tabs`, 5_000);
    }
  }
  // All count at once; none is lost, none counts twice.
  await Promise.all(pages.map((page) => page.evaluate(() => Promise.all(Array.from({ length: 200 }, () => db.incr('sum'))))));
  for (const page of pages) await until(() => page.evaluate(() => db.get('sum') === '600'), 'the sum', 5_000);
});

test('functions update one key from all tabs at once', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'updates' };
  const pages = [await tab(open), await tab(open), await tab(open)];
  await pages[0].evaluate(() => db.set('n', { n: 0 }));
  for (const page of pages) await until(() => page.evaluate(() => db.get('n') !== null), 'the key');
  await Promise.all(pages.map((page) => page.evaluate(async () => {
    for (let i = 0; i < 10; i++) await db.update('n', async ({ n }) => ({ n: n + 1 }));
  })));
  for (const page of pages) await until(() => page.evaluate(() => db.get('n').n === 30), 'thirty updates', 5_000);
});

test('messages reach all tabs', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'messages' };
  const pages = [await tab(open), await tab(open), await tab(open)];
  for (const page of pages) {
    await page.evaluate(() => {
      globalThis.heard = [];
      db.subscribe('news.*', (message, channel) => heard.push(`${channel} ${message}`));
    });
  }
  for (const [i, page] of pages.entries()) await page.evaluate((i) => db.publish(`news.${i}`, 'hi'), i);
  for (const page of pages) {
    await until(() => page.evaluate(() => heard.length === 3), 'three messages', 5_000);
    assert.deepEqual((await page.evaluate(() => heard)).sort(), ['news.0 hi', 'news.1 hi', 'news.2 hi']);
  }
});

test('the engine crashes: callers are told, a fresh one goes on from storage', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab({ name: 'crash' });
  const seen = await page.evaluate(async () => {
    await db.set('kept', 'x');
    const told = new Promise((resolve) => db.on('crashed', resolve));
    let heard = 0;
    db.subscribe('news', () => (heard += 1));
    const pending = db.set('pending', 'x').then(() => 'done', (error) => error.code);
    // No call of a program's gets there: bytes that lie about their length are a bug, and bugs end the engine.
    let code;
    try {
      db.node.engine.control('observe', Object.defineProperty(new Uint8Array(), 'length', { value: 0xf000_0000 }));
    } catch (error) {
      code = error.code;
    }
    await told;
    const codes = [code, await pending];
    for (;;) {
      try {
        await db.set('after', 'x');
        break;
      } catch (error) {
        if (error.code !== 'CRASHED' && error.code !== 'LOADING') throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    await db.publish('news', 'hi');
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { codes, kept: db.get('kept'), after: db.get('after'), heard };
  });
  assert.deepEqual(seen, { codes: ['CRASHED', 'CRASHED'], kept: 'x', after: 'x', heard: 1 });
});
