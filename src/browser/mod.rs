//! Layer 6: the real world that drives one node.
//!
//! One wasm instance runs one node: a crash or a close gives all its memory back. `driver` performs what the
//! node asks for; each file beside it is one door of the browser. Only this folder names the crates of the
//! web, and only `storage` names `indexed_db_futures`.
mod bindings;
mod broken;
mod channel;
mod clock;
mod connection;
mod crash;
mod crypto;
mod door;
mod driver;
mod folder;
mod gather;
mod host;
mod json;
mod lifecycle;
mod lock;
mod observe;
mod room;
mod storage;
mod successor;
mod words;
