// Clients that write without pause, one in each tab, and the record of what was acknowledged to them, which is kept
// here, outside of the browser. Afterwards all of it must be there, once.
//
// A client does four things at a time, each one by one: it counts a key of its own and a key of all clients, and
// adds to a list and to a set of all clients members that nobody else adds. It tells of every reply by `fetch`.
import { until, within } from './until.mjs';

/** Runs in the page. `lanes` of the same client go on from `from`: it may have begun before. */
function write({ client, prefix, database }) {
  const db = globalThis[database];
  const key = (name) => `${prefix}${name}`;
  const told = [];
  let writing = true;
  let telling = Promise.resolve();
  const tell = (lane, number, reply, error = null) => {
    told.push({ lane, number, reply, error, ms: Date.now(), epoch: error === null ? db.status().epoch : 0 });
    if (told.length === 1) telling = telling.then(send);
  };
  let messages = 0;
  // What is told while a message is under way goes out with the next. Browser: WebKit cuts requests off when a page goes into
  // the cache, after they have arrived or before.
  const send = async () => {
    const body = JSON.stringify({ client, message: ++messages, told: told.splice(0) });
    while (!(await fetch('/record', { method: 'POST', body }).catch(() => null))) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const lanes = {
    own: () => db.incr(key(`own:${client}`)),
    all: () => db.incr(key('all')),
    list: (member) => db.rpush(key('list'), member),
    set: (member) => db.sadd(key('set'), member),
  };
  const run = async ([lane, act]) => {
    for (let number = 1; writing; number++) {
      try {
        const reply = await act(`${client}:${number}`);
        tell(lane, number, reply);
        // Who wrote reads what it wrote.
        if (lane === 'own' && Number(db.get(key(`own:${client}`))) !== reply) tell('back', number, reply);
      } catch (error) {
        tell(lane, number, null, error.code ?? String(error));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const running = Promise.all(Object.entries(lanes).map(run));
  globalThis.stopWriting = async () => {
    writing = false;
    await running;
    await telling;
  };
}

/** Runs in the page: what is there. */
function look({ clients, prefix, database }) {
  const db = globalThis[database];
  const key = (name) => `${prefix}${name}`;
  return {
    own: Object.fromEntries(clients.map((client) => [client, Number(db.get(key(`own:${client}`)) ?? 0)])),
    all: Number(db.get(key('all')) ?? 0),
    list: db.lrange(key('list'), 0, -1),
    set: db.smembers(key('set')),
  };
}

/** After these errors nobody knows whether the write was done; after any other it was not. */
const DOUBTFUL = ['INDETERMINATE', 'CRASHED', 'CLOSED'];

export class Writers {
  /** The replies of each client, in the order in which they came. */
  #heard = new Map();
  #messages = new Map();
  #stopped = new Set();
  #prefix;
  #database;

  /** Keys begin with `prefix`; `database` is the page's variable that holds the open database. */
  constructor({ prefix = '', database = 'db' } = {}) {
    this.#prefix = prefix;
    this.#database = database;
  }

  /** A message of a page: the messages of a client are numbered from 1 on, and one that comes twice is heard once. */
  hear({ client, message, told }) {
    if (message !== (this.#messages.get(client) ?? 0) + 1) return;
    this.#messages.set(client, message);
    this.#heard.get(client)?.push(...told);
  }

  /** Begins to write in a tab, under a name that nobody has had; resolved after the first acknowledged writes. */
  async start(tab, client, first = 20) {
    if (this.#heard.has(client)) throw new Error(`client ${client} has written before`);
    this.#heard.set(client, []);
    await tab.evaluate(write, { client, prefix: this.#prefix, database: this.#database });
    await this.#has(client, first);
  }

  /** Resolved when the client has stopped and all that it was told is recorded. */
  async stop(tab, client) {
    await tab.evaluate(() => globalThis.stopWriting());
    this.#stopped.add(client);
  }

  acknowledged(client) {
    return this.#heard.get(client).filter(({ error, lane }) => error === null && lane !== 'back');
  }

  /** Waits until the client has been acknowledged so many writes more. */
  async goOn(client, more = 20) {
    await this.#has(client, this.acknowledged(client).length + more);
  }

  #has(client, count) {
    return until(() => this.acknowledged(client).length >= count, `${count} acknowledged writes of ${client}`, 30_000);
  }

  /** The newest epoch that any client has seen. */
  epoch() {
    return Math.max(0, ...[...this.#heard.values()].flat().map(({ epoch }) => epoch));
  }

  /** When, in ms since the epoch of Unix, one of these clients was first acknowledged a write by a later leader. */
  async nextReign(clients, epoch, ms = 90_000) {
    const first = () => clients.flatMap((client) => this.acknowledged(client)).filter((one) => one.epoch > epoch)
      .reduce((least, one) => Math.min(least, one.ms), Infinity);
    await until(() => first() < Infinity, 'a write that a later leader acknowledged', ms);
    return first();
  }

  /** Errors that clients were answered, by code. */
  errors() {
    const counts = {};
    for (const { error } of [...this.#heard.values()].flat()) if (error !== null) counts[error] = (counts[error] ?? 0) + 1;
    return counts;
  }

  /**
   * Compares the record with what a tab reads, once it has had a moment to follow: `{ acknowledged, lost, doubled }`,
   * the last two as sentences.
   */
  async check(tab, patienceMs = 3_000) {
    await within(async () => (await this.#compare(tab)).lost.length === 0, patienceMs);
    return this.#compare(tab);
  }

  async #compare(tab) {
    const clients = [...this.#heard.keys()];
    const there = await tab.evaluate(look, { clients, prefix: this.#prefix, database: this.#database });
    const result = { acknowledged: 0, lost: [], doubled: [] };
    for (const client of clients) {
      result.acknowledged += this.acknowledged(client).length;
      this.#checkOwn(client, there.own[client], result);
      this.#checkMembers(client, 'list', there.list, result);
      this.#checkMembers(client, 'set', there.set, result);
      for (const { number, reply } of this.#lane(client, 'back')) {
        result.lost.push(`${client} was answered ${reply} (${number}) and read something else`);
      }
    }
    this.#checkAll(clients, there.all, result);
    return result;
  }

  #lane(client, lane) {
    return this.#heard.get(client).filter((one) => one.lane === lane);
  }

  /** Nobody else counts this key, so each reply is one more than the last; in doubt, one more or two. */
  #checkOwn(client, value, { lost, doubled }) {
    let [least, most] = [0, 0];
    for (const { reply, error } of this.#lane(client, 'own')) {
      if (error !== null) {
        most += DOUBTFUL.includes(error) ? 1 : 0;
        continue;
      }
      if (reply <= least) lost.push(`own:${client} was answered ${reply} after ${least}`);
      if (reply > most + 1) doubled.push(`own:${client} was answered ${reply} after ${most}`);
      [least, most] = [reply, reply];
    }
    if (value < least) lost.push(`own:${client} is ${value}, acknowledged was ${least}`);
    if (this.#stopped.has(client) && value > most) doubled.push(`own:${client} is ${value}, acknowledged was ${most}`);
  }

  /** Replies to a counter of all are each given once, and none is greater than what is there. */
  #checkAll(clients, value, { lost, doubled }) {
    const given = clients.flatMap((client) => this.#lane(client, 'all'));
    const replies = given.filter(({ error }) => error === null).map(({ reply }) => reply);
    if (new Set(replies).size < replies.length) lost.push(`all: ${replies.length - new Set(replies).size} replies were given twice`);
    const most = replies.reduce((most, reply) => Math.max(most, reply), 0);
    if (value < most) lost.push(`all is ${value}, acknowledged was ${most}`);
    if (value < replies.length) lost.push(`all is ${value}, acknowledged were ${replies.length}`);
    const doubtful = given.filter(({ error }) => DOUBTFUL.includes(error)).length;
    const allStopped = clients.every((client) => this.#stopped.has(client));
    if (allStopped && value > replies.length + doubtful) doubled.push(`all is ${value}, acknowledged were ${replies.length}`);
  }

  #checkMembers(client, lane, members, { lost, doubled }) {
    const mine = members.filter((member) => member.startsWith(`${client}:`));
    const there = new Set(mine);
    if (there.size < mine.length) doubled.push(`${lane}: ${mine.length - there.size} members of ${client} are there twice`);
    for (const { number, error } of this.#lane(client, lane)) {
      const isThere = there.has(`${client}:${number}`);
      if (error === null && !isThere) lost.push(`${lane}: ${client}:${number} was acknowledged and is not there`);
      if (error !== null && !DOUBTFUL.includes(error) && isThere) {
        doubled.push(`${lane}: ${client}:${number} was refused (${error}) and is there`);
      }
    }
  }
}
