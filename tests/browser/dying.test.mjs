// The leading tab ends in the middle of writes: its own, and those of two others. Another one leads at once, and every
// write that was acknowledged in any of the three is there, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDS } from './deaths.mjs';
import { follows, leads, needs, tabsThatWrite, world } from './world.mjs';

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
