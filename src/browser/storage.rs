//! Storage in IndexedDB: one database for each name, its stores `blocks`, `pieces` and `meta`.
//!
//! One operation is one transaction, and they run one after the other. A write builds its whole batch, calls
//! `commit` in the same task and awaits nothing in between: a page that freezes then holds nobody up. It is
//! done when its request succeeded and its transaction completed.
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error, OpenDbError};
use indexed_db_futures::factory::DBFactory;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode};
use indexed_db_futures::{BuildPrimitive, KeyRange};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use self::ahead::Ahead;
use self::transaction::{add_to, begin, begin_reading, done, end_reading, write};
use super::broken::Broken;
use super::crypto::Boxed;
use super::driver::Driver;
use super::host::Host;
use crate::base::hex;
use crate::base::sort::sort_by_key;
use crate::node::{BlockKey, Input, StorageError, StorageOp, StorageReply};

mod ahead;
mod early;
mod transaction;

/// The format's major version is part of the name; IndexedDB's own version is never raised.
const PREFIX: &str = "kilat:1:";
const STORES: [&str; 3] = ["blocks", "pieces", "meta"];
const BLOCKS: &str = STORES[0];
const PIECES: &str = STORES[1];
const META: &str = STORES[2];
const IDENTITY: &str = "identity";

pub type Done = Result<StorageReply, StorageError>;

pub struct IndexedDb {
    name: String,
    driver: Weak<Driver>,
    host: Host,
    database: RefCell<Option<Database>>,
    /// Of the connection that is open.
    broken: RefCell<Rc<Broken>>,
    ahead: Ahead,
    /// It was there once.
    was_open: Cell<bool>,
}

impl IndexedDb {
    pub fn new(name: &str, driver: Weak<Driver>, host: Host) -> IndexedDb {
        IndexedDb {
            name: format!("{PREFIX}{name}"),
            driver,
            host,
            database: RefCell::default(),
            broken: RefCell::default(),
            ahead: Ahead::default(),
            was_open: Cell::new(false),
        }
    }

    /// Closes the connection without waiting for what is under way.
    pub fn abandon(&self) {
        if let Ok(database) = self.database.try_borrow()
            && let Some(database) = &*database
        {
            database.clone().close();
        }
    }

    /// There is another node.
    pub fn heard(&self) {
        self.ahead.heard();
    }

    fn close(&self) {
        self.ahead.forget();
        if let Some(database) = self.database.take() {
            database.close();
        }
    }

    pub async fn run(&self, op: StorageOp) -> Done {
        if op == StorageOp::Close {
            self.close();
            return Ok(StorageReply::Done);
        }
        let database = self.database.borrow().clone().ok_or(StorageError::Lost)?;
        let broken = self.broken.borrow().clone();
        let done = broken.unless(self.act(&database, op)).await;
        let done = done.unwrap_or(Err(StorageError::Lost));
        if done == Err(StorageError::Lost) {
            // Browser: a WebKit connection that is lost once is lost for ever; the next `Open` makes a new one.
            self.close();
        }

        done
    }

    async fn act(&self, database: &Database, op: StorageOp) -> Done {
        match op {
            StorageOp::Read { from, bytes_max } => self.ahead.read(database, from, bytes_max).await,
            StorageOp::ReadPiece { snapshot, index } => {
                self.ahead.read_piece(database, snapshot, index).await
            }
            op => {
                self.ahead.forget();
                match op {
                    StorageOp::Add { key, bytes, strict } => {
                        add(database, key, &bytes, strict).await
                    }
                    StorageOp::Seal { key, bytes } => seal(database, key, &bytes).await,
                    op => rarely(database, op).await,
                }
            }
        }
    }

