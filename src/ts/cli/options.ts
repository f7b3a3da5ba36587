/** Options of the command line. What is unknown or wrong is named, and ends the program. */
import type { Durability } from '../options.js';
import { Fault } from './fault.js';

export interface ServeOptions {
  port: number;
  host: string;
  /** Null: in memory only. */
  dir: string | null;
  /** The file with the key of the folder's data. Null: it is in clear. */
  keyFile: string | null;
  durability: Durability;
  name: string;
}

export interface CliOptions {
  host: string;
  port: number;
  /** A folder to open in this process, in place of a server. */
  dir: string | null;
  keyFile: string | null;
  db: number;
  protocol: 2 | 3;
  /** Null: as redis-cli decides, by whether a terminal reads it. */
  raw: boolean | null;
  /** Errors of the server end the program with status 1. */
  failOnError: boolean;
  /** One call, as words; empty: a prompt, or lines from standard input. */
  command: string[];
}

/** Takes the value of an option, or does what a switch does. */
type Handlers = Record<string, ((value: string, option: string) => void) | (() => void)>;

export function serveOptions(args: readonly string[]): ServeOptions {
  const options: ServeOptions = { port: 6379, host: '127.0.0.1', dir: null, keyFile: null, durability: 'everysec', name: 'kilat' };
  const rest = parse('serve', args, {
    '--port': (value, option) => (options.port = portOf(value, option)),
    '--host': (value) => (options.host = value),
    '--dir': (value) => (options.dir = value),
    '--key-file': (value) => (options.keyFile = value),
    '--durability': (value) => (options.durability = durabilityOf(value)),
    '--name': (value) => (options.name = value),
  });
  if (rest.length > 0) throw new Fault(`kilat serve takes no '${rest[0]}': kilat --help shows what it takes.`, 2);
  checkKeyFile(options);
  return options;
}

export function cliOptions(args: readonly string[]): CliOptions {
  const options: CliOptions = {
    host: '127.0.0.1', port: 6379, dir: null, keyFile: null, db: 0, protocol: 2, raw: null, failOnError: false, command: [],
  };
  options.command = parse('cli', args, {
    '-h': (value) => (options.host = value),
    '-p': (value, option) => (options.port = portOf(value, option)),
    '--dir': (value) => (options.dir = value),
    '--key-file': (value) => (options.keyFile = value),
    '-n': (value, option) => (options.db = numberOf(value, option, 0, 15)),
    '-2': () => (options.protocol = 2),
    '-3': () => (options.protocol = 3),
    '-e': () => (options.failOnError = true),
    '--raw': () => (options.raw = true),
    '--no-raw': () => (options.raw = false),
  });
  checkKeyFile(options);
  return options;
}

function checkKeyFile({ dir, keyFile }: { dir: string | null; keyFile: string | null }) {
  if (keyFile !== null && dir === null) throw new Fault('Option --key-file wants --dir: it is the data there that it encrypts.', 2);
}

/** Reads options up to the first word that is none; answers the words from there on. */
function parse(command: string, args: readonly string[], handlers: Handlers): string[] {
  for (let at = 0; at < args.length; ) {
    const word = args[at++]!;
    if (!word.startsWith('-') || word === '-') return args.slice(at - 1);
    if (word === '--') return args.slice(at);
    const [option, given] = word.startsWith('--') ? halves(word) : [word, undefined];
    const handler = Object.hasOwn(handlers, option) ? handlers[option]! : null;
    if (!handler) throw new Fault(`kilat ${command} knows no option ${option}: kilat --help shows all.`, 2);
    if (handler.length === 0) {
      if (given !== undefined) throw new Fault(`Option ${option} takes no value.`, 2);
      (handler as () => void)();
      continue;
    }
    const value = given ?? args[at++];
    if (value === undefined || value === '') throw new Fault(`Option ${option} wants a value.`, 2);
    handler(value, option);
  }
  return [];
}

/** `--port=6380` is `--port 6380`. */
function halves(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** 0: any free one. */
const portOf = (value: string, option: string) => numberOf(value, option, 0, 65535);

function numberOf(value: string, option: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw new Fault(`Option ${option} wants a number from ${min} to ${max}, not '${value}'.`, 2);
}

function durabilityOf(value: string): Durability {
  if (value === 'memory' || value === 'everysec' || value === 'always') return value;
  throw new Fault(`Option --durability wants memory, everysec or always, not '${value}'.`, 2);
}
