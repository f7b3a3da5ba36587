// Several tabs: one state, messages, and the leader closed, crashed or killed; every acknowledged write is there after.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsChromium, rendererOf, roleOf, until, visit, world } from './world.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 10);

test('data is there after a reload, and after the last tab was closed', needsChromium, async (t) => {
  const { tab, address } = await world(t);
  const open = { name: 'reload' };
  const page = await tab(open);
  await page.evaluate(async () => {
    await db.set('s', 'text');
    await db.set('j', { deep: [1, { a: null }] });
    await Promise.all(Array.from({ length: 1000 }, (_, i) => db.zadd('z', i, `m${i}`)));
    await db.set('gone', 'x', { ttl: 0.05 });
  });
  await visit(page, address, open);
  await page.waitForTimeout(60);
  const look = () => [db.get('s'), db.get('j'), db.zcard('z'), db.zscore('z', 'm999'), db.exists('gone')];
  const expected = ['text', { deep: [1, { a: null }] }, 1000, 999, 0];
  assert.deepEqual(await page.evaluate(look), expected);
  await page.close();
  assert.deepEqual(await (await tab(open)).evaluate(look), expected);
});

test('data is there after SAVE, and a log that was compacted', needsChromium, async (t) => {
  const { tab, address } = await world(t);
  const open = { name: 'compacted' };
  const page = await tab(open);
  const before = await page.evaluate(async () => {
    for (let i = 0; i < 20; i++) await db.set(`k${i}`, 'x'.repeat(100_000));
    await db.save();
    if (!(db.lastsave() > Date.now() / 1000 - 60)) throw new Error(`LASTSAVE is ${db.lastsave()}`);
    await db.set('after', 'yes');
    return db.call('DEBUG', 'DIGEST');
  });
  await visit(page, address, open);
  assert.equal(await page.evaluate(() => db.call('DEBUG', 'DIGEST')), before);
});

