//! Where a node keeps what it must not lose: IndexedDB, what TypeScript hands in, or nowhere.
use super::folder::Door;
use super::storage::{Done, IndexedDb};
use crate::node::{StorageError, StorageOp};

pub enum Storage {
    IndexedDb(IndexedDb),
    Folder(Door),
    /// The caller wants none.
    None,
}

impl Storage {
    pub async fn run(&self, op: StorageOp) -> Done {
        match self {
            Storage::IndexedDb(database) => database.run(op).await,
            Storage::Folder(door) => door.run(op).await,
            Storage::None => Err(StorageError::Unavailable(
                "it was opened without storage".into(),
            )),
        }
    }

    /// Closes the connection without waiting for what is under way.
    pub fn abandon(&self) {
        if let Storage::IndexedDb(database) = self {
            database.abandon();
        }
    }
}
