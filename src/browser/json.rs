//! Structured things on their way between Rust and JavaScript, by serde: JSON values, options, events, status.
use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::node::{Event, Level};
use crate::value::Json;

/// Beyond it a double does not hold every integer.
const SAFE_MAX: u64 = (1 << 53) - 1;

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

/// A value as JSON text. TypeScript has checked that it is JSON.
pub fn text_of(value: JsValue) -> Result<Vec<u8>, JsValue> {
    let value: Value = serde_wasm_bindgen::from_value(value)?;

    serde_json::to_vec(&value).map_err(|error| error.to_string().into())
}

/// A document as a value. Integers past 2^53 become the nearest number, as `JSON.parse` has it.
pub fn value_of(json: &Json) -> Result<JsValue, JsValue> {
    if is_plain(json.document()) {
        return to_js(json.document());
    }

    JSON::parse(&json.text())
}

/// Whether `to_js` gives the value faithfully: it refuses large integers, and sets properties by name, which
/// `__proto__` is not.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
            magnitude.is_none_or(|magnitude| magnitude <= SAFE_MAX)
        }
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(fields) => {
            let plain = |(name, value): (&String, &Value)| name != "__proto__" && is_plain(value);
            fields.iter().all(plain)
        }
        _ => true,
    }
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
