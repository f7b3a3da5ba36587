// All operations in Node, in memory, beside a redis-server over loopback.
import { IN_NODE } from '../contenders/index.mjs';
import { host } from '../process.mjs';
import { measure, pace, rowsOf } from '../matrix.mjs';
import { startRedis } from '../redis.mjs';

export const title = 'in Node, in memory';

export async function run({ quick, smoke, only, say, tell }) {
  const redis = smoke ? null : await startRedis();
  if (!redis && !smoke) say('no redis-server 7: left out');
  // PGlite would take as long as all others together.
  if (quick && !smoke) say('PGlite is left out of a quick run');
  const inNode = IN_NODE.filter((name) => !quick || name !== 'PGlite');
  const names = (smoke ? ['kilat', 'Map', 'ioredis-mock'] : inNode).filter((name) => redis || name !== 'redis + ioredis');
  const hosts = [];
  try {
    for (const name of names) {
      try {
        hosts.push(await host(name, { port: redis?.port }));
      } catch (error) {
        say(`${name} is left out: ${error.message.split('\n')[0]}`);
      }
    }
    const rows = smoke
      ? [{ work: 'get', mode: 'one', keys: 100, size: 16 }, { work: 'zadd', mode: 'flight', keys: 100, size: 16 }]
      : rowsOf({ quick, only, sizes: quick ? [] : [1024, 65_536], counts: quick ? [] : [100_000, 1_000_000] });
    // The string of the first mark.
    if (!smoke && (!only || only.includes('get'))) {
      rows.unshift(...['one', 'flight'].map((mode) => ({ work: 'get', mode, keys: 1000, size: 26 })));
      rows.unshift({ work: 'get from engine', mode: 'flight', keys: 1000, size: 26 });
    }
    const measured = await measure({ hosts, rows, tell, ...pace({ quick, smoke }) });
    return { contenders: hosts.map(({ name, version }) => ({ name, version })), rows: measured };
  } finally {
    for (const { end } of hosts) end();
    redis?.stop();
  }
}
