// What a first opening asks of storage, and that it believes nothing that is no longer so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follows, leads, needs, until, world } from './world.mjs';

/** From now on the page writes down what is asked of IndexedDB. */
const watchAsked = () => {
  globalThis.asked = [];
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...call) {
    if (call[0].startsWith('kilat:1:')) asked.push('open');
    return open.apply(this, call);
  };
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    asked.push([mode, options?.durability, stores].flat().join(' '));
    return transaction.call(this, stores, mode, options);
  };
};

test('a database that is made is opened, and its first reign begun, by one transaction', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab();
  await page.evaluate(watchAsked);
  const seen = await page.evaluate(async () => {
    globalThis.db = await kilat.open({ name: 'made' });
    return { asked, role: db.status().role };
  });
  assert.deepEqual(seen, { asked: ['open', 'open', 'readwrite strict blocks'], role: 'leader' });
  // What is there already is looked at.
  const other = await tab();
  await other.evaluate(watchAsked);
  const { asked } = await other.evaluate(async () => {
    globalThis.db = await kilat.open({ name: 'made' });
    return { asked };
  });
  // The engine may be there before what is read early.
  assert.deepEqual(asked.sort(), ['  meta pieces', '  pieces', 'open', 'open', 'readonly default blocks']);
});

/** In the page: deletes the database between its making and the engine's opening; `again` makes another one there. */
const replaceUnderneath = (again) => {
  const { open } = IDBFactory.prototype;
  let opened = 0;
  IDBFactory.prototype.open = function (...call) {
    if (call[0] === 'kilat:1:replaced' && ++opened === 2) {
      indexedDB.deleteDatabase(call[0]);
      const request = again && open.apply(this, call);
      if (request) {
        request.onupgradeneeded = () => {
          for (const store of ['blocks', 'pieces', 'meta']) request.result.createObjectStore(store);
          request.transaction.objectStore('meta').add(new Uint8Array(16).fill(7), 'identity');
        };
        request.onsuccess = () => request.result.close();
      }
    }
    return open.apply(this, call);
  };
};

for (const again of [false, true]) {
  test(`what was made is deleted before the engine opens it${again ? ', and made by another' : ''}: all that is acknowledged is kept`, needs(), async (t) => {
    const { tab } = await world(t);
    const page = await tab();
    await page.evaluate(replaceUnderneath, again);
    await page.evaluate(async () => {
      globalThis.db = await kilat.open({ name: 'replaced' });
      await db.set('k', 'kept');
      await db.close();
    });
    const other = await tab({ name: 'replaced' });
    await leads(other);
    assert.deepEqual(await other.evaluate(() => [db.get('k'), db.status().storage.state]), ['kept', 'open']);
  });
}

/** From now on no module is compiled in the page before `goOn` is called. */
const keepWaiting = () => {
  const { compileStreaming } = WebAssembly;
  const gone = new Promise((resolve) => (globalThis.goOn = resolve));
  WebAssembly.compileStreaming = (source) => gone.then(() => compileStreaming.call(WebAssembly, source));
};

/** In the page: keys that are stored when this is done. */
const write = async ([from, to, isSaved]) => {
  const stored = db.withDurability('always');
  for (let i = from; i < to; i++) await stored.set(`k${i}`, `${i}`);
  if (isSaved) await db.save();
};

for (const isSaved of [false, true]) {
  for (const leaves of [false, true]) {
    const what = `${isSaved ? 'a newer snapshot' : 'more'} is stored after a snapshot was read early, and the leader ${leaves ? 'leaves' : 'stays'}`;
    test(`${what}: all of it is found`, needs(), async (t) => {
      const { tab } = await world(t);
      const leader = await tab({ name: 'grown' });
      await leader.evaluate(write, [0, 5, true]);
      await leader.evaluate(write, [5, 8, false]);
      const late = await tab();
      await late.evaluate(watchAsked);
      await late.evaluate(keepWaiting);
      await late.evaluate(() => void (globalThis.opening = kilat.open({ name: 'grown' })));
      await until(() => late.evaluate(() => asked.includes('  pieces')), 'a snapshot to be read early');
      await leader.evaluate(write, [8, 50, isSaved]);
      if (leaves) await leader.evaluate(() => db.close());
      await late.evaluate(async () => {
        goOn();
        globalThis.db = await opening;
      });
      await (leaves ? leads : follows)(late);
      const keys = await late.evaluate(() => db.call('DBSIZE'));
      assert.equal(keys, 50);
      // Behind what was found, the log goes on.
      await late.evaluate(() => db.withDurability('always').set('k50', '50'));
      await late.close();
      const other = await tab({ name: 'grown' });
      assert.deepEqual(await other.evaluate(() => [db.call('DBSIZE'), db.get('k49'), db.get('k50')]), [51, '49', '50']);
    });
  }
}
