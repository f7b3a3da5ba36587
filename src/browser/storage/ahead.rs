//! What is read one after the other, asked of IndexedDB before it is wanted: a transaction for each block or piece
//! would be most of the time that a recovery takes. What stands under a key of these stores never changes, so what
//! was read early is still right; the hint and the ballast change, and an old hint does no harm. That the log ends
//! somewhere is told from memory once, to who reads it to open it: it may have grown since. Who leads then finds that
//! out when it seals the log, who follows when it hears of its leader.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use indexed_db_futures::database::Database;
use indexed_db_futures::future::BasicRequest;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::{BuildPrimitive, KeyRange};
use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::early::Found;
use super::{
    BLOCKS, Done, PIECES, begin_reading, block_key, block_key_of, bytes_of, end_reading, why,
};
use crate::base::hex;
use crate::node::{BlockKey, HINT, StorageError, StorageReply};

/// Blocks read in one transaction, at most: many where they are small.
const READ_MIN: u32 = 32;
const READ_MAX: u32 = 512;
/// Pieces asked for in one transaction.
const PIECES_AT_ONCE: u32 = 16;

/// What was asked for and not yet handed on.
#[derive(Default)]
pub struct Ahead {
    blocks: RefCell<Option<Blocks>>,
    /// Blocks that are asked for next, at most.
    limit: Cell<u32>,
    /// The log is being read for the first time.
    opens: Cell<bool>,
    /// It was made a moment ago, and nobody has been heard of since.
    is_made: Cell<bool>,
    pieces: RefCell<Pieces>,
    /// The hint, if it was read, or that there was none.
    hint: Cell<Option<Option<Vec<u8>>>>,
}

/// Blocks from `from` on.
struct Blocks {
    from: BlockKey,
    rows: Rows,
    /// There were no more when they were read, and it is enough to know that.
    is_last: bool,
}

/// Pieces of one snapshot from `index` on.
#[derive(Default)]
struct Pieces {
    /// As it stands in keys.
    snapshot: String,
    index: u32,
    requests: VecDeque<Asked>,
    /// How many there are, if that is known.
    count: Option<u32>,
}

enum Asked {
    Request(BasicRequest<Option<JsValue>>),
    /// Before this connection was there. Null: it could not be read.
    Early(Promise),
}

impl Ahead {
    pub fn forget(&self) {
        self.blocks.take();
        self.pieces.take();
        self.opens.set(false);
        self.is_made.set(false);
        self.hint.take();
    }

    /// There is another node: a log that was made a moment ago may have been written to.
    pub fn heard(&self) {
        if self.is_made.get() {
            self.forget();
        }
    }

    /// What was read before, which `read_piece` hands on.
    pub fn begin(&self, found: Found) {
        self.opens.set(true);
        self.hint.set(Some(found.hint));
        *self.pieces.borrow_mut() = Pieces {
            snapshot: found.snapshot,
            index: 0,
            requests: found.pieces.into_iter().map(Asked::Early).collect(),
            count: Some(found.count),
        };
    }

    /// As `begin`, of a log that was made a moment ago. That it is empty is told again and again: where the lock is
    /// granted after the log was read, it is read once more. Where that is not so any more, the seal finds it out.
    pub fn begin_empty(&self) {
        self.is_made.set(true);
        self.hint.set(Some(None));
    }

    pub async fn read(&self, database: &Database, from: BlockKey, bytes_max: usize) -> Done {
        if self.is_made.get() {
            return Ok(StorageReply::Blocks(Vec::new()));
        }
        let kept = self.blocks.take().filter(|blocks| blocks.from == from);
        let Blocks {
            mut rows, is_last, ..
        } = match kept {
            Some(blocks) => blocks,
            None => self.fetch(database, from).await?,
        };
        let mut blocks = Vec::new();
        let mut size = 0;
        while size < bytes_max
            && let Some(row) = rows.pop_front()
        {
            let (key, bytes) = block(row)?;
            size += bytes.len();
            blocks.push((key, bytes));
        }
        let small = size * 8 < bytes_max;
        self.limit.set(if small {
            self.limit.get().saturating_mul(2)
        } else {
            0
        });
        match blocks.last() {
            Some((last, _)) if is_last || !rows.is_empty() => {
                let from = last.next();
                *self.blocks.borrow_mut() = Some(Blocks {
                    from,
                    rows,
                    is_last,
                });
            }
            Some(_) => {}
            None => self.opens.set(false),
        }

        Ok(StorageReply::Blocks(blocks))
    }

