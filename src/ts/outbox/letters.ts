/**
 * Requests as they are kept, under one prefix of keys:
 *
 *   NAME:r:ID     hash   a request and what became of it
 *   NAME:q        list   ids that wait, oldest first
 *   NAME:dead     list   ids that were refused
 *   NAME:lease    string who sends, for all tabs
 *
 * A letter is `queued`, then `sending`, then `done` (kept for a while) or `dead`. One found `sending` when nobody sends
 * was on its way when its tab died: whether the server has it cannot be known, and it goes again with the same key.
 */
import { itemsOf, Link, textOf, type Call } from '../cache/link.js';

export interface Letter {
  id: string;
  state: 'queued' | 'sending' | 'done' | 'dead';
  /** Letters of one queue are sent one after the other; queues do not wait for one another. */
  queue: string;
  method: string;
  url: string;
  headers: [string, string][];
  /** Unix time in milliseconds: when it was queued, and before when it is not tried again. */
  queuedAt: number;
  notBefore: number;
  /** How often it was sent; more than 1: the server may have seen it before. */
  attempts: number;
  /** The last answer's status; 0 where there was none. */
  status: number;
  /** What went wrong last, for people. */
  error: string;
}

const DONE_KEPT_MS = 3_600_000;

export class Letters {
  constructor(
    readonly link: Link,
    readonly name: string,
  ) {}

  key(part: string, id = '') {
    return `${this.name}:${part}${id}`;
  }

  read(id: string): Letter | null {
    const text = this.link.text('HGET', this.key('r:', id), 'm');
    return text === null ? null : (JSON.parse(text) as Letter);
  }

  body(id: string): Uint8Array | undefined {
    const reply = this.link.read('HGET', this.key('r:', id), 'b');
    return reply.kind === 'bulk' ? reply.bytes : undefined;
  }

  all(list: 'q' | 'dead'): Letter[] {
    const ids = itemsOf(this.link.read('LRANGE', this.key(list), 0, -1)).map((id) => textOf(id)!);
    return ids.flatMap((id) => this.read(id) ?? []);
  }

  write(letter: Letter): Call {
    return ['HSET', this.key('r:', letter.id), 'm', JSON.stringify(letter)];
  }

  /** The event that all tabs hear. */
  tell(letter: Letter): Call {
    return ['PUBLISH', this.key('news'), JSON.stringify(letter)];
  }

  add(letter: Letter, body: Uint8Array | null) {
    const calls: Call[] = [this.write(letter), ['RPUSH', this.key('q'), letter.id], this.tell(letter)];
    if (body) calls.push(['HSET', this.key('r:', letter.id), 'b', body]);
    return this.link.write(...calls);
  }

  /** Takes a letter from one list to where its state belongs, if nobody was quicker; answers whether it was there. */
  async move(letter: Letter, from: 'q' | 'dead'): Promise<boolean> {
    const list = this.key(from);
    const done = await this.link.transact([list], () => {
      if (!itemsOf(this.link.read('LRANGE', list, 0, -1)).some((id) => textOf(id) === letter.id)) return null;
      const calls: Call[] = [['LREM', list, 1, letter.id], this.write(letter), this.tell(letter)];
      if (letter.state === 'done') calls.push(['HDEL', this.key('r:', letter.id), 'b'], ['PEXPIRE', this.key('r:', letter.id), DONE_KEPT_MS]);
      else calls.push(['RPUSH', this.key(letter.state === 'dead' ? 'dead' : 'q'), letter.id]);
      return calls;
    });
    return done !== null;
  }

  /** Removes a letter, wherever it waits. */
  async remove(id: string): Promise<boolean> {
    const [waiting, dead] = await this.link.write(['LREM', this.key('q'), 1, id], ['LREM', this.key('dead'), 1, id], ['DEL', this.key('r:', id)]);
    return [waiting, dead].some((reply) => reply?.kind === 'integer' && Number(reply.value) > 0);
  }
}
