//! Calls of the page's own code: what follows from those of one turn is done once, at its end, and what a key holds is
//! found without a reply in between.
use super::clock::now_ms;
use super::driver::Driver;
use super::room;
use super::words::{self, heap_bytes};
use crate::command::{Command, Error, Flags, Found, Handler, find_place};
use crate::keyspace::{Entry, Keyspace};
use crate::node::{Called, Level};
use crate::value::{Kind, ValueRef};

/// What a copy of a value needs to be proven fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// Where the key's version word is: `Keyspace::versions`. 0: no copy is to be made.
    pub place: u32,
    /// How long it has to live; `FOREVER` where it has no expiry.
    pub ttl_ms: u32,
}

pub const FOREVER: u32 = u32::MAX;

/// Commands of these flags that write depend on the data alone, and never on the time.
const FAST_GROWS: Flags = Flags::FAST.and(Flags::GROWS);

/// Calls of one turn that a look at the clock is good for.
const CALLS_BY_ONE_LOOK: u32 = 64;

/// What SETs that are taken together can need at most, with all that the engine keeps beside them.
const SETS_NEED_BYTES: usize = 4 << 20;

/// With the place of a key's word: its value is a JSON value. As in src/ts/instance.ts.
const IS_JSON: u32 = 1 << 31;

impl Driver {
    /// A call of a session, and the call that it waits for: `Node::gather`. What else comes of it is delivered after
    /// the caller has gone on.
    pub fn call(
        &self,
        session: u64,
        level: Option<Level>,
        argv: &[&[u8]],
    ) -> (Called, Option<u64>) {
        let mut node = self.node.borrow_mut();
        let engine = node.engine_mut();
        if !engine.sessions().all.contains_key(&session) {
            return (Called::Reply(Error::CLOSED.into()), None);
        }
        room::grow_ahead();
        engine.facts_mut().heap_bytes = heap_bytes();
        let found = find_place(argv);
        let handler = found.as_ref().map(|found| found.command.handler);
        let is_about_keys = matches!(handler, Ok(Handler::Read(_) | Handler::Write(_)));
        let now_ms = self.time_of_call(engine.keyspace(), &found, argv);
        let answer = node.gather(now_ms, session, level, found, argv);
        drop(node);
        self.perform();
        if !is_about_keys && self.is_closing(session) {
            self.end_session(session);
        }
        self.settle_soon();

        answer
    }

    /// Runs what was left of SETs: whatever comes next must see them.
    pub(super) fn run_sets(&self) {
        words::end_sets(|pairs| {
            if self.is_dead.get() {
                return;
            }
            if let Ok(found) = find_place(&[b"SET"]) {
                let mut node = self.node.borrow_mut();
                let session = self.sets_of.get();
                node.gather_sets(now_ms(), session, found, pairs);
            }
        });
    }

    /// After a plain SET that was answered OK: from now on more of its kind may be left, until something else happens.
    pub fn begin_sets(&self, session: u64) {
        if self.node.borrow().takes_sets(session, SETS_NEED_BYTES) {
            self.sets_of.set(session);
            words::begin_sets();
        }
    }

    /// The time, for a call. The clock costs as much as a small call does: where no key has an expiry it is looked at
    /// once for many plain SETs and their like of one turn, for of such a call nothing is kept but the second of its
    /// access.
    fn time_of_call(
        &self,
        keyspace: &Keyspace,
        found: &Result<Found, Error>,
        argv: &[&[u8]],
    ) -> u64 {
        let (left, last_ms) = self.turn_clock.get();
        let is_of_data_alone = |command: &Command| {
            command.is_write() && command.flags.has(FAST_GROWS)
                || command.name == "SET" && argv.len() == 3
        };
        let is_timeless = keyspace.next_due_ms().is_none()
            && found
                .as_ref()
                .is_ok_and(|found| is_of_data_alone(found.command));
        if is_timeless && left > 0 && self.is_settling.get() {
            self.turn_clock.set((left - 1, last_ms));
            return last_ms.max(keyspace.now_ms());
        }
        let now_ms = now_ms();
        self.turn_clock.set((CALLS_BY_ONE_LOOK, now_ms));

        now_ms
    }

