/** A session of its own for the prompt: any command, replies as redis-cli prints them. */
import { COMMANDS, format, type Kilat, type RawSession, type ReplyTree } from 'kilat';
import type { CommandEntry } from './prompt';

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\u0007' };

export class Shell {
  onPush: (text: string) => void = () => {};
  private session: RawSession;
  /** Speaks RESP3, whose replies show pairs as pairs. */
  private viewer: RawSession;
  private database = '0';
  private queueing = false;

  constructor(db: Kilat) {
    this.session = db.openSession({ onPush: (push) => this.onPush(this.print(push)) });
    this.viewer = db.openSession();
    this.viewer.call('HELLO', '3');
  }

  /** The commands to complete, a container's subcommands as redis-cli writes them. */
  commands(): CommandEntry[] {
    return Object.entries(COMMANDS)
      .map(([name, row]) => ({ name: name.replace('|', ' '), usage: row?.usage ?? '' }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  sign(): string {
    return `kilat${this.database === '0' ? '' : `[${this.database}]`}${this.queueing ? '(TX)' : ''}>`;
  }

  async run(line: string): Promise<string> {
    const words = splitWords(line);
    const [name, ...rest] = words;
    if (name === undefined) return '';
    const reply = await this.session.call(name, ...rest);
    this.follow(name.toUpperCase(), rest, reply);
    return this.print(reply);
  }

  /** The text of a reading command's reply, for a view of a value. */
  text([name, ...rest]: string[]): string {
    const reply = this.viewer.call(name!, ...rest);
    return reply instanceof Promise ? '' : format(reply, { protocol: 3 }).trimEnd();
  }

  private follow(name: string, words: string[], reply: ReplyTree) {
    if (reply.kind === 'error') return;
    if (name === 'SELECT') this.database = words[0] ?? '0';
    if (name === 'MULTI') this.queueing = true;
    if (name === 'EXEC' || name === 'DISCARD' || name === 'RESET') this.queueing = false;
    if (name === 'RESET') this.database = '0';
  }

  private print(reply: ReplyTree): string {
    return format(reply, { protocol: this.session.protocol }).trimEnd();
  }
}

/** Splits a line as redis-cli does: 'single', "double with \n and \x41", and bare words. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"']+))(?=\s|$)/gy;
  let match: RegExpExecArray | null;
  let end = 0;
  while ((match = pattern.exec(line))) {
    const [, double, single, bare] = match;
    if (double !== undefined) words.push(unescape(double));
    else if (single !== undefined) words.push(single.replaceAll("\\'", "'"));
    else words.push(bare!);
    end = pattern.lastIndex;
  }
  if (line.slice(end).trim() !== '') throw new Error(`Invalid argument(s): a quote begins and ends a word. JSON goes between single ones: '{"a": 1}'`);
  return words;
}

function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex?: string, letter?: string) =>
    hex ? String.fromCharCode(parseInt(hex, 16)) : (ESCAPES[letter!] ?? letter!));
}
