//! Tabs: what reaches their nodes, and what their nodes want done.
use std::collections::BTreeMap;

use super::clients::Client;
use super::lock::{Life, Request, Told};
use super::world::{Sleep, What, World};
use crate::node::{Event, Input, Node, NodeOptions, Output};

impl World {
    pub(super) fn load(&mut self, tab: usize) {
        if self.tabs[tab].node.is_some() {
            return;
        }
        self.last_life += 1;
        let life = self.last_life;
        let mut origin = [0; 16];
        origin[..8].copy_from_slice(&life.to_le_bytes());
        let options = NodeOptions {
            name: "sim".into(),
            origin,
            seed: self.rng.next_u64(),
            election: self.weather.election,
            snapshot_after_bytes: self.weather.snapshot_after_bytes,
            visible: self.rng.below(2) == 0,
            mutants: self.mutants,
            ..NodeOptions::default()
        };
        self.note(|| format!("tab {tab}: life {life} begins"));
        let node = Node::new(self.now_ms(), options);
        let at = &mut self.tabs[tab];
        at.life = life;
        at.node = Some(node);
        at.sleep = Sleep::Awake;
        at.away = false;
        at.held.clear();
        at.held_lock.clear();
        at.connection = 0;
        for _ in 0..1 + self.rng.below(2) {
            let now_ms = self.now_ms();
            let Some(node) = &mut self.tabs[tab].node else {
                return;
            };
            let session = node.open_session(now_ms);
            let client = self.clients.len();
            self.clients.push(Client {
                life,
                session,
                under_way: None,
                written: BTreeMap::new(),
                read: BTreeMap::new(),
            });
            self.later(20_000, What::Client(client));
        }
        self.perform_outputs(tab);
    }

    pub(super) fn tab_of(&self, life: Life) -> Option<usize> {
        self.tabs
            .iter()
            .position(|tab| tab.life == life && tab.node.is_some())
    }

    pub(super) fn input(&mut self, tab: usize, life: Life, input: Input) {
        let now_ms = self.now_ms();
        let at = &mut self.tabs[tab];
        if at.life != life || at.node.is_none() {
            return;
        }
        let asleep = match at.sleep {
            Sleep::Awake => false,
            Sleep::Hung => true,
            Sleep::Frozen => !matches!(input, Input::Received(_)),
        };
        if asleep {
            return at.held.push(input);
        }
        if self.tracing && !matches!(input, Input::Timer | Input::Received(_)) {
            let shown: String = format!("{input:?}").chars().take(150).collect();
            self.note(|| format!("tab {tab}: <- {shown}"));
        }
        let Some(node) = &mut self.tabs[tab].node else {
            return;
        };
        node.handle(now_ms, input);
        self.perform_outputs(tab);
    }

    pub(super) fn wake(&mut self, tab: usize, life: Life) {
        let at = &mut self.tabs[tab];
        if at.life != life || at.sleep == Sleep::Awake {
            return;
        }
        at.sleep = Sleep::Awake;
        let mut held = std::mem::take(&mut at.held);
        self.note(|| format!("tab {tab}: wakes"));
        // What comes by different ways comes in any order.
        if self.rng.below(2) == 0 {
            held.reverse();
        }
        for (request, input) in std::mem::take(&mut self.tabs[tab].held_lock) {
            // As measured: who was robbed of the lock hears of it 4 to 16 ms after it wakes.
            let delay_us = 4000 + self.rng.below(12_000);
            self.later(
                delay_us,
                What::Lock {
                    tab,
                    request,
                    input,
                },
            );
        }
        for input in held {
            self.input(tab, life, input);
        }
        self.input(tab, life, Input::Timer);
    }

    pub(super) fn lock_tells(&mut self, tab: usize, request: Request, input: Input) {
        let at = &mut self.tabs[tab];
        if at.sleep != Sleep::Awake {
            at.held_lock.push((request, input));
        } else if request == (at.life, at.requests) {
            self.input(tab, request.0, input);
        }
    }

