//! Reading a snapshot into a fresh keyspace.
//!
//! What comes out is the whole image or an error that names the culprit. Functions and what modules keep
//! beside the keys are passed over and counted; values of types that kilat has not are refused.
use std::borrow::Cow;

use super::{Aux, SIGNATURE, Sum, aux, opcode};
use crate::base::crc::crc64;
use crate::base::quote;
use crate::keyspace::{Authority, DATABASES, ExpirySetting, Keyspace};
use crate::value::rdb::{self, RdbError, Reader};
use crate::value::{Json, Limits, NewValue, Str, StrRef, Typed, Value};

/// A file may say that there are so many keys before there is one; buckets for more are made as they come.
const RESERVED_MAX: u32 = 1 << 20;

/// Data take so many times the bytes of their file, at most, as far as memory is reserved for them.
const USED_MAX: u64 = 4;

/// What becomes of keys whose time is past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// They are loaded: records that follow may name them.
    Keep,
    /// They are dropped, as Redis does where it decides: due is what expired before this time.
    Drop { now_ms: u64 },
}

/// A file that was read to its end.
pub struct Loaded {
    pub keyspace: Keyspace,
    pub aux: Aux,
    /// Keys dropped because they were due.
    pub dropped: usize,
    /// Libraries of functions and data of modules passed over.
    pub skipped: usize,
    /// Of what was read.
    pub sum: Sum,
}

/// Why a file was not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// It does not begin as an RDB file does.
    Signature,
    /// Its version is not known.
    Version(String),
    /// It is cut short.
    Truncated,
    /// The checksum is another.
    Checksum,
    /// Something follows its end.
    Trailing,
    /// A database beyond those there are.
    Database(u64),
    /// A key's value cannot be read.
    Key {
        db: usize,
        key: Box<[u8]>,
        error: RdbError,
    },
    /// A key is there twice.
    Duplicate { db: usize, key: Box<[u8]> },
    /// Anything else that breaks the format.
    Format(RdbError),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LoadError::Signature => write!(f, "not an RDB file"),
            LoadError::Version(version) => write!(f, "unknown version {version} of RDB files"),
            LoadError::Truncated => write!(f, "the file is cut short"),
            LoadError::Checksum => write!(f, "the file is damaged: wrong checksum"),
            LoadError::Trailing => write!(f, "bytes follow the end of the file"),
            LoadError::Database(db) => write!(f, "database {db} is out of range"),
            LoadError::Key { db, key, error } => {
                write!(f, "key {} of database {db}: {error}", quote::quote(key))
            }
            LoadError::Duplicate { db, key } => {
                write!(
                    f,
                    "key {} of database {db} is there twice",
                    quote::quote(key)
                )
            }
            LoadError::Format(error) => write!(f, "the file is damaged: {error}"),
        }
    }
}

impl From<RdbError> for LoadError {
    fn from(error: RdbError) -> Self {
        match error {
            RdbError::Truncated { .. } => LoadError::Truncated,
            error => LoadError::Format(error),
        }
    }
}

/// Reads a whole file.
pub fn load(bytes: &[u8], limits: Limits, due: Due) -> Result<Loaded, LoadError> {
    let mut parser = Parser::new(limits, due);
    let (read, _) = parser.feed(bytes)?;
    if parser.ended && read < bytes.len() {
        return Err(LoadError::Trailing);
    }

    parser.finish()
}

/// What was said of the key that comes next.
#[derive(Default)]
struct Coming {
    expires_at_ms: Option<i64>,
    idle_s: Option<u64>,
    frequency: Option<u8>,
    json: bool,
}

/// Reads what it is fed, as far as that goes.
pub(super) struct Parser {
    keyspace: Keyspace,
    due: Due,
    /// 0 until the signature has been read.
    version: u16,
    db: usize,
    coming: Coming,
    aux: Aux,
    dropped: usize,
    skipped: usize,
    /// Of what was read, where it is looked at.
    pub crc: Option<u64>,
    /// All of it has been read, its own checksum too.
    pub ended: bool,
    /// Of a file that is known to be a `SnapshotWriter`'s: how long it is.
    pub own_bytes: Option<u64>,
}

/// What one item of the file was.
enum Item {
    Read,
    End,
}

impl Parser {
    pub fn new(limits: Limits, due: Due) -> Self {
        let mut keyspace = Keyspace::new(limits);
        // Nothing that is due hides while it is being loaded.
        keyspace.set_authority(Authority::Applying);
        Parser {
            keyspace,
            due,
            version: 0,
            db: 0,
            coming: Coming::default(),
            aux: Aux::default(),
            dropped: 0,
            skipped: 0,
            crc: Some(0),
            ended: false,
            own_bytes: None,
        }
    }

