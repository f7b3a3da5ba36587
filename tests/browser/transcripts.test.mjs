// Every transcript through the built package, with the engine in the page and in a worker: what a real server answered
// is what the page prints.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../scripts/shell.mjs';
import { parseTranscript, sameReply } from '../../scripts/transcript.mjs';
import { needs, world } from './world.mjs';

const FOLDER = at('tests/transcripts');
const files = readdirSync(FOLDER, { recursive: true }).filter((name) => name.endsWith('.txt')).sort();
const chosen = process.env.TRANSCRIPT ?? '';

// Runs in the page: a list of steps, each answered by the lines that came of it. Each file has a database of its own.
async function runInPage({ name, steps }) {
  const { format, open } = kilat;
  let db = await open({ name });
  let sessions = new Map();
  let pushed = [];
  const sessionOf = (name) => {
    if (!sessions.has(name)) {
      sessions.set(name, db.openSession({ onPush: (push) => pushed.push([name, push]) }));
    }
    return sessions.get(name);
  };
  const reopen = async () => {
    await db.save();
    await db.close();
    db = await open({ name });
    sessions = new Map();
  };
  const print = (name, reply) => format(reply, { protocol: sessions.get(name).protocol, quoteVerbatim: true }).split('\n');
  sessionOf('A');
  const answers = [];
  for (const { argv, session: name, after, resp3, again } of steps) {
    if (after) await new Promise((resolve) => setTimeout(resolve, after));
    if (again) await reopen();
    const session = sessionOf(name);
    if (resp3) await session.call('HELLO', '3');
    pushed = [];
    const reply = await session.call(...argv.map((word) => Uint8Array.from(word)));
    // What is pushed comes when this task is over, from a worker before the next answer.
    await new Promise((resolve) => setTimeout(resolve, 0));
    await db.status();
    const lines = reply.kind === 'sequence' && reply.items.length === 0 ? [] : print(name, reply);
    for (const owner of sessions.keys()) {
      for (const [to, push] of pushed) if (to === owner) lines.push(`push ${to}:`, ...print(to, push));
    }
    answers.push(lines);
  }
  await db.close();
  await kilat.destroy(name);
  return answers;
}

for (const where of ['page', 'worker']) {
  test(`${files.length} transcripts, with the engine in a ${where}`, { ...needs(), timeout: 600_000 }, async (t) => {
    const page = await (await world(t)).tab();
    if (where === 'worker') {
      await page.evaluate(async () => {
        globalThis.kilat = { ...kilat, open: (await import('/pkg/worker-inline.js')).open };
      });
    }
    let compared = 0;
    for (const file of files.filter((file) => file.includes(chosen))) {
      await t.test(file, async () => (compared += await compare(page, file)));
    }
    t.diagnostic(`${compared} replies compared`);
    assert.ok(compared > 0);
  });
}

/** Runs a transcript in a page and compares its replies; answers how many they are. */
async function compare(page, file) {
  const { steps } = parseTranscript(readFileSync(join(FOLDER, file), 'utf8'));
  const sent = steps.map(({ argv, session, marks }) => ({
    argv: argv.map((word) => [...word]),
    session,
    after: Number(marks.get('after') ?? 0),
    resp3: marks.has('resp3'),
    again: marks.has('reopen'),
  }));
  const answers = await page.evaluate(runInPage, { name: file, steps: sent });
  steps.forEach((step, i) => {
    const same = sameReply(step.reply, answers[i], step.marks);
    assert.ok(same, `${step.line}\nexpected:\n${step.reply.join('\n')}\nanswered:\n${answers[i].join('\n')}`);
  });
  return steps.length;
}
