// The leader is killed (kill -9 of its process) at each point of a snapshot, while three tabs write. Where it stands is made
// sure of: at the point the page asks, and waits, for something that is never answered. Afterwards nothing that was
// acknowledged is missing: in the tabs that go on, in one that opens the database then, and in one that opens it alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follows, leads, needs, tabsThatWrite, until, world } from './world.mjs';

const KEYS = 16;
const SMALL = 100_000;
/** So large that the older snapshot gives way before a third is written. */
const LARGE = 200_000;

/**
 * `method` of which store, the how manieth time; stands still before the request is made, or behind it with its transaction not
 * committed, or behind `commit()` with nothing heard of it. `named`: only once the log names the snapshot.
 */
const POINTS = {
  'while the log before the older snapshot is deleted, before a piece of the new one': { store: 'blocks', method: 'delete', stand: 'behind', size: LARGE },
  'while the older snapshot is deleted, before a piece of the new one': { store: 'pieces', method: 'delete', stand: 'behind', size: LARGE },
  'while its first piece is written': { store: 'pieces', method: 'put', stand: 'behind' },
  'with some pieces written': { store: 'pieces', method: 'put', nth: 4, stand: 'before' },
  'with all pieces written, before the block that names it': { store: 'blocks', method: 'add', naming: true, stand: 'before' },
  'while the block that names it is written': { store: 'blocks', method: 'add', naming: true, stand: 'behind' },
  'with the block that names it committed, and that unheard of': { store: 'blocks', method: 'add', naming: true, stand: 'committed' },
  'with the block that names it written, before the cut': { store: 'blocks', method: 'delete', named: true, stand: 'before' },
  'while the log before the older one is cut': { store: 'blocks', method: 'delete', named: true, stand: 'behind' },
  'with the log cut, before the oldest snapshot is deleted': { store: 'pieces', method: 'delete', named: true, stand: 'before' },
  'while the oldest snapshot is deleted': { store: 'pieces', method: 'delete', named: true, stand: 'behind' },
};

/** Runs in the page: it stands still at the point. */
function standStillAt({ what, store, method, nth = 1, naming = false, named = false, stand }) {
  // The hint is no snapshot either.
  const BALLAST = /^0+1?$/;
  let id = null;
  let isNamed = false;
  let count = 0;
  const hold = () => {
    const request = new XMLHttpRequest();
    request.open('GET', `/hold/${encodeURIComponent(what)}`, false);
    request.send();
  };
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  for (const name of ['add', 'put', 'delete']) {
    const original = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...args) {
      const isBallast = this.name === 'pieces' && name === 'put' && BALLAST.test(args[1][0]);
      if (this.name === 'pieces' && name === 'put' && !isBallast) id = args[1][0];
      const names = this.name === 'blocks' && name === 'add' && id !== null && hex(args[0]).includes(id);
      const isIt = this.name === store && name === method && !isBallast && (!naming || names) && (!named || isNamed) && ++count === nth;
      if (isIt && stand === 'before') hold();
      const request = original.apply(this, args);
      isNamed ||= names;
      if (isIt && stand === 'behind') hold();
      if (isIt && stand === 'committed') {
        const { transaction } = this;
        const commit = transaction.commit.bind(transaction);
        transaction.commit = () => {
          commit();
          hold();
        };
      }
      return request;
    };
  }
}

/** Runs in the page: two snapshots, with a log behind each. */
async function prepare({ keys, size }) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 50_000) crypto.getRandomValues(bytes.subarray(at, at + 50_000));
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: keys }, (_, i) => db.set(`big:${i}`, bytes)));
    if (round === 2) return;
    for (;;) {
      try {
        await db.save();
        break;
      } catch (error) {
        if (!error.message.includes('in progress')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}

/** Runs in the page: asks for a snapshot, until one is begun. */
function beginSnapshot() {
  const ask = () => db.save().catch(() => setTimeout(ask, 20));
  ask();
}

/** Runs in the page: how many of the large keys are whole. */
const lookAtLarge = ({ count, size }) => Array.from({ length: count }, (_, i) => db.strlen(`big:${i}`)).filter((length) => length === size).length;

for (const [what, point] of Object.entries(POINTS)) {
  test(`killed ${what}`, needs('process'), async (t) => {
    const here = await world(t);
    const open = { name: 'crash point' };
    const size = point.size ?? SMALL;
    const [leader, ...others] = await tabsThatWrite(here, open, ['a', 'b', 'c']);
    await leader.evaluate(prepare, { keys: KEYS, size });
    const pid = await leader.process();
    const epoch = here.writers.epoch();
    await leader.evaluate(standStillAt, { what, ...point });
    leader.evaluate(beginSnapshot).catch(() => {});
    await until(() => here.held.has(what), `the leader to stand still ${what}`, 60_000);
    process.kill(pid, 'SIGKILL');
    const struckMs = Date.now();
    const tookMs = (await here.writers.nextReign(['b', 'c'], epoch)) - struckMs;
    assert.ok(tookMs < 5_000, `the next write took ${tookMs} ms`);
    await leader.close();
    for (const client of ['b', 'c']) await here.writers.goOn(client);
    for (const [i, client] of ['b', 'c'].entries()) await here.writers.stop(others[i], client);
    const late = await here.tab(open);
    await follows(late);
    await here.checkAll([...others, late]);
    for (const tab of [...others, late]) await tab.close();
    const alone = await here.tab(open);
    await leads(alone);
    await here.checkAll([alone]);
    assert.equal(await alone.evaluate(lookAtLarge, { count: KEYS, size }), KEYS);
    // What was left behind is in nobody's way.
    await until(() => alone.evaluate(() => db.save().then(() => true, () => false)), 'a snapshot of the next leader');
    t.diagnostic(`the next write took ${tookMs} ms`);
  });
}
