// db.watch and db.live, in one process: what they tell, how often, and when they are silent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../pkg/index.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

async function database(t) {
  const db = await open({ name: t.name, persistent: false });
  t.after(() => db.close());
  return db;
}

/** What a listener was called with, as plain data. */
function recorder() {
  const calls = [];
  const listener = ({ keys, everything }) => calls.push(everything ? 'everything' : Object.fromEntries(keys));
  return { calls, listener, take: () => calls.splice(0) };
}

test('one call for all that a turn has written, with what became of each key', async (t) => {
  const db = await database(t);
  await db.mset('b', '1', 'c', '1');
  const { listener, take } = recorder();
  db.watch(['a', 'b', 'c'], listener);
  await Promise.all([db.set('a', 1), db.incr('a'), db.del('b'), db.set('other', 'x')]);
  await turn();
  assert.deepEqual(take(), [{ a: 'set', b: 'deleted' }]);
  await db.rename('c', 'd');
  assert.deepEqual(take(), [{ c: 'deleted' }]);
  await db.multi().set('a', 'x').rpush('b', '1').exec();
  assert.deepEqual(take(), [{ a: 'set', b: 'set' }]);
  await db.sadd('nothing', 'x');
  assert.deepEqual(take(), []);
});

test('a key whose time is over is expired', async (t) => {
  const db = await database(t);
  const { calls, listener, take } = recorder();
  db.watch('a', listener);
  await db.set('a', 'x', { PX: 30 });
  assert.deepEqual(take(), [{ a: 'set' }]);
  for (let waited = 0; calls.length === 0 && waited < 5000; waited += 10) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(take(), [{ a: 'expired' }]);
});

test('the event `expired` is told to who listens by then, and to nobody else', async (t) => {
  const db = await database(t);
  const heard = [];
  const gone = async (key) => {
    await db.set(key, 'x', { PX: 10 });
    for (let waited = 0; db.dbsize() > 0 && waited < 5000; waited += 10) await new Promise((resolve) => setTimeout(resolve, 10));
    await turn();
  };
  await gone('before');
  const stop = db.on('expired', ({ db: number, key }) => heard.push([number, key]));
  await gone('a');
  await gone('b');
  stop();
  await gone('after');
  db.on('expired', ({ key }) => heard.push(key));
  await gone('c');
  assert.deepEqual(heard, [[0, 'a'], [0, 'b'], 'c']);
});

test('a timer that comes before its time is set anew: what is due goes although nobody calls', async (t) => {
  const set = globalThis.setTimeout;
  globalThis.setTimeout = (callback, ms, ...rest) => set(callback, Math.max(0, ms - 3), ...rest);
  t.after(() => (globalThis.setTimeout = set));
  const db = await database(t);
  const { take, listener } = recorder();
  db.watch('a', listener);
  await db.set('a', 'x', { PX: 40 });
  await new Promise((resolve) => set(resolve, 400));
  assert.deepEqual(take(), [{ a: 'set' }, { a: 'expired' }]);
});

test('patterns are Redis\'s, and a key may hold their letters', async (t) => {
  const db = await database(t);
  const star = recorder();
  const literal = recorder();
  const digits = recorder();
  db.watch({ match: 'user:*' }, star.listener);
  db.watch('user:*', literal.listener);
  db.watch({ match: 'h[^a-f]llo\\?' }, digits.listener);
  await Promise.all([db.set('user:1', 'x'), db.set('user:*', 'x'), db.set('use', 'x'), db.set('hello?', 'x'), db.set('hxllo?', 'x')]);
  await turn();
  assert.deepEqual(star.take(), [{ 'user:1': 'set', 'user:*': 'set' }]);
  assert.deepEqual(literal.take(), [{ 'user:*': 'set' }]);
  assert.deepEqual(digits.take(), [{ 'hxllo?': 'set' }]);
});

test('keys that are no text are told apart', async (t) => {
  const db = await database(t);
  const { calls, listener } = recorder();
  db.watch(Uint8Array.of(255), listener);
  await db.set(Uint8Array.of(254), 'x');
  await turn();
  assert.equal(calls.length, 0);
  await db.set(Uint8Array.of(255), 'x');
  await turn();
  assert.equal(calls.length, 1);
});

test('a database that is flushed, swapped or loaded may have changed altogether, and no other one', async (t) => {
  const db = await database(t);
  await db.set('a', 'x');
  const zero = recorder();
  const one = recorder();
  db.watch('a', zero.listener);
  db.select(1);
  db.watch({ match: '*' }, one.listener);
  await db.set('a', 'y');
  assert.deepEqual([zero.take(), one.take()], [[], [{ a: 'set' }]]);
  await db.flushdb();
  assert.deepEqual([zero.take(), one.take()], [[], ['everything']]);
  await db.swapdb(0, 1);
  assert.deepEqual([zero.take(), one.take()], [['everything'], ['everything']]);
  await db.import(db.export());
  await turn();
  assert.deepEqual([zero.take(), one.take()], [['everything'], ['everything']]);
});

