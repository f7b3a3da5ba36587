/** The prompt: a line, a reply, and again; history over restarts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Client } from './client.js';
import { Fault } from './fault.js';
import { complete } from './manual.js';

const HISTORY_MAX = 1000;

export async function prompt(client: Client): Promise<number> {
  const tell = (error: unknown) => {
    if (!(error instanceof Fault)) throw error;
    process.stdout.write(`${error.message}\n`);
  };
  await client.begin().catch(tell);
  const file = process.env.KILAT_HISTFILE ?? join(homedir(), '.kilat_history');
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    completer: complete,
    history: read(file),
    historySize: HISTORY_MAX,
    removeHistoryDuplicates: true,
  });
  lines.on('history', (history: string[]) => write(file, history));
  const ask = () => {
    lines.setPrompt(client.promptText);
    lines.prompt();
  };
  ask();
  for await (const line of lines) {
    if ((await client.line(line).catch(tell)) === 'end') break;
    ask();
  }
  lines.close();
  return 0;
}

/** The newest line first. */
function read(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').reverse();
  } catch {
    // There is none yet, or it may not be read: the prompt works without.
    return [];
  }
}

function write(file: string, history: string[]) {
  try {
    writeFileSync(file, `${[...history].reverse().join('\n')}\n`, { mode: 0o600 });
  } catch {
    // What cannot be kept is not kept.
  }
}
