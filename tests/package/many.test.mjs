// Several keys at once, and iterators over keys, fields and members.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { open, orThrow } from '../../pkg/index.js';

let db;
before(async () => (db = await open({ name: 'many', persistent: false })));
after(() => db.close());

const numbered = (count, one) => Array.from({ length: count }, (_, index) => one(index));

test('scanIterator meets every key, or those that match', async () => {
  await db.flushall();
  await db.setMany(numbered(500, (i) => [`key:${i}`, i]));
  await db.sadd('set', 'a');
  assert.deepEqual([...new Set(db.scanIterator())].sort(), [...numbered(500, (i) => `key:${i}`), 'set'].sort());
  assert.deepEqual([...db.scanIterator({ TYPE: 'set' })], ['set']);
  assert.equal(new Set(db.scanIterator({ MATCH: 'key:1*', COUNT: 1000 })).size, 111);
  let met = 0;
  for await (const key of db.scanIterator({ COUNT: 5 })) {
    assert.match(key, /^(key:\d+|set)$/);
    if (++met === 7) break;
  }
  assert.throws(() => [...db.scanIterator({ MATHC: 'x' })], { code: 'ARGUMENT' });
});

test('hscanIterator makes a Map, zscanIterator has scores, sscanIterator members', async () => {
  await db.flushall();
  const fields = Object.fromEntries(numbered(300, (i) => [`f${i}`, `v${i}`]));
  await db.hset('h', fields);
  assert.deepEqual(Object.fromEntries(new Map(db.hscanIterator('h', { COUNT: 7 }))), fields);
  await db.zadd('z', [1.5, 'a'], ['inf', 'b'], ['-inf', 'c']);
  assert.deepEqual(new Map(db.zscanIterator('z')), new Map([['c', -Infinity], ['a', 1.5], ['b', Infinity]]));
  await db.sadd('s', numbered(300, String));
  assert.equal(new Set(db.sscanIterator('s', { COUNT: 3 })).size, 300);
  assert.deepEqual([...db.sscanIterator('none')], []);
  assert.throws(() => [...db.sscanIterator('h')], { code: 'WRONGTYPE' });
});

test('the view of bytes walks in bytes', async () => {
  await db.flushall();
  const key = new Uint8Array([0, 255]);
  await db.set(key, 'v');
  await db.zadd('z', 2, key);
  await db.hset('h', key, key);
  assert.deepEqual([...db.bytes.scanIterator({ TYPE: 'string' })], [key]);
  assert.deepEqual([...db.bytes.zscanIterator('z')], [[key, 2]]);
  assert.deepEqual([...db.bytes.hscanIterator('h')], [[key, key]]);
});

test('setMany and getMany take strings, bytes and JSON values', async () => {
  await db.flushall();
  await db.setMany({ a: 'text', b: { deep: [1, null] }, c: 5 }, { ttl: 60 });
  assert.deepEqual(db.getMany(['a', 'b', 'none', 'c']), ['text', { deep: [1, null] }, null, 5]);
  assert.equal(db.ttl('b'), 60);
  await db.setMany(new Map([['d', new Uint8Array([65])]]));
  assert.deepEqual(db.mget('d', 'none', 'b'), ['A', null, '{"deep":[1,null]}']);
  assert.deepEqual(db.mget(['a']), ['text']);
  await db.setMany({});
});

test('setMany sets nothing where one cannot be set', async () => {
  await db.flushall();
  await assert.rejects(db.setMany({ a: 1, b: new Date() }), { code: 'ARGUMENT' });
  await assert.rejects(db.setMany([['a', 1], [5, 1]]), { code: 'ARGUMENT' });
  assert.equal(db.dbsize(), 0);
  await db.sadd('s', 'x');
  await assert.rejects(async () => db.getMany(['a', 's']), { code: 'WRONGTYPE' });
});

test('orThrow hands on answers, and throws an error among them', async () => {
  await db.flushall();
  assert.deepEqual(orThrow(await db.multi().set('n', '1').incr('n').exec()), ['OK', 2]);
  const answers = await db.pipeline().set('n', 'x').incr('n').lpush('n', 'x').exec();
  assert.equal(answers[1].code, 'ERR');
  assert.throws(() => orThrow(answers), { code: 'ERR', message: /not an integer/ });
});
