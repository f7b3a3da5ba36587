/** The program `kilat`: says what is wrong in one sentence, and ends with 0, 1 (the world) or 2 (the call). */
import { runCli } from './client.js';
import { Fault, codeOf } from './fault.js';
import { HELP } from './help.js';
import { version } from './module.js';
import { cliOptions, serveOptions } from './options.js';
import { runServe } from './serve.js';

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help' || rest[0] === '--help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (command === '--version' || command === '-v') {
    process.stdout.write(`kilat ${await version()}\n`);
    return 0;
  }
  if (command === 'serve') return runServe(serveOptions(rest));
  if (command === 'cli') return runCli(cliOptions(rest));
  throw new Fault(`There is no 'kilat ${command}': kilat --help shows what there is.`, 2);
}

// A reader that has seen enough (`kilat cli ... | head`) is no error.
process.stdout.on('error', (error) => process.exit(codeOf(error) === 'EPIPE' ? 0 : 1));

main(process.argv.slice(2)).then(
  (status) => process.stdout.write('', () => process.exit(status)),
  (error: unknown) => {
    const sentence = error instanceof Fault ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${sentence}\n`, () => process.exit(error instanceof Fault ? error.status : 1));
  },
);
