/**
 * What a page and the worker with its engine say to one another. Each database has a port of its own; what is said in
 * one turn crosses as one array. A call is answered once, by its number.
 */
import { KilatError } from '../errors.js';
import type { Durability, OpenOptions } from '../options.js';

/** Both ends must be of one release. */
export const RELEASE = KILAT_RELEASE;

/** Opens a database: posted to the worker itself, with the port. */
export interface Hello {
  kilat: typeof RELEASE;
  port: MessagePort;
  options: OpenOptions;
  /** The lock that the worker holds as long as it lives. */
  alive: string;
  visible: boolean;
  module?: WebAssembly.Module;
}

/** The names of the methods that a database, its view of bytes, a chain, and sessions have. */
export interface Names {
  db: string[];
  bytes: string[];
  chain: string[];
}

export type Life = 'leave' | 'return' | 'visible' | 'hidden';

/** Where a function stood among the arguments: its place, its name in an object there, and its number. */
export type Place = [argument: number, field: string | null, number: number];

export type FromPage =
  | { call: number; method: string; args: unknown[]; functions?: Place[]; bytes?: true; level?: Durability; object?: number }
  | { row: number; kind: 'multi' | 'pipeline'; calls: [method: string, args: unknown[]][]; level?: Durability }
  | { stop: number }
  | { answer: number; value?: unknown; failure?: Failure }
  | { life: Life };

export type FromWorker =
  | { opened: Names }
  | { refused: Failure }
  | { reply: number; value: unknown; marks?: Mark[]; protocol?: 2 | 3 }
  | { reply: number; failure: Failure }
  | { heard: number; args: unknown[]; marks?: Mark[] }
  | { ask: number; of: number; args: unknown[]; marks?: Mark[] };

/** What the function that was given returns is not waited for: these tell, and answer how to stop. */
export const TELLING: readonly string[] = ['on', 'subscribe', 'watch'];

/** An error, as it crosses. Those without a code are none of ours. */
export interface Failure {
  code?: string;
  name?: string;
  message: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof KilatError) return { code: error.code, message: error.message };
  return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) };
}

export function errorOf({ code, name, message }: Failure): Error {
  if (code !== undefined) return new KilatError(code, message);
  const error = new Error(message);
  error.name = name ?? 'Error';
  return error;
}

/** What structured cloning does not keep, and where it was: an error's code, an object's lack of a prototype. */
export type Mark = [path: (string | number)[], failure: Failure | null];

/** Bytes from here on are handed over, not copied. */
const TRANSFER_BYTES_MIN = 4096;

/** Looks through a value for what must be marked or may be transferred. */
export function look(value: unknown, marks: Mark[], transfer: Transferable[], path: (string | number)[] = []) {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Uint8Array) {
    const isWhole = value.byteLength === value.buffer.byteLength;
    const { buffer } = value;
    if (isWhole && value.byteLength >= TRANSFER_BYTES_MIN && buffer instanceof ArrayBuffer && !transfer.includes(buffer)) {
      transfer.push(buffer);
    }
    return;
  }
  if (value instanceof Error) {
    marks.push([path, failureOf(value)]);
    return;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isObject(value[i])) look(value[i], marks, transfer, [...path, i]);
    return;
  }
  if (Object.getPrototypeOf(value) === null) marks.push([path, null]);
  for (const field in value) {
    const inner = (value as Record<string, unknown>)[field];
    if (isObject(inner)) look(inner, marks, transfer, [...path, field]);
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** Puts back what the marks tell of. */
export function restore(value: unknown, marks: readonly Mark[] = []): unknown {
  const whole = { value };
  for (const [path, failure] of marks) {
    let above: Record<string | number, unknown> = whole;
    let last: string | number = 'value';
    for (const step of path) {
      above = above[last] as Record<string | number, unknown>;
      last = step;
    }
    if (failure) above[last] = errorOf(failure);
    else Object.setPrototypeOf(above[last], null);
  }
  return whole.value;
}

/**
 * A port that gathers what is said in one turn. What cannot be cloned is told to `refuse`, and the rest is sent.
 */
export class Outbox<M> {
  private messages: M[] = [];
  private transfer: Transferable[] = [];

  constructor(
    private readonly port: MessagePort,
    private readonly refuse: (message: M, error: Error) => void,
  ) {}

  send(message: M, transfer: Transferable[] = []) {
    if (this.messages.length === 0) queueMicrotask(() => this.flush());
    this.messages.push(message);
    this.transfer.push(...transfer);
  }

  flush() {
    const { messages, transfer } = this;
    if (messages.length === 0) return;
    this.messages = [];
    this.transfer = [];
    try {
      this.port.postMessage(messages, transfer);
    } catch {
      // One of them is to blame; posting has transferred nothing.
      for (const message of messages) this.sendAlone(message);
    }
  }

  private sendAlone(message: M) {
    try {
      this.port.postMessage([message]);
    } catch (error) {
      this.refuse(message, error as Error);
    }
  }
}
