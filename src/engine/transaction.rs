//! WATCH and EXEC: commands about other commands.
use super::{Engine, Outcome, Precondition, Request};
use crate::command::{Error, Multi, Reply, Role, Watch, find};

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
        self.finish_write(Vec::new());

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
        if multi.grows && self.is_full() {
            return Outcome::Reply(Error::EXEC_FULL.into());
        }
        if touched {
            self.finish_write(Vec::new());
            return Outcome::Reply(Reply::NullArray);
        }
        if self.role() == Role::Follower && (!watches.is_empty() || has_write(&multi)) {
            return Outcome::Forward(self.forwarded(id, multi, watches));
        }

        Outcome::Reply(self.run_transaction(id, &multi.queue))
    }

    fn any_touched(&mut self, id: u64) -> bool {
        let watches = &self.sessions.all[&id].watches;
        let keyspace = &mut self.keyspace;

        watches
            .iter()
            .any(|watch| keyspace.touches(watch.db, &watch.key) != watch.touches)
    }

    /// Runs queued commands, one after the other with nothing in between; they make one record.
    pub(super) fn run_transaction(&mut self, id: u64, queue: &[Vec<Box<[u8]>>]) -> Reply {
        let mut replies = Vec::with_capacity(queue.len());
        for argv in queue {
            let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
            let reply = self.run_one(id, &argv);
            if let Reply::Error(error) = &reply {
                self.stats.count_error(error.code());
            }
            if let Some(action) = self.waiting.take() {
                self.outputs.push_back(super::Output::Action(action));
            }
            replies.push(match reply {
                Reply::Sequence(mut several) if several.len() == 1 => several.remove(0),
                reply => reply,
            });
        }
        let effects = std::mem::take(&mut self.pending);
        self.finish_write(effects);

        Reply::Array(replies)
    }

    fn forwarded(&mut self, id: u64, multi: Multi, watches: Vec<Watch>) -> Request {
        let session = self
            .sessions
            .all
            .get_mut(&id)
            .expect("the caller's session is open");
        let db = session.db;
        // The leader runs the transaction in a session of its own: what SELECT leaves behind is ours.
        for argv in &multi.queue {
            if let [name, db] = &argv[..]
                && name.eq_ignore_ascii_case(b"SELECT")
            {
                let db = crate::base::number::parse_i64(db).and_then(|db| usize::try_from(db).ok());
                session.db = db
                    .filter(|db| *db < crate::keyspace::DATABASES)
                    .unwrap_or(session.db);
            }
        }
        let precondition = |watch: Watch| Precondition {
            db: watch.db,
            key: watch.key,
            existed: watch.existed,
            seq: watch.seq,
        };

        Request {
            db,
            protocol: session.protocol,
            transaction: true,
            commands: multi.queue,
            preconditions: watches.into_iter().map(precondition).collect(),
        }
    }
}

pub(super) fn has_write(multi: &Multi) -> bool {
    multi.queue.iter().any(|argv| {
        let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
        find(&argv).is_ok_and(|command| command.is_write())
    })
}
