//! Tabs: what reaches their nodes, and what their nodes want done.
use super::clients::Client;
use super::lock::{Life, Request, Told};
use super::trace::{Weight, show_input};
use super::weather::{Builds, Moment};
use super::world::{Sleep, Tab, What, World};
use crate::node::{Event, Input, Node, NodeOptions, Output, Stand};

/// Browser: no timer is set for longer.
const TIMER_MS_MAX: u64 = 1 << 30;

impl World {
    pub(super) fn load(&mut self, tab: usize) {
        if self.tabs[tab].node.is_some() {
            return;
        }
        self.last_life += 1;
        let life = self.last_life;
        let at = &mut self.tabs[tab];
        *at = Tab {
            life,
            requests: at.requests,
            timers_set: at.timers_set,
            ..Tab::empty()
        };
        at.ahead_ms = self.clock_ms;
        if self.weather.skewed {
            at.ahead_ms += self.rng.below(7_200_000) as i64;
        }
        at.newer = self.weather.builds != Builds::Same && self.rng.below(2) == 0;
        at.visible = self.rng.below(2) == 0;
        if !self.calm && self.rng.below(4) == 0 {
            // The channel is there later than the node.
            at.deaf_until_us = self.now_us + self.rng.below(500_000);
        }
        let mut origin = [0; 16];
        origin[..8].copy_from_slice(&life.to_le_bytes());
        let options = NodeOptions {
            name: "sim".into(),
            origin,
            seed: self.rng.next_u64(),
            election: self.weather.election,
            snapshot_after_bytes: self.weather.snapshot_after_bytes,
            // As much to the small logs of these worlds as a MiB is to those of a browser.
            ballast_bytes: 4096,
            visible: self.tabs[tab].visible,
            // What a user decides who was told that acknowledged writes are gone.
            discard_lost: self.calm && self.check.damaged,
            mutants: self.mutants,
            ..NodeOptions::default()
        };
        let newer = self.tabs[tab].newer;
        self.note(Weight::Event, || {
            format!(
                "tab {tab}: life {life} begins{}",
                if newer { ", of the newer build" } else { "" }
            )
        });
        self.tabs[tab].node = Some(Node::new(self.clock(tab), options));
        for _ in 0..1 + self.rng.below(2) {
            self.open_client(tab);
        }
        self.perform_outputs(tab);
    }

    fn open_client(&mut self, tab: usize) {
        let (now_ms, life) = (self.clock(tab), self.tabs[tab].life);
        let Some(node) = &mut self.tabs[tab].node else {
            return;
        };
        let session = node.open_session(now_ms);
        let client = self.clients.len();
        self.clients.push(Client::new(life, session));
        self.later(20_000, What::Client(client));
    }

    pub(super) fn tab_of(&self, life: Life) -> Option<usize> {
        self.tabs
            .iter()
            .position(|tab| tab.life == life && tab.node.is_some())
    }

