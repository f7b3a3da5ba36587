//! What a session watches, as another engine of the same data can go on watching it.
use super::{Engine, Precondition};
use crate::command::Watch;
use crate::keyspace::DATABASES;

impl Engine {
    /// What session `id` watches, seen now; in no database where it was touched since.
    pub fn watched(&mut self, id: u64) -> Vec<Precondition> {
        let watches = self.sessions.all[&id].watches.clone();
        let seen = |watch: Watch| Precondition {
            db: match self.keyspace.touches(watch.db, &watch.key) == watch.touches {
                true => watch.db,
                false => DATABASES,
            },
            key: watch.key,
            existed: watch.existed,
            seq: self.seq,
        };

        watches.into_iter().map(seen).collect()
    }

    /// Session `id` watches on what another engine has seen: what came since then counts.
    pub fn watch_on(&mut self, id: u64, seen: Precondition) {
        let holds = self.holds(&seen);
        let db = seen.db % DATABASES;
        let begun = self.keyspace.watch(db, &seen.key);
        let watch = Watch {
            db,
            key: seen.key,
            touches: begun.wrapping_sub(u64::from(!holds)),
            existed: seen.existed,
            seq: self.seq,
        };
        if let Some(session) = self.sessions.all.get_mut(&id) {
            session.watches.push(watch);
        }
    }
}
