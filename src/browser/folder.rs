//! Storage that TypeScript hands in (`StorageDoor` in src/ts/door.ts): a folder, for Node.js.
use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::crypto::Boxed;
use super::storage::Done;
use crate::base::hex;
use crate::node::{BlockKey, StorageError, StorageOp, StorageReply};

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    pub type Door;

    #[wasm_bindgen(method, catch)]
    fn open(this: &Door, candidate: &[u8]) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn add(
        this: &Door,
        epoch: f64,
        n: f64,
        bytes: Uint8Array,
        strict: bool,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Door, epoch: f64, n: f64, bytes_max: f64) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn keys(this: &Door) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn delete(this: &Door, keys: Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addPiece)]
    fn add_piece(
        this: &Door,
        snapshot: &str,
        index: u32,
        bytes: Uint8Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = readPiece)]
    fn read_piece(this: &Door, snapshot: &str, index: u32) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = keepPieces)]
    fn keep_pieces(this: &Door, snapshots: Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = dropPieces)]
    fn drop_pieces(this: &Door, snapshot: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn close(this: &Door) -> Result<Promise, JsValue>;
}

impl Door {
    #[inline(never)]
    pub fn run(&self, op: StorageOp) -> Boxed<'_, Done> {
        Box::pin(self.perform(op))
    }

    async fn perform(&self, mut op: StorageOp) -> Done {
        if let StorageOp::Seal { key, bytes } = op {
            // A folder is one process's: nobody comes in between.
            let (strict, from, bytes_max) = (true, key, 1 << 10);
            let added = self.attempt(StorageOp::Add { key, bytes, strict }).await;
            added.map_err(|error| failure(&error))?;
            op = StorageOp::Read { from, bytes_max };
        }

        self.attempt(op).await.map_err(|error| failure(&error))
    }

    /// Opens it, and answers what it keeps as its identity: `candidate` where there was none.
    pub async fn identify(&self, candidate: &[u8]) -> Result<Vec<u8>, StorageError> {
        let opening = self.open(candidate).map_err(|error| failure(&error))?;
        let identity = JsFuture::from(opening).await;

        identity
            .and_then(|kept| bytes_of(&kept))
            .map_err(|error| failure(&error))
    }

    async fn attempt(&self, op: StorageOp) -> Result<StorageReply, JsValue> {
        Ok(match op {
            StorageOp::Open { .. } | StorageOp::Seal { .. } => {
                return Err("`identify` opens, `run` seals".into());
            }
            StorageOp::Add { key, bytes, strict } => {
                let bytes = Uint8Array::from(&bytes[..]);
                let added = self.add(key.epoch as f64, key.n as f64, bytes, strict)?;
                if JsFuture::from(added).await?.is_falsy() {
                    // `failure` reads the code.
                    return Err(coded("EXISTS"));
                }
                StorageReply::Done
            }
            StorageOp::Read { from, bytes_max } => {
                let read = self.read(from.epoch as f64, from.n as f64, bytes_max as f64)?;
                let rows = Array::from(&JsFuture::from(read).await?);
                let block = |row: JsValue| {
                    let row = Array::from(&row);
                    Ok((key_of(&row), bytes_of(&row.get(2))?))
                };
                StorageReply::Blocks(rows.iter().map(block).collect::<Result<_, JsValue>>()?)
            }
            StorageOp::Keys => {
                let rows = Array::from(&JsFuture::from(self.keys()?).await?);
                StorageReply::Keys(rows.iter().map(|row| key_of(&Array::from(&row))).collect())
            }
            StorageOp::Delete { keys } => {
                let pair =
                    |key: BlockKey| Array::of2(&(key.epoch as f64).into(), &(key.n as f64).into());
                JsFuture::from(self.delete(keys.into_iter().map(pair).collect())?).await?;
                StorageReply::Done
            }
            StorageOp::AddPieces {
                snapshot,
                index,
                pieces,
                ..
            } => {
                for (index, bytes) in (index..).zip(pieces) {
                    let bytes = Uint8Array::from(&bytes[..]);
                    JsFuture::from(self.add_piece(&hex::encode(&snapshot), index, bytes)?).await?;
                }
                StorageReply::Done
            }
            StorageOp::ReadPiece { snapshot, index } => {
                let read = self.read_piece(&hex::encode(&snapshot), index)?;
                let piece = JsFuture::from(read).await?;
                let is_there = !piece.is_null() && !piece.is_undefined();
                StorageReply::Piece(is_there.then(|| bytes_of(&piece)).transpose()?)
            }
            StorageOp::KeepPieces { snapshots } => {
                let names = snapshots
                    .iter()
                    .map(|snapshot| JsValue::from(hex::encode(snapshot)));
                JsFuture::from(self.keep_pieces(names.collect())?).await?;
                StorageReply::Done
            }
            StorageOp::DropPieces { snapshot } => {
                JsFuture::from(self.drop_pieces(&hex::encode(&snapshot))?).await?;
                StorageReply::Done
            }
            StorageOp::Close => {
                JsFuture::from(self.close()?).await?;
                StorageReply::Done
            }
        })
    }
}

fn coded(code: &str) -> JsValue {
    let error = js_sys::Error::new(code);
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&error, &"code".into(), &code.into());

    error.into()
}

fn failure(error: &JsValue) -> StorageError {
    let text = |key: &str| {
        let value = Reflect::get(error, &key.into()).ok();
        value
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    };
    match text("code").as_str() {
        "EXISTS" => StorageError::Exists,
        "QUOTA" => StorageError::Quota,
        "LOST" => StorageError::Lost,
        "UNAVAILABLE" => StorageError::Unavailable(text("message")),
        _ => StorageError::Unknown(text("message")),
    }
}

fn key_of(row: &Array) -> BlockKey {
    let number = |index| row.get(index).as_f64().unwrap_or_default() as u64;

    BlockKey {
        epoch: number(0),
        n: number(1),
    }
}

fn bytes_of(value: &JsValue) -> Result<Vec<u8>, JsValue> {
    value
        .dyn_ref::<Uint8Array>()
        .map(Uint8Array::to_vec)
        .ok_or_else(|| "bytes expected".into())
}
