/**
 * The door to storage that Node.js hands to the engine in place of IndexedDB. `src/node/io.rs` says what each
 * operation means; each is one transaction, and the engine waits for one before it begins the next.
 * A failure is an error whose `code` is `QUOTA` (no room) or `LOST` (try to open again); any other code, or none,
 * means that it is not known whether the operation happened.
 */
export interface StorageDoor {
  /** Opens the database; gives it the identity `candidate` (16 bytes, and more where it is encrypted) if it has none. Answers its identity. */
  open(candidate: Uint8Array): Promise<Uint8Array>;
  /** Adds a block where its key is free; answers false where it is taken. `strict`: on disk before it resolves. */
  add(epoch: number, n: number, bytes: Uint8Array, strict: boolean): Promise<boolean>;
  /** Blocks from this key on, in order, until about `bytesMax` bytes are read; at least one if there is one. */
  read(epoch: number, n: number, bytesMax: number): Promise<[epoch: number, n: number, bytes: Uint8Array][]>;
  /** The keys of all blocks, in order. */
  keys(): Promise<[epoch: number, n: number][]>;
  /** Deletes the blocks of these keys. */
  delete(keys: [epoch: number, n: number][]): Promise<void>;
  /** Stores a piece of a snapshot; `snapshot` is 32 hexadecimal digits. On disk before it resolves. */
  addPiece(snapshot: string, index: number, bytes: Uint8Array): Promise<void>;
  readPiece(snapshot: string, index: number): Promise<Uint8Array | null>;
  /** Deletes all pieces of other snapshots than these whose names sort before the last of these. */
  keepPieces(snapshots: string[]): Promise<void>;
  /** Deletes all pieces of this snapshot, if there are any. */
  dropPieces(snapshot: string): Promise<void>;
  close(): Promise<void>;
}
