//! A JSON document: what JavaScript's `set` makes of a number, a boolean, null, an object, an array.
//!
//! Its text is kept, and made a document of when somebody asks for a part of it: most are only set and got whole.
//! Documents nest at most as deep as the parser goes, whatever was done to them: no recursion can exhaust the stack.
mod merge;
mod path;
#[cfg(test)]
mod tests;
mod text;

use std::cell::OnceCell;
use std::fmt;

pub use path::JsonPath;
use serde_json::Value as Document;

/// What nests deeper is refused.
const DEPTH_MAX: usize = 127;

#[derive(Clone, Debug)]
pub struct Json(
    // Boxed: it would widen every entry of the keyspace.
    Box<Held>,
);

#[derive(Clone, Debug)]
struct Held {
    /// The compact text.
    text: String,
    /// What it is the text of, once that was asked for.
    document: OnceCell<Document>,
}

/// Why a text is no document, or a change was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// Not JSON: what the parser said.
    Syntax(String),
    TooDeep,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonError::Syntax(why) => write!(f, "invalid JSON: {why}"),
            JsonError::TooDeep => write!(f, "JSON nests deeper than {DEPTH_MAX} levels"),
        }
    }
}

impl Default for Json {
    fn default() -> Self {
        Json::new(Document::Null)
    }
}

impl Json {
    /// `document` must not nest deeper than `parse` allows.
    pub fn new(document: Document) -> Self {
        Json(Box::new(Held {
            text: text_of(&document),
            document: document.into(),
        }))
    }

    /// The document that `text` is the text of.
    pub fn parse(text: &[u8]) -> Result<Self, JsonError> {
        let Some(text) = text::compact(text) else {
            return parse(text).map(Json::new);
        };

        Ok(Json(Box::new(Held {
            text: text.to_owned(),
            document: OnceCell::new(),
        })))
    }

    /// Drops about `items` of what is in a document that is not to be used again; answers whether something is left.
    pub(super) fn discard(&mut self, items: usize) -> bool {
        let document = self.0.document.get_mut();

        document.is_some_and(|document| discard(document, &mut (items + 1)))
    }

    pub fn document(&self) -> &Document {
        let read = || match parse(self.0.text.as_bytes()) {
            Ok(document) => document,
            Err(_) => unreachable!("what is kept is a document's text"),
        };

        self.0.document.get_or_init(read)
    }

    /// The document, to be changed: `renew_text` then.
    fn document_mut(&mut self) -> &mut Document {
        self.document();

        self.0.document.get_mut().expect("it was just read")
    }

    fn renew_text(&mut self) {
        self.0.text = text_of(self.document());
    }

    /// Its compact text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// What stands at `path`.
    pub fn get(&self, path: &JsonPath) -> Option<&Document> {
        path.find(self.document())
    }

    /// Puts `value` at `path`; a new member of an object may be named, nothing else that is absent.
    /// Answers whether there was such a place.
    pub fn set(&mut self, path: &JsonPath, value: Document) -> Result<bool, JsonError> {
        if path.len() + depth(&value) > DEPTH_MAX {
            return Err(JsonError::TooDeep);
        }
        let place = path.find_or_insert(self.document_mut());
        let found = place.map(|place| *place = value).is_some();
        self.renew_text();

        Ok(found)
    }

    /// Removes what stands at `path`, which must not be the root; answers whether something did.
    pub fn remove(&mut self, path: &JsonPath) -> bool {
        let removed = path.remove(self.document_mut());
        self.renew_text();

        removed
    }

    /// RFC 7386: `patch` is laid over what stands at `path`, its nulls remove members. Answers whether
    /// there was such a place.
    pub fn merge(&mut self, path: &JsonPath, patch: Document) -> Result<bool, JsonError> {
        if path.len() + depth(&patch) > DEPTH_MAX {
            return Err(JsonError::TooDeep);
        }
        if patch.is_null() && !path.is_root() {
            return Ok(self.remove(path));
        }
        let place = path.find_or_insert(self.document_mut());
        let found = place.map(|place| merge::merge(place, patch)).is_some();
        self.renew_text();

        Ok(found)
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        "json"
    }

    /// Bytes of memory taken, O(1): the text stands for the tree, which takes a multiple of it.
    pub fn memory_bytes(&self) -> usize {
        size_of::<Document>() + self.0.text.len()
    }
}

/// A document from its text.
pub fn parse(text: &[u8]) -> Result<Document, JsonError> {
    text::read(text)
}

/// The compact text of a document.
pub fn text_of(document: &Document) -> String {
    let mut text = String::new();
    text::write(document, &mut text);

    text
}

/// The name of a document's type, as JSON.TYPE answers.
pub fn type_name(document: &Document) -> &'static str {
    match document {
        Document::Null => "null",
        Document::Bool(_) => "boolean",
        Document::Number(number) if number.is_f64() => "number",
        Document::Number(_) => "integer",
        Document::String(_) => "string",
        Document::Array(_) => "array",
        Document::Object(_) => "object",
    }
}

/// How many arrays and objects stand inside one another.
fn depth(document: &Document) -> usize {
    match document {
        Document::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Document::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Drops up to so many values inside of a document; false when none is left.
fn discard(document: &mut Document, left: &mut usize) -> bool {
    loop {
        let last = match document {
            Document::Array(items) => items.last_mut(),
            Document::Object(members) => members.values_mut().next_back(),
            _ => None,
        };
        let Some(last) = last else { return false };
        if *left == 0 || discard(last, left) {
            return true;
        }
        *left = left.saturating_sub(1);
        match document {
            Document::Array(items) => drop(items.pop()),
            Document::Object(members) => {
                let name = members.keys().next_back().cloned();
                name.and_then(|name| members.swap_remove(&name));
            }
            _ => {}
        }
    }
}
