// The check of what writers were acknowledged: it must find what is lost and what is there twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Writers } from './writers.mjs';

/** A tab in which nothing runs, and which reads `there`. */
const tabThatReads = (there) => ({ evaluate: async () => there });

const reply = (lane, number, reply) => ({ lane, number, reply, error: null, ms: 0, epoch: 1 });
const failure = (lane, number, error) => ({ lane, number, reply: null, error, ms: 0, epoch: 0 });

/** What the check says of two counted writes and two members, where a tab reads `there` in place of what is right. */
async function check(there, told = []) {
  const writers = new Writers();
  const right = { own: { a: 2 }, all: 2, list: ['a:1', 'a:2'], set: ['a:1', 'a:2'] };
  const all = ['own', 'all', 'list', 'set'].flatMap((lane) => [reply(lane, 1, 1), reply(lane, 2, 2)]);
  await writers.start(tabThatReads({}), 'a', 0);
  writers.hear({ client: 'a', message: 1, told: [...all, ...told] });
  await writers.stop(tabThatReads({}), 'a');
  const { lost, doubled } = await writers.check(tabThatReads({ ...right, ...there }), 0);
  return { lost: lost.length, doubled: doubled.length };
}

test('what is right is found right', async () => {
  assert.deepEqual(await check({}), { lost: 0, doubled: 0 });
});

test('what is missing is found', async () => {
  assert.deepEqual(await check({ own: { a: 1 } }), { lost: 1, doubled: 0 });
  assert.deepEqual(await check({ all: 1 }), { lost: 2, doubled: 0 });
  assert.deepEqual(await check({ list: ['a:2'] }), { lost: 1, doubled: 0 });
  assert.deepEqual(await check({ set: [] }), { lost: 2, doubled: 0 });
  assert.deepEqual(await check({}, [reply('own', 3, 2)]), { lost: 1, doubled: 0 });
  assert.deepEqual(await check({}, [reply('back', 3, 3)]), { lost: 1, doubled: 0 });
});

test('what is there twice is found', async () => {
  assert.deepEqual(await check({ own: { a: 3 } }), { lost: 0, doubled: 1 });
  assert.deepEqual(await check({ all: 3 }), { lost: 0, doubled: 1 });
  assert.deepEqual(await check({ list: ['a:1', 'a:2', 'a:2'] }), { lost: 0, doubled: 1 });
  assert.deepEqual(await check({ own: { a: 4 } }, [reply('own', 3, 4)]), { lost: 0, doubled: 1 });
});

test('a write that was refused must not be there; one in doubt may', async () => {
  const there = { list: ['a:1', 'a:2', 'a:3'] };
  assert.deepEqual(await check(there, [failure('list', 3, 'TRYAGAIN')]), { lost: 0, doubled: 1 });
  assert.deepEqual(await check(there, [failure('list', 3, 'INDETERMINATE')]), { lost: 0, doubled: 0 });
  assert.deepEqual(await check({}, [failure('list', 3, 'INDETERMINATE')]), { lost: 0, doubled: 0 });
  assert.deepEqual(await check({ own: { a: 3 } }, [failure('own', 3, 'INDETERMINATE')]), { lost: 0, doubled: 0 });
});