    /// Opens it, and answers what it keeps as its identity, which `make` makes where there is none. `None`: what was
    /// there once is gone.
    pub async fn open(
        &self,
        make: impl AsyncFnOnce() -> Result<Vec<u8>, StorageError>,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        self.close();
        let was_known = self.was_open.get();
        let is_new = Rc::new(Cell::new(false));
        let found_new = is_new.clone();
        let opening = Database::open(self.name.as_str())
            .with_version(1u32)
            .with_on_upgrade_needed(move |_, database| {
                found_new.set(true);
                for name in STORES {
                    let store = database.create_object_store(name).build()?;
                    // What was there is gone: nothing is made in its place.
                    if was_known {
                        store.transaction().as_sys().abort()?;
                        break;
                    }
                }
                Ok(())
            });
        let opened = opening.await;
        if was_known && is_new.get() {
            return Ok(None);
        }
        let database = opened.map_err(why_not_open)?;
        self.was_open.set(true);
        let broken = Rc::<Broken>::default();
        self.watch(&database, broken.clone());
        *self.broken.borrow_mut() = broken.clone();
        *self.database.borrow_mut() = Some(database.clone());
        let made = self.host.made().filter(|_| !was_known && !is_new.get());
        if let Some(identity) = made {
            self.ahead.begin_empty();
            return Ok(Some(identity));
        }
        // What was read before is of another database where this one was made just now.
        if !was_known
            && !is_new.get()
            && let Some(identity) = early::take(&self.host, &self.ahead).await
        {
            return Ok(Some(identity));
        }
        let kept: Boxed<Result<Vec<u8>, StorageError>> = Box::pin(identity(&database, make));
        let found = broken.unless(kept).await;

        found.unwrap_or(Err(StorageError::Lost)).map(Some)
    }

    /// Another tab deletes the database, or the browser closes it: let go at once, and tell the node.
    fn watch(&self, database: &Database, broken: Rc<Broken>) {
        let Ok(mut changes) = database.version_changes() else {
            return;
        };
        let (driver, watched) = (self.driver.clone(), database.clone());
        spawn_local(async move {
            changes.recv().await;
            watched.close();
            broken.set();
            if let Some(driver) = driver.upgrade() {
                driver.input(Input::StorageClosed);
            }
        });
    }
}

/// Deletes the database of this name. Nodes that have it open close it and say so.
pub async fn destroy(name: &str) -> Result<(), String> {
    let deleting = Database::delete_by_name(&format!("{PREFIX}{name}"));
    let deleted = deleting.map_err(|error| refusal(&error))?.await;

    deleted.map_err(|error| sentence(&error))
}

/// The names of all databases of this origin. Browser: WebKit lists as of version 0 what was undone.
pub async fn list() -> Result<Vec<String>, String> {
    let factory = DBFactory::new().map_err(|error| refusal(&error))?;
    let databases = factory.databases().map_err(|error| sentence(&error))?;
    let databases = databases.await.map_err(|error| sentence(&error))?;
    let mut names = Vec::new();
    for database in databases {
        let database = database.map_err(|error| sentence(&error))?;
        let name = database.name().strip_prefix(PREFIX);
        names.extend(name.filter(|_| database.version() > 0.0).map(String::from));
    }

    Ok(names)
}

/// The id that was made once; makes it where there is none, by one `add` that only one node can win.
async fn identity(
    database: &Database,
    make: impl AsyncFnOnce() -> Result<Vec<u8>, StorageError>,
) -> Result<Vec<u8>, StorageError> {
    if let Some(kept) = get_identity(database).await? {
        return Ok(kept);
    }
    let candidate = make().await?;
    let value = JsValue::from(Uint8Array::from(&candidate[..]));
    let key = JsValue::from(IDENTITY);
    match write(database, META, true, &|store| add_to(store, &value, &key)).await {
        Ok(_) => Ok(candidate),
        Err(StorageError::Exists) => {
            let kept = get_identity(database).await?;
            kept.ok_or_else(|| StorageError::Unknown("an identity that cannot be read".into()))
        }
        Err(error) => Err(error),
    }
}

#[inline(never)]
fn rarely(database: &Database, op: StorageOp) -> Boxed<'_, Done> {
    Box::pin(act(database, op))
}

