//! Replicas of Redis's own kind: a session that asked with SYNC is sent all data as a file, then what is
//! committed, as commands. None is ever sent what is not committed; when the lead goes, they are let go.
use std::collections::VecDeque;

use super::{Node, Output};
use crate::base::number;
use crate::command::{Effect, Published, Reply, Words};

#[derive(Default)]
pub(super) struct Replicas {
    all: Vec<Replica>,
    /// Records that are not committed, and the last few that are.
    waiting: VecDeque<(u64, Vec<Effect>)>,
    pinged_ms: u64,
}

struct Replica {
    session: u64,
    /// The last record that it has.
    seq: u64,
    /// The database that it was last told of.
    db: Option<usize>,
}

impl Replicas {
    pub fn note(&mut self, seq: u64, effects: &[Effect]) {
        if !self.all.is_empty() {
            self.waiting.push_back((seq, effects.to_vec()));
        }
    }

    pub fn close_session(&mut self, session: u64) {
        self.all.retain(|replica| replica.session != session);
        if self.all.is_empty() {
            self.waiting.clear();
        }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }
}

impl Node {
    /// Sends all data there is to a session, and from then on every effect.
    pub(super) fn replicate_to(&mut self, session: u64) {
        self.replicas.close_session(session);
        self.begin_recording();
        let reply = Reply::File(self.export());
        self.outputs.push_back(Output::Push { session, reply });
        self.replicas.all.push(Replica {
            session,
            seq: self.engine.seq(),
            db: None,
        });
    }

    /// Sends what has been committed.
    pub(super) fn send_to_replicas(&mut self) {
        let committed_seq = self.committed_seq();
        while let Some((seq, effects)) = self
            .replicas
            .waiting
            .pop_front_if(|(seq, _)| *seq <= committed_seq)
        {
            for replica in &mut self.replicas.all {
                if seq <= replica.seq {
                    continue;
                }
                replica.seq = seq;
                let reply = Reply::Sequence(commands(&effects, &mut replica.db));
                let session = replica.session;
                self.outputs.push_back(Output::Push { session, reply });
            }
        }
    }

    /// Messages reach the subscribers of replicas too.
    pub(super) fn publish_to_replicas(&mut self, items: &[Published]) {
        for replica in &mut self.replicas.all {
            for item in items {
                let name: &[u8] = if item.sharded {
                    b"SPUBLISH"
                } else {
                    b"PUBLISH"
                };
                let words = [name, &item.channel, &item.message];
                let effect = Effect {
                    db: replica.db.unwrap_or(0),
                    argv: Words::new(&words),
                };
                let reply = Reply::Sequence(commands(&[effect], &mut replica.db));
                let session = replica.session;
                self.outputs.push_back(Output::Push { session, reply });
            }
        }
    }

    /// Replicas that hear nothing for long believe us gone.
    pub(super) fn ping_replicas(&mut self) {
        const PERIOD: &str = "repl-ping-replica-period";
        let other = &self.engine.settings().other;
        let period = other.iter().find(|(name, _)| *name == PERIOD);
        let period_s = period.and_then(|(_, value)| value.parse().ok());
        let period_ms = period_s.unwrap_or(10u64).saturating_mul(1000);
        if self.now_ms < self.replicas.pinged_ms.saturating_add(period_ms) {
            return;
        }
        self.replicas.pinged_ms = self.now_ms;
        for replica in &self.replicas.all {
            self.outputs.push_back(Output::Push {
                session: replica.session,
                reply: Reply::bulks(["PING"]),
            });
        }
    }

    /// Their data is not ours any more: they come back and ask anew.
    pub(super) fn let_replicas_go(&mut self) {
        self.replicas.waiting.clear();
        for replica in std::mem::take(&mut self.replicas.all) {
            self.outputs
                .push_back(Output::CloseSession(replica.session));
        }
    }
}

/// A record as commands, in one transaction where there are several.
fn commands(effects: &[Effect], db: &mut Option<usize>) -> Vec<Reply> {
    let word = |name: &str| Reply::bulks([name]);
    // Redis: keys that were found due are removed one by one.
    let is_removal = |effect: &Effect| effect.argv.iter().next() == Some(b"DEL");
    let all_removed = effects.iter().all(is_removal);
    let together = effects.len() > 1 && !all_removed;
    let mut commands = Vec::with_capacity(effects.len());
    for (at, effect) in effects.iter().enumerate() {
        if *db != Some(effect.db) {
            *db = Some(effect.db);
            let mut number = Vec::new();
            number::write_i64(&mut number, i64::try_from(effect.db).unwrap_or_default());
            commands.push(Reply::bulks([b"SELECT".to_vec(), number]));
        }
        if at == 0 && together {
            commands.push(word("MULTI"));
        }
        commands.push(Reply::bulks(effect.argv.iter().map(<[u8]>::to_vec)));
    }
    if together {
        commands.push(word("EXEC"));
    }

    commands
}