    /// Reads what is whole; answers how many bytes that were, and how many more are needed at least.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(usize, usize), LoadError> {
        let mut reader = Reader::new(bytes);
        let mut read = 0;
        let missing = loop {
            if self.ended {
                break 0;
            }
            match self.item(&mut reader) {
                Ok(Item::Read) => read = reader.position(),
                Ok(Item::End) => {
                    let end = reader.position();
                    match self.end(&bytes[..end], &mut reader) {
                        Ok(()) => return Ok((reader.position(), 0)),
                        Err(LoadError::Truncated) => break 8 - reader.left(),
                        Err(error) => return Err(error),
                    }
                }
                Err(Failed::Short(missing)) => break missing,
                Err(Failed::For(error)) => return Err(error),
            }
        };
        self.check(&bytes[..read]);

        Ok((read, missing))
    }

    fn end(&mut self, rest: &[u8], reader: &mut Reader<'_>) -> Result<(), LoadError> {
        // Redis: files before version 5 have no checksum, and 0 says that none was made.
        let trailer = match self.version {
            5.. => u64::from_le_bytes(reader.array()?),
            _ => 0,
        };
        self.check(rest);
        if trailer != 0 && self.crc.is_some_and(|crc| crc != trailer) {
            return Err(LoadError::Checksum);
        }
        self.ended = true;

        Ok(())
    }

    fn check(&mut self, read: &[u8]) {
        if let Some(crc) = &mut self.crc {
            *crc = crc64(*crc, read);
        }
    }

    fn item(&mut self, reader: &mut Reader<'_>) -> Result<Item, Failed> {
        if self.version == 0 {
            self.version = read_signature(reader)?;
            return Ok(Item::Read);
        }
        match reader.byte()? {
            opcode::END => return Ok(Item::End),
            opcode::SELECT_DB => {
                let db = reader.length()?;
                let known = usize::try_from(db).ok().filter(|db| *db < DATABASES);
                self.db = known.ok_or(LoadError::Database(db))?;
            }
            opcode::RESIZE_DB => {
                let keys = reader.length()?.min(RESERVED_MAX.into());
                reader.length()?;
                self.keyspace.keys_mut(self.db).reserve(keys as u32);
            }
            opcode::EXPIRES_MS => {
                self.coming.expires_at_ms = Some(i64::from_le_bytes(reader.array()?));
            }
            opcode::EXPIRES_S => {
                let seconds = i32::from_le_bytes(reader.array()?);
                self.coming.expires_at_ms = Some(i64::from(seconds) * 1000);
            }
            opcode::IDLE => self.coming.idle_s = Some(reader.length()?),
            opcode::FREQUENCY => self.coming.frequency = Some(reader.byte()?),
            opcode::AUX => {
                let (name, text) = (reader.string()?, reader.string()?);
                self.aux(&name, &text);
            }
            opcode::FUNCTION => {
                reader.string()?;
                self.skipped += 1;
            }
            opcode::MODULE_AUX => {
                skip_module_aux(reader)?;
                self.skipped += 1;
            }
            opcode::FUNCTION_PRE_RELEASE => {
                return Err(RdbError::Unsupported("functions of 7.0 before its release").into());
            }
            kind => self.key(kind, reader)?,
        }

        Ok(Item::Read)
    }

    fn aux(&mut self, name: &[u8], text: &[u8]) {
        let number = || {
            let number = std::str::from_utf8(text).ok()?;
            number.parse::<u64>().ok()
        };
        let name = std::str::from_utf8(name).unwrap_or_default();
        match (name, number()) {
            (aux::CTIME, Some(seconds)) => self.aux.time_ms = seconds.saturating_mul(1000),
            (aux::USED_MEM, Some(bytes)) => {
                self.aux.used_bytes = bytes;
                self.reserve(bytes);
            }
            (aux::SEQ, Some(seq)) => self.aux.seq = seq,
            (aux::EPOCH, Some(epoch)) => self.aux.epoch = epoch,
            (aux::JSON, _) => self.coming.json = true,
            // Redis: fields that one does not know are passed over.
            _ => {}
        }
    }

    /// Memory for the data is had in one piece: WebAssembly's grows by a call for each 64 KiB otherwise.
    fn reserve(&mut self, used_bytes: u64) {
        let bytes_max = self.own_bytes.unwrap_or(0).saturating_mul(USED_MAX);
        let bytes = usize::try_from(used_bytes.min(bytes_max)).unwrap_or(0);
        // What cannot be had now will be missed then.
        let mut room = Vec::<u8>::new();
        let _ = room.try_reserve_exact(bytes);
        drop(std::hint::black_box(room));
    }

    fn key(&mut self, kind: u8, reader: &mut Reader<'_>) -> Result<(), Failed> {
        let key = reader.string()?;
        if kind == rdb::STRING && !self.coming.json {
            let text = reader.string()?;
            let coming = std::mem::take(&mut self.coming);
            return self.insert(key, StrRef::from_bytes(&text), &coming);
        }
        let value = match rdb::read_value(kind, reader, self.keyspace.limits()) {
            // Redis: old servers wrote keys of nothing; they are passed over.
            Err(RdbError::Empty) => None,
            Err(RdbError::Truncated { missing }) => return Err(Failed::Short(missing)),
            Err(error) => return Err(self.of_key(key, error)),
            Ok(Value::String(text)) if self.coming.json => match parse_json(&text) {
                Some(json) => Some(json.into_value()),
                None => return Err(self.of_key(key, RdbError::Corrupt("a JSON document"))),
            },
            Ok(value) => Some(value),
        };
        let coming = std::mem::take(&mut self.coming);
        if let Some(value) = value {
            self.insert(key, value, &coming)?;
        }

        Ok(())
    }

    fn insert<'v>(
        &mut self,
        key: Cow<'_, [u8]>,
        value: impl Into<NewValue<'v>>,
        coming: &Coming,
    ) -> Result<(), Failed> {
        // 0 stands for no expiry in the keyspace; a time before 1970 is past all the same.
        let expires_at_ms = coming
            .expires_at_ms
            .map(|at| u64::try_from(at).unwrap_or(0).max(1));
        if let (Due::Drop { now_ms }, Some(at)) = (self.due, expires_at_ms)
            && at < now_ms
        {
            self.dropped += 1;
            return Ok(());
        }
        let db = self.db;
        let expiry = expires_at_ms.map_or(ExpirySetting::Clear, ExpirySetting::At);
        let mut keys = self.keyspace.keys_mut(db);
        if self.own_bytes.is_some() {
            keys.load_new(&key, value, expiry);
        } else if !keys.load(&key, value, expiry) {
            let key = key.into();
            return Err(LoadError::Duplicate { db, key }.into());
        }
        if coming.idle_s.is_some() || coming.frequency.is_some() {
            self.set_access(&key, coming);
        }

        Ok(())
    }

    fn set_access(&mut self, key: &[u8], coming: &Coming) {
        let Some(entry) = self.keyspace.keys(self.db).entry(key) else {
            return;
        };
        let idle_ms = coming.idle_s.unwrap_or(0).saturating_mul(1000);
        let now_ms = match self.due {
            Due::Drop { now_ms } => now_ms,
            Due::Keep => self.aux.time_ms,
        };
        let accessed_ms = now_ms.saturating_sub(idle_ms);
        self.keyspace
            .set_access(entry, accessed_ms, coming.frequency);
    }

    fn of_key(&self, key: Cow<'_, [u8]>, error: RdbError) -> Failed {
        Failed::For(LoadError::Key {
            db: self.db,
            key: key.into(),
            error,
        })
    }

    pub fn finish(mut self) -> Result<Loaded, LoadError> {
        if !self.ended {
            return Err(LoadError::Truncated);
        }
        self.keyspace.end_load();
        self.keyspace.set_authority(Authority::Leader);

        Ok(Loaded {
            keyspace: self.keyspace,
            aux: self.aux,
            dropped: self.dropped,
            skipped: self.skipped,
            sum: Sum::Crc64(self.crc.unwrap_or(0)),
        })
    }
}

