// Compaction: the data moves into a fresh memory, and whoever reads, writes, watches or is in the middle of something
// does not notice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../pkg/index.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const MEGABYTE = 1 << 20;

/** Storage as a folder has it, in memory. */
class Door {
  blocks = new Map();
  pieces = new Map();
  identity = null;
  isOpen = false;
  closed = 0;

  async open(candidate) {
    this.isOpen = true;
    return (this.identity ??= candidate.slice());
  }

  async add(epoch, n, bytes) {
    await turn();
    assert.ok(this.isOpen, 'what is closed is not written to');
    const name = `${epoch}-${n}`;
    if (this.blocks.has(name)) return false;
    this.blocks.set(name, [epoch, n, bytes.slice()]);
    return true;
  }

  #sorted() {
    return [...this.blocks.values()].sort(([a, b], [c, d]) => a - c || b - d);
  }

  async read(epoch, n) {
    await turn();
    return this.#sorted().filter(([e, m]) => e > epoch || (e === epoch && m >= n)).slice(0, 50);
  }

  async keys() {
    return this.#sorted().map(([epoch, n]) => [epoch, n]);
  }

  async delete(keys) {
    for (const [epoch, n] of keys) this.blocks.delete(`${epoch}-${n}`);
  }

  async addPiece(snapshot, index, bytes) {
    this.pieces.set(`${snapshot}/${index}`, bytes.slice());
  }

  async readPiece(snapshot, index) {
    return this.pieces.get(`${snapshot}/${index}`) ?? null;
  }

  async keepPieces(snapshots) {
    const last = snapshots.toSorted().at(-1) ?? '';
    for (const name of this.pieces.keys()) {
      const id = name.split('/')[0];
      if (id < last && !snapshots.includes(id)) this.pieces.delete(name);
    }
  }

  async dropPieces(snapshot) {
    for (const name of this.pieces.keys()) if (name.startsWith(`${snapshot}/`)) this.pieces.delete(name);
  }

  async close() {
    this.isOpen = false;
    this.closed++;
  }
}

const KINDS = {
  'in memory alone': () => ({ persistent: false }),
  'in a folder': () => ({ storage: new Door() }),
};

/** 64 MB that come and go, and 1,000 keys that stay. */
async function fill(db) {
  for (let i = 0; i < 64; i++) await db.set(`bulk:${i}`, new Uint8Array(MEGABYTE));
  await Promise.all(Array.from({ length: 1000 }, (_, i) => db.set(`key:${i}`, `value ${i}`)));
  await db.zadd('board', 1, 'a', 2, 'b');
  await db.set('short', 'x', { ttl: 1000 });
  await db.del(...Array.from({ length: 64 }, (_, i) => `bulk:${i}`));
}

function check(db) {
  for (let i = 0; i < 1000; i++) assert.equal(db.get(`key:${i}`), `value ${i}`);
  assert.deepEqual(db.zrange('board', 0, -1), ['a', 'b']);
  assert.ok(db.ttl('short') > 900);
}

