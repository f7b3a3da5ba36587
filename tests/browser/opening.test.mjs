// What a first opening asks of storage, and that it believes nothing that is no longer so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leads, needs, world } from './world.mjs';

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

test('a database that is made is opened, and its first reign begun, by one write', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await tab();
  await page.evaluate(watchAsked);
  const seen = await page.evaluate(async () => {
    globalThis.db = await kilat.open({ name: 'made' });
    return { asked: asked.filter((what) => !what.startsWith('readonly')), role: db.status().role };
  });
  assert.deepEqual(seen, { asked: ['open', 'open', 'readwrite strict blocks'], role: 'leader' });
  // What is there already is looked at.
  const other = await tab();
  await other.evaluate(watchAsked);
  const { asked } = await other.evaluate(async () => {
    globalThis.db = await kilat.open({ name: 'made' });
    return { asked };
  });
  const others = asked.filter((what) => what !== 'open');
  assert.ok(others.length > 0 && !others.some((what) => what.startsWith('readwrite')), asked.join(', '));
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
