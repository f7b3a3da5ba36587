/** `kilat serve`: the engine behind a port. */
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Session } from '../client.js';
import { Node } from '../node.js';
import { codeOf, Fault, reasonOf } from './fault.js';
import { refusalOf } from './key-file.js';
import { makeReady, version, wasmModule, type Ready } from './module.js';
import type { ServeOptions } from './options.js';
import { placeOf, serveSocket } from './socket.js';

/** Clients have so long to take what was written to them when the server ends. */
const FAREWELL_MS = 1000;

const say = (line: string) => process.stdout.write(`${line}\n`);
const warn = (line: string) => process.stderr.write(`kilat: ${line}\n`);

/** Serves until a signal or SHUTDOWN; answers the status to end with. */
export async function runServe(options: ServeOptions): Promise<number> {
  const ready = options.dir === null ? null : await makeReady(options.dir, options.keyFile);
  try {
    return await new Serving(options, ready).run();
  } finally {
    await ready?.release();
  }
}

class Serving {
  private readonly sockets = new Set<Socket>();
  private node: Node | null = null;
  /** The data is there: clients are answered. */
  private isOpen = false;
  private ended!: () => void;
  private readonly end = new Promise<void>((resolve) => (this.ended = resolve));

  constructor(
    private readonly options: ServeOptions,
    private readonly ready: Ready | null,
  ) {}

  async run(): Promise<number> {
    // The port comes first: where it is taken, nothing has been touched yet. Clients wait until the data is there.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => this.accept(socket));
    const { address, port } = await listen(server, this.options);
    try {
      const began = performance.now();
      this.node = await this.open(port);
      const keys = await this.load(this.node);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.stop());
      say(`kilat ${await version()} listens on ${placeOf(address, port)}`);
      const seconds = ((performance.now() - began) / 1000).toFixed(2);
      if (this.ready) say(`data: ${this.ready.path}, ${keys} ${keys === 1 ? 'key' : 'keys'} loaded in ${seconds} s`);
      else say('data: in memory only (--dir <folder> keeps it)');
      this.isOpen = true;
      for (const socket of this.sockets) this.welcome(socket);
      await this.end;
    } finally {
      await this.farewell(server);
    }
    say(this.ready ? 'kilat has ended; the data is stored.' : 'kilat has ended.');
    return 0;
  }

  private async open(port: number): Promise<Node> {
    const { name, durability } = this.options;
    const storage = this.ready ? { storage: this.ready.folder, key: this.ready.key } : { persistent: false };
    const options = { name, durability, tcpPort: port, ...storage };
    const opening = Node.open(wasmModule, options, ({ events }) => {
      events.on('closed', () => this.ended());
      events.on('memory-only', ({ message }) => warn(`data is in memory only: ${message}`));
      events.on('corrupt', ({ message }) => warn(`damaged data was left aside: ${message}`));
      events.on('incompatible', ({ message }) => warn(message));
      events.on('cleared', () => warn('the data was removed from under the server: nothing more is stored'));
      events.on('quota', () => warn('the disk is full: writes are refused'));
      events.on('crashed', ({ message }) => warn(`the engine died and starts again from what is stored: ${message}`));
    });
    return opening.catch((error: unknown) => {
      throw refusalOf(error, this.ready?.path ?? '');
    });
  }

  /** Reads a dump.rdb into a folder that holds nothing yet. Answers how many keys there are. */
  private async load(node: Node): Promise<number> {
    if (this.ready && node.status().seq === 0) await importDump(node, join(this.ready.path, 'dump.rdb'));
    const session = new Session(node);
    const info = await session.call(['INFO', 'keyspace']);
    session.close();
    const counts = [...String(info).matchAll(/keys=(\d+)/g)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  private accept(socket: Socket) {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.isOpen) this.welcome(socket);
  }

  private welcome(socket: Socket) {
    if (socket.destroyed || !this.node) return;
    try {
      serveSocket(this.node, socket);
      socket.resume();
    } catch {
      // The engine is being started again: this client comes back.
      socket.destroy();
    }
  }

  private stopping = false;

  /** Commits and closes. A second signal does not wait for that. */
  private stop() {
    if (this.stopping) process.exit(1);
    this.stopping = true;
    this.node?.close().then(this.ended, this.ended);
  }

  private async farewell(server: Server) {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) socket.end();
    const timer = setTimeout(() => this.sockets.forEach((socket) => socket.destroy()), FAREWELL_MS);
    await closed;
    clearTimeout(timer);
  }
}

async function listen(server: Server, { host, port }: ServeOptions): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Fault(`kilat cannot listen on ${host}:${port}: ${reasonOf(error)}.`)));
    server.listen({ host, port, backlog: 511 }, resolve);
  });
  return server.address() as AddressInfo;
}

async function importDump(node: Node, file: string) {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw new Fault(`${file} could not be read: ${reasonOf(error)}.`);
  }
  const reply = await node.import(bytes);
  if (reply instanceof Error) throw new Fault(`${file} could not be loaded: ${reply.message}`);
}
