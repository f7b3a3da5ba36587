/** The engine's module, which lies beside the program, and folders made ready for it. */
import { constants } from 'node:fs';
import { access, mkdir, readFile, realpath } from 'node:fs/promises';
import { compile } from '../load.js';
import type { EncryptionKey } from '../key.js';
import type { Kilat } from '../kilat.js';
import { openWith } from '../open.js';
import { claim } from './claim.js';
import { Fault, reasonOf } from './fault.js';
import { Folder } from './folder.js';
import { readKey, refusalOf } from './key-file.js';

export async function wasmModule(): Promise<WebAssembly.Module> {
  const file = new URL('./kilat_bg.wasm', import.meta.url);
  return compile(await readFile(file).catch((error: unknown) => {
    throw new Fault(`The engine could not be read: ${reasonOf(error)}.`);
  }));
}

export function version(): Promise<string> {
  const file = new URL('../package.json', import.meta.url);
  return readFile(file, 'utf8').then((text) => (JSON.parse(text) as { version: string }).version);
}

export interface Ready {
  path: string;
  folder: Folder;
  /** Undefined: the data is kept in clear. */
  key: EncryptionKey | undefined;
  release: () => Promise<void>;
}

/** Makes the folder, claims it, and looks whether it can be written and is one of ours. */
export async function makeReady(dir: string, keyFile: string | null): Promise<Ready> {
  const key = keyFile === null ? undefined : await readKey(keyFile);
  let path: string;
  try {
    await mkdir(dir, { recursive: true });
    path = await realpath(dir);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Fault(`Data cannot be kept in ${dir}: ${reasonOf(error)}.`);
  }
  const release = await claim(path);
  try {
    // A dump.rdb would be in clear, beside what is not to be.
    const folder = new Folder(path, key === undefined);
    await folder.prepare();
    return { path, folder, key, release };
  } catch (error) {
    await release();
    throw new Fault(`Data cannot be kept in ${dir}: ${reasonOf(error)}.`);
  }
}

/** A folder opened for one client in this process. */
export async function openFolder(dir: string, keyFile: string | null): Promise<{ kilat: Kilat; release: () => Promise<void> }> {
  const { path, folder, key, release } = await makeReady(dir, keyFile);
  try {
    const kilat = await openWith(wasmModule, { name: path, storage: folder, key });
    return { kilat, release };
  } catch (error) {
    await release();
    throw refusalOf(error, path);
  }
}
