// What methods answer is what their types say: every call of the transcripts is run, and the compiler is shown each call
// with the answer that came.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, COMMANDS } from '../../pkg/index.js';
import { at, run } from '../../scripts/shell.mjs';
import { parseTranscript } from '../../scripts/transcript.mjs';

const FOLDER = at('target/answers');
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/** Groups whose commands depend on their connection, and commands that end or replace it. */
const GROUPS = ['string', 'generic', 'list', 'set', 'hash', 'sorted-set', 'json', 'server', 'connection', 'pubsub'];
const LEFT_OUT = /^(set|get|select|hello|reset|quit|monitor|shutdown|[ps]?(un)?subscribe|sync|psync|debug|replicaof|slaveof|replconf|auth)$/;

/** Calls that are not run at all: answers would stay out, or the next ones come late. */
const NOT_RUN = /^(client (reply|pause|kill|unblock)|shutdown|failover|debug sleep|wait)/i;

const text = (bytes) => {
  const decoded = new TextDecoder().decode(bytes);
  return Buffer.from(decoded).equals(Buffer.from(bytes)) ? decoded : null;
};

const literal = (value) => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value instanceof Error) return 'error';
  if (value !== null && typeof value === 'object') {
    return `{ ${Object.entries(value).map(([field, inner]) => `${JSON.stringify(field)}: ${literal(inner)}`).join(', ')} }`;
  }
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
};

/** Modes and options may be written small; types have them great. */
function words(argv) {
  const [name, sub] = argv;
  const row = COMMANDS[`${name}|${sub}`.toUpperCase()] ?? COMMANDS[name.toUpperCase()];
  const known = new Set([...row.usage.match(/\b[A-Z]+\b/g) ?? [], ...(COMMANDS[name.toUpperCase()] === row ? [] : [sub.toUpperCase()])]);
  const great = (word) => (known.has(word.toUpperCase()) ? word.toUpperCase() : word);
  return argv.slice(1).map(great);
}

/** Runs one transcript; answers a line of TypeScript for each call that was answered. */
async function lines(db, file) {
  const { steps } = parseTranscript(readFileSync(file, 'utf8'));
  await db.flushall();
  const found = [];
  for (const { argv: bytes, session } of steps) {
    const argv = bytes.map(text);
    if (session !== 'A' || argv.includes(null) || NOT_RUN.test(argv.join(' '))) continue;
    const method = argv[0].toLowerCase().replace(/[.-]/g, '');
    let answer;
    try {
      answer = await db.call(...argv);
    } catch {
      continue;
    }
    if (LEFT_OUT.test(method) || typeof db[method] !== 'function') continue;
    const call = `db.${method}(${words(argv).map((word) => JSON.stringify(word)).join(', ')})`;
    // Types leave out that an integer past 2^53 is a bigint.
    if (typeof answer !== 'bigint') found.push(`answers(${call}, ${literal(answer)});`);
  }
  return found;
}

test('the compiler takes every answer of the transcripts for what the method says', async () => {
  const files = GROUPS.flatMap((group) => readdirSync(at('tests/transcripts', group)).map((name) => at('tests/transcripts', group, name)));
  const db = await open({ name: 'answers', persistent: false });
  const functions = [];
  let count = 0;
  for (const file of files.filter((name) => name.endsWith('.txt'))) {
    const found = await lines(db, file);
    count += found.length;
    functions.push(`// ${file}\nexport function f${functions.length}() {\n  ${found.join('\n  ')}\n}\n`);
  }
  await db.close();
  mkdirSync(FOLDER, { recursive: true });
  const head = `import type { Kilat, KilatError } from '../../pkg/index.js';
declare const db: Kilat;
declare const error: KilatError;
declare function answers<A>(call: A | Promise<A>, seen: NoInfer<A>): void;\n`;
  writeFileSync(`${FOLDER}/answers.ts`, head + functions.join('\n'));
  const options = { extends: '../../tests/types/tsconfig.json', files: ['answers.ts'] };
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify(options));
  const tsc = at('node_modules/typescript/bin/tsc');
  const { code, output } = await run(process.execPath, [tsc, '--noEmit', '-p', FOLDER], { quiet: true });
  assert.equal(code, 0, output);
  assert.ok(count > 1500, `${count} calls`);
});
