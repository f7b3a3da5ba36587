//! The JavaScript that started this instance: who is told of what happens outside a call.
use wasm_bindgen::prelude::*;

use super::folder::Door;

#[wasm_bindgen]
extern "C" {
    /// `Host` in src/ts/instance.ts.
    #[derive(Clone)]
    pub type Host;

    /// Replies, messages and bytes that lie in linear memory; they are gone when this returns.
    #[wasm_bindgen(method)]
    pub fn deliver(this: &Host, address: usize, length: usize);

    /// Calls `settle` when the code that runs has come to its end.
    #[wasm_bindgen(method, js_name = settleSoon)]
    pub fn settle_soon(this: &Host);

    /// Something of `node::Event`, as an object with a `type`.
    #[wasm_bindgen(method)]
    pub fn event(this: &Host, event: JsValue);

    /// Whether anybody listens to the event `expired`: there may be many at once.
    #[wasm_bindgen(method, getter, js_name = hearsExpired)]
    pub fn hears_expired(this: &Host) -> bool;

    /// The instance is dead: a panic, and where.
    #[wasm_bindgen(method)]
    pub fn crashed(this: &Host, message: &str);

    /// The database cannot be opened, with this key or at all: it is left as it is.
    #[wasm_bindgen(method)]
    pub fn refused(this: &Host, code: &str, why: &str);

    /// Gives the key that belongs to a salt: the database is to be encrypted.
    #[wasm_bindgen(method, getter)]
    pub fn key(this: &Host) -> Option<js_sys::Function>;

    /// A folder in place of IndexedDB.
    #[wasm_bindgen(method, getter)]
    pub fn storage(this: &Host) -> Option<Door>;

    /// The identity of a database that was made for this node a moment ago, and was empty then.
    #[wasm_bindgen(method, getter)]
    pub fn made(this: &Host) -> Option<Vec<u8>>;

    /// A promise of what was read of IndexedDB before this instance was there: `storage::early`.
    #[wasm_bindgen(method)]
    pub fn read(this: &Host) -> Option<js_sys::Promise>;
}
