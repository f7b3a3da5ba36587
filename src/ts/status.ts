import type { Durability } from './options.js';
import type { UsageFacts } from './usage.js';

/** What a node is at one moment: `Status` in src/node/status.rs. */
export interface Status {
  name: string;
  /** This node, in hexadecimal. */
  id: string;
  role: 'opening' | 'follower' | 'claiming' | 'leader' | 'left' | 'closed';
  /** The data is there to be read. */
  ready: boolean;
  /** The number of the reign. */
  epoch: number;
  /** The number of the last record that this node has applied. */
  seq: number;
  /** The number of the last record that is stored. */
  committedSeq: number;
  /** Blocks of the log that this node knows of and has not. */
  lag: number;
  level: Durability;
  visible: boolean;
  /** The leader's id, where one is known. */
  leader: string | null;
  /** The other nodes, as far as they were heard of. */
  peers: Peer[];
  storage: StorageStatus;
  pendingBytes: number;
  /** Calls that wait for an answer. */
  waitingCalls: number;
  memory: MemoryStatus;
  saving: boolean;
  lastSaveMs: number;
  logBytes: number;
  /** The version of the messages between nodes. */
  protocol: number;
}

/**
 * How storage is. `used`, `quota` and `persisted` are the browser's last answers, of the whole origin: they are asked
 * for at opening, and anew by a `status()` that finds them two seconds old, which so shows the ones before.
 */
export interface StorageStatus extends UsageFacts {
  /**
   * - `open`, `opening`: it works, or is about to
   * - `full`: writes that need room are refused with `QUOTA` until there is some
   * - `memory`: there is none, and data lives in memory alone
   * - `lost`: it does not answer; tried again
   * - `cleared`: somebody cleared it while it was open; what is there now is not this database
   * - `damaged`: acknowledged writes cannot be read; `OpenOptions.recover` says what then
   * - `incompatible`: a newer build has written
   */
  state: 'open' | 'opening' | 'memory' | 'lost' | 'cleared' | 'full' | 'incompatible' | 'damaged';
  /** The level in force: the database's own, or `memory` where there is no storage. */
  level: Durability;
  /** It was opened with a key. */
  encrypted: boolean;
}

/** Bytes of this tab's memory. Where `taken` is far above `data`, `compact()` gives the rest back. */
export interface MemoryStatus {
  /** What keys and values take, with their tables. */
  data: number;
  /** What the engine has of the system: it never shrinks by itself. */
  taken: number;
}

export interface Peer {
  id: string;
  leads: boolean;
  epoch: number;
  seq: number;
  /** Records that it has not yet, as far as is known. */
  lag: number;
  visible: boolean;
  heardMs: number;
}