/// Why an item was not read.
enum Failed {
    /// More bytes are needed: at least so many.
    Short(usize),
    For(LoadError),
}

impl From<RdbError> for Failed {
    fn from(error: RdbError) -> Self {
        match error {
            RdbError::Truncated { missing } => Failed::Short(missing),
            error => Failed::For(error.into()),
        }
    }
}

impl From<LoadError> for Failed {
    fn from(error: LoadError) -> Self {
        Failed::For(error)
    }
}

fn read_signature(reader: &mut Reader<'_>) -> Result<u16, Failed> {
    if reader.array()? != *SIGNATURE {
        return Err(LoadError::Signature.into());
    }
    let digits: [u8; 4] = reader.array()?;
    let version = std::str::from_utf8(&digits)
        .ok()
        .and_then(|digits| digits.parse().ok());
    match version {
        Some(version) if (1..=rdb::VERSION).contains(&version) => Ok(version),
        _ => Err(LoadError::Version(String::from_utf8_lossy(&digits).into()).into()),
    }
}

/// Passes over what a module keeps beside the keys: numbers and strings, each behind what it is.
fn skip_module_aux(reader: &mut Reader<'_>) -> Result<(), RdbError> {
    reader.length()?;
    loop {
        match reader.length()? {
            0 => return Ok(()),
            1 | 2 => drop(reader.length()?),
            3 => drop(reader.take(4)?),
            4 => drop(reader.take(8)?),
            5 => drop(reader.string()?),
            _ => return Err(RdbError::Corrupt("data of a module")),
        }
    }
}

fn parse_json(text: &Str) -> Option<Json> {
    Json::parse(&text.bytes()).ok()
}
