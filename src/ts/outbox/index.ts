/** `kilat/outbox`: requests that are kept until the network takes them, in order, across tabs and reloads. */
export { createOutbox } from './outbox.js';
export type { Database } from '../cache/link.js';
export type { Outbox, OutboxEvent, OutboxOptions, Letter, SendOptions } from './outbox.js';
