/** `--key-file`: the key that a folder is encrypted with, and what is said where it does not fit. */
import { readFile } from 'node:fs/promises';
import { KilatError } from '../errors.js';
import type { EncryptionKey } from '../key.js';
import { Fault, reasonOf } from './fault.js';

/** Of AES-128 and AES-256, as `openssl rand -hex 32` writes them. */
const HEX = /^([0-9a-f]{32}|[0-9a-f]{64})$/i;

/** Reads 32 or 64 hexadecimal digits, which are the key, or any other line, which is a passphrase. */
export async function readKey(file: string): Promise<EncryptionKey> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new Fault(`The key could not be read from ${file}: ${reasonOf(error)}.`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new Fault(`${file} holds no key: it is no text; 64 hexadecimal digits or a passphrase are wanted.`);
  }
  if (text === '' || text.includes('\n')) {
    throw new Fault(`${file} holds no key: one line is wanted, of 64 hexadecimal digits or a passphrase.`);
  }
  return HEX.test(text) ? Uint8Array.from(Buffer.from(text, 'hex')) : { passphrase: text };
}

const REFUSALS: Record<string, string> = {
  WRONGKEY: 'the key is not the one that it was made with',
  KEYNEEDED: 'it is encrypted, and there is no --key-file',
  NOTENCRYPTED: 'it is not encrypted, and there is a --key-file',
};

/** Says in one sentence why the data of a folder cannot be opened; other errors stay what they are. */
export function refusalOf(error: unknown, path: string): unknown {
  const why = error instanceof KilatError ? REFUSALS[error.code] : undefined;
  return why ? new Fault(`The data in ${path} cannot be opened: ${why}.`) : error;
}
