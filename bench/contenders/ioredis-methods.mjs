// ioredis's methods, and ioredis-mock's: commands of Redis. JSON is text under a key, as redis-server without modules has it.

export const methods = (redis) => ({
  get: (key) => redis.get(key),
  set: (key, value) => redis.set(key, value),
  incr: (key) => redis.incr(key),
  mget: (keys) => redis.mget(keys),
  hset: (key, field, value) => redis.hset(key, field, value),
  hgetall: (key) => redis.hgetall(key),
  lpush: (key, value) => redis.lpush(key, value),
  lrange: (key, first, last) => redis.lrange(key, first, last),
  sadd: (key, member) => redis.sadd(key, member),
  zadd: (key, score, member) => redis.zadd(key, score, member),
  zrange: (key, count) => redis.zrevrange(key, 0, count - 1),
  jsonSet: (key, value) => redis.set(key, JSON.stringify(value)),
  jsonGet: (key) => redis.get(key).then(JSON.parse),
});

export const BATCHES = ['get', 'set', 'incr', 'mget', 'hset', 'hgetall', 'lpush', 'lrange', 'sadd', 'zadd', 'zrange', 'jsonSet'];

export function batchOf(redis) {
  return (run) => {
    const pipeline = redis.pipeline();
    run(methods(pipeline));
    return pipeline.exec();
  };
}
