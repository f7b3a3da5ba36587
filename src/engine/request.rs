//! A write that another node asked for.
use super::Engine;
use super::transaction::is_of_session;
use crate::command::{Error, Flags, Reply, find};

/// What the asking node saw of a watched key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition {
    pub db: usize,
    pub key: Box<[u8]>,
    pub existed: bool,
    /// The seq that the asking node stood at when it saw it.
    pub seq: u64,
}

/// One call, or a whole transaction, to be run by the leader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub db: usize,
    pub protocol: u8,
    /// EXEC: the reply is an array, and everything runs or nothing.
    pub transaction: bool,
    pub commands: Vec<Vec<Box<[u8]>>>,
    pub preconditions: Vec<Precondition>,
}

/// What is about the session is run where the session is (`Engine::complete`). A SELECT counts here too, for what
/// comes after it.
fn is_run_elsewhere(argv: &[&[u8]]) -> bool {
    is_of_session(argv) && !argv[0].eq_ignore_ascii_case(b"SELECT")
}

impl Engine {
    /// Runs a request as a session of its own, made for it.
    pub fn execute_request(&mut self, now_ms: u64, request: &Request) -> Reply {
        self.begin(now_ms);
        if !request.preconditions.iter().all(|seen| self.holds(seen)) {
            self.finish_write();
            return Reply::NullArray;
        }
        let id = self.sessions.open(now_ms);
        let session = self.sessions.all.get_mut(&id).expect("just opened");
        session.db = request.db.min(crate::keyspace::DATABASES - 1);
        session.protocol = request.protocol;
        let commands = &request.commands;
        let fits = |engine: &Self| !engine.is_full() && engine.has_room_for_all(commands);
        let reply = if request.transaction && self.grows(commands) && !self.fits(fits) {
            Error::EXEC_FULL.into()
        } else if request.transaction {
            self.run_transaction(id, commands, is_run_elsewhere)
        } else {
            self.run_forwarded(id, commands.first())
        };
        self.close_session(id);

        reply
    }

    /// Whether a command of a transaction may need memory.
    fn grows(&self, commands: &[Vec<Box<[u8]>>]) -> bool {
        commands.iter().any(|argv| {
            let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
            find(&argv).is_ok_and(|command| command.flags.has(Flags::GROWS))
        })
    }

    fn run_forwarded(&mut self, id: u64, argv: Option<&Vec<Box<[u8]>>>) -> Reply {
        let Some(argv) = argv else {
            return Error::SYNTAX.into();
        };
        let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
        if let Ok(command) = find(&argv) {
            let (db, grows) = (self.sessions.all[&id].db, command.flags.has(Flags::GROWS));
            let fits = |engine: &Self| {
                !(grows && engine.is_full()) && engine.has_room_for(db, command, &argv)
            };
            if !self.fits(fits) {
                return Error::OUT_OF_MEMORY.into();
            }
        }
        let reply = self.run_one(id, &argv);
        self.finish_write();

        reply
    }

    /// Whether a key is as the asking node saw it. A key that was absent then and now counts as unchanged.
    pub(super) fn holds(&mut self, seen: &Precondition) -> bool {
        if seen.db >= crate::keyspace::DATABASES {
            return false;
        }
        self.keyspace.purge(seen.db, &seen.key);
        match self.keyspace.keys(seen.db).entry(&seen.key) {
            None => !seen.existed,
            Some(entry) => seen.existed && self.keyspace.version_of(entry) <= seen.seq,
        }
    }
}
