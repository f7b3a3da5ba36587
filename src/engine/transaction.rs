//! WATCH and EXEC: commands about other commands.
use super::{Engine, Outcome, Precondition, Request};
use crate::command::{Error, Handler, Multi, Reply, Role, Watch, find};

impl Engine {
    /// WATCH key [key ...]
    pub(super) fn watch(&mut self, id: u64, argv: &[&[u8]]) -> Reply {
        let session = &self.sessions.all[&id];
        if session.multi.is_some() {
            return Error::WATCH_IN_MULTI.into();
        }
        let db = session.db;
        for key in &argv[1..] {
            let watches = &self.sessions.all[&id].watches;
            if watches
                .iter()
                .any(|watch| watch.db == db && *watch.key == **key)
            {
                continue;
            }
            let touches = self.keyspace.watch(db, key);
            let existed = self.keyspace.keys(db).contains(key);
            let watch = Watch {
                db,
                key: Box::from(*key),
                touches,
                existed,
                seq: self.seq,
            };
            let session = self
                .sessions
                .all
                .get_mut(&id)
                .expect("the caller's session is open");
            session.watches.push(watch);
        }
        self.finish_write();

        Reply::OK
    }

    /// Drops every watch of a session.
    pub(super) fn unwatch_all(&mut self, id: u64) -> Vec<Watch> {
        let Some(session) = self.sessions.all.get_mut(&id) else {
            return Vec::new();
        };
        let watches = std::mem::take(&mut session.watches);
        for watch in &watches {
            self.keyspace.unwatch(watch.db, &watch.key);
        }

        watches
    }

    /// EXEC
    pub(super) fn exec(&mut self, id: u64) -> Outcome {
        let session = self
            .sessions
            .all
            .get_mut(&id)
            .expect("the caller's session is open");
        let Some(multi) = session.multi.take() else {
            return Outcome::Reply(Error::EXEC_WITHOUT_MULTI.into());
        };
        let touched = self.any_touched(id);
        let watches = self.unwatch_all(id);
        if multi.failed {
            return Outcome::Reply(Error::EXEC_ABORT.into());
        }
        if self.lacks_followers() && has_write(&multi) {
            return Outcome::Reply(Error::exec_aborted(&Error::NO_REPLICAS).into());
        }
        let fits = |engine: &Self| !engine.is_full() && engine.has_room_for_all(&multi.queue);
        if multi.grows && !self.fits(fits) {
            return Outcome::Reply(Error::EXEC_FULL.into());
        }
        if touched {
            self.finish_write();
            return Outcome::Reply(Reply::NullArray);
        }
        if self.role() == Role::Follower && is_for_leader(&multi, &watches) {
            return Outcome::Forward(self.forwarded(id, multi, watches));
        }

        Outcome::Reply(self.run_transaction(id, &multi.queue, |_| false))
    }

    /// Whether the EXEC of a session is more than reads: only a leader can run it.
    pub fn is_for_leader(&self, id: u64) -> bool {
        let session = self.sessions.all.get(&id);

        session.is_some_and(|session| {
            let multi = session.multi.as_ref();
            multi.is_some_and(|multi| is_for_leader(multi, &session.watches))
        })
    }

    fn any_touched(&mut self, id: u64) -> bool {
        let watches = &self.sessions.all[&id].watches;
        let keyspace = &mut self.keyspace;

        watches
            .iter()
            .any(|watch| keyspace.touches(watch.db, &watch.key) != watch.touches)
    }

    /// Runs queued commands, one after the other with nothing in between; they make one record.
    pub(super) fn run_transaction(
        &mut self,
        id: u64,
        queue: &[Vec<Box<[u8]>>],
        is_run_elsewhere: fn(&[&[u8]]) -> bool,
    ) -> Reply {
        let mut replies = Vec::with_capacity(queue.len());
        for argv in queue {
            let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
            replies.push(match is_run_elsewhere(&argv) {
                true => Reply::Null,
                false => self.run_queued(id, &argv),
            });
        }
        self.finish_write();

        Reply::Array(replies)
    }

    fn forwarded(&mut self, id: u64, multi: Multi, watches: Vec<Watch>) -> Request {
        let session = &self.sessions.all[&id];
        let precondition = |watch: Watch| Precondition {
            db: watch.db,
            key: watch.key,
            existed: watch.existed,
            seq: watch.seq,
        };

        Request {
            db: session.db,
            protocol: session.protocol,
            transaction: true,
            commands: multi.queue,
            preconditions: watches.into_iter().map(precondition).collect(),
        }
    }

    /// Completes the reply to a transaction that another node has run: what is about the session (SUBSCRIBE,
    /// CLIENT SETNAME, SELECT) is run here, in the session of which it came.
    pub fn complete(&mut self, now_ms: u64, id: u64, queue: &[Vec<Box<[u8]>>], reply: &mut Reply) {
        let Reply::Array(replies) = reply else {
            return;
        };
        if replies.len() != queue.len() || !self.sessions.all.contains_key(&id) {
            return;
        }
        self.keyspace.set_now(now_ms);
        for (argv, reply) in queue.iter().zip(replies) {
            let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
            if is_of_session(&argv) {
                *reply = self.run_queued(id, &argv);
            }
        }
    }

    fn run_queued(&mut self, id: u64, argv: &[&[u8]]) -> Reply {
        let reply = self.run_one(id, argv);
        if let Reply::Error(error) = &reply {
            self.stats.count_error(error.code());
        }
        if let Some(action) = self.waiting.take() {
            self.outputs.push_back(super::Output::Action(action));
        }
        match reply {
            Reply::Sequence(mut several) if several.len() == 1 => several.remove(0),
            reply => reply,
        }
    }
}

/// Whether a command is about the session that calls it, or its node.
pub(super) fn is_of_session(argv: &[&[u8]]) -> bool {
    find(argv).is_ok_and(|command| matches!(command.handler, Handler::Session(_)))
}

fn is_for_leader(multi: &Multi, watches: &[Watch]) -> bool {
    !watches.is_empty() || has_write(multi)
}

pub(super) fn has_write(multi: &Multi) -> bool {
    multi.queue.iter().any(|argv| {
        let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
        find(&argv).is_ok_and(|command| command.is_write())
    })
}
