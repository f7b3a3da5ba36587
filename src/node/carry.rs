//! Sessions that move to another node of this page, which has the same data or newer. What a session has set is carried
//! as calls that set it, what it has begun as the transaction that it is: in the form in which calls go to leaders.
use super::Node;
use crate::command::{Multi, ReplyMode, Session, Topic};
use crate::engine::Precondition;
use crate::replica::Message;
use crate::replica::message::{Asked, Seen};

const SUBSCRIBE: [&[u8]; 3] = [b"SUBSCRIBE", b"PSUBSCRIBE", b"SSUBSCRIBE"];

impl Node {
    /// All sessions, for `adopt_sessions`. They stay here too; replicas of Redis's kind must come anew.
    pub fn carry_sessions(&mut self) -> Vec<u8> {
        self.let_replicas_go();
        let mut items = Vec::new();
        let ids: Vec<u64> = self.engine.sessions().all.keys().copied().collect();
        for id in ids {
            let watched = self.engine.watched(id).into_iter().map(|seen| Seen {
                db: seen.db,
                key: seen.key,
                existed: seen.existed,
                seq: seen.seq,
            });
            let watched = watched.collect();
            if let Some(session) = self.engine.sessions_mut().all.get_mut(&id) {
                let calls = settings(session);
                let mut item = item(session, false, calls);
                item.watched = watched;
                items.push(item);
                if let Some(multi) = session.multi.clone() {
                    items.push(Asked {
                        again: multi.failed,
                        ..self::item(session, true, multi.queue)
                    });
                }
            }
        }

        Message::Requests {
            epoch: 0,
            from: self.id,
            answered_below: self.engine.sessions().last_id,
            items,
        }
        .encode()
    }

    /// Takes the sessions that another node of this page has carried, under their ids.
    pub fn adopt_sessions(&mut self, now_ms: u64, bytes: &[u8]) {
        let Ok(Message::Requests {
            answered_below,
            items,
            ..
        }) = Message::decode(bytes)
        else {
            return;
        };
        for item in items {
            let id = item.number;
            if item.transaction {
                if let Some(session) = self.engine.sessions_mut().all.get_mut(&id) {
                    session.multi = Some(Multi {
                        queue: item.commands,
                        failed: item.again,
                        grows: true,
                    });
                }
                continue;
            }
            // Ids are given out one after the other.
            let sessions = self.engine.sessions_mut();
            sessions.last_id = id - 1;
            sessions.open(now_ms);
            if let Some(session) = sessions.all.get_mut(&id) {
                session.db = item.db;
                session.protocol = item.protocol;
            }
            for argv in &item.commands {
                let argv: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
                self.engine.execute(now_ms, id, &argv);
                while self.engine.poll().is_some() {}
            }
            for Seen {
                db,
                key,
                existed,
                seq,
            } in item.watched
            {
                let seen = Precondition {
                    db,
                    key,
                    existed,
                    seq,
                };
                self.engine.watch_on(id, seen);
            }
        }
        self.engine.sessions_mut().last_id = answered_below;
    }
}

fn item(session: &Session, transaction: bool, commands: Vec<Vec<Box<[u8]>>>) -> Asked {
    Asked {
        number: session.id,
        level: 0,
        again: false,
        since_seq: 0,
        db: session.db,
        protocol: session.protocol,
        transaction,
        commands,
        watched: Vec::new(),
    }
}

/// The calls that set a session up, the one that silences it last.
fn settings(session: &mut Session) -> Vec<Vec<Box<[u8]>>> {
    let call = |words: &[&[u8]]| words.iter().map(|word| Box::from(*word)).collect();
    let mut calls = vec![call(&[b"CLIENT", b"SETNAME", &session.name])];
    if session.no_evict {
        calls.push(call(&[b"CLIENT", b"NO-EVICT", b"ON"]));
    }
    for (name, topic) in SUBSCRIBE.iter().zip(Topic::ALL) {
        let names = topic.of(session).iter();
        calls.extend(names.map(|of| call(&[name, of])));
    }
    if session.monitor {
        calls.push(call(&[b"MONITOR"]));
    }
    match session.reply_mode {
        ReplyMode::On => {}
        ReplyMode::Off => calls.push(call(&[b"CLIENT", b"REPLY", b"OFF"])),
        _ => calls.push(call(&[b"CLIENT", b"REPLY", b"SKIP"])),
    }

    calls
}
