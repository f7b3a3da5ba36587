//! Where a node keeps what it must not lose: IndexedDB, what TypeScript hands in, or nowhere; perhaps encrypted.
//!
//! What is written is sealed before its transaction begins, so a write stays one `add` and `commit`. What cannot be
//! opened is handed on as it is: whoever reads it finds it damaged.
use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};

use super::crypto::{At, Boxed, Cipher};
use super::folder::Door;
use super::host::Host;
use super::storage::{Done, IndexedDb};
use crate::node::{StorageError, StorageOp, StorageReply};

/// So many failures, over two and a half seconds, before the first success: it is left to the page to try again.
const ATTEMPTS: u32 = 7;

pub enum Place {
    IndexedDb(IndexedDb),
    Folder(Door),
    /// The caller wants none.
    None,
}

pub struct Storage {
    pub place: Place,
    pub cipher: Option<Rc<Cipher>>,
    pub host: Host,
    /// The key does not fit, or it never opened: nothing is touched any more.
    pub is_refused: Cell<bool>,
    /// How often it did not open; nobody counts once it did.
    pub failures: Cell<Option<u32>>,
}

impl Storage {
    pub async fn run(&self, op: StorageOp) -> Done {
        if self.is_refused.get() && op != StorageOp::Close {
            return Err(StorageError::Lost);
        }
        if let StorageOp::Open { candidate } = op {
            return self.open(candidate).await;
        }
        let Some(cipher) = &self.cipher else {
            return self.place.run(op).await;
        };
        let sealed: Boxed<Done> = Box::pin(self.run_sealed(cipher, op));

        sealed.await
    }

    async fn run_sealed(&self, cipher: &Cipher, mut op: StorageOp) -> Done {
        match &mut op {
            StorageOp::Add { key, bytes, .. } | StorageOp::Seal { key, bytes } => {
                let sealed = cipher.seal(At::Block(*key), bytes).await;
                *bytes = sealed.map_err(unknown)?;
            }
            StorageOp::AddPieces {
                snapshot,
                index,
                pieces,
                ..
            } => {
                for (index, bytes) in (*index..).zip(pieces) {
                    let sealed = cipher.seal(At::Piece(*snapshot, index), bytes).await;
                    *bytes = sealed.map_err(unknown)?;
                }
            }
            _ => {}
        }
        let of_piece = match op {
            StorageOp::ReadPiece { snapshot, index } => Some(At::Piece(snapshot, index)),
            _ => None,
        };
        match (self.place.run(op).await?, of_piece) {
            (StorageReply::Piece(Some(piece)), Some(at)) => {
                let opened = cipher.open(at, &piece).await.unwrap_or(piece);
                Ok(StorageReply::Piece(Some(opened)))
            }
            (StorageReply::Blocks(mut blocks), _) => {
                for (key, bytes) in &mut blocks {
                    if let Some(opened) = cipher.open(At::Block(*key), bytes).await {
                        *bytes = opened;
                    }
                }
                Ok(StorageReply::Blocks(blocks))
            }
            (reply, _) => Ok(reply),
        }
    }

    /// The identity, bare, is that of a database in clear; one that is sealed once more behind itself, of an
    /// encrypted one.
    async fn open(&self, candidate: [u8; 16]) -> Done {
        let make = async || match &self.cipher {
            None => Ok(candidate.to_vec()),
            Some(cipher) => cipher.mark(candidate).await.map_err(|error| {
                self.refuse(
                    "NOCRYPTO",
                    &format!("the key cannot be used: {}", text(&error)),
                )
            }),
        };
        let kept = match &self.place {
            Place::IndexedDb(database) => match database.open(make).await {
                Err(error @ StorageError::Unavailable(_)) => return Err(error),
                Err(error) => return Err(self.not_opened(error)),
                Ok(kept) => kept,
            },
            Place::Folder(door) => Some(door.identify(&make().await?).await?),
            Place::None => {
                let why = "it was opened without storage".into();
                return Err(StorageError::Unavailable(why));
            }
        };
        let Some(kept) = kept else {
            // An identity that the node does not know tells it that all is gone.
            return Ok(StorageReply::Identity(candidate));
        };
        let Some((identity, sealed)) = kept.split_first_chunk::<16>() else {
            return Err(StorageError::Unknown("a damaged identity".into()));
        };
        match &self.cipher {
            None if sealed.is_empty() => {}
            None => {
                let why = "the database is encrypted: open it with its key";
                return Err(self.refuse("KEYNEEDED", why));
            }
            Some(_) if sealed.is_empty() => {
                let why = "the database is not encrypted: open it without a key";
                return Err(self.refuse("NOTENCRYPTED", why));
            }
            Some(cipher) => match cipher.unlock(*identity, sealed).await {
                Ok(true) => {}
                Ok(false) => {
                    let why = "the key is not the one that the database was made with";
                    return Err(self.refuse("WRONGKEY", why));
                }
                Err(error) => {
                    let why = format!("the key cannot be used: {}", text(&error));
                    return Err(self.refuse("NOCRYPTO", &why));
                }
            },
        }

        self.failures.set(None);

        Ok(StorageReply::Identity(*identity))
    }

    /// The node tries again, ever more rarely; a page that is being loaded does not wait for ever.
    fn not_opened(&self, error: StorageError) -> StorageError {
        self.failures.update(|failures| failures.map(|n| n + 1));
        if self.failures.get() != Some(ATTEMPTS) {
            return error;
        }
        let why = match &error {
            StorageError::Unknown(why) => why,
            StorageError::Quota => "there is no room",
            _ => "the connection was lost",
        };

        self.refuse("STORAGE", &format!("IndexedDB does not open ({why})"))
    }

    fn refuse(&self, code: &str, why: &str) -> StorageError {
        if !self.is_refused.replace(true) {
            self.host.refused(code, why);
        }

        StorageError::Lost
    }

    /// There is another node: what was found may be so no more.
    pub fn heard(&self) {
        if let Place::IndexedDb(database) = &self.place {
            database.heard();
        }
    }

    /// Closes the connection without waiting for what is under way.
    pub fn abandon(&self) {
        if let Place::IndexedDb(database) = &self.place {
            database.abandon();
        }
    }
}

impl Place {
    async fn run(&self, op: StorageOp) -> Done {
        match self {
            Place::IndexedDb(database) => database.run(op).await,
            Place::Folder(door) => door.run(op).await,
            Place::None => Err(StorageError::Lost),
        }
    }
}

fn unknown(error: JsValue) -> StorageError {
    StorageError::Unknown(text(&error))
}

fn text(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_default(),
    }
}
