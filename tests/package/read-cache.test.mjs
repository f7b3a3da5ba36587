// The read cache is never stale: whatever changes a key, the next read sees it, though nothing crossed in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../pkg/index.js';

/** Long enough to be read in, however busy the machine is. */
const LIFE_MS = 1500;

let count = 0;

async function opened(use, options = {}) {
  const db = await open({ name: `copies-${++count}`, persistent: false, ...options });
  try {
    await use(db);
  } finally {
    await db.close();
  }
}

/** Busy: no command runs and no timer comes. */
function pass(ms) {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test('whatever changes a key is seen by the next read', () => opened(async (db) => {
  const changes = {
    set: [() => db.set('k', 'new'), 'new'],
    append: [() => db.append('k', '!'), 'old!'],
    del: [() => db.del('k'), null],
    rename: [() => db.rename('k', 'other'), null],
    flushdb: [() => db.flushdb(), null],
    flushall: [() => db.flushall(), null],
    swapdb: [() => db.swapdb(0, 1), null],
    move: [() => db.move('k', 1), null],
    multi: [() => db.multi().set('k', 'a').set('k', 'b').exec(), 'b'],
    'another session': [() => db.openSession().call('SET', 'k', 'theirs'), 'theirs'],
    import: [() => db.import(image), 'kept'],
  };
  await db.set('k', 'kept');
  const image = db.export();
  for (const [name, [change, expected]] of Object.entries(changes)) {
    await db.flushall();
    await db.set('k', 'old');
    assert.equal(db.get('k'), 'old');
    assert.equal(db.get('k'), 'old');
    const done = change();
    // A replaced dataset is there when its promise says so; all else at once.
    if (name === 'import') await done;
    assert.equal(db.get('k'), expected, name);
    await done;
    assert.equal(db.get('k'), expected, name);
  }
}));

test('SELECT changes what a key stands for, in whichever way it comes', () => opened(async (db) => {
  await db.set('k', 'zero');
  db.get('k');
  db.select(1);
  assert.equal(db.get('k'), null);
  await db.set('k', 'one');
  assert.equal(db.get('k'), 'one');
  db.call('SELECT', 0);
  assert.equal(db.get('k'), 'zero');
  await db.multi().call('SELECT', 1).set('k', 'one again').exec();
  assert.equal(db.get('k'), 'one again');
}));

test('time passes without a command: what is past its time to live is gone', () => opened(async (db) => {
  await db.set('k', 'v', { PX: LIFE_MS });
  assert.equal(db.get('k'), 'v');
  assert.equal(db.get('k'), 'v');
  pass(LIFE_MS + 5);
  assert.equal(db.get('k'), null);
  await db.rpush('l', 'a', 'b');
  await db.pexpire('l', LIFE_MS);
  assert.deepEqual(db.lrange('l', 0, -1), ['a', 'b']);
  assert.deepEqual(db.lrange('l', 0, -1), ['a', 'b']);
  pass(LIFE_MS + 5);
  assert.deepEqual(db.lrange('l', 0, -1), []);
  await db.set('k', 'v');
  db.get('k');
  await db.pexpire('k', LIFE_MS);
  assert.equal(db.get('k'), 'v');
  pass(LIFE_MS + 5);
  assert.equal(db.get('k'), null);
}));

test('a random race of writes and reads against a Map', () => opened(async (db) => {
  const model = new Map();
  let seed = 7;
  const below = (n) => (seed = (seed * 48271) % 2147483647) % n;
  let last;
  for (let i = 0; i < 20_000; i++) {
    const key = `k${below(40)}`;
    const kind = below(10);
    if (kind === 0) last = db.set(key, `v${i}`), model.set(key, `v${i}`);
    else if (kind === 1 && below(4) === 0) last = db.del(key), model.delete(key);
    else if (kind === 2 && below(200) === 0) last = db.flushall(), model.clear();
    else if (kind === 3) last = db.append(key, '+'), model.set(key, `${model.get(key) ?? ''}+`);
    else assert.equal(db.get(key), model.get(key) ?? null);
    if (i % 97 === 0) await last;
  }
}, { readCache: { entries: 25, bytes: 2000 } }));

test('answers of many items are kept for their key, made anew, and never stale', () => opened(async (db) => {
  await db.hset('h', { a: '1', __proto__x: '2' });
  await db.zadd('z', 1, 'one', 2, 'two');
  const reads = {
    hgetall: () => db.hgetall('h'),
    hkeys: () => db.hkeys('h'),
    zrange: () => db.zrange('z', 0, -1),
    scores: () => db.zrange('z', 0, -1, { WITHSCORES: true }),
    part: () => db.zrange('z', 0, 0),
  };
  for (const read of Object.values(reads)) {
    const first = read();
    const second = read();
    assert.deepEqual(first, second);
    assert.notEqual(first, second);
    if (Array.isArray(second)) second.push('mine');
    else second.mine = 'mine';
    assert.deepEqual(read(), first);
  }
  assert.deepEqual(db.zrange('z', 0, 0), ['one']);
  await db.zadd('z', 0, 'zero');
  assert.deepEqual(db.zrange('z', 0, 0), ['zero']);
  assert.deepEqual(db.zrange('z', '0', '-1'), ['zero', 'one', 'two']);
  void db.hset('h', 'a', '3');
  assert.equal(db.hgetall('h').a, '3');
  await db.del('h');
  assert.deepEqual({ ...db.hgetall('h') }, {});
}));

test('a JSON value is read anew each time: what is changed outside stays outside', () => opened(async (db) => {
  await db.set('doc', { tags: ['a'], n: null });
  const first = db.get('doc');
  first.tags.push('mine');
  assert.deepEqual(db.get('doc'), { tags: ['a'], n: null });
  await db.call('JSON.SET', 'doc', '$.tags[0]', '"b"');
  assert.deepEqual(db.get('doc'), { tags: ['b'], n: null });
  await db.set('none', null);
  assert.equal(db.get('none'), null);
  assert.equal(db.get('none'), null);
}));

test('a live read sees its keys though they are in the cache', () => opened(async (db) => {
  await db.set('k', 'old');
  await db.rpush('l', 'a');
  db.get('k'), db.get('k'), db.lrange('l', 0, -1);
  const seen = [];
  const stop = db.live(() => `${db.get('k')} ${db.lrange('l', 0, -1)}`).subscribe((value) => seen.push(value));
  await db.set('k', 'new');
  await db.rpush('l', 'b');
  await new Promise((resolve) => setTimeout(resolve, 20));
  stop();
  assert.equal(seen.at(-1), 'new a,b');
  assert.equal(db.get('k'), 'new');
}));

test('memory that grows leaves no copy behind that is taken for fresh', () => opened(async (db) => {
  await db.set('k', 'old');
  db.get('k');
  for (let i = 0; i < 40; i++) void db.set(`big${i}`, 'x'.repeat(1 << 20));
  void db.set('k', 'new');
  assert.equal(db.get('k'), 'new');
  assert.equal(db.get('k'), 'new');
}));

test('what the cache answers counts where eviction goes by accesses', () => opened(async (db) => {
  db.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  await db.set('hot', 'h');
  await db.set('cold', 'c');
  db.get('hot'), db.get('cold');
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(db.get('hot'), 'h');
    // It is told with the next write.
    await db.set('other', String(i));
  }
  assert.ok(db.object('IDLETIME', 'hot') < 2);
  assert.ok(db.object('IDLETIME', 'cold') >= 2);

  db.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
  db.get('hot');
  for (let i = 0; i < 400; i++) {
    db.get('hot');
    if (i % 10 === 0) await db.set('other', 'o');
  }
  assert.ok(db.object('FREQ', 'hot') > db.object('FREQ', 'cold'));
}));

