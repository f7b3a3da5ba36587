//! The verdict: when the storm is over and everybody is at rest, what is there is compared with what was told.
use std::collections::{BTreeMap, BTreeSet};

use super::check::digest;
use super::clients::{ACCOUNTS, COUNTERS, LISTS, LOGS, RAISED, REGISTERS, TALLIES};
use super::history::{Fate, token, tokens};
use super::linear::Verdict;
use super::verdict::{
    Found, Judged, fault, judge_numbers, judge_places, judge_register, judge_tokens, judge_whole,
};
use super::weather::Builds;
use super::world::World;
use crate::command::Reply;
use crate::node::{Glance, Node, Stand};

impl World {
    /// The nodes that must agree in the end, by tab: those that can read what is written and hear what is said.
    fn fellows(&self) -> Vec<(usize, &Node, Glance)> {
        let nodes = self.tabs.iter().enumerate().filter_map(|(tab, at)| {
            let node = at.node.as_ref()?;
            Some((tab, node, node.glance()))
        });
        let nodes: Vec<_> = nodes
            .filter(|(_, _, glance)| !glance.incompatible && !glance.cleared)
            .collect();
        // One that is overtaken and idle does not hear of it where builds do not understand one another.
        let newest = nodes
            .iter()
            .max_by_key(|(_, _, glance)| (glance.epoch, glance.stand == Stand::Leading));
        let build = newest.map(|(tab, _, _)| self.tabs[*tab].newer);
        let hears = |tab: usize| {
            self.weather.builds == Builds::Same
                || build.is_none_or(|newer| newer == self.tabs[tab].newer)
        };

        nodes
            .into_iter()
            .filter(|(tab, _, _)| hears(*tab))
            .collect()
    }

    /// Everybody is here, one leads, all are level with it, and nobody waits. Reloads who must be.
    pub(super) fn is_at_rest(&mut self) -> bool {
        for tab in 0..self.tabs.len() {
            let node = self.tabs[tab].node.as_ref();
            let glance = node.map(Node::glance);
            if glance.is_some_and(|glance| glance.cleared) {
                // As its status asks of the user.
                self.kill(tab, 100_000);
            }
        }
        let stays = |node: &Node| !node.glance().leaving;
        let mut tabs = self.tabs.iter();
        let here = tabs.all(|tab| tab.node.as_ref().is_some_and(stays));
        let pending = self.history.iter().any(|write| write.fate == Fate::Pending)
            || self.operated.keys().any(|(life, _)| self.is_alive(*life));

        here && !pending && self.check.unaware.is_empty() && self.unrest().is_none()
    }

    /// What is wrong with a world that should be at rest.
    fn unrest(&self) -> Option<String> {
        let fellows = self.fellows();
        let leaders = fellows
            .iter()
            .filter(|(_, _, glance)| glance.stand == Stand::Leading);
        let leaders: Vec<_> = leaders.collect();
        if fellows.is_empty() && self.weather.builds != Builds::Same {
            return None;
        }
        let [(_, _, leader)] = &leaders[..] else {
            return Some(format!("there are {} leaders at rest", leaders.len()));
        };
        let level = |glance: &Glance| {
            let same = glance.seq == leader.seq && glance.committed_seq == leader.seq;
            same && glance.waiting_calls == 0
        };
        if !fellows.iter().all(|(_, _, glance)| level(glance)) {
            return Some("the nodes did not come to rest".into());
        }

        None
    }

    fn is_alive(&self, life: u64) -> bool {
        let mut tabs = self.tabs.iter();

        tabs.any(|tab| tab.life == life && tab.node.is_some())
    }

