// Engines in workers: the same answers as in the page, and what becomes of them when worker or page go away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../scripts/shell.mjs';
import { leads, needs, until, world } from './world.mjs';

/** Gives a page `open` with the engine here or in a worker, and `host()`, which makes a worker from a file. */
async function prepare(tab) {
  await tab.evaluate(async () => {
    globalThis.kilat = await import('/pkg/index.js');
    const away = await import('/pkg/worker.js');
    globalThis.inline = await import('/pkg/worker-inline.js');
    globalThis.openAway = away.open;
    globalThis.AwayError = away.KilatError;
    globalThis.host = () => {
      const file = `import { host } from '${location.origin}/pkg/worker-host.js';\nhost();`;
      return new Worker(URL.createObjectURL(new Blob([file], { type: 'text/javascript' })), { type: 'module' });
    };
  });
  return tab;
}

/** Opens `db` in a worker of the page's. */
const openAway = (tab, open) => tab.evaluate(async (open) => {
  globalThis.worker = host();
  globalThis.db = await openAway({ ...open, worker });
}, open);

/** `db.status()` in the page. */
const statusOf = (tab) => tab.evaluate(() => db.status());

/**
 * Runs in the page: typed calls of many kinds; answers what each came to, with the kind of what JSON cannot show.
 */
async function callAll(where) {
  const name = `same-${where}`;
  const db = where === 'page' ? await kilat.open({ name }) : await inline.open({ name });
  const show = (value) => {
    if (value instanceof kilat.KilatError) return { error: value.code, message: value.message };
    if (value instanceof Uint8Array) return { bytes: [...value] };
    if (typeof value === 'bigint') return { bigint: String(value) };
    if (Array.isArray(value)) return value.map(show);
    if (typeof value !== 'object' || value === null) return value;
    const bare = Object.getPrototypeOf(value) === null;
    return { bare, fields: Object.entries(value).map(([field, inner]) => [field, show(inner)]) };
  };
  const heard = [];
  const calls = [
    () => db.set('user', { name: 'Ann', tags: ['a', { deep: null }] }),
    () => db.get('user'),
    () => db.get('nothing'),
    () => db.set('text', 'gr\u00fc\u00df'),
    () => db.bytes.get('text'),
    () => db.set('raw', new Uint8Array(10_000).fill(7)),
    async () => (await db.bytes.get('raw')).length,
    () => db.hset('h', { a: 1, ['__proto__']: 'own', b: 'x' }),
    () => db.hgetall('h'),
    () => db.hgetall('none'),
    () => db.set('big', '9007199254740993'),
    () => db.incr('big'),
    () => db.zadd('z', { NX: true }, [1.5, 'a'], [2, 'b']),
    () => db.zscore('z', 'a'),
    () => db.zrange('z', 0, -1, 'WITHSCORES'),
    () => db.bytes.zrange('z', 0, -1),
    () => db.incr('text'),
    () => db.lrange('text', 0, -1),
    () => db.call('NONSENSE'),
    () => db.call('PING'),
    () => db.set('bad', { nan: NaN }),
    () => db.set('k', 'v', { nonsense: 1 }),
    () => db.multi().set('m', 1).incr('m').incr('text').hgetall('h').exec(),
    () => db.pipeline().get('m').lpush('text', 'x').exec(),
    () => db.update('user', { age: 36 }),
    () => db.update('user', async (old) => ({ ...old, age: old.age + 1 })),
    () => db.update('user', () => { throw new RangeError('no'); }),
    () => db.delete('user'),
    () => db.withDurability('always').set('sure', 'yes'),
    () => db.withDurability('memory').get('sure'),
    () => db.select(3),
    () => db.dbsize(),
    () => db.set('there', 'x'),
    () => db.select(0),
    () => db.exists('there'),
    async () => {
      const stop = db.subscribe('news.*', (message, channel) => heard.push([channel, message]));
      await db.publish('news.a', 'one');
      await db.publish('news.b', 'two');
      await db.status();
      stop();
      await db.publish('news.c', 'three');
      return heard;
    },
    async () => {
      const dump = await db.export();
      await db.flushall();
      await db.import(dump);
      return [dump instanceof Uint8Array, await db.dbsize()];
    },
    async () => {
      await db.zadd('walked', [1, 'a'], [Infinity, 'b']);
      const found = [];
      for await (const pair of db.zscanIterator('walked')) found.push(pair);
      for await (const [field, value] of db.hscanIterator('h', { COUNT: 1 })) found.push([field, value]);
      for await (const key of db.scanIterator({ MATCH: 'walk*' })) found.push(key);
      for await (const key of db.bytes.scanIterator({ MATCH: 'walk*' })) found.push(key);
      return found;
    },
    async () => {
      const told = [];
      const stop = db.watch(['w', 'v'], ({ keys, everything }) => told.push([[...keys], everything]));
      await db.multi().set('w', '1').set('other', '1').set('v', '2').exec();
      await db.status();
      await new Promise((resolve) => setTimeout(resolve, 50));
      stop();
      await db.del('w');
      await new Promise((resolve) => setTimeout(resolve, 50));
      return told;
    },
    () => db.watch('w', 'no function'),
    () => db.import(new Uint8Array(20)),
    () => db.on('nonsense', () => {}),
    () => db.withDurability('nonsense'),
    async () => {
      const { name, role, storage: { state, persisted, encrypted }, level } = await db.status();
      const storage = { state, persisted, encrypted };
      return [name.replace(/^same-\w+$/, 'same'), role, storage, level, db.name === name];
    },
    () => db.drained(),
    () => typeof db.nonsense,
    () => typeof db.then,
  ];
  const answers = [];
  for (const call of calls) {
    try {
      answers.push(show(await call()));
    } catch (error) {
      answers.push({ thrown: error instanceof kilat.KilatError ? error.code : error.name, message: error.message });
    }
  }
  await db.close();
  let after;
  try {
    after = await db.get('text');
  } catch (error) {
    after = error.code;
  }
  return [...answers, after];
}