for (const [kind, options] of Object.entries(KINDS)) {
  test(`${kind}: the memory falls, the data stays, and again`, async () => {
    const given = options();
    const db = await open({ name: `compact ${kind}`, ...given });
    await fill(db);
    const taken = db.status().memory.taken;
    const { before, after } = await db.compact();
    assert.equal(before, taken);
    assert.equal(db.status().memory.taken, after);
    assert.ok(before > 64 * MEGABYTE && after < 32 * MEGABYTE, `${before} bytes, and then ${after}`);
    assert.ok(db.status().memory.data < after);
    assert.equal(db.status().role, 'leader');
    check(db);
    await db.set('key:0', 'value 0');
    const again = await db.compact();
    assert.ok(again.before >= after && again.after < 32 * MEGABYTE, `${again.before} bytes, and then ${again.after}`);
    check(db);
    await db.set('last', 'written');
    await db.close();
    if (given.storage) {
      assert.deepEqual([given.storage.isOpen, given.storage.closed], [false, 1]);
      const reopened = await open({ name: `compact ${kind}`, ...given });
      check(reopened);
      assert.equal(reopened.get('last'), 'written');
      await reopened.close();
    }
  });

  test(`${kind}: readers and writers go on, and every write is there once`, async () => {
    const db = await open({ name: `busy ${kind}`, ...options() });
    await fill(db);
    let [going, reads, written] = [true, 0, 0];
    const heard = [];
    const stop = db.watch({ match: 'count:*' }, ({ keys }) => heard.push(...keys.keys()));
    const messages = [];
    db.subscribe('news', (message) => messages.push(Number(message)));
    const reader = async () => {
      for (; going; reads++) {
        assert.equal(db.get(`key:${reads % 1000}`), `value ${reads % 1000}`);
        assert.equal(db.call('GET', 'key:7'), 'value 7');
        await turn();
      }
    };
    const writer = async (id) => {
      for (let n = 0; going; n++) {
        // Those that nobody waits for keep their order too.
        void db.set(`count:${id}`, `${n} first`);
        await db.multi().set(`count:${id}`, String(n)).incr('total').exec();
        await db.update(`json:${id}`, (old) => ({ n: (old?.n ?? 0) + 1 }));
        await db.publish('news', String(written++));
        assert.equal(db.get(`json:${id}`).n, n + 1);
        assert.equal(db.get(`count:${id}`), String(n));
        // In memory alone nothing is waited for: everybody else would starve.
        await turn();
      }
      return db.get(`json:${id}`).n;
    };
    const all = [reader(), writer(0), writer(1), writer(2)];
    for (let i = 0; i < 3; i++) {
      await db.compact();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const before = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
    going = false;
    const [, ...counts] = await Promise.all(all);
    assert.ok(written > before && reads > 10, `${written} writes, ${reads} reads`);
    assert.equal(Number(db.get('total')), counts.reduce((sum, count) => sum + count));
    assert.deepEqual(new Set(heard), new Set(['count:0', 'count:1', 'count:2']));
    assert.deepEqual(messages.toSorted((a, b) => a - b), Array.from({ length: written }, (_, i) => i));
    const last = heard.length;
    await db.set('count:9', 'x');
    await turn();
    assert.deepEqual(heard.slice(last), ['count:9']);
    stop();
    await db.close();
  });

  test(`${kind}: a session goes on in the middle of a transaction, settings stay`, async () => {
    const db = await open({ name: `sessions ${kind}`, ...options() });
    await db.set('watched', '1');
    await db.call('CONFIG', 'SET', 'maxmemory', '50mb', 'maxmemory-policy', 'allkeys-lru');
    const [chain, broken] = [db.openSession(), db.openSession()];
    const pushes = [];
    const listener = db.openSession({ onPush: (push) => pushes.push(push) });
    listener.call('HELLO', '3');
    listener.call('SUBSCRIBE', 'news');
    for (const session of [chain, broken]) {
      session.call('SELECT', '2');
      session.call('WATCH', 'watched');
    }
    db.select(2);
    await db.set('other', 'x');
    chain.call('MULTI');
    chain.call('SET', 'queued', 'yes');
    const bytes = [];
    const client = db.connect({ onBytes: (part) => bytes.push(Buffer.from(part).toString()), onClose: () => bytes.push('closed') });
    client.feed(Buffer.from('PING\r\n*2\r\n$3\r\nGET\r\n$'));
    await db.compact();
    client.feed(Buffer.from('5\r\nother\r\n'));
    await turn();
    assert.equal(bytes.join(''), '+PONG\r\n$-1\r\n', 'half a call is read on: its session is in another database');
    assert.deepEqual(await chain.call('EXEC'), { kind: 'array', items: [{ kind: 'status', text: 'OK' }] });
    assert.equal(db.get('queued'), 'yes');
    await db.set('watched', '2');
    broken.call('MULTI');
    assert.equal((await broken.call('EXEC')).kind, 'null-array');
    await db.publish('news', 'hello');
    await turn();
    assert.equal(pushes.length, 1);
    const settings = db.config('GET', 'maxmemory*');
    assert.deepEqual([settings.maxmemory, settings['maxmemory-policy']], ['52428800', 'allkeys-lru']);
    await db.close();
  });
}

test('what cannot be is refused, and everything is as it was', async () => {
  const db = await open({ name: 'refused', persistent: false });
  await db.set('k', 'v');
  const session = db.openSession();
  const asleep = session.call('DEBUG', 'SLEEP', '6');
  const compacted = db.compact();
  const written = db.set('held', 'yes');
  await assert.rejects(compacted, { code: 'BUSY' });
  await written;
  assert.deepEqual([db.get('k'), db.get('held')], ['v', 'yes']);
  await asleep;
  // Two at once are one.
  const [one, two] = await Promise.all([db.compact(), db.compact()]);
  assert.equal(one, two);
  const closing = db.compact();
  void db.set('late', 'x');
  await db.close();
  await closing;
});
