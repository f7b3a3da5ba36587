/**
 * Moves the data into a fresh memory: a second instance of the engine reads it as a fresh tab would, and takes the place
 * of the first between two calls. Loaded when it is first called.
 *
 * Until then the first one answers reads. Writes are held back from when the second one has come close until it has all:
 * what the first has acknowledged is stored, or with its peers, and nothing that it shows is newer.
 * It imports nothing: whoever never compacts loads none of it.
 */
import type { Session } from './client.js';
import type { KilatError } from './errors.js';
import type { Instance, Level } from './instance.js';
import type { Compacted, Held, Inner, Told } from './node.js';
import type { Reply, Shape } from './reply.js';
import type { Checked } from './words.js';

/** So long writes are held back at most, and so long a fresh instance may take to read what there is. */
const HOLD_MS = 5_000;
const OPEN_MS = 120_000;

/** Calls in the order that they came in. */
class Queue implements Held {
  private readonly runs: (() => void)[] = [];

  run<T>(run: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.runs.push(() => {
        try {
          resolve(run());
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  write(session: Session, words: readonly Checked[], level: Level, shape: Shape): Promise<Reply> {
    // Its bytes are the caller's again.
    const kept = words.map((word) => (typeof word === 'string' ? word : word.slice()));
    return this.run(() => session.write(kept, level, shape));
  }

  /** Runs all of them in this turn: nobody comes in between. */
  end() {
    for (const run of this.runs) run();
  }
}

/** So long snapshots may take that shed the log. */
const SAVE_MS = 60_000;

export async function compact(node: Inner): Promise<Compacted> {
  const old = node.engine;
  const before = old.memoryBytes;
  const heard = new Heard();
  node.aside = (said) => heard.take(said);
  try {
    await shedLog(old);
    const spare = await succeed(node, old, heard);
    await leave(old, heard);
    return { before, after: spare.memoryBytes };
  } finally {
    node.aside = null;
  }
}

/**
 * Who opens reads the log, with all that is past in it, from the older of two snapshots on: two new ones shed it. In a tab
 * that follows there is nothing to be done about it.
 */
async function shedLog(old: Instance) {
  const until = performance.now() + SAVE_MS;
  for (let saves = 0; saves < 2; saves++) {
    const { role, storage } = statusOf(old);
    if (role !== 'leader' || storage !== 'open') return;
    await saved(old, until);
    ask(old, ['SAVE']);
    await saved(old, until);
  }
}

/** Waits until no snapshot is being taken, and what it sheds is gone. */
async function saved(old: Instance, until: number) {
  do await turn();
  while (statusOf(old).saving && performance.now() < until);
}

/** The old instance lets go of the lead and of storage, and is nobody's any more. */
async function leave(old: Instance, heard: Heard) {
  try {
    const ended = heard.first('closed');
    old.control('close');
    await ended;
  } catch {
    // It has died: that is an end too.
  }
}

/** Gives the node a fresh instance. Where that fails, everything is as it was. */
async function succeed(node: Inner, old: Instance, heard: Heard): Promise<Instance> {
  // Nobody else can be asked for the data: it is handed over while nothing is written.
  const isAlone = node.options.persistent === false;
  // A door to storage is not made for two that write: the other one comes when there is nothing to write.
  const isHeldFirst = isAlone || node.options.storage !== undefined;
  const queue = new Queue();
  let spare: Instance | null = null;
  try {
    if (isHeldFirst) await hold(node, queue, old, () => isAtRest(node, old));
    const opened = heard.first('leader', isAlone ? 'leader' : 'follower');
    const fresh = (spare = node.spare = await node.launch(true));
    await within(opened, OPEN_MS, () => node.failure('BUSY', 'compact: the fresh engine was not ready in time'));
    if (isAlone) refill(fresh, old);
    await hold(node, queue, old, () => isAtRest(node, old) && (isAlone ? isFilled(fresh, old) : hasAll(fresh, old)) && replace(node, old, fresh, isAlone));
    return fresh;
  } catch (error) {
    spare?.control('close');
    throw error;
  } finally {
    node.spare = null;
    node.held = null;
    queue.end();
  }
}

const statusOf = (instance: Instance) => instance.control('status') as Told;

/** Holds writes back until `isDone`, which is tried again and again. */
async function hold(node: Inner, queue: Queue, old: Instance, isDone: () => boolean) {
  node.held = queue;
  for (const until = performance.now() + HOLD_MS; ; ) {
    // What was left for the end of the turn is run then.
    await turn();
    // It may have died, or the database have been closed.
    if (node.engine !== old) throw node.failure('CRASHED', 'the engine died before its memory was compacted');
    if (isDone()) return;
    if (performance.now() > until) throw node.failure('BUSY', 'compact: calls wait for too long');
  }
}

/** Nothing waits, and all that there is was stored. */
function isAtRest(node: Inner, old: Instance): boolean {
  const { role, seq, committedSeq, pendingBytes, waitingCalls } = statusOf(old);
  const isIdle = node.waiting.size === 0 && pendingBytes === 0 && waitingCalls === 0 && seq === committedSeq;
  return isIdle && (role === 'leader' || role === 'follower') && !node.away;
}

/** The fresh instance has everything that the old one shows. */
function hasAll(spare: Instance, old: Instance): boolean {
  const [fresh, shown] = [statusOf(spare), statusOf(old)];
  const isSettled = fresh.role === 'leader' || fresh.role === 'follower';
  return fresh.ready && isSettled && fresh.epoch >= shown.epoch && fresh.seq >= shown.seq;
}

/** Everything happens in this turn: who reads before it is answered by the old instance, who reads after it by the fresh one. */
function replace(node: Inner, old: Instance, spare: Instance, isAlone: boolean): boolean {
  const [shown, fresh] = [statusOf(old), statusOf(spare)];
  // What was not delivered yet is delivered now.
  const sessions = old.control('carry') as Uint8Array | undefined;
  if (!sessions) return false;
  copySettings(old, spare);
  spare.control('adopt', sessions);
  if (shown.visible !== fresh.visible) spare.control(shown.visible ? 'visible' : 'hidden');
  node.take(spare);
  // It may show what the old one had not heard of yet.
  if (!isAlone && fresh.seq > shown.seq) node.watches.touchAll();
  return true;
}

/** Hands all data over where there is neither storage nor another tab. */
function refill(spare: Instance, old: Instance) {
  const answer = spare.import(old.control('export') as Uint8Array);
  if (answer instanceof Error) throw answer;
}

const keysOf = (instance: Instance) => /# Keyspace\s+(.*)/s.exec(ask(instance, ['INFO', 'keyspace']) as string)?.[1]?.replace(/,.*/g, '');

/** What was handed over is there. */
const isFilled = (spare: Instance, old: Instance) => keysOf(spare) === keysOf(old);

/** CONFIG SET, for what differs. */
function copySettings(old: Instance, spare: Instance) {
  const own = ask(spare, ['CONFIG', 'GET', '*']) as Record<string, string>;
  for (const [name, value] of Object.entries(ask(old, ['CONFIG', 'GET', '*']) as Record<string, string>)) {
    // What cannot be set is the same anyway.
    if (own[name] !== value) ask(spare, ['CONFIG', 'SET', name, value]);
  }
}

/** One call in a session of its own. */
function ask(instance: Instance, words: string[]): Reply {
  const session = instance.openSession(3);
  try {
    return instance.call(session, words, 'text', 0) as Reply;
  } finally {
    instance.closeSession(session);
  }
}

/** What is heard of the instance that is not the node's own. */
class Heard {
  private waiting: { types: string[]; resolve: () => void; reject: (error: KilatError) => void } | null = null;

  /** The first event of these types from now on; rejects where the instance ends. */
  first(...types: string[]): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => (this.waiting = { types, resolve, reject }));
    // It may be given up before anyone waits for it.
    promise.catch(() => {});
    return promise;
  }

  take(said: string | KilatError) {
    if (typeof said !== 'string') this.waiting?.reject(said);
    else if (this.waiting?.types.includes(said)) this.waiting.resolve();
  }
}

function within(promise: Promise<void>, ms: number, late: () => KilatError): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A turn of the event loop; a timer would be late in a hidden page. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
