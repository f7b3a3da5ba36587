//! Tests of the crate from outside: transcripts, the tidy test, golden files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]
mod damage;
mod facts;
mod formats;
mod generate;
mod golden;
mod memory;
mod rdb_real;
mod support;
mod tidy;
mod transcripts;
