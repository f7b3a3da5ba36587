// The same tables and statements for SQLite and PostgreSQL. `$1` becomes `?1` for SQLite.

export const TABLES = `
  CREATE TABLE IF NOT EXISTS strings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS hashes (key TEXT, field TEXT, value TEXT NOT NULL, PRIMARY KEY (key, field));
  CREATE TABLE IF NOT EXISTS lists (key TEXT, place INTEGER, value TEXT NOT NULL, PRIMARY KEY (key, place));
  CREATE TABLE IF NOT EXISTS sets (key TEXT, member TEXT, PRIMARY KEY (key, member));
  CREATE TABLE IF NOT EXISTS sorted (key TEXT, member TEXT, score REAL NOT NULL, PRIMARY KEY (key, member));
  CREATE INDEX IF NOT EXISTS by_score ON sorted (key, score);`;

export const CLEAR = 'DELETE FROM strings; DELETE FROM hashes; DELETE FROM lists; DELETE FROM sets; DELETE FROM sorted;';

export const STATEMENTS = {
  get: 'SELECT value FROM strings WHERE key = $1',
  set: 'INSERT INTO strings VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  incr: "INSERT INTO strings VALUES ($1, '1') ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(strings.value AS INTEGER) + 1 AS TEXT) RETURNING value",
  hset: 'INSERT INTO hashes VALUES ($1, $2, $3) ON CONFLICT (key, field) DO UPDATE SET value = excluded.value',
  hgetall: 'SELECT field, value FROM hashes WHERE key = $1',
  lpush: 'INSERT INTO lists VALUES ($1, COALESCE((SELECT MAX(place) FROM lists WHERE key = $1), 0) + 1, $2)',
  lrange: 'SELECT value FROM lists WHERE key = $1 ORDER BY place DESC LIMIT $3 OFFSET $2',
  sadd: 'INSERT INTO sets VALUES ($1, $2) ON CONFLICT DO NOTHING',
  zadd: 'INSERT INTO sorted VALUES ($1, $2, $3) ON CONFLICT (key, member) DO UPDATE SET score = excluded.score',
  zrange: 'SELECT member FROM sorted WHERE key = $1 ORDER BY score DESC LIMIT $2',
};

/** The methods over `read(statement, parameters)`, which gives rows, and `write(statement, parameters)`. */
export const methods = ({ read, write, first, many }) => ({
  get: (key) => first('get', [key]),
  set: (key, value) => write('set', [key, value]),
  incr: (key) => first('incr', [key]),
  mget: (keys) => many(keys),
  hset: (key, field, value) => write('hset', [key, field, value]),
  hgetall: (key) => read('hgetall', [key]),
  lpush: (key, value) => write('lpush', [key, value]),
  lrange: (key, from, to) => read('lrange', [key, from, to - from + 1]),
  sadd: (key, member) => write('sadd', [key, member]),
  zadd: (key, score, member) => write('zadd', [key, member, score]),
  zrange: (key, count) => read('zrange', [key, count]),
  jsonSet: (key, value) => write('set', [key, JSON.stringify(value)]),
});
