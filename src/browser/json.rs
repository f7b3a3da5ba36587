//! Structured things on their way to JavaScript: status by serde, events by hand. What a node is started with comes as
//! plain arguments: what serde reads of a JavaScript value takes std's formatting of numbers with it, for its errors.
use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::node::{Event, Status};

fn set(object: &Object, key: &str, value: impl Into<JsValue>) {
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(object, &key.into(), &value.into());
}

/// A number as JavaScript has it: exact to 2^53.
fn number(value: u64) -> JsValue {
    (value as f64).into()
}

/// As `Told` in src/ts/node.ts describes it.
pub fn status(status: &Status) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    status
        .serialize(&serializer)
        .unwrap_or_else(|error| error.into())
}

/// The node has ended.
pub fn closed() -> JsValue {
    let object = Object::new();
    set(&object, "type", "closed");

    object.into()
}

/// An event as `KilatEvents` in src/ts/events.ts describes it.
pub fn event(event: &Event) -> JsValue {
    let object = Object::new();
    let (name, sentence) = match event {
        Event::Leader { epoch } => {
            set(&object, "epoch", number(*epoch));
            ("leader", None)
        }
        Event::Follower { epoch } => {
            set(&object, "epoch", number(*epoch));
            ("follower", None)
        }
        Event::Expired { db, key } => {
            set(&object, "db", number(*db as u64));
            set(&object, "key", &*String::from_utf8_lossy(key));
            ("expired", None)
        }
        Event::Quota => ("quota", None),
        Event::Cleared => ("cleared", None),
        Event::Drained => ("drained", None),
        Event::MemoryOnly { sentence } => ("memory-only", Some(sentence)),
        Event::Corrupt { sentence } => ("corrupt", Some(sentence)),
        Event::Incompatible { sentence } => ("incompatible", Some(sentence)),
    };
    set(&object, "type", name);
    if let Some(sentence) = sentence {
        set(&object, "message", sentence.as_str());
    }

    object.into()
}
