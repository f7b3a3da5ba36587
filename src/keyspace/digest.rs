//! DEBUG DIGEST over all databases: the same for the same data, here and in Redis.
use super::Keyspace;
use crate::value::Digest;

impl Keyspace {
    /// What DEBUG DIGEST answers. What is due but not yet removed counts, as with Redis.
    pub fn digest(&self) -> [u8; 20] {
        let mut digest = Digest::default();
        for (db, database) in self.databases.iter().enumerate() {
            if database.table.is_empty() {
                continue;
            }
            digest.mix(&(db as u32).to_be_bytes());
            for entry in database.table.iter() {
                let mut one = Digest::default();
                one.mix(entry.key());
                let expires = entry.expires_at_ms().is_some();
                entry.with_value(|value| one.mix_value(value, expires));
                digest.xor(&one.bytes());
            }
        }

        digest.bytes()
    }
}
