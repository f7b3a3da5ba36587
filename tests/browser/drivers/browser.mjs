// What browsers have in common that this process starts and speaks with over a connection.
import { setTimeout } from 'node:timers/promises';
import { gone, processesBelow } from './processes.mjs';

export class StartedBrowser {
  /** `endCommand` asks it to end, as a user does; after `patienceMs` it is killed. */
  constructor(child, connection, { endCommand, patienceMs }) {
    Object.assign(this, { child, connection, pid: child.pid, endCommand, patienceMs });
  }

  async kill() {
    const pids = processesBelow(this.pid).map(({ pid }) => pid);
    this.child.kill('SIGKILL');
    this.connection.end();
    await gone(pids);
  }

  async close() {
    const pids = processesBelow(this.pid).map(({ pid }) => pid);
    // A browser of which a part sleeps, or is busy, does not end by itself.
    const patience = setTimeout(this.patienceMs, null, { ref: false });
    await Promise.race([this.connection.send(this.endCommand).catch(() => {}), patience]);
    await gone(pids, this.patienceMs).catch(() => this.kill());
    this.connection.end();
  }

  /** The processes whose command line holds this. */
  processesWith(argument) {
    return processesBelow(this.pid).filter(({ command }) => command.includes(argument)).map(({ pid }) => pid);
  }
}
