//! Calls that come together: each is run at once and knows its reply; what follows from them (a commit, messages, the
//! timer) is done once for all, and one call stands for all that wait for the same commit.
use super::calls::{Kind, kind};
use super::{Called, Level, Node};
use crate::command::{Error, Found, Reply};
use crate::replica::To;

#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// A gathered call is being run.
    is_running: bool,
    /// What follows from gathered calls is still to be done.
    is_open: bool,
    /// The calls that stand for others: for a commit, and for a strict one.
    waiting: [Option<u64>; 2],
    /// The one that stands for the call being run.
    of_this: Option<u64>,
}

impl Node {
    /// As `call`, for a call whose row has been looked up (`find_place`), but what follows from it is left to `settle`
    /// or to any other input, whichever comes first. Beside a reply stands the number of the call whose answer says
    /// that this one is as safe as was asked for: OK, or why it is not. Without one it is that already.
    pub fn gather(
        &mut self,
        now_ms: u64,
        session: u64,
        level: Option<Level>,
        found: Result<Found, Error>,
        argv: &[&[u8]],
    ) -> (Called, Option<u64>) {
        let kind = kind(&found);
        if kind == Kind::Other {
            return (self.call(now_ms, session, level, argv), None);
        }
        self.now_ms = now_ms;
        if let Some(called) = self.postpone(session, level, argv) {
            return (called, None);
        }
        let seq = self.engine.seq();
        self.gathered.is_running = true;
        let called = self.run(session, level.unwrap_or(self.options.level), found, argv);
        self.gathered.is_running = false;
        self.gathered.is_open |= kind != Kind::Read || self.engine.seq() != seq;

        (called, self.gathered.of_this.take())
    }

    /// Whether plain SETs of a session will be answered OK as long as nothing else happens and they need no more than
    /// so many bytes: one of them just was.
    pub fn takes_sets(&self, session: u64, bytes: usize) -> bool {
        self.leads()
            && self.pending_bytes() + bytes <= self.options.pending_bytes_max
            && self.engine.takes_sets(session, bytes)
    }

    /// Runs SETs (key, value) of a session that `takes_sets` with one that was gathered before them, by whose call they
    /// are acknowledged. `found` is the row of SET.
    pub fn gather_sets<'a>(
        &mut self,
        now_ms: u64,
        session: u64,
        found: Found,
        pairs: impl Iterator<Item = [&'a [u8]; 2]>,
    ) {
        self.now_ms = now_ms;
        self.engine.execute_sets(now_ms, session, found, pairs);
        self.absorb(None);
        self.gathered.is_open = true;
    }

    /// Does what follows from gathered calls.
    pub fn settle(&mut self, now_ms: u64) {
        if self.gathered.is_open {
            self.now_ms = now_ms;
            self.finish();
        }
    }

    /// Whether the reply of the call being run can be given at once, its commit awaited beside it.
    pub(super) fn waits_together(&mut self, level: Level) -> bool {
        if !self.gathered.is_running {
            return false;
        }
        let place = usize::from(level == Level::Always);
        let call = match self.gathered.waiting[place] {
            Some(call) => call,
            None => self.new_call(),
        };
        self.gathered.waiting[place] = Some(call);
        self.gathered.of_this = Some(call);

        true
    }

    pub(super) fn wait_for_gathered(&mut self) {
        self.gathered.is_open = false;
        for strict in [false, true] {
            if let Some(call) = self.gathered.waiting[usize::from(strict)].take() {
                let reply = Reply::OK;
                self.wait_for_commit(To::Call { call, reply }, strict, true);
            }
        }
    }
}