test('typed calls answer in a worker what they answer in the page', needs(), async (t) => {
  const tab = await prepare(await (await world(t)).tab());
  const here = await tab.evaluate(callAll, 'page');
  const away = await tab.evaluate(callAll, 'worker');
  assert.ok(here.length > 40);
  assert.equal(JSON.stringify(here).includes('same-'), false);
  assert.deepEqual(away, here);
});

test('a worker holds several databases, and a tab more of each', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await prepare(await tab());
  const seen = await page.evaluate(async () => {
    const worker = host();
    const [a, b, again] = await Promise.all(['a', 'b', 'a'].map((name) => openAway({ name, worker })));
    await Promise.all([a.set('n', 'of a'), b.set('n', 'of b')]);
    const seen = [await a.get('n'), await b.get('n'), await again.get('n'), (await a.status()).id === (await again.status()).id];
    await a.close();
    seen.push(await again.get('n'));
    await again.close();
    const error = await again.get('n').catch((error) => error);
    return [...seen, error.code, await b.get('n'), (await b.status()).role];
  });
  assert.deepEqual(seen, ['of a', 'of b', 'of a', true, 'of a', 'CLOSED', 'of b', 'leader']);
  const other = await tab({ name: 'b' });
  assert.deepEqual(await other.evaluate(() => [db.get('n'), db.status().role]), ['of b', 'follower']);
  assert.equal(await page.evaluate(async () => (await kilat.open({ name: 'a' })).get('n')), 'of a');
});

test('without a file, a name has one worker in a page, and it ends with the last who has it open', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await prepare(await tab());
  const seen = await page.evaluate(async () => {
    const [a, b] = await Promise.all([inline.open({ name: 'one' }), inline.open({ name: 'one' })]);
    const [first, second] = [await a.status(), await b.status()];
    await a.set('k', 'x');
    await a.close();
    const kept = await b.get('k');
    await b.close();
    let locks;
    // Locks are let go behind what a page sees.
    for (let waited = 0; waited < 5000 && locks?.length !== 0; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      locks = (await navigator.locks.query()).held.filter(({ name }) => name.startsWith('kilat-worker:'));
    }
    const again = await inline.open({ name: 'one' });
    return [first.id === second.id, first.peers.length, kept, locks.length, await again.get('k'), (await again.status()).role];
  });
  assert.deepEqual(seen, [true, 0, 'x', 0, 'x', 'leader']);
});

test('when a worker is ended, who waits is told, and another tab leads', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'ended' };
  const first = await prepare(await tab());
  await openAway(first, open);
  assert.equal((await statusOf(first)).role, 'leader');
  const second = await tab(open);
  const told = await first.evaluate(async () => {
    const events = [];
    db.on('crashed', (event) => events.push(event.type));
    db.on('closed', (event) => events.push(event.type));
    await db.status();
    let acknowledged = 0;
    const writes = Array.from({ length: 500 }, () => db.incr('n').then(() => acknowledged++));
    const blocked = db.update('k', () => new Promise(() => {})).catch((error) => [error.code, error instanceof AwayError, error.message]);
    await writes[100];
    worker.terminate();
    await Promise.allSettled(writes);
    const error = await blocked;
    const later = await db.get('n').catch((error) => error.code);
    return { acknowledged, error, later, events };
  });
  assert.deepEqual(told.error, ['CRASHED', true, "the worker of database 'ended' has ended"]);
  assert.equal(told.later, 'CRASHED');
  assert.deepEqual(told.events, ['crashed', 'closed']);
  await leads(second);
  const n = await second.evaluate(() => Number(db.get('n')));
  assert.ok(n >= told.acknowledged && told.acknowledged > 0, `${told.acknowledged} acknowledged, ${n} there`);
  // A fresh worker takes part again.
  await openAway(first, open);
  assert.deepEqual(await first.evaluate(async () => [(await db.status()).role, Number(await db.get('n'))]), ['follower', n]);
});

