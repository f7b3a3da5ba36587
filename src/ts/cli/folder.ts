/**
 * Storage in a folder: a file for each block and each piece of a snapshot.
 *
 * A block is written to a file of its own name under `tmp/` and then linked to its place: `link` fails where the
 * name is taken, so a block is added whole or not at all, and never overwritten, whoever else writes here.
 */
import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageDoor } from '../door.js';
import { codeOf } from './fault.js';

const DIGITS = 16;
const BLOCK = /^([0-9a-f]{16})-([0-9a-f]{16})\.block$/;

/** Blocks up to this are written without a thread. */
const SMALL = 256 * 1024;
/** Files synced at a time. */
const SYNCING = 4;

/** Where Redis looks for it. */
export const DUMP = 'dump.rdb';

const hex = (value: number) => value.toString(16).padStart(DIGITS, '0');

export class Folder implements StorageDoor {
  private blocks: string;
  private pieces: string;
  private temporary: string;
  /** Written, but perhaps not yet on disk. */
  private unsynced = new Set<string>();
  private written = 0;
  /** The snapshot that dump.rdb holds, as far as this process knows. */
  private dumped: string | null = null;

  /** `dumps`: a dump.rdb is written with each snapshot. */
  constructor(private root: string, private readonly dumps: boolean) {
    this.blocks = join(root, 'log');
    this.pieces = join(root, 'snapshots');
    this.temporary = join(root, 'tmp');
  }

  /** Makes the folders; fails where they cannot be used, or are of something else. */
  async prepare(): Promise<void> {
    await attempt(async () => {
      for (const folder of [this.root, this.blocks, this.pieces]) await mkdir(folder, { recursive: true });
      // Left by a writer that was killed.
      await rm(this.temporary, { recursive: true, force: true });
      await mkdir(this.temporary, { recursive: true });
    });
    await this.identity();
  }

  async open(candidate: Uint8Array): Promise<Uint8Array> {
    await this.prepare();
    const file = join(this.root, 'identity');
    const kept = await this.identity();
    if (kept) return kept;
    const made = this.nextTemporary();
    await attempt(async () => {
      await writeSynced(made, candidate);
      linkIfFree(made, file);
      unlinkSync(made);
      await syncFolder(this.root);
    });
    return (await this.identity()) ?? candidate;
  }

  private async identity(): Promise<Uint8Array | null> {
    const file = join(this.root, 'identity');
    const bytes = await readOrNull(file);
    if (bytes && bytes.length < 16) throw new Error(`${file} is damaged: 16 bytes expected, ${bytes.length} found`);
    return bytes;
  }

  async add(epoch: number, n: number, bytes: Uint8Array, strict: boolean): Promise<boolean> {
    const name = `${hex(epoch)}-${hex(n)}.block`;
    // What came with the same turn of the event loop can so come into the next block.
    await new Promise((resolve) => setImmediate(resolve));
    return attempt(async () => {
      const made = this.nextTemporary();
      // A small file is written sooner than a thread is woken for it.
      if (bytes.length <= SMALL) writeFileSync(made, bytes);
      else await writeFile(made, bytes);
      const added = linkIfFree(made, join(this.blocks, name));
      unlinkSync(made);
      if (added) this.unsynced.add(name);
      if (strict) await this.sync();
      return added;
    });
  }

