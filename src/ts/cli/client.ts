/** `kilat cli`: one call, or lines of calls from standard input, or a prompt. */
import { createInterface } from 'node:readline';
import { format } from '../format.js';
import type { ReplyTree } from '../reply.js';
import { Fault } from './fault.js';
import { help } from './manual.js';
import { openFolder } from './module.js';
import type { CliOptions } from './options.js';
import { prompt } from './prompt.js';
import { raw } from './raw.js';
import { splitLine } from './split.js';
import { Embedded, Remote, type Target } from './target.js';

/** Calls whose text is for people as it is. */
const BARE = /^(info|lolwut|memory (doctor|malloc-stats)|client (list|info)|latency (graph|doctor)|cluster (info|nodes))\b/i;
const SUBSCRIBES = /^[ps]?subscribe$/i;
/** Redis: past this the prompt tells how long a call took. */
const SLOW_MS = 500;

/** Answers the status to end with. */
export async function runCli(options: CliOptions): Promise<number> {
  const client = new Client(await targetOf(options), options);
  try {
    if (options.command.length > 0) return await client.once(options.command.map((word) => Buffer.from(word)));
    if (!process.stdin.isTTY) return await client.lines();
    return await prompt(client);
  } finally {
    await client.target.close();
  }
}

async function targetOf(options: CliOptions): Promise<Target> {
  const { dir, keyFile, host, port, db, protocol } = options;
  if (dir === null) return new Remote(host, port, { db, protocol });
  const { kilat, release } = await openFolder(dir, keyFile);
  const target = new Embedded(kilat, dir, release);
  if (protocol === 3) await target.call([Buffer.from('HELLO'), Buffer.from('3')]);
  if (db !== 0) await target.call([Buffer.from('SELECT'), Buffer.from(String(db))]);
  return target;
}

export class Client {
  private readonly raw: boolean;
  /** What the prompt shows of the session. */
  private db: number;
  private dbBefore = 0;
  private inMulti = false;

  constructor(
    readonly target: Target,
    private readonly options: CliOptions,
  ) {
    this.raw = options.raw ?? !process.stdout.isTTY;
    this.db = options.db;
    target.onPush = (reply) => this.print(reply, false);
  }

  get promptText(): string {
    if (!this.target.connected) return 'not connected> ';
    return `${this.target.place}${this.db === 0 ? '' : `[${this.db}]`}${this.inMulti ? '(TX)' : ''}> `;
  }

  /** Connects before the first call, so that the prompt can tell. */
  async begin() {
    if (this.target instanceof Remote && !this.target.connected) await this.target.connect();
  }

  async once(words: Buffer[]): Promise<number> {
    const reply = await this.run(words);
    return reply?.kind === 'error' && this.options.failOnError ? 1 : 0;
  }

  /** Runs standard input line by line, without a prompt. */
  async lines(): Promise<number> {
    await this.begin();
    for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
      const went = await this.line(line);
      if (went === 'end') return 0;
      if (went === 'error' && this.options.failOnError) return 1;
    }
    return 0;
  }

  /** Runs what was typed. */
  async line(line: string): Promise<'end' | 'error' | null> {
    const words = splitLine(line);
    if (!words) {
      process.stdout.write('Invalid argument(s)\n');
      return 'error';
    }
    if (words.length === 0) return null;
    const first = words[0]!.toString().toLowerCase();
    if (first === 'quit' || first === 'exit') return 'end';
    if (first === 'clear' && words.length === 1) {
      process.stdout.write('\x1b[H\x1b[2J');
      return null;
    }
    if (first === 'help' || first === '?') {
      process.stdout.write(help(words.slice(1).map(String)));
      return null;
    }
    return this.repeat(words);
  }

  /** `5 INCR a` runs INCR five times. */
  private async repeat(words: Buffer[]): Promise<'error' | null> {
    let times = 1;
    if (words.length > 1 && /^[+-]?\d+$/.test(words[0]!.toString())) {
      times = Number(words.shift()!.toString());
      if (times <= 0) {
        process.stdout.write('Invalid repeat command option value.\n');
        return 'error';
      }
    }
    const began = performance.now();
    let failed = false;
    for (; times > 0; times--) failed = (await this.run(words))?.kind === 'error' || failed;
    const ms = performance.now() - began;
    if (ms >= SLOW_MS && !this.raw) process.stdout.write(`(${(ms / 1000).toFixed(2)}s)\n`);
    return failed ? 'error' : null;
  }

  private async run(words: Buffer[]): Promise<ReplyTree | null> {
    const name = words[0]!.toString();
    const subscribes = SUBSCRIBES.test(name);
    if (subscribes && !this.raw) process.stdout.write('Reading messages... (press Ctrl-C to quit)\n');
    let reply: ReplyTree;
    try {
      reply = await this.target.call(words);
    } catch (error) {
      // SHUTDOWN is answered by the end.
      if (/^shutdown$/i.test(name) && error instanceof Fault && !this.target.connected) return null;
      throw error;
    }
    this.print(reply, BARE.test(words.slice(0, 2).join(' ')));
    if (reply.kind === 'error') return reply;
    this.follow(name.toLowerCase(), words, reply);
    // Messages are printed as they come; Ctrl-C ends the program.
    if (subscribes) await new Promise((_, reject) => this.watch(reject));
    return reply;
  }

  /** Ends with an error when the connection does. */
  private watch(reject: (error: Error) => void) {
    const timer = setInterval(() => {
      if (this.target.connected) return;
      clearInterval(timer);
      reject(new Fault('Error: Server closed the connection'));
    }, 100);
  }

  /** What a call did to the session, as far as the prompt shows it. */
  private follow(name: string, words: Buffer[], reply: ReplyTree) {
    if (name === 'select' && words.length === 2 && !this.inMulti) this.db = Number(words[1]!.toString());
    else if (name === 'multi') [this.inMulti, this.dbBefore] = [true, this.db];
    else if (name === 'exec' && this.inMulti) {
      this.inMulti = false;
      if (reply.kind === 'null' || reply.kind === 'null-array') this.db = this.dbBefore;
    } else if (name === 'discard') [this.inMulti, this.db] = [false, this.dbBefore];
    else if (name === 'reset') [this.inMulti, this.db] = [false, 0];
  }

  private print(reply: ReplyTree, bare: boolean) {
    if (this.raw) {
      process.stdout.write(Buffer.concat([raw(reply), Buffer.from('\n')]));
    } else if (bare && (reply.kind === 'bulk' || reply.kind === 'verbatim')) {
      process.stdout.write(Buffer.concat([raw(reply), Buffer.from('\n')]));
    } else {
      process.stdout.write(`${format(reply, { protocol: this.target.protocol })}\n`);
    }
  }
}
