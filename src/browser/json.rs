//! Structured things on their way between Rust and JavaScript, by serde: options, events, status.
use js_sys::{Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::node::{Event, Level};

/// How a node is opened (`Start` in src/ts/instance.ts).
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Start {
    pub name: String,
    #[serde(with = "LevelName")]
    pub durability: Level,
    /// Keep what is written; otherwise the node lives in memory alone.
    pub persistent: bool,
    /// There may be other nodes of this name: in other tabs.
    pub shared: bool,
    /// Go on without what was lost.
    pub discard_lost: bool,
    /// Where a server listens; 0: nowhere.
    pub tcp_port: u16,
}

#[derive(serde::Deserialize)]
#[serde(remote = "Level", rename_all = "lowercase")]
enum LevelName {
    Memory,
    Everysec,
    Always,
}

pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(JsValue::from)
}

/// The node has ended.
pub fn closed() -> JsValue {
    let object = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&object, &"type".into(), &"closed".into());

    object.into()
}

/// An event as `KilatEvents` in src/ts/events.ts describes it.
pub fn event(event: &Event) -> JsValue {
    let object = Object::new();
    let set = |key: &str, value: JsValue| {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &key.into(), &value);
    };
    let (name, sentence) = match event {
        Event::Leader { epoch } => {
            set("epoch", (*epoch as f64).into());
            ("leader", None)
        }
        Event::Follower { epoch } => {
            set("epoch", (*epoch as f64).into());
            ("follower", None)
        }
        Event::Expired { db, key } => {
            set("db", (*db as f64).into());
            set("key", String::from_utf8_lossy(key).into_owned().into());
            ("expired", None)
        }
        Event::Quota => ("quota", None),
        Event::Cleared => ("cleared", None),
        Event::Drained => ("drained", None),
        Event::MemoryOnly { sentence } => ("memory-only", Some(sentence)),
        Event::Corrupt { sentence } => ("corrupt", Some(sentence)),
        Event::Incompatible { sentence } => ("incompatible", Some(sentence)),
    };
    set("type", name.into());
    if let Some(sentence) = sentence {
        set("message", sentence.as_str().into());
    }

    object.into()
}
