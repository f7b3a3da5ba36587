// Cost as it grows: bytes a key, and time of a get and of a set of random keys, from a thousand keys to four million.
import { median } from '../matrix.mjs';
import { start } from '../process.mjs';
import { startRedis } from '../redis.mjs';
import { count, time } from '../table.mjs';

export const title = 'cost as it grows';

const NAMES = ['kilat', 'Map', 'ioredis-mock', 'redis'];

export async function run({ quick, say }) {
  const redis = await startRedis();
  if (!redis) say('no redis-server 7: left out');
  const calls = (name) => (quick ? (name === 'redis' ? 5000 : 20_000) : 50_000);
  const steps = quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000, 2_000_000, 4_000_000];
  const names = NAMES.filter((name) => name !== 'redis' || redis);
  const subjects = {};
  const rows = [];
  try {
    const before = {};
    for (const name of names) {
      subjects[name] = start('./grown.mjs');
      await subjects[name].call('open', { name: name === 'redis' ? 'redis + ioredis' : name, options: { port: redis?.port } });
      await subjects[name].call('settle', { calls: quick && name === 'redis' ? 1000 : 200_000 });
      before[name] = await subjects[name].call('bytes');
      // Compilers take their time.
      await subjects[name].call('fillStrings', { from: 0, to: 1000 });
      await subjects[name].call('times', { keys: 1000, calls: calls(name) });
    }
    let from = 0;
    for (const keys of steps) {
      for (const name of names) await subjects[name].call('fillStrings', { from, to: keys });
      from = keys;
      const rounds = Object.fromEntries(names.map((name) => [name, []]));
      for (let round = 0; round < 3; round++) for (const name of names) rounds[name].push(await subjects[name].call('times', { keys, calls: calls(name) }));
      const row = { keys, get: {}, set: {}, bytes: {} };
      for (const name of names) {
        for (const what of ['get', 'set']) row[what][name] = median(rounds[name].map((times) => times[what]));
        row.bytes[name] = ((await subjects[name].call('bytes')) - before[name]) / keys;
      }
      rows.push(row);
    }
    return { rows };
  } finally {
    for (const { end } of Object.values(subjects)) end();
    redis?.stop();
  }
}

export function table({ rows }) {
  const names = NAMES.filter((name) => rows[0].get[name] !== undefined);
  const head = (what) => names.map((name) => `${name} ${what}`);
  return [
    ['keys', ...head('get'), ...head('set'), ...head('bytes')],
    ...rows.map(({ keys, get, set, bytes }) => [count(keys), ...names.map((name) => time(get[name])), ...names.map((name) => time(set[name])), ...names.map((name) => bytes[name].toFixed(0))]),
  ];
}