test('a key that was evicted is not answered', () => opened(async (db) => {
  db.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random');
  db.call('CONFIG', 'SET', 'maxmemory', '60000');
  for (let i = 0; i < 2000; i++) {
    await db.set(`k${i}`, 'v'.repeat(50));
    db.get(`k${i}`);
  }
  let gone = 0;
  for (let i = 0; i < 2000; i++) {
    const there = db.exists(`k${i}`) === 1;
    assert.equal(db.get(`k${i}`) !== null, there);
    if (!there) gone++;
  }
  assert.ok(gone > 100);
}));

test('a key that is read again and again stays in the cache while others pass through it', () => opened(async (db) => {
  const asked = () => Number(/keyspace_hits:(\d+)/.exec(db.info('stats'))[1]);
  const cold = 1000;
  await db.set('hot', 'often');
  await Promise.all(Array.from({ length: cold }, (_, i) => db.set(`cold:${i}`, `${i}`)));
  assert.equal(db.get('hot'), 'often');
  const before = asked();
  for (let i = 0; i < cold; i++) {
    assert.equal(db.get(`cold:${i}`), `${i}`);
    assert.equal(db.get('hot'), 'often');
  }
  assert.equal(asked() - before, cold, 'the engine was asked for each cold key, and never for the hot one');
  const again = asked();
  assert.equal(db.get('cold:0'), '0');
  assert.equal(asked() - again, 1, 'what was read once is gone');
}, { readCache: { entries: 50 } }));