test('who stopped, or whose signal was aborted, hears nothing; a listener that throws harms no other', async (t) => {
  const db = await database(t);
  const [stopped, aborted, heard] = [recorder(), recorder(), recorder()];
  const thrown = [];
  // As in a browser, where what listeners throw is reported.
  globalThis.reportError = (error) => thrown.push(error.message);
  t.after(() => delete globalThis.reportError);
  const control = new AbortController();
  const stop = db.watch('a', stopped.listener);
  db.watch('a', aborted.listener, { signal: control.signal });
  db.watch('a', () => { throw new Error('mine'); });
  db.watch('a', heard.listener);
  stop();
  control.abort();
  await db.set('a', 'x');
  await turn();
  assert.deepEqual([stopped.take(), aborted.take(), heard.take(), thrown], [[], [], [{ a: 'set' }], ['mine']]);
});

test('a live read is read again when what it looked at changes, and only then', async (t) => {
  const db = await database(t);
  let reads = 0;
  const top = db.live(() => {
    reads += 1;
    return db.get('which') ? db.zrange('scores', 0, 0, 'REV') : 'nothing';
  });
  const seen = [];
  const stop = top.subscribe((value) => seen.push(value));
  await db.zadd('scores', 1, 'ada');
  assert.deepEqual([seen, reads], [['nothing'], 1], 'it has not looked at scores yet');
  await db.set('which', 'scores');
  assert.deepEqual(seen, ['nothing', ['ada']]);
  await db.zadd('scores', 2, 'alan');
  await db.zadd('scores', 0, 'low');
  assert.deepEqual(seen, ['nothing', ['ada'], ['alan']], 'the same value is told once');
  const before = top.value;
  assert.equal(top.value, before);
  reads = 0;
  await db.set('else', 'x');
  assert.deepEqual([reads, top.value === before], [0, true]);
  stop();
  await db.zadd('scores', 9, 'grace');
  assert.equal(seen.length, 3);
  assert.deepEqual(top.value, ['grace'], 'without listeners it is read when asked');
});

test('what enumerates keys follows all of them', async (t) => {
  const db = await database(t);
  const seen = [];
  db.live(() => db.dbsize()).subscribe((value) => seen.push(value));
  db.live(() => db.keys('user:*').sort()).subscribe((value) => seen.push(value));
  await db.set('user:1', 'x');
  assert.deepEqual(seen, [0, [], 1, ['user:1']]);
});

test('live reads may stand in one another', async (t) => {
  const db = await database(t);
  const inner = db.live(() => db.get('inner'));
  const seen = [];
  db.live(() => [db.get('before'), inner.value, db.get('after')]).subscribe((value) => seen.push(value.join()));
  await db.set('inner', 'i');
  await db.set('before', 'b');
  await db.set('after', 'a');
  assert.deepEqual(seen, [',,', ',i,', 'b,i,', 'b,i,a']);
});

test('a live read that fails throws, and recovers', async (t) => {
  const db = await database(t);
  await db.rpush('list', '1');
  const live = db.live(() => db.hgetall('list'));
  let changes = 0;
  live.onChange(() => (changes += 1));
  assert.throws(() => live.value, { code: 'WRONGTYPE' });
  await db.del('list');
  await db.hset('list', 'f', 'v');
  assert.deepEqual({ ...live.value }, { f: 'v' });
  assert.ok(changes > 0);
  assert.throws(() => db.live(async () => 1).value, { code: 'ARGUMENT' });
});

test('watch and live refuse what they cannot use', async (t) => {
  const db = await database(t);
  assert.throws(() => db.watch(7, () => {}), { code: 'ARGUMENT' });
  assert.throws(() => db.watch('a'), { code: 'ARGUMENT' });
  assert.throws(() => db.live('a'), { code: 'ARGUMENT' });
});

test('on a server React and Vue draw without a database', async () => {
  const [{ createElement, useState }, { renderToString }] = [await import('react'), await import('react-dom/server')];
  const { KilatProvider, useKey } = await import('../../pkg/react.js');
  const Name = () => createElement('b', null, String(useKey('name')), String(useState(1)[0]));
  const html = renderToString(createElement(KilatProvider, { db: null }, createElement(Name)));
  assert.equal(html, '<b>undefined<!-- -->1</b>');

  const { createSSRApp, h } = await import('vue');
  const vue = await import('vue/server-renderer');
  const { kilat, useKey: key } = await import('../../pkg/vue.js');
  const app = createSSRApp({ setup: () => { const name = key('name'); return () => h('b', String(name.value)); } });
  assert.equal(await vue.renderToString(app.use(kilat, null)), '<b>undefined</b>');
});
