//! Paths to one place in a document: `$` or `.`, then members and indices. No wildcards, no filters.
use std::fmt;

use serde_json::Value as Document;

/// More parts than a document can nest are refused before anything else looks at them.
const PARTS_MAX: usize = 127;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Member(String),
    /// Negative: from the end.
    Index(i64),
}

/// A path, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    parts: Vec<Part>,
    /// Written without `$`: answers are the value itself instead of an array of what was found.
    legacy: bool,
}

/// A path that is none, or one that asks for more than one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError(String);

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PathError(path) = self;
        write!(
            f,
            "path '{path}' is not supported: only $ followed by .member, [\"member\"] or [index]"
        )
    }
}

impl JsonPath {
    pub fn root() -> Self {
        JsonPath {
            parts: Vec::new(),
            legacy: true,
        }
    }

    pub fn parse(path: &[u8]) -> Result<JsonPath, PathError> {
        let error = || PathError(String::from_utf8_lossy(path).into_owned());
        let text = std::str::from_utf8(path).map_err(|_| error())?;
        let (legacy, mut rest) = match text.strip_prefix('$') {
            Some(rest) => (false, rest),
            None => (true, text),
        };
        // RedisJSON's older paths: `.`, `.a`, `a` and `[0]` begin at the root too.
        if legacy && rest == "." {
            return Ok(JsonPath::root());
        }
        let mut parts = Vec::new();
        let bare = legacy && !rest.starts_with(['.', '[']);
        if bare {
            let (name, after) = member(rest).ok_or_else(error)?;
            parts.push(name);
            rest = after;
        }
        while !rest.is_empty() {
            let (part, after) = match rest.strip_prefix('.') {
                Some(name) => member(name),
                None => bracket(rest),
            }
            .ok_or_else(error)?;
            parts.push(part);
            rest = after;
            if parts.len() > PARTS_MAX {
                return Err(error());
            }
        }

        Ok(JsonPath { parts, legacy })
    }

    pub fn is_root(&self) -> bool {
        self.parts.is_empty()
    }

    pub fn is_legacy(&self) -> bool {
        self.legacy
    }

    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    pub(super) fn find<'a>(&self, document: &'a Document) -> Option<&'a Document> {
        self.parts.iter().try_fold(document, |at, part| match part {
            Part::Member(name) => at.as_object()?.get(name),
            Part::Index(index) => {
                let items = at.as_array()?;
                items.get(position(*index, items.len())?)
            }
        })
    }

    /// The place itself; its last member is made where only that is absent.
    pub(super) fn find_or_insert<'a>(
        &self,
        document: &'a mut Document,
    ) -> Option<&'a mut Document> {
        let Some((last, before)) = self.parts.split_last() else {
            return Some(document);
        };
        let parent = find_mut(document, before)?;
        match (last, parent) {
            (Part::Member(name), Document::Object(members)) => {
                Some(members.entry(name.as_str()).or_insert(Document::Null))
            }
            (Part::Index(index), Document::Array(items)) => {
                let at = position(*index, items.len())?;
                items.get_mut(at)
            }
            _ => None,
        }
    }

    pub(super) fn remove(&self, document: &mut Document) -> bool {
        let Some((last, before)) = self.parts.split_last() else {
            return false;
        };
        match (last, find_mut(document, before)) {
            (Part::Member(name), Some(Document::Object(members))) => {
                // The order of the other members stays.
                members.shift_remove(name).is_some()
            }
            (Part::Index(index), Some(Document::Array(items))) => {
                let at = position(*index, items.len());
                at.map(|at| items.remove(at)).is_some()
            }
            _ => false,
        }
    }
}

fn find_mut<'a>(document: &'a mut Document, parts: &[Part]) -> Option<&'a mut Document> {
    parts.iter().try_fold(document, |at, part| match part {
        Part::Member(name) => at.as_object_mut()?.get_mut(name),
        Part::Index(index) => {
            let items = at.as_array_mut()?;
            let at = position(*index, items.len())?;
            items.get_mut(at)
        }
    })
}

fn position(index: i64, len: usize) -> Option<usize> {
    let len = i64::try_from(len).ok()?;
    let at = if index < 0 { index + len } else { index };

    usize::try_from(at).ok().filter(|_| at < len)
}

/// A bare member's name at the front, and what follows it.
fn member(text: &str) -> Option<(Part, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');

    (!name.is_empty() && name.chars().all(bare)).then(|| (Part::Member(name.into()), rest))
}

/// `[index]`, `["member"]` or `['member']` at the front, and what follows it.
fn bracket(text: &str) -> Option<(Part, &str)> {
    let inside = text.strip_prefix('[')?;
    let Some(quote) = inside.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        let (digits, rest) = inside.split_once(']')?;
        let index = crate::base::number::parse_i64(digits.as_bytes())?;
        return Some((Part::Index(index), rest));
    };
    let mut name = String::new();
    let mut chars = inside[1..].char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            let rest = inside[1..][at + 1..].strip_prefix(']')?;
            return Some((Part::Member(name), rest));
        }
        name.push(match c {
            '\\' => chars.next()?.1,
            c => c,
        });
    }

    None
}
