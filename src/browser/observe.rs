//! What crosses of observed keys: `[u8 fate or mark] [u8 database] [u32 length] [key]`, again and again.
use super::driver::{Driver, Kind};
use crate::keyspace::{DATABASES, Fate, Keyspace, Looked, Observable};

/// `Fate` in src/ts/watch/change.ts, in its order.
fn number(fate: Fate) -> u8 {
    match fate {
        Fate::Set => 0,
        Fate::Deleted => 1,
        Fate::Expired => 2,
        Fate::All => 3,
    }
}

fn append(out: &mut Vec<u8>, mark: u8, db: usize, key: &[u8]) {
    out.extend_from_slice(&[mark, db as u8]);
    out.extend_from_slice(&(key.len() as u32).to_le_bytes());
    out.extend_from_slice(key);
}

/// What changed since the last time.
fn append_changed(keyspace: &mut Keyspace, out: &mut Vec<u8>) {
    keyspace.take_changed(|db, key, fate| append(out, number(fate), db, key));
}

/// What reads have looked at: marks are 0 for a key, `Fate::All`'s for a database.
fn looked(looked: &Looked) -> Vec<u8> {
    let mut out = Vec::new();
    for (db, key) in &looked.keys {
        append(&mut out, 0, *db, key);
    }
    for db in (0..DATABASES).filter(|db| looked.databases & (1 << db) != 0) {
        append(&mut out, number(Fate::All), db, b"");
    }

    out
}

/// `[u8 what] [u8 database] [name]`: 0 and 1 begin to observe a key and a pattern, 2 and 3 end it.
fn begin_or_end(keyspace: &mut Keyspace, bytes: &[u8]) -> Option<()> {
    let (&[op, db], name) = bytes.split_first_chunk::<2>()?;
    let what = match op & 1 {
        0 => Observable::Key,
        _ => Observable::Pattern,
    };
    if op > 3 || usize::from(db) >= DATABASES {
        return None;
    }
    if op < 2 {
        keyspace.observe(what, db.into(), name);
    } else {
        keyspace.unobserve(what, db.into(), name);
    }

    Some(())
}

impl Driver {
    pub(super) fn has_changed(&self) -> bool {
        self.node.borrow().engine().keyspace().has_changed()
    }

    pub(super) fn queue_changed(&self) {
        if self.has_changed() {
            let mut node = self.node.borrow_mut();
            let keyspace = node.engine_mut().keyspace_mut();
            self.queue(Kind::Changed, 0, |out| append_changed(keyspace, out));
        }
    }

    /// Begins or ends to observe: `begin_or_end`.
    pub fn observe(&self, bytes: &[u8]) -> Option<()> {
        begin_or_end(self.node.borrow_mut().engine_mut().keyspace_mut(), bytes)
    }

    /// What reads have looked at since the last time; and whether it is noted from now on.
    pub fn track(&self, on: bool) -> Vec<u8> {
        let node = self.node.borrow();
        let keyspace = node.engine().keyspace();
        keyspace.track(on);

        looked(&keyspace.take_looked())
    }
}
