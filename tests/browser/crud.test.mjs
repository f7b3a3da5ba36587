// One tab: values in and out, what is refused, export and import.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { needs, world } from './world.mjs';

let page;

before(async (t) => {
  if (needs().skip) return;
  page = await (await world(t)).tab({ name: 'crud' });
});

const inPage = (run, argument) => page.evaluate(run, argument);

test('what is set is got, and Redis sees it as what it is', needs(), async () => {
  const values = ['text', '', 'é→🎉', 5, -1.5, true, false, [1, 'a', null], { a: { b: [1] } }, { __proto__: 1 }];
  const seen = await inPage(async (values) => {
    const seen = [];
    for (const value of values) {
      await db.set('k', value);
      seen.push([db.get('k'), db.type('k')]);
    }
    return seen;
  }, values);
  const expected = values.map((value) => [value, typeof value === 'string' ? 'string' : 'ReJSON-RL']);
  assert.deepEqual(seen, expected);
});

test('bytes are a string', needs(), async () => {
  const seen = await inPage(async () => {
    await db.set('b', new Uint8Array([0, 255, 128]));
    return [[...db.bytes.get('b')], db.type('b'), db.strlen('b')];
  });
  assert.deepEqual(seen, [[0, 255, 128], 'string', 3]);
});

test('what is absent is null', needs(), async () => {
  assert.deepEqual(await inPage(() => [db.get('nope'), db.hget('nope', 'f'), db.bytes.get('nope'), db.hgetall('nope')]), [null, null, null, {}]);
});

test('GET and INCR take JSON values', needs(), async () => {
  const seen = await inPage(async () => {
    await db.set('n', 41);
    await db.set('o', { a: 1 });
    return [await db.incr('n'), db.get('n'), db.call('GET', 'o')];
  });
  assert.deepEqual(seen, [42, 42, '{"a":1}']);
});

test('a field named __proto__ is only a field', needs(), async () => {
  const seen = await inPage(async () => {
    await db.set('p', JSON.parse('{"__proto__": {"polluted": true}, "a": 1}'));
    await db.hset('h', '__proto__', 'x');
    const got = db.get('p');
    return [JSON.stringify(got), got.polluted === undefined, Object.keys(db.hgetall('h'))];
  });
  assert.deepEqual(seen, ['{"__proto__":{"polluted":true},"a":1}', true, ['__proto__']]);
});

test('integers past 2^53 are bigints', needs(), async () => {
  const seen = await inPage(async () => {
    await db.set('big', '9007199254740993');
    return [typeof (await db.incr('big')), String(await db.incrby('big', 9007199254740993n)), typeof (await db.incr('small'))];
  });
  assert.deepEqual(seen, ['bigint', '18014398509481987', 'number']);
});

test('options of set', needs(), async () => {
  const seen = await inPage(async () => {
    const seen = [];
    await db.set('t', { a: 1 }, { ttl: 100 });
    seen.push(db.ttl('t'));
    await db.set('t', { a: 2 }, { KEEPTTL: true });
    seen.push(db.ttl('t'), await db.set('t', 'x', { NX: true }), await db.set('absent', [1], { XX: true }), db.get('absent'));
    await db.set('t', 'x', { ttl: 0.5 });
    const left = db.pttl('t');
    seen.push(left > 0 && left <= 500, await db.set('t', 'y', { GET: true }), db.ttl('t'));
    return seen;
  });
  assert.deepEqual(seen, [100, 100, null, null, null, true, 'x', -1]);
});

test('update merges a patch, or runs a function; delete says whether', needs(), async () => {
  const seen = await inPage(async () => {
    await db.set('u', { a: 1, b: { c: 1, d: 2 } }, { ttl: 50 });
    return [
      await db.update('u', { b: { c: null, e: 3 } }),
      await db.update('u', (old) => ({ ...old, a: old.a + 1 })),
      db.ttl('u') > 0,
      await db.update('fresh', (old) => (old === null ? { made: true } : old)),
      await db.update('u', () => undefined),
      await db.delete('u'),
      await db.delete('u'),
    ];
  });
  const merged = { a: 1, b: { d: 2, e: 3 } };
  assert.deepEqual(seen, [merged, { ...merged, a: 2 }, true, { made: true }, { ...merged, a: 2 }, true, false]);
});

test('fifty updates of one key at once all count', needs(), async () => {
  const total = await inPage(async () => {
    await db.set('sum', { n: 0 });
    await Promise.all(Array.from({ length: 50 }, () => db.update('sum', async ({ n }) => ({ n: n + 1 }))));
    return db.get('sum').n;
  });
  assert.equal(total, 50);
});

test('multi runs everything in order, errors among the replies', needs(), async () => {
  const seen = await inPage(async () => {
    const replies = await db.multi().set('m', '1').incr('m').lpush('m', 'x').set('mj', { a: 1 }).get('m').exec();
    const refused = await db.multi().call('NOPE').exec().catch((error) => error.code);
    return [replies.map((reply) => reply?.code ?? reply), refused, db.get('mj')];
  });
  assert.deepEqual(seen, [['OK', 2, 'WRONGTYPE', 'OK', '2'], 'ERR', { a: 1 }]);
});

