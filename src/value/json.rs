//! A JSON document.
use serde_json::Value as Document;

#[derive(Clone, Debug, Default)]
pub struct Json {
    document: Document,
}

impl Json {
    pub fn new(document: Document) -> Self {
        Json { document }
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        "json"
    }

    /// Bytes of memory taken, O(1).
    pub fn memory_bytes(&self) -> usize {
        std::mem::size_of::<Document>()
    }
}
