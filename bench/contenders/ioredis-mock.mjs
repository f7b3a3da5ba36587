// ioredis-mock: Redis's commands over JavaScript objects, as tests use it.
import Redis from 'ioredis-mock';
import { BATCHES, batchOf, methods } from './ioredis-methods.mjs';

export default {
  open() {
    const redis = new Redis();
    return { ...methods(redis), batch: batchOf(redis), batches: BATCHES, clear: () => redis.flushall(), close: () => redis.disconnect() };
  },
};
