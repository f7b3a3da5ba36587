import type { Durability } from './options.js';

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
  storage: 'open' | 'opening' | 'memory' | 'lost' | 'cleared' | 'full' | 'incompatible' | 'damaged';
  pendingBytes: number;
  /** Calls that wait for an answer. */
  waitingCalls: number;
  saving: boolean;
  lastSaveMs: number;
  logBytes: number;
  /** The version of the messages between nodes. */
  protocol: number;
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