    async fn fetch(&self, database: &Database, from: BlockKey) -> Result<Blocks, StorageError> {
        let limit = self.limit.get().clamp(READ_MIN, READ_MAX);
        self.limit.set(limit);
        let transaction = begin_reading(database, BLOCKS)?;
        let store = transaction.object_store(BLOCKS).map_err(why)?;
        let rows = ask(&store, from, limit)?;
        drop(store);
        end_reading(transaction)?;

        let rows = rows.await?;
        let is_last = self.opens.get() && rows.len() < limit as usize;

        Ok(Blocks {
            from,
            rows,
            is_last,
        })
    }

    pub async fn read_piece(&self, database: &Database, snapshot: [u8; 16], index: u32) -> Done {
        if snapshot == HINT
            && let Some(hint) = self.hint.take()
        {
            return Ok(StorageReply::Piece(hint));
        }
        let mut pieces = self.pieces.take();
        let snapshot = hex::encode(&snapshot);
        if pieces.snapshot != snapshot || pieces.index != index {
            pieces = Pieces {
                snapshot,
                index,
                ..Pieces::default()
            };
        }
        let few = pieces.requests.len() < PIECES_AT_ONCE as usize;
        if few && pieces.count.is_none_or(|count| pieces.next() < count) {
            pieces.ask(database)?;
        }
        let asked = pieces.requests.pop_front().ok_or(StorageError::Lost)?;
        pieces.index += 1;
        *self.pieces.borrow_mut() = pieces;
        let value = match asked {
            Asked::Request(request) => request.await.map_err(why)?,
            Asked::Early(read) => JsFuture::from(read).await.ok(),
        };
        if value.as_ref().is_some_and(JsValue::is_null) {
            // It was another connection's failure: this one is made anew, and reads for itself.
            return Err(StorageError::Lost);
        }

        Ok(StorageReply::Piece(
            value.and_then(|value| bytes_of(&value)),
        ))
    }
}

impl Pieces {
    /// The first one that was not asked for.
    fn next(&self) -> u32 {
        self.index + self.requests.len() as u32
    }

    fn ask(&mut self, database: &Database) -> Result<(), StorageError> {
        let transaction = begin_reading(database, PIECES)?;
        let store = transaction.object_store(PIECES).map_err(why)?;
        let first = self.next();
        for index in first..first.saturating_add(PIECES_AT_ONCE) {
            let key = Array::of2(&self.snapshot.as_str().into(), &index.into());
            let key = KeyRange::Only(JsValue::from(key));
            let request = store.get::<JsValue, JsValue, _>(key).primitive();
            self.requests
                .push_back(Asked::Request(request.map_err(why)?));
        }

        end_reading(transaction)
    }
}

pub type Rows = VecDeque<(BlockKey, JsValue)>;

pub fn block((key, value): (BlockKey, JsValue)) -> Result<(BlockKey, Vec<u8>), StorageError> {
    let damaged = || StorageError::Unknown("a block that is no bytes".into());

    bytes_of(&value)
        .map(|bytes| (key, bytes))
        .ok_or_else(damaged)
}

/// Asks for so many blocks at most, before anything is awaited.
pub fn ask(
    store: &ObjectStore<'_>,
    from: BlockKey,
    limit: u32,
) -> Result<impl Future<Output = Result<Rows, StorageError>> + use<>, StorageError> {
    let range = || KeyRange::LowerBound(block_key(from), false);
    let keys = store
        .get_all_keys::<JsValue>()
        .with_query::<JsValue, _>(range());
    let values = store.get_all::<JsValue>().with_query::<JsValue, _>(range());
    let keys = keys.with_limit(limit).primitive().map_err(why)?;
    let values = values.with_limit(limit).primitive().map_err(why)?;

    Ok(async move {
        let (keys, values) = (keys.await.map_err(why)?, values.await.map_err(why)?);
        keys.zip(values)
            .map(|(key, value)| {
                let (key, value) = (key.map_err(why)?, value.map_err(why)?);
                Ok((block_key_of(&key), value))
            })
            .collect()
    })
}
