// Bytes: a million small strings; hashes, lists, sets and sorted sets of 10 and of 1,000 members; beside redis-server's
// used_memory. kilat's are the growth of its linear memory, which is never given back: its peak, not what it counts.
import { start } from '../process.mjs';
import { startRedis } from '../redis.mjs';

export const title = 'bytes a key, and a member';

/** Bytes that filling takes, in a process that has done nothing before. */
async function taken(name, options, fill, argument) {
  const subject = start('./grown.mjs');
  try {
    await subject.call('open', { name, options });
    await subject.call('settle');
    const before = await subject.call('bytes');
    await subject.call(fill, argument);
    return (await subject.call('bytes')) - before;
  } finally {
    subject.end();
  }
}

export async function run({ quick, say }) {
  const redis = await startRedis();
  if (!redis) say('no redis-server 7: kilat and Map alone');
  const beside = async (names, fill, argument, per) => {
    const bytes = {};
    for (const name of names) {
      if (name === 'redis' && !redis) continue;
      bytes[name] = (await taken(name === 'redis' ? 'redis + ioredis' : name, { port: redis?.port }, fill, argument)) / per;
    }
    return bytes;
  };
  try {
    const keys = quick ? 200_000 : 1_000_000;
    const rows = [{ what: `a string of 26 bytes under a key of 14, ${keys} of them`, keys, bytes: await beside(['kilat', 'Map', 'redis'], 'fillStrings', { from: 0, to: keys }, keys) }];
    for (const type of ['hash', 'list', 'set', 'sorted set']) {
      for (const members of [10, 1000]) {
        const groups = (quick ? 100_000 : 500_000) / members;
        const bytes = await beside(['kilat', 'redis'], 'fillCollections', { type, keys: groups, members }, groups * members);
        rows.push({ what: `a member of a ${type} of ${members}`, type, members, bytes });
      }
    }
    return { rows };
  } finally {
    redis?.stop();
  }
}

export function table({ rows }) {
  const text = (bytes) => (bytes === undefined ? '–' : bytes.toFixed(1));
  return [['bytes of', 'kilat', 'Map', 'redis', 'kilat / redis'], ...rows.map(({ what, bytes }) => [what, text(bytes.kilat), text(bytes.Map), text(bytes.redis), bytes.redis ? (bytes.kilat / bytes.redis).toFixed(2) : '–'])];
}
