/** What `kilat` and `kilat/slim` have in common. */
export { COMMANDS, Commands, type CommandRow } from './commands.generated.js';
export type { StorageDoor } from './door.js';
export { KilatError } from './errors.js';
export type { EventName, KilatEvents } from './events.js';
export { format, type FormatOptions } from './format.js';
export type { Json } from './json.js';
export type { Kilat } from './kilat.js';
export type { WasmSource } from './load.js';
export type { Chain } from './multi.js';
export type { Durability, OpenOptions } from './options.js';
export type { Reply, ReplyTree } from './reply.js';
export type { Connection, ConnectionListener, RawSession, SessionListener } from './session.js';
export type { SetOptions } from './set-options.js';
export type { Status } from './status.js';
export type { Listener } from './subscriber.js';
export type { Key, Word, Words } from './words.js';
