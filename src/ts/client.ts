/** One client's state in the engine: database, MULTI, WATCH, subscriptions; and how its calls reach their callers. */
import { Copies } from './copies.js';
import { JSON_TEXT, type Level } from './instance.js';
import type { Node } from './node.js';
import type { ReadCache } from './options.js';
import { prepare } from './prepare.js';
import { Pending, READ, type Reply, type ReplyTree, type Shape } from './reply.js';
import type { Checked, Key } from './words.js';

export class Session {
  /** The engine's number of it. */
  id: number;
  onPush: ((push: Reply, tree: () => ReplyTree) => void) | null = null;
  onBytes: ((bytes: Uint8Array) => void) | null = null;
  onClose: (() => void) | null = null;
  /** Runs after a restart: whatever the engine must know anew. */
  onRestart: (() => void) | null = null;
  readonly copies: Copies | null;

  /** `cache`: keep copies of what is read. `protocol`: what it speaks from the beginning; by RESP3 no kind of reply is lost. */
  constructor(
    readonly node: Node,
    cache: ReadCache | null = null,
    readonly protocol: 2 | 3 = 2,
  ) {
    this.copies = cache && new Copies(cache, (keys) => this.node.isRunning && this.call(['TOUCH', ...keys]));
    this.id = node.openSession(this);
  }

  call(words: readonly Checked[], shape: Shape = 'text', level: Level = 0): Reply | Promise<Reply> {
    return this.node.settle(this.node.engine.call(this.id, words, shape, level), READ[shape]);
  }

  /** As `call`, but an error is thrown, or rejects. Calls of one turn that are answered OK share their promise. */
  write(words: readonly Checked[], level: Level, shape: Shape = 'text'): Promise<Reply> {
    const { node } = this;
    if (node.held) return node.held.write(this, words, level, shape);
    this.copies?.flush();
    return node.later(node.engine.call(this.id, words, shape, level), shape);
  }

  /** SET. Of many in one turn, all but the first cross together, later. */
  set(key: string, value: string, level: Level): Promise<Reply> {
    const { node, id } = this;
    if (node.held) return node.held.write(this, ['SET', key, value], level, 'text');
    this.copies?.flush();
    return node.engine.leaveSet(id, level, key, value) ?? this.cross(key, value, level);
  }

  /** A SET that crosses itself. A method of its own: a function allocates what its closures hold before it needs one. */
  private cross(key: string, value: string, level: Level): Promise<Reply> {
    const { node } = this;
    return node.engine.set(this.id, level, key, value, (answer) => node.later(answer, 'text'));
  }

  callTree(words: readonly Checked[]): ReplyTree | Promise<ReplyTree> {
    if (this.node.held) return this.node.held.run(() => this.callTree(words));
    const answer = this.node.engine.callTree(this.id, words);
    return this.node.settle(answer, (reader) => reader.tree(), (error) => ({ kind: 'error', text: error.message }));
  }

  /** One crossing, and nothing comes in between. */
  async callAll(calls: readonly (readonly Checked[])[], level: Level = 0): Promise<(Reply | Promise<Reply>)[]> {
    if (this.node.held) return this.node.held.run(() => this.callAll(calls, level));
    this.copies?.flush();
    const answers = this.node.engine.callAll(this.id, calls, level);
    return answers.map((answer) => this.node.settle(answer, READ.text));
  }

  /** What a pipeline answers: reads in front of all that may write as they are answered alone, the others by `callAll`. */
  async pipeline(calls: readonly Checked[][], level: Level): Promise<Reply[]> {
    let answers: unknown[] = [];
    for (const call of calls) {
      if (!this.copies?.takes(call)) break;
      answers.push(this.read(call));
    }
    const rest = calls.slice(answers.length);
    if (rest.length) answers = answers.concat(await this.callAll(rest, level));
    return (answers.some((answer) => answer instanceof Promise) ? Promise.all(answers) : answers) as Promise<Reply[]>;
  }

  /** What `db.get` answers, where there is a copy of it. */
  copied(key: Key): unknown {
    return typeof key === 'string' && this.copies !== null ? this.copies.get(key) : undefined;
  }

  /** The same, of the engine; of a JSON value the text, if that is wanted, and no copy where none is. */
  fetch(key: Key, isText = false, isCopied = true): unknown {
    const { copies } = this;
    const { engine } = this.node;
    const isToCopy = isCopied && copies !== null && typeof key === 'string';
    const mark = engine.find(this.id, key, isToCopy);
    if (mark === 0) return this.node.settle(engine.reader.value('text'), READ.text);
    const text = engine.reader.rest();
    if (isToCopy) copies.putText(key, text, mark === JSON_TEXT, engine.fresh);
    return mark === JSON_TEXT && !isText ? JSON.parse(text) : text;
  }

  /** What MGET answers: what no copy has is asked for at once. `call` is text all through. */
  private mget(call: readonly string[], copies: Copies): Reply | Promise<Reply> {
    const texts: (string | undefined)[] = call.slice(1);
    const missing = ['MGET'];
    for (let i = 1; i < call.length; i++) {
      const text = (texts[i - 1] = copies.text(call[i]!));
      if (text === undefined) missing.push(call[i]!);
    }
    if (missing.length === 1) return texts as Reply;
    const { engine } = this.node;
    const answer = engine.fetch(this.id, missing, missing.length - 1, (i, text, isJson) => copies.putText(missing[i + 1]!, text, isJson, engine.fresh));
    // An error, or it is to be waited for: then it is all of it.
    if (!Array.isArray(answer)) return this.call(call);
    let next = 0;
    return texts.map((text) => text ?? answer[next++]!);
  }

  /** A read, as a program has written it down. */
  read(call: readonly unknown[]): Reply | Promise<Reply> {
    const { copies } = this;
    const [name] = call;
    // Keys may come in arrays.
    if (name === 'MGET') call = prepare(call);
    if (!copies?.takes(call)) return this.call(prepare(call));
    if (name === 'MGET') return this.mget(call as string[], copies);
    if (name === 'GET' && call.length === 2) return copies.text(call[1] as string) ?? (this.fetch(call[1] as string, true) as Reply);
    const copied = copies.answer(call);
    if (copied !== undefined) return copied;
    const { engine } = this.node;
    const answer = engine.fetch(this.id, prepare(call));
    if (!(answer instanceof Pending)) copies.putAnswer(call, answer, engine.fresh);
    return this.node.settle(answer, READ.text);
  }

  /** Bytes of a RESP client; none: it will send no more. */
  feed(bytes: Uint8Array) {
    if (this.node.held) return void this.node.held.run(() => this.feed(bytes));
    this.node.engine.feed(this.id, bytes);
  }

  /** Tells where a client is, and the side that it called, as `ip:port`. */
  name(address: string, localAddress: string) {
    this.node.engine.control('address', `${this.id} ${address} ${localAddress}`);
  }

  close() {
    this.copies?.end();
    this.node.closeSession(this);
  }
}
