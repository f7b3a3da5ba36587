// Plain sets of one turn cross to the engine together. Nobody can tell: neither by order, nor by what reads see, nor by
// what becomes of each promise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../pkg/index.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

async function database(t, options = {}) {
  const db = await open({ name: t.name, persistent: false, ...options });
  t.after(() => db.close());
  return db;
}

/** The same numbers for the same seed. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Storage that commits when it is told to, or has no room. */
class Door {
  blocks = new Map();
  waits = [];
  isHeld = false;
  isFull = false;
  async open(candidate) {
    return (this.identity ??= candidate.slice());
  }
  async add(epoch, n, bytes) {
    if (this.isHeld) await new Promise((resolve) => this.waits.push(resolve));
    if (this.isFull) throw Object.assign(new Error('full'), { code: 'QUOTA' });
    if (this.blocks.has(`${epoch} ${n}`)) return false;
    this.blocks.set(`${epoch} ${n}`, [epoch, n, bytes.slice()]);
    return true;
  }
  all() {
    return [...this.blocks.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }
  async read(epoch, n) {
    return this.all().filter(([e, m]) => e > epoch || (e === epoch && m >= n));
  }
  async keys() {
    return this.all().map(([epoch, n]) => [epoch, n]);
  }
  async delete() {}
  async addPiece() {}
  async readPiece() {
    return null;
  }
  async keepPieces() {}
  async dropPieces() {}
  async close() {}
}

test('every kind of read in the same turn sees a set that nobody has awaited', async (t) => {
  for (const readCache of [undefined, false]) {
    const db = await open({ name: `reads ${readCache}`, persistent: false, readCache });
    t.after(() => db.close());
    const session = db.openSession();
    await db.sadd('kept', 'x');
    const reads = {
      get: () => db.get('k'),
      'get of bytes': () => new TextDecoder().decode(db.bytes.get('k')),
      mget: () => db.mget('k', 'none')[0],
      getMany: () => db.getMany(['k'])[0],
      call: () => db.call('GET', 'k'),
      getrange: () => db.getrange('k', 0, -1),
      session: () => new TextDecoder().decode(session.call('GET', 'k').bytes),
      scan: () => [...db.scanIterator({ MATCH: 'k?' })].map((key) => db.get(key))[0],
    };
    for (const [name, read] of Object.entries(reads)) {
      await db.flushall();
      db.set('first', 'x');
      for (let i = 0; i < 3; i++) {
        db.set('k1', `v${i}`);
        db.set('k', `v${i}`);
        assert.equal(read(), `v${i}`, `${name}, read cache: ${readCache}`);
        // Twice: from a copy, where there are copies.
        assert.equal(read(), `v${i}`, `${name}, read cache: ${readCache}`);
      }
      db.set('a', '1');
      db.set('b', '2');
      assert.equal(db.dbsize(), 5);
    }
  }
});

test('sets and all other writes take effect in the order of their calls', async (t) => {
  const db = await database(t);
  const all = [
    db.set('k', 'a'),
    db.set('k', 'b'),
    db.append('k', 'c'),
    db.set('n', '1'),
    db.set('n', '2'),
    db.incr('n'),
    db.set('j', 'text'),
    db.set('j', { is: 'JSON' }),
    db.set('gone', 'x'),
    db.del('gone'),
    db.set('l', 'x'),
    db.set('kept', 'old'),
    db.set('kept', 'new', { NX: true }),
    db.set('bytes', new Uint8Array([65])),
    db.set(new Uint8Array([107]), 'by bytes'),
    db.rpush('l', 'y').catch((error) => error.code),
    db.set('m', 'before'),
    db.multi().get('m').set('m', 'within').exec(),
    db.set('m', 'after'),
    db.set('k', 'last'),
  ];
  assert.deepEqual(await Promise.all(all), [
    'OK', 'OK', 2, 'OK', 'OK', 3, 'OK', 'OK', 'OK', 1, 'OK', 'OK', null, 'OK', 'OK', 'WRONGTYPE', 'OK', ['before', 'OK'], 'OK', 'OK',
  ]);
  assert.deepEqual(db.getMany(['k', 'n', 'j', 'gone', 'kept', 'bytes', 'm']), ['last', '3', { is: 'JSON' }, null, 'old', 'A', 'after']);
});

for (const readCache of [undefined, false]) {
  test(`a thousand turns of calls that nobody awaits are as a Map is, read cache: ${readCache}`, async (t) => {
    const db = await database(t, { readCache });
    const views = [db, db.withDurability('always')];
    const other = await open({ name: t.name, persistent: false });
    t.after(() => other.close());
    const below = random(7);
    const model = new Map();
    const texts = ['', 'x', 'é', '😀'.repeat(9), 'a longer text than a loop writes, of ASCII', 'ü'.repeat(600), 'y'.repeat(5000)];
    for (let round = 0; round < 1000; round++) {
      const answers = [];
      for (let calls = below(60); calls > 0; calls--) {
        const key = `key:${below(20)}`;
        const value = `${round}:${calls}${texts[below(texts.length)]}`;
        switch (below(12)) {
          case 0:
            answers.push([db.del(key), model.delete(key) ? 1 : 0]);
            break;
          case 1:
            answers.push([db.append(key, 'z'), Buffer.byteLength((model.get(key) ?? '') + 'z')]);
            model.set(key, (model.get(key) ?? '') + 'z');
            break;
          case 2:
          case 3:
            assert.equal(db.get(key), model.get(key) ?? null);
            break;
          case 4:
            assert.equal(other.get(key), model.get(key) ?? null);
            break;
          case 5:
            answers.push([other.set(key, value), 'OK']);
            model.set(key, value);
            break;
          default:
            answers.push([views[below(20) === 0 ? 1 : 0].set(key, value), 'OK']);
            model.set(key, value);
        }
      }
      const [got, expected] = [await Promise.all(answers.map(([got]) => got)), answers.map(([, expected]) => expected)];
      assert.deepEqual(got, expected);
      if (below(3) === 0) await turn();
    }
    assert.deepEqual(new Map(db.keys('*').map((key) => [key, db.get(key)])), model);
  });
}

test('what is too much for one crossing, and what is no text, keep nobody up', async (t) => {
  const db = await database(t);
  const values = Array.from({ length: 3000 }, (_, i) => `${i}:`.padEnd(i % 400, 'ab') + (i % 7 === 0 ? 'é' : ''));
  const all = values.map((value, i) => db.set(`key:${i}`, value));
  const wrong = [db.set('lone', '\ud800'), db.set('\udc00', 'lone')];
  const large = db.set('large', 'x'.repeat(3_000_000));
  const behind = [db.set('behind', 'it'), db.set('empty', ''), db.set('', 'no name')];
  for (const promise of wrong) await assert.rejects(promise, { code: 'ARGUMENT' });
  assert.deepEqual(new Set(await Promise.all([...all, large, ...behind])), new Set(['OK']));
  assert.deepEqual(values.map((_, i) => db.get(`key:${i}`)), values);
  assert.deepEqual(db.mget('behind', 'empty', '', 'lone'), ['it', '', 'no name', null]);
  assert.equal(db.strlen('large'), 3_000_000);
});

test('where there is no room, each promise tells what became of its own set', async (t) => {
  const db = await database(t);
  await db.call('CONFIG', 'SET', 'maxmemory', '6mb');
  const value = 'x'.repeat(1000);
  const fates = await Promise.allSettled(Array.from({ length: 8000 }, (_, i) => db.set(`key:${i}`, value)));
  const refused = fates.filter(({ status }) => status === 'rejected');
  assert.ok(refused.length > 500 && refused.length < 7500, `${refused.length} were refused`);
  assert.ok(refused.every(({ reason }) => reason.code === 'OOM'));
  fates.forEach(({ status }, i) => assert.equal(db.get(`key:${i}`), status === 'fulfilled' ? value : null));
});

test('sets are acknowledged when they are stored, and rejected when they are not', async (t) => {
  const storage = new Door();
  const db = await database(t, { persistent: true, storage });
  await db.set('before', 'x');
  storage.isHeld = true;
  const settled = [];
  const sets = Array.from({ length: 50 }, (_, i) => db.set(`a:${i}`, String(i)).then(() => settled.push(i)));
  const memory = await db.withDurability('memory').set('at once', 'x');
  assert.equal(memory, 'OK');
  assert.equal(db.get('a:49'), '49');
  await turn();
  assert.deepEqual(settled, []);
  storage.isHeld = false;
  storage.waits.splice(0).forEach((go) => go());
  await Promise.all(sets);
  assert.deepEqual(settled, Array.from({ length: 50 }, (_, i) => i));

  storage.isFull = true;
  const failing = Array.from({ length: 50 }, (_, i) => db.set(`b:${i}`, String(i)));
  for (const fate of await Promise.allSettled(failing)) assert.equal(fate.reason?.code, 'QUOTA');
  storage.isFull = false;
});

test('numbers are answered exactly, of whatever size, at once and when they are stored', async (t) => {
  const storage = new Door();
  const db = await database(t, { persistent: true, storage });
  const session = db.openSession();
  const sizes = [0, 1, 2 ** 30, 2 ** 31, 2 ** 32, 2 ** 51 - 1, 2 ** 51, 2 ** 53 - 1, 2n ** 53n, 2n ** 63n - 1n, -1, -(2 ** 31), -(2n ** 63n)];
  for (const view of [db, db.withDurability('memory')]) {
    await view.mset(...sizes.flatMap((size) => [`n${size}`, size]));
    // Behind the first one of a turn the others wait for the same commit.
    const answers = await Promise.all(sizes.map((size) => view.incrby(`n${size}`, 0)));
    assert.deepEqual(answers, sizes);
  }
  for (const size of sizes) assert.deepEqual(await session.call('INCRBY', `n${size}`, '0'), { kind: 'integer', value: size });
  assert.deepEqual(await Promise.all(sizes.map((size) => session.call('INCRBY', `n${size}`, '0'))), sizes.map((value) => ({ kind: 'integer', value })));

  storage.isHeld = true;
  const settled = [];
  const counts = Array.from({ length: 50 }, (_, i) => db.incr('n').then((n) => settled.push([i, n])));
  await turn();
  assert.deepEqual(settled, []);
  storage.isHeld = false;
  storage.waits.splice(0).forEach((go) => go());
  await Promise.all(counts);
  assert.deepEqual(settled, Array.from({ length: 50 }, (_, i) => [i, i + 1]));

  storage.isFull = true;
  for (const fate of await Promise.allSettled(Array.from({ length: 50 }, () => db.incr('n')))) assert.equal(fate.reason?.code, 'QUOTA');
  storage.isFull = false;
});

test('what was set in the turn in which a database is closed is stored', async () => {
  const storage = new Door();
  const first = await open({ name: 'closing', storage });
  for (let i = 0; i < 500; i++) void first.set(`key:${i}`, String(i));
  await first.close();
  const second = await open({ name: 'closing', storage });
  assert.deepEqual(second.mget(Array.from({ length: 500 }, (_, i) => `key:${i}`)), Array.from({ length: 500 }, (_, i) => String(i)));
  await second.close();
});

test('others hear of each: watchers, live reads, MONITOR, subscribers; WATCH sees it, PAUSE holds it up', async (t) => {
  const db = await database(t);
  const changes = [];
  db.watch({ match: 'w:*' }, ({ keys }) => changes.push([...keys.keys()].sort()));
  const seen = [];
  const stop = db.live(() => db.get('w:2')).subscribe((value) => seen.push(value));
  db.set('w:0', 'x');
  db.set('w:1', 'x');
  db.set('w:2', 'x');
  await turn();
  assert.deepEqual(changes, [['w:0', 'w:1', 'w:2']]);
  assert.equal(seen.at(-1), 'x');
  stop();

  const session = db.openSession();
  session.call('WATCH', 'watched');
  session.call('MULTI');
  session.call('SET', 'never', 'x');
  db.set('other', 'x');
  db.set('watched', 'x');
  assert.equal((await session.call('EXEC')).kind, 'null-array');
  assert.equal(db.get('never'), null);

  const lines = [];
  const monitor = db.openSession({ onPush: (push) => lines.push(JSON.stringify(push)) });
  db.set('a', '1');
  db.set('b', '2');
  monitor.call('MONITOR');
  db.set('c', '3');
  db.set('d', '4');
  await turn();
  assert.deepEqual(lines.map((line) => /SET\W+(\w)/.exec(line)?.[1]), ['c', 'd']);
  monitor.close();

  await db.call('CONFIG', 'SET', 'notify-keyspace-events', 'KEA');
  const told = [];
  db.subscribe('__keyevent@0__:set', (message) => told.push(message));
  await Promise.all(['p', 'q', 'r'].map((key) => db.set(key, 'x')));
  await turn();
  assert.deepEqual(told, ['p', 'q', 'r']);

  db.set('x', '1');
  db.set('x', '2');
  session.call('CLIENT', 'PAUSE', '60', 'WRITE');
  const began = performance.now();
  const paused = [db.set('x', '3'), db.set('x', '4')];
  assert.equal(db.get('x'), '2');
  await Promise.all(paused);
  assert.ok(performance.now() - began >= 50);
  assert.equal(db.get('x'), '4');
});

test('promises of sets are settled in the order of the calls', async (t) => {
  const db = await database(t);
  const order = [];
  const note = (name) => () => order.push(name);
  db.set('a', '1').then(note('a'));
  db.set('b', '1').then(note('b'));
  void db.incr('n');
  db.set('c', '1').then(note('c'));
  db.set('d', '1').then(note('d'));
  await turn();
  assert.deepEqual(order, ['a', 'b', 'c', 'd']);
});

test('of a row of sets SELECT, FLUSHALL and the view of another level part those before from those behind', async (t) => {
  const db = await database(t);
  db.set('a', 'zero');
  db.set('b', 'zero');
  db.select(1);
  db.set('a', 'one');
  db.set('b', 'one');
  db.select(0);
  assert.deepEqual(db.mget('a', 'b'), ['zero', 'zero']);
  db.set('c', 'x');
  db.set('d', 'x');
  void db.flushdb();
  db.set('e', 'x');
  db.set('f', 'x');
  assert.deepEqual(db.keys('*').sort(), ['e', 'f']);
  db.select(1);
  assert.deepEqual(db.mget('a', 'b'), ['one', 'one']);
});
