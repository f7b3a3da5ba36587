//! CLIENT PAUSE: calls that wait for its end, of this node's sessions and of others that ask this leader.
use std::collections::VecDeque;

use super::{Called, Level, Node};
use crate::command::Error;
use crate::replica::NodeId;
use crate::replica::message::Asked;

#[derive(Debug)]
struct Postponed {
    call: u64,
    session: u64,
    level: Option<Level>,
    argv: Vec<Box<[u8]>>,
}

#[derive(Debug, Default)]
pub(super) struct Paused {
    calls: VecDeque<Postponed>,
    asked: VecDeque<(NodeId, Asked)>,
    pub bytes: usize,
}

impl Node {
    /// Keeps a call that must wait, and answers its number.
    pub(super) fn postpone(
        &mut self,
        session: u64,
        level: Option<Level>,
        argv: &[&[u8]],
    ) -> Option<Called> {
        if !self.engine.sessions().is_paused() {
            return None;
        }
        self.engine.paused_until(self.now_ms, session, argv)?;
        if self.is_busy() {
            return Some(Called::Reply(Error::BUSY.into()));
        }
        let call = self.new_call();
        let argv: Vec<Box<[u8]>> = argv.iter().map(|word| Box::from(*word)).collect();
        self.paused.bytes += cost(&argv);
        self.paused.calls.push_back(Postponed {
            call,
            session,
            level,
            argv,
        });
        self.finish();

        Some(Called::Pending(call))
    }

    /// A pause at the leader holds up the writes of all tabs.
    pub(super) fn postpone_asked(&mut self, from: NodeId, asked: &Asked) -> bool {
        if self.engine.pause_ms(self.now_ms).is_none() {
            return false;
        }
        let known = |(of, kept): &(NodeId, Asked)| *of == from && kept.number == asked.number;
        if !self.paused.asked.iter().any(known) && !self.is_busy() {
            self.paused.bytes += asked.commands.iter().map(|argv| cost(argv)).sum::<usize>();
            self.paused.asked.push_back((from, asked.clone()));
        }

        true
    }

    /// After the pause everything is run in its order. What other nodes asked of a reign that is over they ask the
    /// next leader.
    pub(super) fn resume_paused(&mut self) {
        if self.paused.calls.is_empty() && self.paused.asked.is_empty() {
            return;
        }
        if self.engine.pause_ms(self.now_ms).is_some() {
            return;
        }
        let paused = std::mem::take(&mut self.paused);
        for Postponed {
            call,
            session,
            level,
            argv,
        } in paused.calls
        {
            if !self.engine.sessions().all.contains_key(&session) {
                continue;
            }
            let words: Vec<&[u8]> = argv.iter().map(|word| &**word).collect();
            // A CLIENT PAUSE among them holds up those behind it.
            match self.call_now(session, level, &words) {
                Called::Reply(reply) => self.reply(call, reply),
                Called::Pending(inner) => drop(self.waiting.renamed.insert(inner, call)),
            }
        }
        if self.leads() {
            for (from, asked) in paused.asked {
                self.run_asked(from, &asked);
            }
        }
    }

    pub(super) fn paused_due_ms(&mut self) -> Option<u64> {
        let waits = !self.paused.calls.is_empty() || !self.paused.asked.is_empty();

        waits.then(|| self.engine.pause_ms(self.now_ms)).flatten()
    }
}

fn cost(argv: &[Box<[u8]>]) -> usize {
    64 + argv.iter().map(|word| word.len() + 16).sum::<usize>()
}
