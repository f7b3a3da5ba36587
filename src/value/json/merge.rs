//! RFC 7386, JSON Merge Patch.
use serde_json::{Map, Value as Document};

/// Lays `patch` over `target`.
pub fn merge(target: &mut Document, patch: Document) {
    let Document::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Document::Object(Map::new());
    }
    let Document::Object(members) = target else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            // The order of the other members stays.
            members.shift_remove(&name);
        } else {
            merge(members.entry(name).or_insert(Document::Null), value);
        }
    }
}