    pub(super) fn input(&mut self, tab: usize, life: Life, input: Input) {
        let now_ms = self.clock(tab);
        let at = &mut self.tabs[tab];
        if at.life != life || at.node.is_none() {
            return;
        }
        let message = matches!(input, Input::Received(_));
        match at.sleep {
            Sleep::Frozen if message => {}
            Sleep::Awake => {}
            Sleep::Cached if message => {
                // Browser: a message evicts a page from the back-forward cache.
                if self.rng.below(100) == 0 {
                    self.kill(tab, 100_000);
                }
                return;
            }
            _ => return at.held.push(input),
        }
        if input == Input::Return {
            at.away = false;
        }
        if self.trace.on && !matches!(input, Input::Timer) && !message {
            self.note(Weight::Step, || {
                format!("tab {tab}: <- {}", show_input(&input))
            });
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
        let cached = at.sleep == Sleep::Cached;
        at.sleep = Sleep::Awake;
        self.quiet_since_us = self.now_us;
        let mut held = std::mem::take(&mut at.held);
        self.note(Weight::Event, || format!("tab {tab}: wakes"));
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
        if cached {
            self.input(tab, life, Input::Return);
        }
        self.input(tab, life, Input::Timer);
        if !self.calm && self.rng.below(2) == 0 {
            // What the page had set itself to do is long due: it comes before the word that the lock is lost.
            let clients = 0..self.clients.len();
            let here: Vec<usize> = clients
                .filter(|at| self.clients[*at].life == life)
                .collect();
            here.into_iter().for_each(|client| self.client_acts(client));
        }
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
        while let Some(output) = self.next_output(tab) {
            match output {
                Output::Reply { call, reply } => self.replied(life, call, &reply),
                Output::Send(bytes) => self.send(tab, bytes),
                Output::Store { id, op } => self.store(tab, id, op),
                Output::RequestLock => {
                    let request = self.lock_request(tab);
                    let told = self.lock.request(request);
                    self.tell(told);
                }
                Output::StealLock => {
                    self.note(Weight::Event, || format!("tab {tab}: steals the lock"));
                    let request = self.lock_request(tab);
                    let told = self.lock.steal(request);
                    self.tell(told);
                }
                Output::ReleaseLock => {
                    self.note(Weight::Step, || format!("tab {tab}: releases the lock"));
                    self.lock_request(tab);
                    let told = self.lock.release(life);
                    self.tell(told);
                }
                Output::SetTimer { at_ms } => self.set_timer(tab, at_ms),
                Output::Event(event) => self.told_event(tab, event),
                Output::Push { .. } | Output::CloseSession(_) => {}
                Output::Closed => {
                    let delay_us = self.rng.below(3_000_000);
                    self.remove(tab, delay_us);
                }
            }
        }
        self.check_tab(tab);
    }

    /// A page that stands still leaves undone what its node has put out.
    fn next_output(&mut self, tab: usize) -> Option<Output> {
        let at = &mut self.tabs[tab];
        if matches!(at.sleep, Sleep::Hung | Sleep::Cached) {
            return None;
        }

        at.node.as_mut()?.poll()
    }

    /// The node is gone, and so is its hold on the lock; another comes later.
    pub(super) fn remove(&mut self, tab: usize, delay_us: u64) {
        let life = self.tabs[tab].life;
        if self.leads_last(tab) {
            self.check.leaderless_us.get_or_insert(self.now_us);
        }
        self.tabs[tab].node = None;
        self.orphan(life);
        let told = self.lock.release(life);
        self.tell(told);
        self.later(delay_us, What::Load { tab });
    }

    /// Whether it leads, and nobody leads a later epoch.
    fn leads_last(&self, tab: usize) -> bool {
        let reign = |tab: &Tab| {
            let glance = tab.node.as_ref()?.glance();
            (glance.stand == Stand::Leading).then_some(glance.epoch)
        };
        let own = reign(&self.tabs[tab]);

        own.is_some() && own == self.tabs.iter().filter_map(reign).max()
    }

    pub(super) fn set_timer(&mut self, tab: usize, at_ms: u64) {
        let life = self.tabs[tab].life;
        let delay_ms = at_ms.saturating_sub(self.clock(tab)).clamp(1, TIMER_MS_MAX);
        let mut delay_us = 1000 * delay_ms;
        let throttle_us = 1000 * self.weather.throttle_ms;
        let waits = at_ms > self.clock(tab);
        if waits && throttle_us > 0 && !self.calm && !self.tabs[tab].visible {
            // Browser: timers of hidden pages come at whole seconds, later at whole minutes.
            let due_us = (self.now_us + delay_us).next_multiple_of(throttle_us);
            delay_us = due_us - self.now_us;
        }
        self.tabs[tab].timer_ms = at_ms;
        self.tabs[tab].timers_set += 1;
        let set = self.tabs[tab].timers_set;
        self.later(delay_us, What::Timer { tab, life, set });
    }

    pub(super) fn told_event(&mut self, tab: usize, event: Event) {
        let life = self.tabs[tab].life;
        let weight = match event {
            Event::Expired { .. } => Weight::Chatter,
            _ => Weight::Event,
        };
        self.note(weight, || format!("tab {tab}: ** {event:?}"));
        self.check_event(tab, life, &event);
        if matches!(event, Event::Leader { .. }) {
            self.aim(Moment::BetweenClaimAndAnnounce, tab);
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
}
