// Files exchanged with a real redis-server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Connection } from '../../scripts/resp.mjs';
import { findRedis } from '../../scripts/setup.mjs';
import { freePort, pause } from '../../scripts/shell.mjs';
import { needs, world } from './world.mjs';

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
