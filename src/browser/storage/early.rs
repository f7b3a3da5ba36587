//! What JavaScript has read of a database while this module was being compiled: `Found` in src/ts/early.ts.
use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::ahead::Ahead;
use super::bytes_of;
use crate::browser::host::Host;

pub struct Found {
    pub hint: Option<Vec<u8>>,
    /// As it stands in keys, and its first pieces.
    pub snapshot: String,
    pub pieces: Vec<Promise>,
    /// How many it has.
    pub count: u32,
}

/// Answers what the database keeps as its identity, and leaves all else to `ahead`. `None`: nothing was read, or it
/// does not hold any more.
pub async fn take(host: &Host, ahead: &Ahead) -> Option<Vec<u8>> {
    let found = JsFuture::from(host.read()?).await.ok()?;
    let found: Array = found.dyn_into().ok()?;
    let identity = bytes_of(&found.get(0))?;
    let pieces = found.get(3).dyn_into::<Array>().ok();
    ahead.begin(Found {
        hint: bytes_of(&found.get(1)),
        snapshot: found.get(2).as_string().unwrap_or_default(),
        pieces: pieces
            .iter()
            .flat_map(Array::iter)
            .filter_map(|piece| piece.dyn_into().ok())
            .collect(),
        count: found.get(4).as_f64().unwrap_or_default() as u32,
    });

    Some(identity)
}