  /** Everything added so far is on disk when this resolves. */
  private async sync() {
    const names = [...this.unsynced];
    const syncNext = async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        await withFile(join(this.blocks, name), (file) => file.datasync());
        this.unsynced.delete(name);
      }
    };
    await Promise.all(Array.from({ length: SYNCING }, syncNext));
    await syncFolder(this.blocks);
  }

  async keys(): Promise<[number, number][]> {
    const names = await attempt(() => readdir(this.blocks));
    const found = names.sort().map((name) => BLOCK.exec(name)).filter((match) => match !== null);
    return found.map((match) => [parseInt(match[1]!, 16), parseInt(match[2]!, 16)]);
  }

  async read(epoch: number, n: number, bytesMax: number): Promise<[number, number, Uint8Array][]> {
    const found: [number, number, Uint8Array][] = [];
    let size = 0;
    for (const [ofEpoch, at] of await this.keys()) {
      if (ofEpoch < epoch || (ofEpoch === epoch && at < n)) continue;
      const bytes = readNowOrNull(join(this.blocks, `${hex(ofEpoch)}-${hex(at)}.block`));
      // Cut since the names were read: the reader sees the hole and begins anew.
      if (!bytes) continue;
      found.push([ofEpoch, at, bytes]);
      size += bytes.length;
      if (size >= bytesMax) break;
    }
    return found;
  }

  async delete(keys: [number, number][]): Promise<void> {
    await attempt(async () => {
      for (const [epoch, n] of keys) {
        const name = `${hex(epoch)}-${hex(n)}.block`;
        this.unsynced.delete(name);
        rmSync(join(this.blocks, name), { force: true });
      }
    });
  }

  async addPiece(snapshot: string, index: number, bytes: Uint8Array): Promise<void> {
    await attempt(async () => {
      const folder = join(this.pieces, snapshot);
      await mkdir(folder, { recursive: true });
      const made = this.nextTemporary();
      await writeSynced(made, bytes);
      await rename(made, join(folder, `${index}`));
      await syncFolder(folder);
      await syncFolder(this.pieces);
    });
  }

  async readPiece(snapshot: string, index: number): Promise<Uint8Array | null> {
    return attempt(() => readOrNull(join(this.pieces, snapshot, `${index}`)));
  }

  async keepPieces(snapshots: string[]): Promise<void> {
    // Identities grow with time: what is greater was begun after, and is none of the caller's business.
    const newest = [...snapshots].sort().at(-1);
    if (newest === undefined) return;
    await attempt(async () => {
      for (const name of await readdir(this.pieces)) {
        if (!snapshots.includes(name) && name < newest) await rm(join(this.pieces, name), { recursive: true, force: true });
      }
      if (this.dumps) await this.writeDump(newest);
    });
  }

  async dropPieces(snapshot: string): Promise<void> {
    await attempt(() => rm(join(this.pieces, snapshot), { recursive: true, force: true }));
  }

  /** The pieces of a snapshot, one after the other, are a file of Redis. */
  private async writeDump(snapshot: string) {
    if (snapshot === this.dumped) return;
    const folder = join(this.pieces, snapshot);
    const made = this.nextTemporary();
    const file = await open(made, 'w');
    try {
      for (let index = 0; ; index++) {
        const piece = await readOrNull(join(folder, `${index}`));
        if (!piece) break;
        await file.write(piece);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(made, join(this.root, DUMP));
    await syncFolder(this.root);
    this.dumped = snapshot;
  }

  async close(): Promise<void> {
    await this.sync();
  }

  /** A name that no other process uses, should there be one. */
  private nextTemporary(): string {
    return join(this.temporary, `${process.pid}-${this.written++}`);
  }
}

/** Names a full disk in the engine's words. */
async function attempt<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw Object.assign(error as Error, { code: 'QUOTA' });
    throw error;
  }
}

/** Gives a file a second name, where that is free; answers whether it was. */
function linkIfFree(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Small files are many: without a thread for each. */
function readNowOrNull(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function readOrNull(path: string): Promise<Uint8Array | null> {
  return readFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
}

async function withFile(path: string, act: (file: FileHandle) => Promise<void>) {
  const file = await open(path, 'r+');
  try {
    await act(file);
  } finally {
    await file.close();
  }
}

async function writeSynced(path: string, bytes: Uint8Array) {
  await writeFile(path, bytes);
  await withFile(path, (file) => file.datasync());
}

async function syncFolder(path: string) {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
