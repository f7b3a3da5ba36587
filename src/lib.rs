//! Kilat: a Redis-compatible data-structure engine that lives inside a web page.
pub mod base;
pub mod command;
pub mod engine;
pub mod keyspace;
pub mod log;
pub mod node;
pub mod replica;
pub mod resp;
pub mod value;