    pub(super) fn lock_request(&mut self, tab: usize) -> Request {
        let at = &mut self.tabs[tab];
        at.requests += 1;

        (at.life, at.requests)
    }

    pub(super) fn perform_outputs(&mut self, tab: usize) {
        let life = self.tabs[tab].life;
        while let Some(output) = self.tabs[tab].node.as_mut().and_then(Node::poll) {
            match output {
                Output::Reply { call, reply } => self.replied(life, call, &reply),
                Output::Send(bytes) => self.send(tab, &bytes),
                Output::Store { id, op } => self.store(tab, life, id, op),
                Output::RequestLock => {
                    let request = self.lock_request(tab);
                    let told = self.lock.request(request);
                    self.tell(told);
                }
                Output::StealLock => {
                    self.note(|| format!("tab {tab}: steals the lock"));
                    let request = self.lock_request(tab);
                    let told = self.lock.steal(request);
                    self.tell(told);
                }
                Output::ReleaseLock => {
                    self.note(|| format!("tab {tab}: releases the lock"));
                    self.lock_request(tab);
                    let told = self.lock.release(life);
                    self.tell(told);
                }
                Output::SetTimer { at_ms } => {
                    let delay_us = (at_ms * 1000).saturating_sub(self.now_us).max(1000);
                    self.tabs[tab].timers_set += 1;
                    let set = self.tabs[tab].timers_set;
                    self.later(delay_us, What::Timer { tab, life, set });
                }
                Output::Event(event) => self.told_event(tab, event),
                Output::Push { .. } | Output::CloseSession(_) => {}
                Output::Closed => {
                    self.tabs[tab].node = None;
                    let told = self.lock.release(life);
                    self.tell(told);
                    let delay_us = self.rng.below(2_000_000);
                    self.later(delay_us, What::Load { tab });
                }
            }
        }
        self.check_tab(tab);
    }

    pub(super) fn told_event(&mut self, tab: usize, event: Event) {
        let life = self.tabs[tab].life;
        self.note(|| format!("tab {tab}: ** {event:?}"));
        match event {
            Event::Leader { epoch } => self.check.leads(epoch, life),
            Event::Corrupt { sentence } => {
                self.check
                    .fail(format!("tab {tab} found damage: {sentence}"));
            }
            Event::Incompatible { .. } | Event::Cleared | Event::MemoryOnly { .. } => {
                self.check.fail(format!("tab {tab} says {event:?}"));
            }
            _ => {}
        }
    }

    pub(super) fn tell(&mut self, told: Vec<Told>) {
        for told in told {
            let (request, input) = match told {
                Told::Granted(request) => (request, Input::LockGranted),
                Told::Lost(request) => (request, Input::LockLost),
            };
            if let Some(tab) = self.tab_of(request.0) {
                let delay_us = 500 + self.rng.below(3000);
                self.later(
                    delay_us,
                    What::Lock {
                        tab,
                        request,
                        input,
                    },
                );
            }
        }
    }

    pub(super) fn send(&mut self, from: usize, bytes: &[u8]) {
        if self.tracing {
            let message = crate::replica::Message::decode(bytes);
            let shown: String = format!("{message:?}").chars().take(160).collect();
            self.note(|| format!("tab {from}: says {shown}"));
        }
        for tab in 0..self.tabs.len() {
            if tab == from || self.tabs[tab].node.is_none() {
                continue;
            }
            let mut copies = 1;
            if !self.calm {
                copies -= u64::from(self.rng.below(10_000) < self.weather.dropped);
                copies += u64::from(self.rng.below(10_000) < self.weather.doubled);
            }
            for copy in 0..copies {
                // A copy may come long after.
                let span = if copy > 0 {
                    3_000_000
                } else {
                    self.weather.delay_us
                };
                let delay_us = 100 + self.rng.below(span);
                let (life, bytes) = (self.tabs[tab].life, bytes.to_vec());
                let input = Input::Received(bytes);
                self.later(delay_us, What::Input { tab, life, input });
            }
        }
    }
}
