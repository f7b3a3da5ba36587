// npm run record [-- group[/command] ...]: replays transcripts against a real redis-server, a fresh one for each file,
// and rewrites the replies in place. Without a name: all. `--check` compares and writes nothing.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop, ask, at, freePort, pause, runMain, say } from './shell.mjs';
import { installRedis } from './setup.mjs';
import { Connection } from './resp.mjs';
import { parseTranscript, printReply, sameReply, writeTranscript } from './transcript.mjs';

const FOLDER = at('tests/transcripts');
const QUIET_MS = 40;
const SUBSCRIBING = /^[PS]?(UN)?SUBSCRIBE$/;
const LISTENING = /^([PS]?SUBSCRIBE|MONITOR)$/;
const SILENT = /^(BLPOP|BRPOP|BLMOVE|BRPOPLPUSH|BLMPOP|BZPOPMIN|BZPOPMAX|BZMPOP|XREAD|XREADGROUP|WAIT)$/;

/** Transcript files for names: `group`, `group/command`, or all. */
export function transcriptFiles(names = []) {
  if (!existsSync(FOLDER)) return [];
  const all = readdirSync(FOLDER, { recursive: true }).filter((name) => name.endsWith('.txt')).sort();
  if (names.length === 0) return all.map((name) => join(FOLDER, name));
  const chosen = new Set();
  for (const name of names.map((given) => given.replace(/\.txt$/, ''))) {
    const matching = all.filter((file) => file === `${name}.txt` || file.startsWith(`${name}/`));
    if (matching.length === 0) throw new Stop(`tests/transcripts/${name}.txt is not there.`);
    for (const file of matching) chosen.add(join(FOLDER, file));
  }
  return [...chosen];
}

/** A fresh redis-server in a folder of its own. */
export async function startRedis(binary) {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'kilat-redis-'));
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', dir, '--enable-debug-command', 'yes'];
  const child = spawn(binary, args.map(String), { stdio: 'ignore' });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  for (let tries = 0; tries < 200; tries++) {
    try {
      (await Connection.open(port)).close();
      return { port, dir, stop };
    } catch {
      await pause(20);
    }
  }
  await stop();
  throw new Stop('redis-server did not start.');
}

/** Runs a transcript's commands and hands each step its printed reply. */
export async function replay(transcript, port, take) {
  const sessions = new Map();
  const open = async (name) => {
    const known = sessions.get(name);
    if (known && !known.closed) return known;
    const connection = await Connection.open(port);
    sessions.set(name, connection);
    return connection;
  };
  for (const step of transcript.steps) {
    if (step.marks.has('after')) await pause(Number(step.marks.get('after')));
    if (step.marks.has('reopen')) await reopen(sessions, port);
    const connection = await open(step.session);
    if (step.marks.has('resp3') && !connection.speaksResp3) {
      await connection.call('HELLO', '3');
      connection.speaksResp3 = true;
    }
    const isKilat = transcript.kilat || step.marks.has('kilat');
    if (isKilat) continue;
    take(step, await runStep(step, connection, sessions));
  }
  for (const connection of sessions.values()) connection.close();
}

async function reopen(sessions, port) {
  const door = await Connection.open(port);
  await door.call('DEBUG', 'RELOAD');
  door.close();
  for (const connection of sessions.values()) connection.close();
  sessions.clear();
}

async function runStep(step, connection, sessions) {
  const name = Buffer.from(step.argv[0]).toString().toUpperCase();
  if (LISTENING.test(name)) connection.listens = true;
  connection.send(step.argv);
  const lines = await ownReply(name, step, connection);
  const listeners = [...sessions].filter(([, other]) => other.listens || other.waits);
  if (listeners.length > 0) await pause(QUIET_MS);
  for (const [letter, other] of sessions) {
    for (const reply of other.replies.splice(0)) lines.push(`push ${letter}:`, ...printReply(reply));
  }
  return lines;
}

async function ownReply(name, step, connection) {
  const lines = [];
  const maySilence = SILENT.test(name) || name === 'CLIENT' || connection.silent;
  const wait = maySilence ? 4 * QUIET_MS : 10_000;
  const pushes = [];
  while (await connection.wait(wait)) {
    const reply = connection.replies.shift();
    if (reply.kind === 'push' && !SUBSCRIBING.test(name)) {
      pushes.push(reply);
      continue;
    }
    lines.push(...printReply(reply));
    if (!SUBSCRIBING.test(name) || !(await connection.wait(QUIET_MS))) break;
  }
  connection.replies.unshift(...pushes);
  if (lines.length === 0 && !maySilence && !connection.closed) throw new Stop(`no reply to: ${step.line}`);
  connection.silent = (name === 'CLIENT' || connection.silent) && lines.length === 0;
  connection.waits = SILENT.test(name) && lines.length === 0;
  return lines;
}

/** A long random text (INFO) tells of the machine that it was recorded on, and nothing of us. */
function abridged({ marks }, lines) {
  const long = /"(?:[^"\\]|\\.){80,}"/g;
  return marks.has('random') ? lines.map((line) => line.replace(long, '"..."')) : lines;
}

async function record(file, binary, checkOnly) {
  const text = readFileSync(file, 'utf8');
  let transcript;
  try {
    transcript = parseTranscript(text);
  } catch (error) {
    throw new Stop(`${file}: ${error.message}`);
  }
  const differing = [];
  const server = await startRedis(binary);
  try {
    await replay(transcript, server.port, (step, lines) => {
      if (!sameReply(step.reply, lines, step.marks)) differing.push(step.line);
      // A reply that may vary is rewritten only when it differs under its mark: no noise in the history.
      if (!checkOnly && !sameReply(step.reply, lines, step.marks)) step.reply = abridged(step, lines);
    });
  } catch (error) {
    throw error instanceof Stop ? new Stop(`${file}: ${error.message}`) : error;
  } finally {
    await server.stop();
  }
  const rewritten = writeTranscript(transcript);
  if (!checkOnly && rewritten !== text) writeFileSync(file, rewritten);
  return { commands: transcript.steps.length, differing };
}

await runMain(import.meta.url, async (args) => {
  const checkOnly = args.includes('--check');
  const files = transcriptFiles(args.filter((arg) => arg !== '--check'));
  const binary = await installRedis();
  if (!binary) return 1;
  let commands = 0;
  let changed = 0;
  for (const file of files) {
    const done = await record(file, binary, checkOnly);
    commands += done.commands;
    changed += done.differing.length;
    for (const line of done.differing) say(`${file.slice(FOLDER.length + 1)}: ${checkOnly ? 'differs' : 'recorded'}: ${line}`);
  }
  const version = / v=(\S+)/.exec(ask(binary, ['--version']))?.[1];
  say(`${files.length} transcripts, ${commands} commands, ${changed} replies ${checkOnly ? 'that differ from' : 'taken from'} Redis ${version}`);
  return checkOnly && changed > 0 ? 1 : 0;
});