test('bad input is refused by name, and nothing has changed', needs(), async () => {
  const seen = await inPage(async () => {
    const circle = {};
    circle.round = circle;
    const attempts = {
      unknown: () => db.call('NOPE', 'x'),
      arity: () => db.call('GET'),
      arityOfWrite: () => db.call('SET', 'k'),
      numberAsKey: () => db.call('GET', 5),
      keyOfSet: () => db.set(null, 'x'),
      keyAmongMany: () => db.mget('a', 7),
      surrogate: () => db.set('k', 'a\ud800'),
      surrogateInKey: () => db.get('\udc00'),
      surrogateInJson: () => db.set('k', { a: ['\ud800'] }),
      surrogateLong: () => db.set('k', 'x'.repeat(100) + '\ud800'),
      tooLong: () => db.set('k', new Uint8Array(512 * 1024 * 1024 + 1)),
      cyclic: () => db.set('k', circle),
      func: () => db.set('k', { a: [() => 1] }),
      undef: () => db.set('k', { a: undefined }),
      date: () => db.set('k', { at: new Date(0) }),
      nan: () => db.set('k', { n: NaN }),
      wordNull: () => db.lpush('k', null),
      setOption: () => db.set('k', 'v', { tl: 5 }),
      setOptionValue: () => db.set('k', 'v', { ttl: -1 }),
      event: () => db.on('nope', () => {}),
      shared: () => db.call('MULTI'),
      importBytes: () => db.import(new Uint8Array([1, 2, 3])),
      name: () => kilat.open({}),
      option: () => kilat.open({ name: 'x', durabilty: 'always' }),
      optionValue: () => kilat.open({ name: 'x', durability: 'often' }),
      subcommand: () => db.call('OBJECT', 'NOPE', 'k'),
    };
    const size = db.dbsize();
    const seen = {};
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        seen[name] = `no error: ${JSON.stringify(await attempt())}`;
      } catch (error) {
        seen[name] = error instanceof kilat.KilatError ? `${error.code}: ${error.message}` : `strange: ${error}`;
      }
    }
    return { seen, same: db.dbsize() === size && db.get('k') !== 'v' };
  });
  const culprits = {
    unknown: /^ERR: ERR unknown command 'NOPE'/,
    arity: /wrong number of arguments for 'get'/,
    arityOfWrite: /wrong number of arguments for 'set'/,
    numberAsKey: /argument 1 of GET is a key.*number \(5\)/,
    keyOfSet: /key must be a string or a Uint8Array, not null/,
    keyAmongMany: /argument 2 of MGET is a key.*number \(7\)/,
    surrogate: /argument 2 of SET holds a lone surrogate/,
    surrogateInKey: /lone surrogate/,
    surrogateInJson: /value\.a\[0\] holds a lone surrogate/,
    surrogateLong: /argument 2 of SET holds a lone surrogate/,
    tooLong: /argument 2 of SET is longer than 512 MB/,
    cyclic: /value\.round contains itself/,
    func: /value\.a\[0\] is a function/,
    undef: /value\.a is undefined/,
    date: /value\.at is an object \(Date\)/,
    nan: /value\.n is NaN/,
    wordNull: /argument 2 of LPUSH is null/,
    setOption: /unknown option 'tl' of set/,
    setOptionValue: /option ttl of set cannot be a number \(-1\)/,
    event: /unknown event 'nope'/,
    shared: /MULTI is not for db\.call: use db\.multi/,
    importBytes: /^(?!no error|strange)/,
    name: /option name must be/,
    option: /unknown option 'durabilty'/,
    optionValue: /option durability must be 'memory', 'everysec' or 'always', not a string \(often\)/,
    subcommand: /NOPE/,
  };
  for (const [name, culprit] of Object.entries(culprits)) assert.match(seen.seen[name], culprit, name);
  assert.deepEqual(Object.keys(seen.seen), Object.keys(culprits));
  assert.ok(seen.same, 'nothing has changed');
});

test('messages reach whoever listens, and no longer than that', needs(), async () => {
  const heard = await inPage(async () => {
    const heard = [];
    const stop = db.subscribe('news.*', (message, channel) => heard.push([message, channel]));
    const stopExact = db.subscribe('other', (message) => heard.push(message));
    await db.publish('news.a', 'one');
    await db.publish('other', 'two');
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop();
    stopExact();
    await db.publish('news.a', 'three');
    await new Promise((resolve) => setTimeout(resolve, 50));
    return heard;
  });
  assert.deepEqual(heard, [['one', 'news.a'], 'two']);
});

