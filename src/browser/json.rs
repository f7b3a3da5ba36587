//! Structured things on their way between Rust and JavaScript: options by serde; events and status, which serde would
//! make larger, by hand.
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::node::{Event, Level, Peer, Status};

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

fn set(object: &Object, key: &str, value: impl Into<JsValue>) {
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(object, &key.into(), &value.into());
}

/// A number as JavaScript has it: exact to 2^53.
fn number(value: u64) -> JsValue {
    (value as f64).into()
}

/// As `Status` in src/ts/status.ts describes it.
pub fn status(status: &Status) -> JsValue {
    let Status {
        name,
        id,
        role,
        ready,
        epoch,
        seq,
        committed_seq,
        lag,
        level,
        visible,
        leader,
        peers,
        storage,
        pending_bytes,
        waiting_calls,
        data_bytes,
        saving,
        last_save_ms,
        log_bytes,
        protocol,
    } = status;
    let object = Object::new();
    let words = [
        ("name", name.as_str()),
        ("id", id),
        ("role", role),
        ("level", level),
        ("storage", storage),
    ];
    let flags = [
        ("ready", *ready),
        ("visible", *visible),
        ("saving", *saving),
    ];
    let numbers = [
        ("epoch", *epoch),
        ("seq", *seq),
        ("committedSeq", *committed_seq),
        ("lag", *lag),
        ("pendingBytes", *pending_bytes as u64),
        ("waitingCalls", *waiting_calls as u64),
        ("dataBytes", *data_bytes as u64),
        ("lastSaveMs", *last_save_ms),
        ("logBytes", *log_bytes as u64),
        ("protocol", u64::from(*protocol)),
    ];
    words
        .iter()
        .for_each(|(key, word)| set(&object, key, *word));
    flags
        .iter()
        .for_each(|(key, flag)| set(&object, key, *flag));
    numbers
        .iter()
        .for_each(|(key, value)| set(&object, key, number(*value)));
    set(
        &object,
        "leader",
        leader.as_deref().map_or(JsValue::NULL, JsValue::from_str),
    );
    let others = Array::new();
    for other in peers {
        others.push(&peer(other));
    }
    set(&object, "peers", others);

    object.into()
}

fn peer(peer: &Peer) -> JsValue {
    let object = Object::new();
    set(&object, "id", peer.id.as_str());
    set(&object, "leads", peer.leads);
    set(&object, "visible", peer.visible);
    let numbers = [
        ("epoch", peer.epoch),
        ("seq", peer.seq),
        ("lag", peer.lag),
        ("heardMs", peer.heard_ms),
    ];
    numbers
        .iter()
        .for_each(|(key, value)| set(&object, key, number(*value)));

    object.into()
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
