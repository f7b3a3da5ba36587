// npm run test:keyv: Keyv's own test suite on kilat/keyv, with Keyv 5 and Keyv 6. What it needs is installed into
// target/keyv and not into the package. The suite is written for Keyv 5: of Keyv 6 the parts run that did not change.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { at, run, runMain, say } from './shell.mjs';

const VERSIONS = { keyv: '5.6.0', keyv6: 'npm:keyv@6.1.0', '@keyv/test-suite': '2.1.2', vitest: '4.0.18' };

const SUITE = `
import * as test from 'vitest';
import Keyv from 'keyv';
import { Keyv as Keyv6 } from 'keyv6';
import suite, { keyvIteratorTests } from '@keyv/test-suite';
import { open } from '../../pkg/index.js';
import { KeyvKilat } from '../../pkg/keyv.js';

const db = await open({ name: 'keyv-suite', persistent: false });
test.afterAll(() => db.close());
const store = () => new KeyvKilat(db);
suite(test, Keyv, store);
keyvIteratorTests(test, Keyv, store);

test.describe('Keyv 6', () => {
  test.beforeEach(() => db.flushdb());
  test.it('sets, gets, has, deletes and clears, one by one and many', async () => {
    const keyv = new Keyv6({ store: store(), namespace: 'six' });
    const other = new Keyv6({ store: store(), namespace: 'other' });
    await other.set('a', 'untouched');
    test.expect(await keyv.set('a', { deep: [1, null, 'x'] })).toBe(true);
    test.expect(await keyv.get('a')).toEqual({ deep: [1, null, 'x'] });
    test.expect(await keyv.has('a')).toBe(true);
    await keyv.setMany([{ key: 'b', value: 1 }, { key: 'c', value: false }]);
    test.expect(await keyv.getMany(['b', 'c', 'nope'])).toEqual([1, false, undefined]);
    test.expect(await keyv.delete('b')).toBe(true);
    test.expect(await keyv.delete('b')).toBe(false);
    await keyv.clear();
    test.expect(await keyv.get('a')).toBeUndefined();
    test.expect(await other.get('a')).toBe('untouched');
  });
  test.it('expires', async () => {
    const keyv = new Keyv6({ store: store() });
    await keyv.set('a', 'short', 60);
    test.expect(await keyv.get('a')).toBe('short');
    const [key] = db.keys('*a');
    test.expect(db.pttl(key)).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    test.expect(await keyv.get('a')).toBeUndefined();
  });
});
`;

/** Answers the counts, or null where the suite could not be had. */
export async function testKeyv({ quiet = false, timeoutMs = 120_000 } = {}) {
  const cwd = at('target/keyv');
  const manifest = JSON.stringify({ private: true, type: 'module', dependencies: VERSIONS });
  const isThere = existsSync(`${cwd}/node_modules/vitest`) && readFileSync(`${cwd}/package.json`, 'utf8') === manifest;
  if (!isThere) {
    mkdirSync(cwd, { recursive: true });
    writeFileSync(`${cwd}/package.json`, manifest);
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
    const { code } = await run('timeout', [String(timeoutMs / 1000), 'npm', ...words], { cwd, quiet: true });
    if (code !== 0) return null;
  }
  writeFileSync(`${cwd}/suite.test.mjs`, SUITE);
  const { code, output } = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--root', cwd], { cwd, quiet });
  const plain = output.replace(/\u001b\[[\d;]*m/g, '');
  const count = (word) => Number(new RegExp(`Tests .*?(\\d+) ${word}`).exec(plain)?.[1] ?? 0);
  return { code, output: plain, passed: count('passed'), failed: count('failed') };
}

await runMain(import.meta.url, async () => {
  const done = await testKeyv();
  if (!done) {
    say("Keyv's test suite could not be installed: see npm's output above.");
    return 1;
  }
  return done.code;
});
