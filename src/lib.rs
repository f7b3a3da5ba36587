//! Kilat: a Redis-compatible data-structure engine that lives inside a web page.
//!
//! Every tab holds the whole dataset in memory and reads it synchronously. One tab leads and takes the writes;
//! the others follow. What was acknowledged is in IndexedDB, and when the leading tab dies another one takes
//! over with nothing acknowledged lost.
//!
//! # Layers
//!
//! ```text
//!  browser   sim              6  drivers: perform effects, or pretend to
//!       \     /
//!        node                 5  Input -> Node -> Output, no effects
//!      /   |   \
//! engine  log  replica        4  three machines that do not know one another
//!    |     |
//! command  |    (resp beside it: bytes to calls, replies to bytes)
//!    |     |                  3
//! keyspace-+                  2  sixteen databases behind three doors
//!    |
//!  value                      1  the data types; their encodings are private
//!    |
//!  base                       0  numbers, globs, hashes, checksums, random numbers
//! ```
//!
//! A module imports what stands below it on its own line, and nothing else (`tests/native/tidy.rs` reads the
//! `use crate::` edges). Only `browser` names the crates of the web. Nothing below the drivers is `async`, reads
//! a clock or draws unseeded randomness: the time and the seed arrive with each input, so that the simulator
//! runs the production code and a seed replays a run.
//!
//! # A call, from end to end
//!
//! 1. A driver hands the words of a call to `node::Node::call`, with the time.
//! 2. `engine::Engine::execute` finds the row (`command::find`), checks it and runs its handler. A read answers
//!    at once, in any tab. A write at a follower comes back as a `Request` for the leader.
//! 3. At the leader a write's *effects* become a record; records that came while a commit was under way
//!    become one block of the log, added to storage in one transaction.
//! 4. When that is complete, the records go to the followers, then the reply to the caller.
//!
//! # Words
//!
//! - **node**: one running kilat, in a tab, a worker or Node.js.
//! - **leader**, **follower**: the node that takes the writes; the others.
//! - **epoch**: the number of a reign. **seq**: the number of a record, one sequence over all epochs.
//! - **record**: what one call changed, as effects. **block**: the records of one commit.
//! - **seal**: the block that ends an epoch; it is the claim to the next one.
//! - **snapshot**: all data at one instant, in Redis's RDB format, in pieces.
//! - **session**: one client's state: database, MULTI, WATCH, subscriptions.
//! - **effect**: a command that depends on the data alone, so that any build of kilat runs it to the same end.
//!
//! # Invariants
//!
//! - A block is added where its key is free, never overwritten; one transaction is under way at a time.
//! - A write is acknowledged after its transaction is complete (level `memory` aside), never before.
//! - A write that changed nothing has no transaction: it is answered once storage shows that this node still led
//!   when it was run (`node::proof`), by the next commit or by one read for all that wait.
//! - A call that was sent to leaders of several epochs is answered by the one of the greatest: where there is a log,
//!   what an earlier one refuses a later one may have done.
//! - Who cannot read what a newer build has stored shows what it has read before, or nothing: never an older past.
//! - Followers hold only what is committed, never roll back, and apply records in order without gaps.
//! - A handler that may change keys says so by its type; a follower runs only what cannot.
//! - Parsing comes before any change: a call that fails has changed nothing.
//! - A torn end of the log is cut and told. Where more is lost (the log has a hole, or no snapshot is whole) no node
//!   leads before the user says so: what is whole is read, writes are refused, nothing is deleted.
//! - Where the greatest block cannot be read it may have been a seal: the place behind it is sealed, and then the
//!   first place of the epoch that it would have begun.
//! - Bytes from storage, a channel, a file or a user are hostile until length, version and checksum are checked.
//!
//! # Where this differs from what one would expect
//!
//! - `value::rdb` stands in layer 1, not in `log`: DUMP, RESTORE and COPY need one value's serialized form,
//!   and commands must not know the log. `log::snapshot` frames what `value::rdb` writes.
//! - A version for WATCH is the seq of the record that changed the key. So a follower's WATCH can be checked by
//!   the leader without a message: unchanged means a version no newer than the seq at which the follower read.
//!   A key keeps its low 32 bits: one that was changed four billion records ago may seem changed just now, never the
//!   other way round.
//! - The table of keys is none of std's: one record in an arena holds all of a small key, buckets split one at a time,
//!   and the expiry index is a heap of places that the records know. What is large and no key any more is dropped in
//!   slices, between commands and when nothing else is to be done.
//! - A node without storage makes no records as long as it has heard of no other: what it does in a turn takes a
//!   place in the log that nobody holds, and who comes later is sent an image.
//! - A snapshot copies a key that is about to change, not its bucket: the table's buckets move while it grows.
//! - A small collection stands in its key's record, shorter than its listpack, and is decoded where it is read; inner
//!   nodes of a list are compressed where that pays, whatever `list-compress-depth` says.
//! - The large sorted set is a hash table and a counted B+ tree, not a skiplist: members are stored once.
//! - Images that are stored are summed up by XXH64, not by the CRC-64 that a file of Redis bears and blocks and records
//!   do: a page that has just been opened reads megabytes of them with code that has only just been compiled.
//! - A leader that has heard of no other node sends no blocks: who comes says Hello, and asks for what it lacks.
//! - What level `memory` asks for is answered from memory whatever it is, a refusal of what others may have done
//!   aside: a level that may lose writes cannot promise that it shows the newest. At the other levels a write that
//!   changes nothing costs its part of one read; reads, EXEC of reads alone and PUBLISH cost nothing.
//! - Without storage (a private window) the tabs' word is all there is. A block bears its leader's id where it would
//!   bear the database's; of two leaders the later epoch counts, or else the greater id; the other takes its image.
//! - Of plain SETs of one turn the first crosses alone; those behind it are left in linear memory, are run together
//!   when the next call comes or the turn ends, whichever is first, and are one record. They are only left where each
//!   is sure to be answered OK, so that they can share the promise of the first.
//! - A JSON value is its text, and is made a document when a part of it is asked for: most are set and got whole.
//! - EXEC and WATCH are rows like all others, but run by the engine: they are about other commands.
//! - The transaction that adds a seal looks at once at what stands from there on: transactions that write do not
//!   overlap, so a greater key that it does not see comes after, as one does that a look after the commit would miss.
//! - A database that the node's own page has just made is not read: it is known to be empty as long as the connection
//!   that made it is open, and whoever was first since then is met by the seal (`src/ts/early.ts`).
//! - A node asks for the lock while it opens; where it has it when the log is read to its end, its claim begins with
//!   the seal. Nodes that are ready stand before it, and a place that is taken or over is found by the seal as well.
//! - Recovery passes over the log before the newest snapshot where a hint names that, and all that it reads is whole:
//!   what was answered before that snapshot is not known then, nor is damage there told (`node::hint`).
//! - `db.compact()` is a second node in the same page: it opens as a fresh tab does, and takes over between two calls,
//!   sessions and all (`node::carry`): memory that has grown cannot shrink, so it is left.
//! - Chromium goes on behind what a killed browser has left half written in its log, and drops all of the site's data
//!   when it cannot read it at the next start. The first tab to open makes it begin a new log (`src/ts/torn.ts`).
//! - A stable sort, maps in order, JSON's text and that of doubles are our own (`base::sort`, `base::sorted`,
//!   `value::json`, `base::decimal`): std's and serde_json's are made anew for each type or bring large tables, and
//!   were an eighth of the wasm.
pub mod base;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod command;
pub mod engine;
pub mod keyspace;
pub mod log;
pub mod node;
pub mod replica;
pub mod resp;
#[cfg(any(test, feature = "sim"))]
pub mod sim;
pub mod value;