async fn act(database: &Database, op: StorageOp) -> Done {
    match op {
        StorageOp::Keys => keys(database).await.map(StorageReply::Keys),
        StorageOp::Delete { keys } => delete(database, &keys).await,
        StorageOp::AddPieces {
            snapshot,
            index,
            pieces,
            strict,
        } => add_pieces(database, &snapshot, index, &pieces, strict).await,
        StorageOp::KeepPieces { snapshots } => keep_pieces(database, &snapshots).await,
        StorageOp::DropPieces { snapshot } => {
            let [first, last] = [0, u32::MAX].map(|index| piece_key(&snapshot, index));
            let whole = KeyRange::Bound(first, false, last, false);
            delete_ranges(database, PIECES, vec![whole]).await
        }
        StorageOp::Open { .. }
        | StorageOp::Add { .. }
        | StorageOp::Seal { .. }
        | StorageOp::Close
        | StorageOp::Read { .. }
        | StorageOp::ReadPiece { .. } => Err(StorageError::Lost),
    }
}

async fn add(database: &Database, key: BlockKey, bytes: &[u8], strict: bool) -> Done {
    let key = block_key(key);
    let value = JsValue::from(Uint8Array::from(bytes));

    write(database, BLOCKS, strict, &|store| {
        add_to(store, &value, &key)
    })
    .await
}

/// What is found then is what stood there when the seal was added: transactions that write do not overlap.
async fn seal(database: &Database, key: BlockKey, bytes: &[u8]) -> Done {
    let value = JsValue::from(Uint8Array::from(bytes));

    write(database, BLOCKS, true, &|store| {
        let added = add_to(store, &value, &block_key(key))?;
        let found = ahead::ask(store, key, 2)?;
        Ok(Box::pin(async move {
            added.await?;
            let blocks = found.await?.into_iter().map(ahead::block);
            Ok(StorageReply::Blocks(blocks.collect::<Result<_, _>>()?))
        }))
    })
    .await
}

async fn add_pieces(
    database: &Database,
    snapshot: &[u8; 16],
    index: u32,
    pieces: &[Vec<u8>],
    strict: bool,
) -> Done {
    write(database, PIECES, strict, &|store| {
        let mut asked = Vec::new();
        for (index, bytes) in (index..).zip(pieces) {
            let value = JsValue::from(Uint8Array::from(&bytes[..]));
            let key = piece_key(snapshot, index);
            asked.push(done(store.put(&value).with_key(key).primitive())?);
        }
        Ok(Box::pin(async move {
            for asked in asked {
                asked.await?;
            }
            Ok(StorageReply::Done)
        }))
    })
    .await
}

async fn get_identity(database: &Database) -> Result<Option<Vec<u8>>, StorageError> {
    let transaction = begin_reading(database, META)?;
    let meta = transaction.object_store(META).map_err(why)?;
    let request = meta
        .get::<JsValue, JsValue, _>(KeyRange::Only(JsValue::from(IDENTITY)))
        .primitive()
        .map_err(why)?;
    drop(meta);
    end_reading(transaction)?;
    let value = request.await.map_err(why)?;

    Ok(value.and_then(|value| bytes_of(&value)))
}

async fn keys(database: &Database) -> Result<Vec<BlockKey>, StorageError> {
    let transaction = begin_reading(database, BLOCKS)?;
    let store = transaction.object_store(BLOCKS).map_err(why)?;
    let request = store.get_all_keys::<JsValue>().primitive().map_err(why)?;
    end_reading(transaction)?;
    let keys = request.await.map_err(why)?;

    keys.map(|key| key.map(|key| block_key_of(&key)).map_err(why))
        .collect()
}

async fn delete(database: &Database, keys: &[BlockKey]) -> Done {
    // Blocks that follow one another go by one request.
    let follows = |a: &BlockKey, b: &BlockKey| a.epoch == b.epoch && a.n + 1 == b.n;
    let runs = keys
        .chunk_by(follows)
        .filter_map(|run| Some((run.first()?, run.last()?)));
    let ranges = runs
        .map(|(first, last)| KeyRange::Bound(block_key(*first), false, block_key(*last), false));

    delete_ranges(database, BLOCKS, ranges.collect()).await
}