    pub(super) fn judge_at_rest(&mut self) {
        if self.check.violation.is_some() {
            return;
        }
        let mut unaware = self.check.unaware.iter();
        if let Some(life) = unaware.find(|life| self.is_alive(**life)) {
            let what = format!("life {life} did not notice that storage was cleared");
            return self.check.fail(what, vec![format!("life {life} ")]);
        }
        if let Some(unrest) = self.unrest() {
            let stands = self.tabs.iter().enumerate().map(|(tab, at)| {
                let glance = at.node.as_ref().map(Node::glance);
                format!("tab {tab}: {glance:?}")
            });
            let stands: Vec<String> = stands.collect();
            let what = format!("{unrest}:\n  {}", stands.join("\n  "));
            return self.check.fail(what, Vec::new());
        }
        let mut operated = self.operated.iter();
        if let Some(((life, _), line)) = operated.find(|((life, _), _)| self.is_alive(*life)) {
            let node = self.tabs.iter().find(|tab| tab.life == *life);
            let glance = node.and_then(|tab| tab.node.as_ref()).map(Node::glance);
            let what = format!("{line} of life {life} is never answered: {glance:?}");
            return self
                .check
                .fail(what, vec![format!(": {line}"), "snapshot".into()]);
        }
        let digests: BTreeSet<u64> = self
            .fellows()
            .iter()
            .map(|(_, node, _)| digest(node))
            .collect();
        if digests.len() > 1 {
            return self
                .check
                .fail("the nodes differ at rest".into(), Vec::new());
        }
        let mut writes = self.history.iter();
        if let Some(number) = writes.position(|write| write.fate == Fate::Pending) {
            let (what, about) = fault(
                format!("write {} was never answered", token(number)),
                &[number],
            );
            return self.check.fail(what, about);
        }
        let Some(found) = self.find() else {
            return;
        };
        if let Err((what, about)) = self.judge_history(&found) {
            self.check.fail(what, about);
        }
    }

    fn find(&mut self) -> Option<Found> {
        let tab = self
            .fellows()
            .iter()
            .find(|(_, _, glance)| glance.stand == Stand::Leading)?
            .0;
        let now_ms = self.clock(tab);
        let session = self.tabs[tab].node.as_mut()?.open_session(now_ms);
        let mut found = Found {
            tokens: BTreeMap::new(),
            texts: BTreeMap::new(),
            numbers: BTreeMap::new(),
        };
        for key in LOGS.into_iter().chain(REGISTERS) {
            let text = self.find_text(tab, session, key);
            found.tokens.insert(key, tokens(&text));
            found.texts.insert(key, text);
        }
        for key in COUNTERS
            .into_iter()
            .chain(TALLIES)
            .chain(ACCOUNTS)
            .chain([RAISED])
        {
            let text = self.find_text(tab, session, key);
            let number = String::from_utf8_lossy(&text).parse().unwrap_or(0);
            found.numbers.insert(key, number);
        }
        for key in LISTS {
            let words: [&[u8]; 4] = [b"LRANGE", key.as_bytes(), b"0", b"-1"];
            if let Some(Reply::Array(items)) = self.read(tab, session, &words) {
                let item = |item: &Reply| match item {
                    Reply::Bulk(bytes) => tokens(bytes),
                    _ => Vec::new(),
                };
                found
                    .tokens
                    .insert(key, items.iter().flat_map(item).collect());
            }
        }

        Some(found)
    }

    fn find_text(&mut self, tab: usize, session: u64, key: &str) -> Vec<u8> {
        match self.read(tab, session, &[b"GET", key.as_bytes()]) {
            Some(Reply::Bulk(text)) => text,
            _ => Vec::new(),
        }
    }

    fn judge_history(&mut self, found: &Found) -> Judged {
        let history = std::mem::take(&mut self.history);
        // Damage that was reported excuses what is missing, and what its memory would have kept from being done
        // twice; and nothing is promised without storage. What is there is whole all the same.
        let excused = self.check.corrupt || self.check.vanished || self.weather.private;
        let judged = judge_whole(&history, found).and_then(|()| {
            if excused {
                return Ok(());
            }
            judge_tokens(&history, found)?;
            judge_places(&history, found)?;
            judge_numbers(&history, found)?;
            for key in REGISTERS {
                match judge_register(&history, key, found, self.now_us) {
                    Verdict::Linearizable => {}
                    Verdict::Not(number) => {
                        let what = format!(
                            "{key} is not linearizable: no order has a place for {}",
                            token(number)
                        );
                        return Err(fault(what, &[number]));
                    }
                    Verdict::Undecided => self.check.undecided += 1,
                }
            }
            Ok(())
        });
        self.history = history;

        judged
    }
}
