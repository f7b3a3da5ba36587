//! Hash: not yet built.

#[derive(Clone, Debug, Default)]
pub struct Hash {}

impl Hash {
    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        "listpack"
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        0
    }

    pub fn is_empty(&self) -> bool {
        true
    }
}
