// How long from the leader's death to the next acknowledged write: `node bench/takeover.mjs [--rounds 20]`.
// Two tabs; the one that leads dies by kill -9 of its renderer, by Page.crash, or is closed, in turn; the other has
// a write under way every moment. Every write that was acknowledged must be there afterwards, once.
import { rendererOf, roleOf, until, world } from '../tests/browser/world.mjs';

const at = process.argv.indexOf('--rounds');
const rounds = at < 0 ? 20 : Number(process.argv[at + 1]);
const ends = [];
const { context, profile, tab } = await world({ after: (end) => ends.push(end) });

const WAYS = {
  'kill -9': async (page) => process.kill(await rendererOf(page, profile), 'SIGKILL'),
  crash: async (page) => {
    const session = await context.newCDPSession(page);
    await Promise.race([session.send('Page.crash').catch(() => {}), until(async () => true, 'a crash')]);
  },
  close: (page) => page.close(),
};

const open = { name: 'takeover' };
const times = {};
let lost = 0;
let follower = await tab(open);
for (let round = 0; round < rounds; round++) {
  const [leader, next] = [follower, await tab(open)];
  follower = next;
  await until(async () => (await roleOf(leader)) === 'leader', 'a leader');
  await follower.evaluate(() => {
    globalThis.acknowledged = 0;
    globalThis.writing = true;
    globalThis.moments = [];
    globalThis.writer = (async () => {
      await db.call('SET', 'count', 0);
      while (writing) {
        await db.incr('count');
        acknowledged += 1;
        moments.push(Date.now());
      }
    })();
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const way = Object.keys(WAYS)[round % 3];
  const began = Date.now();
  await WAYS[way](leader);
  await until(async () => (await roleOf(follower)) === 'leader', 'a takeover');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const seen = await follower.evaluate(async () => {
    writing = false;
    await writer;
    const gaps = moments.slice(1).map((moment, i) => moment - moments[i]);
    return { gap: Math.max(...gaps), acknowledged, count: Number(db.call('GET', 'count')) };
  });
  if (seen.count !== seen.acknowledged) lost += 1;
  (times[way] ??= []).push(seen.gap);
  console.log(`${way.padEnd(8)} ${seen.gap} ms between the last write before and the first after, ${seen.acknowledged} acknowledged, ${seen.count} there, ${Date.now() - began} ms in all`);
}
for (const end of ends) await end();
const all = Object.values(times).flat();
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
for (const [way, list] of Object.entries(times)) console.log(`${way}: median ${median(list)} ms, worst ${Math.max(...list)} ms`);
console.log(`takeover: ${all.length} rounds, median ${median(all)} ms, worst ${Math.max(...all)} ms, ${lost} rounds with a difference`);
process.exit(lost === 0 ? 0 : 1);