    /// Does what follows from the calls of this turn when it has come to its end.
    fn settle_soon(&self) {
        if !self.is_settling.replace(true) {
            self.host.settle_soon();
        }
    }

    /// The turn has come to its end. Of the page's own making, not a task here: that takes as long as a small call.
    pub fn settle(&self) {
        self.is_settling.set(false);
        self.run_sets();
        if !self.is_dead.get() {
            self.node.borrow_mut().settle(now_ms());
            self.perform();
            self.deliver();
        }
    }

    /// Gives `run` the string or document that the session's key holds, and what a copy of it needs if one is to be
    /// made. `None` where the engine is to be called: the key is absent, due or of another type, or somebody counts or
    /// hears of calls.
    pub fn find<T>(
        &self,
        session: u64,
        key: &[u8],
        is_to_copy: bool,
        run: impl FnOnce(ValueRef<'_>, Freshness) -> T,
    ) -> Option<T> {
        let node = self.node.borrow();
        let engine = node.engine();
        let sessions = engine.sessions();
        let session = sessions.all.get(&session)?;
        let keyspace = engine.keyspace();
        // Where accesses count, their time does: the engine's own stands still between calls.
        let is_plain = session.multi.is_none()
            && !sessions.is_paused()
            && !sessions.any_monitor
            && !keyspace.counts_accesses();
        if !is_plain || !self.is_ready.get() {
            return None;
        }
        let entry = keyspace.stored(session.db, key)?;
        let freshness = freshness(keyspace, session.db, entry, is_to_copy);
        if freshness.ttl_ms == 0 || !matches!(entry.kind(), Kind::String | Kind::Json) {
            return None;
        }
        keyspace.keys(session.db).count_read(entry);

        Some(run(entry.value(), freshness))
    }

    /// What proves a copy of what the session's key holds fresh. `None`: there is nothing to copy.
    pub fn freshness(&self, session: u64, key: &[u8]) -> Option<Freshness> {
        let node = self.node.borrow();
        let engine = node.engine();
        let (db, keyspace) = (engine.sessions().all.get(&session)?.db, engine.keyspace());
        let entry = keyspace.stored(db, key)?;

        Some(freshness(keyspace, db, entry, true)).filter(|freshness| freshness.ttl_ms > 0)
    }

    /// The same; the place is marked where the key holds a JSON value.
    pub fn freshness_of_text(&self, session: u64, key: &[u8]) -> Option<Freshness> {
        let mut freshness = self.freshness(session, key)?;
        let node = self.node.borrow();
        let db = node.engine().sessions().all.get(&session)?.db;
        let entry = node.engine().keyspace().stored(db, key)?;
        if entry.kind() == Kind::Json {
            freshness.place |= IS_JSON;
        }

        Some(freshness)
    }

    /// Where the version words are, and how many.
    pub fn versions(&self) -> (*const u32, usize) {
        let mut node = self.node.borrow_mut();
        let words = node.engine_mut().keyspace_mut().versions();

        (words.as_ptr(), words.len())
    }
}

fn freshness(keyspace: &Keyspace, db: usize, entry: Entry, is_to_copy: bool) -> Freshness {
    let ttl_ms = match entry.expires_at_ms() {
        None => FOREVER,
        // A copy outlives nothing by being kept for less time than it might.
        Some(at_ms) => {
            let left_ms = at_ms.saturating_sub(now_ms());
            u32::try_from(left_ms).unwrap_or(FOREVER).min(FOREVER - 1)
        }
    };

    Freshness {
        place: match is_to_copy {
            true => keyspace.version_place(db, entry.key()) as u32,
            false => 0,
        },
        ttl_ms,
    }
}