test('MGET asks for what no copy has, all of it at once, and leaves copies behind', () => opened(async (db) => {
  const commands = () => Number(/total_commands_processed:(\d+)/.exec(db.info('stats'))[1]);
  await db.set('a', 'A');
  await db.set('json', { n: 1 });
  await db.set('short', 'lived', { PX: LIFE_MS });
  await db.lpush('list', 'x');
  const keys = ['none', 'a', 'list', 'json', 'short', 'a', 'ü'];
  const expected = [null, 'A', null, '{"n":1}', 'lived', 'A', null];
  assert.equal(db.get('a'), 'A');
  const before = commands();
  assert.deepEqual(db.mget(...keys), expected);
  assert.deepEqual(db.get('json'), { n: 1 }, 'a JSON value is one though MGET was the first to read it');
  assert.equal(db.get('short'), 'lived');
  // The INFO itself is one.
  assert.equal(commands() - before, 2);
  assert.deepEqual(db.mget('a', 'json', 'short'), ['A', '{"n":1}', 'lived']);
  assert.equal(commands() - before, 3, 'copies answer it');
  void db.set('a', 'B');
  void db.del('json');
  assert.deepEqual(db.mget(keys), [null, 'B', null, null, 'lived', 'B', null]);
  pass(LIFE_MS + 20);
  assert.deepEqual(db.mget('a', 'short'), ['B', null]);
  assert.throws(() => db.mget(), { message: "ERR wrong number of arguments for 'mget' command" });
}));

test('the bounds hold, wrong ones are named, and without it reads are the same', async () => {
  await assert.rejects(opened(() => {}, { readCache: true }), { code: 'OPTION' });
  await assert.rejects(opened(() => {}, { readCache: { size: 1 } }), { code: 'OPTION' });
  for (const readCache of [false, { entries: 0 }, { bytes: 0 }, { entries: 1 }, undefined]) {
    await opened(async (db) => {
      await db.set('a', '1');
      await db.set('b', 'é'.repeat(20));
      for (let i = 0; i < 3; i++) assert.deepEqual(db.getMany(['a', 'b', 'none']), ['1', 'é'.repeat(20), null]);
    }, { readCache });
  }
});

test('a closed database answers nothing, whatever was copied', async () => {
  const db = await open({ name: 'copies-closed', persistent: false });
  await db.set('k', 'v');
  db.get('k');
  await db.close();
  assert.throws(() => db.get('k'), { code: 'CLOSED' });
});

test('writes of one turn: OK is one promise for all, an error is its own call’s, a read sees them', () => opened(async (db) => {
  await db.rpush('list', 'x');
  const [a, wrong, b, n] = [db.set('a', '1'), db.incr('list'), db.set('b', '2'), db.incr('n')];
  assert.equal(db.get('b'), '2');
  assert.equal(a, b);
  assert.equal(await a, 'OK');
  assert.equal(await n, 1);
  await assert.rejects(wrong, { code: 'WRONGTYPE' });
  await assert.rejects(db.set('a', Symbol('no')), { code: 'ARGUMENT' });
}));

test('memory may grow while the answer of MGET is copied', async () => {
  // The first copy asks for the version words, which need room: at some of these sizes there is none left.
  for (let i = 0; i < 24; i++) {
    const db = await open({ name: `grows ${i}`, persistent: false });
    await db.set('fill', 'x'.repeat(i * 16_000));
    await db.mset('a', '1', 'b', '2', 'c', '3');
    for (const _ of ['from the engine', 'from copies']) assert.deepEqual(db.mget('a', 'b', 'c'), ['1', '2', '3']);
    await db.close();
  }
});

