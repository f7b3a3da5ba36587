// Generated from the command table and src/command/manual.txt (tests/native/generate/): UPDATE=1 cargo test. Do not edit.
import type { Has, If, Many, OneOf, Read, With, Write } from './answer.js';
import type { Reply } from './reply.js';
import type {
  Element, FieldGiven, FieldKey, FieldName, Fields, FieldsFor, FieldValue, HashOf, Item, KeyOf, KeyType, Strings,
} from './schema.js';
import type { Key, Num, Plain, Word, Words } from './words.js';

/** Where the longest common subsequence of two strings lies: positions in both, and lengths if asked for. */
export interface LcsMatches {
  matches: [first: [start: number, end: number], second: [start: number, end: number], length?: number][];
  len: number;
}
OPTIONS
/**
 * One method per command. `T` is how strings come out, `M` how answers reach the caller, `S` the schema of the keys.
 */
export interface Methods<T, M, S> {
METHODS}
