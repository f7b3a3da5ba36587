// Contenders in Node: each in a process of its own that answers calls of subject.mjs. Run as a program, this file is
// that process.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);

/** A process with that module of this folder; its functions are called by `call(name, argument)`. */
export function start(module = './subject.mjs') {
  const child = fork(HERE, [module], { execArgv: ['--expose-gc', '--max-old-space-size=8000', '--no-warnings'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = [];
  let death = null;
  child.on('message', ({ value, error }) => {
    const { resolve, reject } = waiting.shift();
    if (error) reject(new Error(error));
    else resolve(value);
  });
  child.once('exit', (code, signal) => {
    death = new Error(`it ended with ${signal ?? code}`);
    for (const { reject } of waiting.splice(0)) reject(death);
  });
  return {
    pid: child.pid,
    call(name, argument = null) {
      if (death) return Promise.reject(death);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.send({ name, argument });
      });
    },
    end: () => child.kill('SIGKILL'),
  };
}

/** A contender, opened. */
export async function host(name, options) {
  const process = start();
  try {
    const { version } = await process.call('open', { name, options });
    return { name, version, ...process };
  } catch (error) {
    process.end();
    throw error;
  }
}

if (process.argv[1] === HERE && process.send) {
  const module = await import(process.argv[2]);
  process.on('message', async ({ name, argument }) => {
    try {
      process.send({ value: (await module[name](argument)) ?? null });
    } catch (error) {
      process.send({ error: error?.stack ?? String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
}
