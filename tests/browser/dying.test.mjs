// The leading tab ends in the middle of writes: its own, and those of two others. Another one leads at once, and every
// write that was acknowledged in any of the three is there, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDS } from './deaths.mjs';
import { follows, leads, needs, tabsThatWrite, until, world } from './world.mjs';

/** A hung page is given three seconds; the others are gone at once. */
const PATIENCE_MS = { hang: 12_000 };

for (const [way, { needs: needed, prepare, strike, after }] of Object.entries(ENDS)) {
  test(`the leader ends by ${way}`, needs(...needed), async (t) => {
    const here = await world(t);
    const open = { name: `ends by ${way}` };
    const [leader, ...others] = await tabsThatWrite(here, open, ['a', 'b', 'c']);
    await prepare(leader);
    const epoch = here.writers.epoch();
    const struckMs = Date.now();
    await strike(leader, here);
    const tookMs = (await here.writers.nextReign(['b', 'c'], epoch)) - struckMs;
    assert.ok(tookMs < (PATIENCE_MS[way] ?? 5_000), `the next write took ${tookMs} ms`);
    await after(leader, here);
    // Both go on, and a tab that comes now finds all of it.
    for (const client of ['b', 'c']) await here.writers.goOn(client);
    for (const [i, client] of ['b', 'c'].entries()) await here.writers.stop(others[i], client);
    const late = await here.tab(open);
    await follows(late);
    await here.checkAll([...others, late]);
    t.diagnostic(`the next write took ${tookMs} ms`);
  });
}

test('who listens in another tab hears what is said under the next leader', needs(), async (t) => {
  const { tab } = await world(t);
  const open = { name: 'listens' };
  const leader = await tab(open);
  await leads(leader);
  const [listener, speaker] = [await tab(open), await tab(open)];
  await listener.evaluate(() => {
    globalThis.heard = [];
    db.subscribe('news', (message) => heard.push(message));
  });
  await speaker.evaluate(() => db.publish('news', 'before'));
  await until(() => listener.evaluate(() => heard.length === 1), 'the first message');
  await leader.close();
  await speaker.evaluate(() => db.publish('news', 'after'));
  await until(() => listener.evaluate(() => heard.length === 2), 'the second message');
  assert.deepEqual(await listener.evaluate(() => heard), ['before', 'after']);
});
