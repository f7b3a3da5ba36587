// npm run bench: how long a write takes in Chromium, and redis-benchmark against `kilat serve` where it is installed.
// How long a takeover lasts: npm run kills.
import { at, run, runMain, say, which } from './shell.mjs';
import { setUpBuild } from './setup.mjs';
import { build } from './build.mjs';
import { startKilat } from './test-redis.mjs';

await runMain(import.meta.url, async () => {
  const tools = await setUpBuild();
  await build({ tools });
  const { code } = await run(process.execPath, [at('bench/latency.mjs')]);
  if (code !== 0) return code;
  const benchmark = which('redis-benchmark');
  if (!benchmark) {
    say('redis-benchmark is not installed: left out.');
    return 0;
  }
  const server = await startKilat();
  try {
    const tests = 'ping_mbulk,set,get,incr,lpush,rpop,sadd,hset,zadd,lrange_100';
    await run(benchmark, ['-p', String(server.port), '-n', '20000', '-q', '-P', '16', '-t', tests]);
  } finally {
    server.stop();
  }
  return 0;
});