test('a tab that is closed gives up what its worker led', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'left' };
  const first = await prepare(await tab());
  await openAway(first, open);
  await first.evaluate(() => db.set('k', 'x'));
  const second = await prepare(await tab());
  await openAway(second, open);
  assert.equal((await statusOf(second)).role, 'follower');
  await first.close();
  await until(async () => (await statusOf(second)).role === 'leader', 'the other worker to lead');
  assert.equal(await second.evaluate(() => db.get('k')), 'x');
});

test('a worker whose page is hidden hands over to a tab that is seen', needs('hidden'), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'hidden-away' };
  const first = await prepare(await tab(null, { window: false }));
  await first.activate();
  await openAway(first, open);
  const second = await tab(open, { window: false });
  await second.activate();
  await leads(second);
  assert.deepEqual(await first.evaluate(async () => [await db.set('k', 'x'), (await db.status()).visible]), ['OK', false]);
  await first.activate();
  await until(async () => (await statusOf(first)).role === 'leader', 'the worker to lead again');
  assert.equal((await statusOf(first)).visible, true);
});

test('a page that is left and comes back finds its database in the worker again', needs('cache'), async (t) => {
  const { tab, address } = await world(t);
  const open = { name: 'back' };
  const first = await prepare(await tab());
  await openAway(first, open);
  await first.evaluate(() => db.set('k', 'x'));
  await first.navigate(`${address}elsewhere`);
  const second = await tab(open);
  await leads(second, 5_000);
  await second.evaluate(() => db.set('k', 'y'));
  await first.back();
  if (await first.evaluate(() => typeof db === 'undefined')) return t.diagnostic('the page was not kept');
  await until(() => first.evaluate(async () => (await db.get('k')) === 'y'), 'what was written meanwhile');
  assert.equal((await statusOf(first)).role, 'follower');
});

test('what cannot be had is told: scripts that are missing or fail, options, values', needs(), async (t) => {
  const { tab } = await world(t);
  const page = await prepare(await tab());
  const errors = await page.evaluate(async () => {
    const of = (promise) => promise.then(() => 'opened', ({ code, message }) => `${code}: ${message}`);
    const throws = URL.createObjectURL(new Blob(['throw new Error("at once")'], { type: 'text/javascript' }));
    const db = await inline.open({ name: 'errors' });
    const errors = [
      await of(openAway({ name: 'x', worker: new Worker('/pkg/nothing.js', { type: 'module' }) })),
      await of(openAway({ name: 'x', worker: new Worker(throws) })),
      await of(openAway({ name: 'x' })),
      await of(openAway({ name: '', worker: host() })),
      await of(inline.open({ name: 'x', nonsense: 1 })),
      await of(inline.open()),
      await of(openAway({ name: 'x', worker: host(), storage: { add() {} } })),
      await of(openAway({ name: 'x', worker: host(), wasm: fetch('/pkg/kilat_bg.wasm') })),
      // A page of another release says hello.
      await of(new Promise((resolve, reject) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data: [{ refused }] }) => reject(refused);
        host().postMessage({ kilat: '0.0.0', port: port2, options: { name: 'x' } }, [port2]);
      })),
      await of(db.set('k', { symbol: Symbol('s') })),
      await of(db.set('k', 'fine')),
    ];
    await db.close();
    return errors;
  });
  const wanted = [
    /^LOAD: the worker could not be loaded/, /^LOAD: .*at once/, /^OPTION: option worker must be a Worker/,
    /^OPTION: option name must be/, /^OPTION: unknown option 'nonsense'/, /^OPTION: /, /^OPTION: option storage/,
    /^OPTION: option wasm/, /^OPTION: the page has kilat 0\.0\.0/, /^ARGUMENT: what was given cannot be sent/, /^opened$/,
  ];
  errors.forEach((error, i) => assert.match(error, wanted[i]));
});

test('sessions in a worker: replies with their kinds, messages, RESP', needs(), async (t) => {
  const page = await prepare(await (await world(t)).tab());
  const seen = await page.evaluate(async () => {
    const db = await inline.open({ name: 'sessions' });
    const pushes = [];
    const session = db.openSession({ onPush: (push) => pushes.push(push.items.length) });
    const before = session.protocol;
    await session.call('HELLO', '3');
    const kind = (await session.call('SUBSCRIBE', 'c')).kind;
    await db.publish('c', 'm');
    await db.status();
    const failed = await session.call('LPUSH', 'k');
    session.close();
    const bytes = [];
    const connection = db.connect({ onBytes: (chunk) => bytes.push(...chunk), onClose: () => {} });
    connection.feed(new TextEncoder().encode('PING\r\n'));
    for (let tries = 0; bytes.length < 7 && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
    connection.close();
    await db.close();
    return { before, after: session.protocol, kind, pushes, failed: failed.kind, pong: String.fromCharCode(...bytes) };
  });
  assert.deepEqual({ ...seen, kind: null }, { before: 2, after: 3, kind: null, pushes: seen.pushes, failed: 'error', pong: '+PONG\r\n' });
  assert.ok(seen.pushes.includes(3), `pushes ${seen.pushes}`);
});
