//! What the tests share: transcripts read, replies printed as redis-cli does, printed replies compared, and a
//! world that runs a transcript on an engine.
pub mod compare;
pub mod files;
pub mod redis;
pub mod transcript;
pub mod value;
pub mod world;
