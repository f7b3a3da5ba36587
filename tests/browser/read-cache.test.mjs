// The read cache beside other tabs: what a follower has applied is what its next read answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs, roleOf, world } from './world.mjs';

const KEYS = 40;
const WRITES = 1500;

/** Writes numbers that only grow, deletes now and then, and ends with the same in all keys. */
async function write({ keys, writes }) {
  for (let n = 1; n <= writes; n++) {
    const key = (n * 7919) % keys;
    void (n % 17 === 0 ? db.del(`text:${key}`, `hash:${key}`) : db.set(`text:${key}`, String(n)));
    const written = n % 3 === 0 ? db.hset(`hash:${key}`, 'n', n) : db.set(`json:${key}`, { n });
    if (n % 10 === 0) await written;
  }
  const last = Array.from({ length: keys }, (_, key) => [db.set(`text:${key}`, 'end'), db.set(`json:${key}`, { n: 'end' }), db.hset(`hash:${key}`, 'n', 'end')]);
  await Promise.all(last.flat());
}

/** Reads in every way until all keys are at their end; between two tasks nothing is applied, so all ways answer the same. */
async function read({ keys }) {
  const seen = { rounds: 0, changes: 0, wrong: [] };
  const before = new Map();
  const turn = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(null);
  });
  const look = (name, copied, asked) => {
    if (copied !== asked) seen.wrong.push(`${name}: ${copied}, and the engine has ${asked}`);
    if (copied !== null && Number(copied) < before.get(name)) seen.wrong.push(`${name}: ${copied} after ${before.get(name)}`);
    if (Number(copied) > (before.get(name) ?? 0)) {
      seen.changes++;
      before.set(name, Number(copied));
    }
    return asked === 'end';
  };
  for (let left = keys * 3; left > 0 && seen.wrong.length < 5; await turn(), seen.rounds++) {
    left = keys * 3;
    const texts = db.mget(Array.from({ length: keys }, (_, key) => `text:${key}`));
    for (let key = 0; key < keys; key++) {
      const text = db.call('GET', `text:${key}`);
      const json = JSON.parse(db.call('GET', `json:${key}`));
      left -= look(`text:${key}`, db.get(`text:${key}`), text);
      look(`text:${key}`, texts[key], text);
      left -= look(`json:${key}`, db.get(`json:${key}`)?.n, json?.n);
      left -= look(`hash:${key}`, db.hgetall(`hash:${key}`).n, db.call('HGET', `hash:${key}`, 'n') ?? undefined);
    }
  }
  return seen;
}

for (const writes of ['leader', 'follower']) {
  test(`no read is stale while the ${writes} writes`, needs(), async (t) => {
    const { tab } = await world(t);
    const tabs = [await tab({ name: 'stale' }), await tab({ name: 'stale' })];
    const roles = await Promise.all(tabs.map(roleOf));
    const [writer, reader] = roles[0] === writes ? tabs : tabs.toReversed();
    const [, ...seen] = await Promise.all([
      writer.evaluate(write, { keys: KEYS, writes: WRITES }),
      reader.evaluate(read, { keys: KEYS }),
      writer.evaluate(read, { keys: KEYS }),
    ]);
    for (const { rounds, changes, wrong } of seen) {
      assert.deepEqual(wrong, []);
      assert.ok(rounds > 3 && changes > KEYS, `${rounds} rounds saw ${changes} changes`);
    }
  });
}