/// What stands between the pieces that are kept, or before them: what was begun after the newest is not touched. Ids
/// read as they sort.
async fn keep_pieces(database: &Database, snapshots: &[[u8; 16]]) -> Done {
    let mut kept = snapshots.to_vec();
    sort_by_key(&mut kept, |id| *id);
    let begin = |id: &[u8; 16]| piece_key(id, 0);
    let end = |id: &[u8; 16]| piece_key(id, u32::MAX);
    let before = kept.first().map(|id| KeyRange::UpperBound(begin(id), true));
    let between = kept
        .windows(2)
        .map(|pair| KeyRange::Bound(end(&pair[0]), true, begin(&pair[1]), true));

    delete_ranges(
        database,
        PIECES,
        before.into_iter().chain(between).collect(),
    )
    .await
}

async fn delete_ranges(
    database: &Database,
    store: &'static str,
    ranges: Vec<KeyRange<JsValue>>,
) -> Done {
    if ranges.is_empty() {
        return Ok(StorageReply::Done);
    }
    let mode = TransactionMode::Readwrite;
    let transaction = begin(database, store, mode, TransactionDurability::Relaxed)?;
    let store = transaction.object_store(store).map_err(why)?;
    for range in ranges {
        // It is awaited with the transaction: a request that fails aborts it.
        drop(store.delete::<JsValue, _>(range).primitive().map_err(why)?);
    }
    drop(store);
    transaction.commit().await.map_err(why)?;

    Ok(StorageReply::Done)
}

fn block_key(key: BlockKey) -> JsValue {
    Array::of2(&(key.epoch as f64).into(), &(key.n as f64).into()).into()
}

fn block_key_of(key: &JsValue) -> BlockKey {
    let key = Array::from(key);
    let number = |index| key.get(index).as_f64().unwrap_or_default() as u64;

    BlockKey {
        epoch: number(0),
        n: number(1),
    }
}

fn piece_key(snapshot: &[u8; 16], index: u32) -> JsValue {
    Array::of2(&hex::encode(snapshot).into(), &index.into()).into()
}

fn bytes_of(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

/// What no later attempt can change means that there is no storage in this place. Whatever else it is may pass: in its
/// stead an empty database in memory would look as if all data were lost.
fn why_not_open(error: OpenDbError) -> StorageError {
    let exception = match error {
        // The call itself has thrown, whatever it was.
        OpenDbError::VersionZero => return StorageError::Unavailable("IndexedDB refuses".into()),
        OpenDbError::Base(Error::DomException(exception)) => exception.into_sys(),
        other => return StorageError::Unavailable(refusal(&other)),
    };
    let text = format!("{}: {}", exception.name(), exception.message());
    match exception.name().as_str() {
        "InvalidStateError" | "NotAllowedError" | "NotSupportedError" | "SecurityError" => {
            StorageError::Unavailable(text)
        }
        _ => StorageError::Unknown(text),
    }
}

fn why(error: Error) -> StorageError {
    let Error::DomException(exception) = error else {
        return StorageError::Unknown(sentence(&error));
    };
    let text = exception.message();
    match exception {
        DomException::ConstraintError(_) => StorageError::Exists,
        // Browser: the connection is closing, or closed behind our back.
        DomException::InvalidStateError(_) => StorageError::Lost,
        other => match other.as_sys().name().as_str() {
            "QuotaExceededError" => StorageError::Quota,
            "UnknownError" => StorageError::Lost,
            name => StorageError::Unknown(format!("{name}: {text}")),
        },
    }
}

fn refusal(error: &OpenDbError) -> String {
    match error {
        OpenDbError::Base(error) => sentence(error),
        _ => "there is no IndexedDB".into(),
    }
}

/// What went wrong. Not as the error itself says it: what it says of numbers takes std's formatting of them with it.
fn sentence(error: &Error) -> String {
    match error {
        Error::DomException(exception) => {
            format!("{}: {}", exception.as_sys().name(), exception.message())
        }
        Error::Unknown(error) => error.to_string(),
        Error::MissingData(missing) => missing.to_string(),
        Error::Serialisation(_) => "a value that cannot be read".into(),
    }
}
