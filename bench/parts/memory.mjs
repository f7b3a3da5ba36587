// Bytes: a million small strings; hashes, lists, sets and sorted sets of 10 and of 1,000 members; beside redis-server's
// used_memory. kilat's are the growth of its linear memory, which is never given back: its peak, not what it counts.
import { start } from '../process.mjs';
import { startRedis } from '../redis.mjs';

export const title = 'bytes a key, and a member';

const KEYS = 1_000_000;

/** Members of all collections, and keys in redis-server, which a socket fills slowly; writes that what is kept of writes needs. */
const WHOLE = { members: 500_000, redisKeys: KEYS, settled: { kilat: 200_000, Map: 200_000, redis: 200_000 } };
const QUICK = { members: 100_000, redisKeys: 200_000, settled: { kilat: 200_000, Map: 1000, redis: 1000 } };

/** Bytes that filling takes, in a process that has done nothing before; redis-server's are its own, cleared before. */
async function taken(name, options, { fill, argument }, settled) {
  const subject = start('./grown.mjs');
  try {
    await subject.call('open', { name: name === 'redis' ? 'redis + ioredis' : name, options });
    await subject.call('settle', { calls: settled[name] });
    const before = await subject.call('bytes');
    await subject.call(fill, argument);
    return (await subject.call('bytes')) - before;
  } finally {
    subject.end();
  }
}

function jobsOf({ members: all, redisKeys }) {
  const strings = (name) => ({ fill: 'fillStrings', argument: { from: 0, to: name === 'redis' ? redisKeys : KEYS }, per: name === 'redis' ? redisKeys : KEYS });
  const less = redisKeys < KEYS ? `; ${redisKeys} in redis` : '';
  const jobs = [{ row: { what: `a string of 26 bytes under a key of 14, ${KEYS} of them${less}`, keys: KEYS }, names: ['kilat', 'Map', 'redis'], of: strings }];
  for (const type of ['hash', 'list', 'set', 'sorted set']) {
    for (const members of [10, 1000]) {
      const of = () => ({ fill: 'fillCollections', argument: { type, keys: all / members, members }, per: all });
      jobs.push({ row: { what: `a member of a ${type} of ${members}`, type, members }, names: ['kilat', 'redis'], of });
    }
  }
  return jobs;
}

export async function run({ quick, say }) {
  const redis = await startRedis();
  if (!redis) say('no redis-server 7: kilat and Map alone');
  const size = quick ? QUICK : WHOLE;
  const jobs = jobsOf(size);
  const fillAll = async (names) => {
    const all = jobs.map(() => ({}));
    for (const [i, { names: wanted, of }] of jobs.entries()) {
      for (const name of names.filter((name) => wanted.includes(name))) {
        const job = of(name);
        all[i][name] = (await taken(name, { port: redis?.port }, job, size.settled)) / job.per;
      }
    }
    return all;
  };
  try {
    // Bytes are no quicker where nothing else runs.
    const [own, others] = await Promise.all([fillAll(['kilat', 'Map']), fillAll(redis ? ['redis'] : [])]);
    return { rows: jobs.map(({ row }, i) => ({ ...row, bytes: { ...own[i], ...others[i] } })) };
  } finally {
    redis?.stop();
  }
}

export function table({ rows }) {
  const text = (bytes) => (bytes === undefined ? '–' : bytes.toFixed(1));
  return [['bytes of', 'kilat', 'Map', 'redis', 'kilat / redis'], ...rows.map(({ what, bytes }) => [what, text(bytes.kilat), text(bytes.Map), text(bytes.redis), bytes.redis ? (bytes.kilat / bytes.redis).toFixed(2) : '–'])];
}
