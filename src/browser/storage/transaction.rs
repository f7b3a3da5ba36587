//! Transactions: built in one go, told to commit, and only then waited for.
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use indexed_db_futures::BuildPrimitive;
use indexed_db_futures::database::{Database, ObjectStoreName};
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};
use wasm_bindgen::JsValue;

use super::{Done, why};
use crate::node::{StorageError, StorageReply};

/// What comes of the requests of a transaction.
pub type Asked = Pin<Box<dyn Future<Output = Done>>>;

pub fn add_to(store: &ObjectStore, value: &JsValue, key: &JsValue) -> Result<Asked, StorageError> {
    done(store.add(value).with_key(key.clone()).primitive())
}

pub fn done<R, T>(request: indexed_db_futures::Result<R>) -> Result<Asked, StorageError>
where
    R: Future<Output = indexed_db_futures::Result<T>> + 'static,
{
    let request = request.map_err(why)?;

    Ok(Box::pin(async move {
        request.await.map(|_| StorageReply::Done).map_err(why)
    }))
}

/// One transaction with what `act` asks for, committed before anything is awaited.
pub async fn write(
    database: &Database,
    store: &'static str,
    strict: bool,
    act: &dyn Fn(&ObjectStore) -> Result<Asked, StorageError>,
) -> Done {
    let durability = match strict {
        true => TransactionDurability::Strict,
        false => TransactionDurability::Relaxed,
    };
    let transaction = begin(database, store, TransactionMode::Readwrite, durability)?;
    let asked = act(&transaction.object_store(store).map_err(why)?)?;
    let raw = transaction.as_sys().clone();
    let committed = transaction.commit().await;
    // Browser: Firefox completes a committed transaction whose request failed.
    let done = asked.await?;
    if let Err(error) = committed {
        // Browser: for want of room the transaction is aborted though its request succeeded.
        return Err(raw
            .error()
            .map_or_else(|| why(error), |error| why(error.into())));
    }

    Ok(done)
}

pub fn begin<'a>(
    database: &'a Database,
    stores: impl ObjectStoreName,
    mode: TransactionMode,
    durability: TransactionDurability,
) -> Result<Transaction<'a>, StorageError> {
    let options = TransactionOptions::new().with_durability(durability);
    let transaction = database
        .transaction(stores)
        .with_mode(mode)
        .with_options(options);

    transaction.build().map_err(why)
}

pub fn begin_reading<'a>(
    database: &'a Database,
    stores: impl ObjectStoreName,
) -> Result<Transaction<'a>, StorageError> {
    begin(
        database,
        stores,
        TransactionMode::Readonly,
        TransactionDurability::Default,
    )
}

/// All is asked for. Browser: a page that hangs or is frozen before it has heard the answers would keep all
/// writers waiting for as long as that lasts.
pub fn end_reading(transaction: Transaction<'_>) -> Result<(), StorageError> {
    let mut committed = pin!(transaction.commit());
    // It commits when it is first looked at. One that was not told to would be aborted when it is dropped, and that
    // throws.
    match committed
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(Err(error)) => Err(why(error)),
        _ => Ok(()),
    }
}