test('a write in any tab is visible in all, in order', needsChromium, async (t) => {
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

test('functions update one key from all tabs at once', needsChromium, async (t) => {
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

test('messages reach all tabs', needsChromium, async (t) => {
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

const ENDS = {
  closed: (page) => page.close(),
  crashed: async (page) => {
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    const session = await page.context().newCDPSession(page);
    session.send('Page.crash').catch(() => {});
    await crashed;
    await page.close().catch(() => {});
  },
  killed: async (page, profile) => {
    const pid = await rendererOf(page, profile);
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    process.kill(pid, 'SIGKILL');
    await crashed;
    await page.close().catch(() => {});
  },
};

// A tab that follows writes without pause; the leader ends in the middle of it. Every write that was acknowledged is
// there after, each counted once.
for (const [how, end] of Object.entries(ENDS)) {
  test(`the leader is ${how}, ${ROUNDS} rounds`, { ...needsChromium, timeout: 300_000 }, async (t) => {
    const { tab, profile } = await world(t);
    const open = { name: `leader-${how}` };
    let leader = await tab(open);
    await until(async () => (await roleOf(leader)) === 'leader', 'the first leader');
    const gaps = [];
    for (let round = 0; round < ROUNDS; round++) {
      const follower = await tab(open);
      await until(async () => (await roleOf(follower)) === 'follower', 'a follower');
      // Writes of the leader itself count too: what it saw acknowledged is told as it comes.
      const told = [];
      await leader.exposeFunction('tell', (key) => told.push(key)).catch(() => {});
      await leader.evaluate((round) => {
        void (async () => {
          for (let i = 0; ; i++) {
            await db.set(`leader:${round}:${i}`, 'x');
            await tell(`leader:${round}:${i}`);
          }
        })();
      }, round);
      await follower.evaluate((round) => {
        globalThis.acknowledged = [];
        globalThis.failed = [];
        globalThis.gap = 0;
        globalThis.writing = true;
        globalThis.counter = (async () => {
          let last = performance.now();
          for (let i = 0; writing; i++) {
            try {
              await db.set(`follower:${round}:${i}`, String(i));
              await db.incr(`count:${round}`);
              acknowledged.push(i);
            } catch (error) {
              failed.push(`${error.code} ${error.message}`);
              break;
            }
            gap = Math.max(gap, performance.now() - last);
            last = performance.now();
          }
        })();
      }, round);
      await until(() => follower.evaluate(() => acknowledged.length > 20), 'twenty writes');
      await end(leader, profile);
      await until(async () => (await roleOf(follower)) === 'leader', 'the follower to lead');
      const before = await follower.evaluate(() => acknowledged.length);
      await until(() => follower.evaluate((before) => acknowledged.length > before + 20, before), 'writes that go on');
      const seen = await follower.evaluate(async ({ round, told }) => {
        writing = false;
        await counter;
        const lost = acknowledged.filter((i) => db.get(`follower:${round}:${i}`) !== String(i));
        const lostOfLeader = told.filter((key) => db.get(key) !== 'x');
        return { lost, lostOfLeader, failed, gap, count: Number(db.get(`count:${round}`)), acknowledged: acknowledged.length };
      }, { round, told });
      assert.deepEqual(seen.failed, [], `round ${round}`);
      assert.deepEqual(seen.lost, [], `round ${round}: acknowledged writes`);
      assert.deepEqual(seen.lostOfLeader, [], `round ${round}: acknowledged writes of the leader`);
      assert.ok(told.length > 0, 'the leader wrote');
      assert.equal(seen.count, seen.acknowledged, `round ${round}: each write counts once`);
      gaps.push(Math.round(seen.gap));
      leader = follower;
    }
    gaps.sort((a, b) => a - b);
    t.diagnostic(`longest pause between writes: median ${gaps[gaps.length >> 1]} ms, worst ${gaps.at(-1)} ms`);
  });
}

test('the leader hangs: another takes the lead, and what the old one wakes to is not its own', needsChromium, async (t) => {
  const { tab } = await world(t);
  const open = { name: 'hangs' };
  const leader = await tab(open);
  await until(async () => (await roleOf(leader)) === 'leader', 'the first leader');
  const follower = await tab(open);
  await leader.evaluate(() => db.set('before', 'x'));
  await until(() => follower.evaluate(() => db.get('before') === 'x'), 'the write before');
  const hung = leader.evaluate(() => {
    const end = Date.now() + 9_000;
    while (Date.now() < end);
  });
  const waited = await follower.evaluate(async () => {
    const began = performance.now();
    await db.set('during', 'x');
    return performance.now() - began;
  });
  assert.equal(await roleOf(follower), 'leader');
  assert.ok(waited < 8_000, `${waited} ms`);
  await hung;
  await until(async () => (await roleOf(leader)) === 'follower', 'the old leader to follow');
  await leader.evaluate(() => db.set('after', 'x'));
  for (const page of [leader, follower]) {
    await until(() => page.evaluate(() => db.mget('before', 'during', 'after').join() === 'x,x,x'), 'all three writes', 5_000);
  }
  t.diagnostic(`the write during the hang took ${Math.round(waited)} ms`);
});

test('the engine crashes: callers are told, a fresh one goes on from storage', needsChromium, async (t) => {
  const { tab } = await world(t);
  const page = await tab({ name: 'crash' });
  const seen = await page.evaluate(async () => {
    await db.set('kept', 'x');
    const told = new Promise((resolve) => db.on('crashed', resolve));
    let heard = 0;
    db.subscribe('news', () => (heard += 1));
    const pending = db.set('pending', 'x').then(() => 'done', (error) => error.code);
    // No call of a program's gets there: room that no memory has is a bug, and bugs end the engine.
    let code;
    try {
      db.node.engine.reserve(0xf000_0000);
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

test('a tab that leaves by navigation hands over, and comes back', needsChromium, async (t) => {
  const { tab, address } = await world(t);
  const open = { name: 'navigates' };
  const leader = await tab(open);
  const follower = await tab(open);
  await until(async () => (await roleOf(leader)) === 'leader', 'the first leader');
  const write = follower.evaluate(async () => {
    for (let i = 0; i < 300; i++) await db.incr('n');
    return db.get('n');
  });
  await leader.goto('about:blank');
  assert.equal(await write, '300');
  await until(async () => (await roleOf(follower)) === 'leader', 'the follower to lead', 5_000);
  await visit(leader, address, open);
  assert.equal(await leader.evaluate(() => db.get('n')), '300');
});
