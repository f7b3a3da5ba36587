// Compaction beside other tabs: in the one that leads and in one that follows, while both read, write and watch.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follows, leads, needs, revisit, roleOf, world } from './world.mjs';

const OPEN = { name: 'compact' };

/** 48 MB that come and go, and 500 keys that stay. */
async function fill() {
  for (let i = 0; i < 48; i++) await db.set(`bulk:${i}`, new Uint8Array(1 << 20));
  await Promise.all(Array.from({ length: 500 }, (_, i) => db.set(`key:${i}`, `value ${i}`)));
  await db.del(...Array.from({ length: 48 }, (_, i) => `bulk:${i}`));
}

/** Writes, reads, watches and listens until `stop`; `done` answers what has come of it. */
function begin({ id }) {
  const state = { going: true, counts: [], wrong: [], heard: 0, reads: 0 };
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const own = `count:${id}`;
  db.watch(own, () => state.heard++);
  const live = db.live(() => db.get(own));
  live.subscribe((value) => (state.shown = value));
  const write = async () => {
    for (let n = 1; state.going; n++) {
      const [count] = await db.multi().incr(own).incr('total').exec();
      if (count !== n) state.wrong.push(`${own} is ${count}, not ${n}`);
      state.counts.push(count);
    }
  };
  const read = async () => {
    let before = 0;
    for (; state.going; state.reads++) {
      if (db.get(`key:${state.reads % 500}`) !== `value ${state.reads % 500}`) state.wrong.push(`key:${state.reads % 500} is ${db.get(`key:${state.reads % 500}`)}`);
      const now = Number(db.get('total') ?? 0);
      if (now < before) state.wrong.push(`total is ${now} after ${before}`);
      before = now;
      await turn();
    }
  };
  const all = Promise.all([write(), read()]);
  globalThis.done = async () => {
    state.going = false;
    await all;
    await turn();
    return { ...state, count: Number(db.get(own)), last: state.counts.at(-1), shown: Number(state.shown) };
  };
}

async function checked(tabs) {
  const seen = [];
  for (const tab of tabs) seen.push(await tab.evaluate(() => done()));
  for (const { wrong, count, last, shown, heard, reads } of seen) {
    assert.deepEqual(wrong, []);
    assert.equal(count, last);
    assert.equal(shown, last);
    assert.ok(heard > 5 && reads > 20, `${heard} changes, ${reads} reads`);
  }
  return seen.reduce((sum, { count }) => sum + count, 0);
}

test('leader and follower compact one after the other while both work, twice', needs(), async (t) => {
  const { tab } = await world(t);
  const tabs = [await tab(OPEN), await tab(OPEN)];
  await tabs[0].evaluate(fill);
  for (const [id, one] of tabs.entries()) await one.evaluate(begin, { id });
  // The one that leads sheds the log: the other has less to read then.
  for (const one of [tabs[0], tabs[1], tabs[1], tabs[0]]) {
    const { before, after, memory } = await one.evaluate(async () => ({ ...(await db.compact()), memory: db.status().memory }));
    assert.ok(after < 32 << 20 && memory.taken >= after, `${before}, then ${after}`);
  }
  const total = await checked(tabs);
  for (const one of tabs) assert.equal(await one.evaluate(() => Number(db.get('total'))), total);
  const roles = await Promise.all(tabs.map(roleOf));
  assert.deepEqual(roles.toSorted(), ['follower', 'leader']);
  // What they acknowledged is stored.
  await tabs[1].close();
  await revisit(tabs[0], OPEN);
  assert.equal(await tabs[0].evaluate(() => Number(db.get('total'))), total);
});

test('a tab that is alone leads again, its memory is smaller, and what was held is written', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab(OPEN);
  await page.evaluate(fill);
  const seen = await page.evaluate(async () => {
    const compacted = db.compact();
    const written = Array.from({ length: 200 }, (_, i) => db.rpush('order', String(i)));
    const { before, after } = await compacted;
    await Promise.all(written);
    await db.withDurability('always').set('then', 'x');
    return { before, after, order: db.lrange('order', 0, -1).map(Number), key: db.get('key:499'), then: db.get('then') };
  });
  assert.ok(seen.before > 48 << 20 && seen.after < 32 << 20, `${seen.before}, then ${seen.after}`);
  assert.deepEqual(seen.order, Array.from({ length: 200 }, (_, i) => i));
  assert.deepEqual([seen.key, seen.then], ['value 499', 'x']);
  await leads(page);
  // Another tab still finds it, and leads when it goes.
  const other = await tab(OPEN);
  await follows(other);
  await page.close();
  await leads(other);
  assert.equal(await other.evaluate(() => db.llen('order')), 200);
});