test('a listener may call right back', needs(), async () => {
  const seen = await inPage(async () => {
    const heard = new Promise((resolve) => db.subscribe('back', (message) => {
      const before = db.get('called-back');
      resolve(db.set('called-back', message).then(() => [before, db.get('called-back')]));
    }));
    await db.publish('back', 'yes');
    return heard;
  });
  assert.deepEqual(seen, [null, 'yes']);
});

test('export and import carry all types over', needs(), async () => {
  const seen = await inPage(async () => {
    await db.flushall();
    await db.set('s', 'text');
    await db.set('j', { a: [1, 2.5, 'x'] });
    await db.rpush('l', 'a', 'b');
    await db.sadd('set', '1', '2');
    await db.hset('h', { f: 'v' });
    await db.zadd('z', 1.5, 'm');
    await db.set('t', 'x', { ttl: 1000 });
    const dump = db.export();
    const before = db.call('DEBUG', 'DIGEST');
    await db.flushall();
    const damaged = dump.slice();
    damaged[damaged.length >> 1] ^= 0xff;
    await db.set('kept', 'yes');
    const refused = await db.import(damaged).then(() => 'taken', (error) => error.name);
    const kept = db.get('kept');
    await db.import(dump);
    return { magic: String.fromCharCode(...dump.slice(0, 5)), refused, kept, same: (await db.call('DEBUG', 'DIGEST')) === (await before), j: db.get('j'), ttl: db.ttl('t') > 900 };
  });
  assert.deepEqual(seen, { magic: 'REDIS', refused: 'KilatError', kept: 'yes', same: true, j: { a: [1, 2.5, 'x'] }, ttl: true });
});

test('who writes faster than storage is told, and told when to go on', needs(), async () => {
  const seen = await inPage(async () => {
    const db = await kilat.open({ name: 'busy' });
    const bytes = new Uint8Array(2 ** 20);
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => db.set(`big${i % 4}`, bytes).catch((error) => error.code)));
    await db.drained();
    const after = await db.set('after', 'x');
    await db.close();
    return { codes: [...new Set(outcomes)].sort(), after };
  });
  assert.deepEqual(seen, { codes: ['BUSY', 'OK'], after: 'OK' });
});

test('two opens of one name share a node; the last close ends it', needs(), async () => {
  const seen = await inPage(async () => {
    const [a, b] = await Promise.all([kilat.open({ name: 'shared' }), kilat.open({ name: 'shared' })]);
    await a.set('x', '1');
    const same = b.get('x') === '1' && a.status().id === b.status().id;
    const other = await kilat.open({ name: 'shared', persistent: false }).catch((error) => error.code);
    if (other !== 'OPTION') throw new Error(`opened elsewhere: ${other}`);
    await a.close();
    const alive = b.get('x');
    await b.close();
    let after;
    try {
      b.get('x');
    } catch (error) {
      after = error.code;
    }
    return [same, alive, after];
  });
  assert.deepEqual(seen, [true, '1', 'CLOSED']);
});

test('a session that has quit is closed, whatever is called on it', needs(), async () => {
  const seen = await inPage(async () => {
    let closed = 0;
    const session = db.openSession({ onClose: () => (closed += 1) });
    const replies = [session.call('PING'), session.call('QUIT'), session.call('PING')].map(({ kind }) => kind);
    await new Promise((resolve) => setTimeout(resolve, 20));
    replies.push(session.call('PING').kind);
    const other = db.openSession();
    other.close();
    replies.push(other.call('PING').kind);
    return { replies, closed, alive: db.call('PING') };
  });
  assert.deepEqual(seen, { replies: ['status', 'status', 'error', 'error', 'error'], closed: 1, alive: 'PONG' });
});

test('await using closes', needs(), async () => {
  const seen = await inPage(async () => {
    const db = await kilat.open({ name: 'using' });
    await db[Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]();
    try {
      db.get('x');
    } catch (error) {
      return error.code;
    }
  });
  assert.equal(seen, 'CLOSED');
});

test('list and destroy', needs(), async () => {
  const seen = await inPage(async () => {
    const doomed = await kilat.open({ name: 'doomed' });
    await doomed.set('x', '1');
    await doomed.close();
    const before = await kilat.list();
    await kilat.destroy('doomed');
    return [before.includes('doomed'), (await kilat.list()).includes('doomed')];
  });
  assert.deepEqual(seen, [true, false]);
});

test('slim wants to be told where its module is', needs(), async () => {
  const seen = await inPage(async () => {
    const slim = await import('/pkg/slim.js');
    const refused = await slim.open({ name: 'slim' }).catch((error) => error.code);
    const answers = [];
    const wasm = new URL('/pkg/kilat_bg.wasm', location.href);
    for (const source of [wasm, fetch(wasm), await (await fetch(wasm)).arrayBuffer()]) {
      const db = await slim.open({ name: 'slim', wasm: source });
      answers.push(await db.incr('n'));
      await db.close();
    }
    return [refused, answers];
  });
  assert.deepEqual(seen, ['OPTION', [1, 2, 3]]);
});
