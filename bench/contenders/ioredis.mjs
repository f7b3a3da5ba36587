// redis-server over loopback by ioredis, with automatic pipelining: what is called in one turn travels together.
import Redis from 'ioredis';
import { BATCHES, batchOf, methods } from './ioredis-methods.mjs';

export default {
  async open({ port }) {
    const redis = new Redis({ port, enableAutoPipelining: true, lazyConnect: true });
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1];
    return { redis, version, ...methods(redis), batch: batchOf(redis), batches: BATCHES, clear: () => redis.flushall(), close: () => redis.disconnect() };
  },
};