test('a pipeline is answered as its calls are one by one, whatever was copied', () => opened(async (db) => {
  const plain = await open({ name: 'copies-of-none', persistent: false, readCache: false });
  const [calls, keys] = [[], ['a', 'b', 'é', 'l', 'h', 'j']];
  const pick = (list, i) => list[(i * 7919 + (i >> 3)) % list.length];
  for (let i = 0; i < 1000; i++) {
    const key = pick(keys, i);
    const kinds = [
      ['get', key], ['get', pick(keys, i + 1)], ['mget', ...keys], ['mget', [key, 'b']], ['lrange', 'l', 0, -1], ['hgetall', 'h'],
      ['mget', new Uint8Array([97]), 'b'], ['call', 'get', key], ['call', 'NOSUCH'], ['mget'], ['hgetall', key],
      ...(i % 3 ? [] : [['set', key === 'l' || key === 'h' ? 'a' : key, `${i} é`], ['incr', 'b'], ['lpush', 'l', `item ${i}`], ['ltrim', 'l', 0, 9]]),
      ...(i % 5 ? [] : [['hset', 'h', `field ${i % 20}`, i], ['del', key], ['set', 'j', { i }], ['call', 'SELECT', i % 2]]),
    ];
    calls.push(pick(kinds, i * 31));
  }
  try {
    for (let from = 0, length = 1; from < calls.length; from += length, length = 1 + (length * 5) % 13) {
      const some = calls.slice(from, from + length);
      const run = (view, [method, ...args]) => view[method](...args);
      const chain = db.pipeline();
      for (const call of some) run(chain, call);
      const [answers, wanted] = [await chain.exec(), []];
      const code = (answer) => answer?.code ?? answer;
      for (const call of some) {
        const one = plain.pipeline();
        run(one, call);
        wanted.push(...(await one.exec()));
      }
      assert.deepEqual(answers.map(code), wanted.map(code), JSON.stringify(some));
    }
  } finally {
    await plain.close();
  }
}));

test('a pipeline with a call that cannot be written down does nothing', () => opened(async (db) => {
  await db.set('a', '1');
  await assert.rejects(db.pipeline().get('a').incr('a').set('b', '\ud800').exec(), { code: 'ARGUMENT' });
  assert.equal(db.get('a'), '1');
}));

test('text is what its bytes are, however long an answer is and wherever in it text that is no ASCII stands', () => opened(async (db) => {
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  let seed = 1;
  const random = (below) => (seed = (seed * 48271) % 0x7fff_ffff) % below;
  const pieces = ['a', 'é', '€', '😀', '\uFEFF'].map((piece) => new TextEncoder().encode(piece));
  const item = (share) => {
    const length = random(20) === 0 ? random(9000) : random(70);
    const bytes = new Uint8Array(length).fill(97 + random(26));
    for (let at = 0; at < length; at += 1 + random(40)) {
      if (random(share) > 0) continue;
      if (random(4) === 0) bytes[at] = 0x80 + random(0x80);
      else bytes.set(pieces[random(pieces.length)].subarray(0, length - at), at);
    }
    return bytes;
  };
  for (const share of [1, 30, 3000, 1_000_000]) {
    for (const count of [1, 3, 60, 700]) {
      const items = Array.from({ length: count }, () => item(share));
      await db.del('l', 'h', 'k');
      await db.rpush('l', ...items);
      await db.hset('h', ...items.flatMap((bytes, i) => [`field ${i}`, bytes]));
      await db.set('k', items[0]);
      const wanted = items.map((bytes) => text.decode(bytes));
      assert.deepEqual(db.lrange('l', 0, -1), wanted);
      assert.deepEqual(Object.values(db.hgetall('h')), wanted);
      const [, list, one, hash, again] = await db.pipeline().set('n', '1').lrange('l', 0, -1).get('k').hgetall('h').lrange('l', 0, -1).exec();
      assert.deepEqual([list, one, Object.values(hash), again], [wanted, wanted[0], wanted, wanted]);
    }
  }
}));
