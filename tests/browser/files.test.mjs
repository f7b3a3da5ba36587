// Storage that fills up, is cleared, or is not there; and files exchanged with a real redis-server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Connection } from '../../scripts/resp.mjs';
import { findRedis } from '../../scripts/setup.mjs';
import { freePort, pause } from '../../scripts/shell.mjs';
import { needs, until, world } from './world.mjs';

test('storage is full: the write is refused, reads go on, and so does writing when there is room', needs('quota'), async (t) => {
  const { tab, origin, browser } = await world(t);
  const page = await tab();
  // Browser: Chromium remembers for a while how much room an open database has, so the limit comes first.
  await browser.setQuota(origin, 6_000_000);
  await page.evaluate(async () => {
    globalThis.db = await kilat.open({ name: 'full' });
    globalThis.events = [];
    db.on('quota', (event) => events.push(event.type));
    await db.set('kept', 'x');
  });
  const seen = await page.evaluate(async () => {
    let acknowledged = 0;
    let code = null;
    // Nothing that storage could press.
    const noise = () => {
      const bytes = new Uint8Array(2 ** 20);
      for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
      return bytes;
    };
    for (let i = 0; i < 30 && code === null; i++) {
      try {
        await db.set(`big${i}`, noise());
        acknowledged += 1;
      } catch (error) {
        code = error.code;
      }
    }
    const there = Array.from({ length: acknowledged }, (_, i) => db.exists(`big${i}`)).filter(Boolean).length;
    return { code, events: events.length > 0, kept: db.get('kept'), all: there === acknowledged, acknowledged };
  });
  assert.deepEqual(seen, { code: 'QUOTA', events: true, kept: 'x', all: true, acknowledged: seen.acknowledged });
  // What was refused is undone.
  await until(() => page.evaluate((n) => db.exists(`big${n}`) === 0, seen.acknowledged), 'the refused write to be undone', 5_000);
  await browser.setQuota(origin, 500_000_000);
  await until(() => page.evaluate(() => db.set('again', 'x').then(() => true, () => false)), 'writes to go on');
});

test('storage is cleared under an open database: told, and nothing is begun anew in silence', needs('clear'), async (t) => {
  const { tab, origin, browser } = await world(t);
  const page = await tab({ name: 'cleared' });
  await page.evaluate(async () => {
    globalThis.told = new Promise((resolve) => db.on('cleared', resolve));
    await db.set('x', '1');
  });
  await browser.clear(origin);
  const seen = await page.evaluate(async () => {
    const told = await Promise.race([globalThis.told.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 10_000))]);
    const refused = await db.set('x', '2').then(() => 'written', (error) => error.name);
    return { told, refused, x: db.get('x'), storage: db.status().storage };
  });
  assert.deepEqual(seen, { told: true, refused: 'KilatError', x: '1', storage: 'cleared' });
});

test('a database is destroyed while another tab has it open', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'destroyed' };
  const holder = await tab(open);
  await holder.evaluate(async () => {
    globalThis.told = new Promise((resolve) => db.on('cleared', () => resolve(true)));
    await db.set('x', '1');
  });
  const other = await tab();
  await other.evaluate(() => kilat.destroy('destroyed'));
  assert.equal(await holder.evaluate(() => told), true);
  assert.deepEqual(await other.evaluate(() => kilat.list()), []);
});

test('no IndexedDB: the data lives in memory, and that is said aloud', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab();
  const seen = await page.evaluate(async () => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    const db = await kilat.open({ name: 'nowhere' });
    const told = new Promise((resolve) => db.on('memory-only', (event) => resolve(typeof event.message)));
    await db.set('x', '1');
    return [await told, db.status().storage, db.get('x'), db.status().role];
  });
  assert.deepEqual(seen, ['string', 'memory', '1', 'leader']);
});

test('persistent: false keeps nothing and shares nothing', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'private', persistent: false };
  const [one, two] = [await tab(open), await tab(open)];
  await one.evaluate(() => db.set('x', '1'));
  assert.deepEqual(await two.evaluate(() => [db.get('x'), db.status().role]), [null, 'leader']);
  assert.deepEqual(await one.evaluate(() => kilat.list()), []);
});

const redis = findRedis();
const needsRedis = { ...needs(), skip: needs().skip || (!redis && 'no redis-server') };

/** A real server on a folder. */
async function realServer(t, dir) {
  const port = await freePort();
  const child = spawn(redis, ['--port', String(port), '--dir', dir, '--save', '', '--enable-debug-command', 'yes'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  for (let tries = 0; ; tries++) {
    try {
      return await Connection.open(port);
    } catch (error) {
      if (tries > 200) throw error;
      await pause(25);
    }
  }
}

test('a page exports what redis-server loads, and imports what it saved: the same DEBUG DIGEST', needsRedis, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'kilat-rdb-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const { tab } = await world(t);
  const page = await tab({ name: 'files' });
  const exported = await page.evaluate(async () => {
    await db.set('s', 'text');
    await db.set('n', '12345');
    await db.set('t', 'x', { ttl: 10_000 });
    await db.rpush('l', ...Array.from({ length: 500 }, (_, i) => `element ${i}`));
    await db.sadd('ints', 1, 2, 3);
    await db.sadd('set', ...Array.from({ length: 500 }, (_, i) => `m${i}`));
    await db.hset('h', Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, i])));
    await db.zadd('z', ...Array.from({ length: 500 }, (_, i) => [i / 3, `m${i}`]).flat());
    return { bytes: [...db.export()], digest: db.call('DEBUG', 'DIGEST') };
  });
  writeFileSync(join(dir, 'dump.rdb'), Uint8Array.from(exported.bytes));
  const server = await realServer(t, dir);
  const call = async (...words) => (await server.call(...words)).value;
  assert.equal(String(await call('DEBUG', 'DIGEST')), exported.digest);
  await call('DEBUG', 'POPULATE', '1000', 'real', '50');
  await call('ZADD', 'z', '0.1', 'more');
  await call('SAVE');
  assert.ok(existsSync(join(dir, 'dump.rdb')));
  const imported = await page.evaluate(async (bytes) => {
    await db.import(Uint8Array.from(bytes));
    return db.call('DEBUG', 'DIGEST');
  }, [...readFileSync(join(dir, 'dump.rdb'))]);
  assert.equal(imported, String(await call('DEBUG', 'DIGEST')));
  server.close();
});
