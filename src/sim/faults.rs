//! What goes wrong, and the calm after it.
use super::database::{GONE, Room};
use super::history::Fate;
use super::lock::{Life, Service};
use super::trace::Weight;
use super::weather::{Fault, Moment};
use super::world::{Sleep, What, World};
use crate::node::{Election, Input, Node};

/// Browser: a transaction that stands still is aborted after a minute.
const OPEN_TRANSACTION_US: u64 = 60_000_000;
/// By so much a clock is set back or forward at most.
const CLOCK_MS: u64 = 6 * 3_600_000;

impl World {
    pub(super) fn fault(&mut self) {
        if self.calm {
            return;
        }
        let delay_us = 1000 * (50 + self.rng.below(2 * self.weather.fault_ms));
        self.later(delay_us, What::Fault);
        let total: u64 = self.weather.faults.iter().map(|(_, weight)| weight).sum();
        let mut drawn = self.rng.below(total.max(1));
        let chosen = self.weather.faults.iter().find(|(_, weight)| {
            let found = drawn < *weight;
            drawn = drawn.saturating_sub(*weight);
            found
        });
        if let Some((fault, _)) = chosen.copied() {
            let tab = self.rng.index(self.tabs.len());
            self.strike(tab, fault);
        }
    }

    /// A point of the protocol is reached: a fault may be waiting there.
    pub(super) fn aim(&mut self, moment: Moment, tab: usize) {
        self.aim_at(moment, tab);
    }

    /// Whether one struck.
    pub(super) fn aim_at(&mut self, moment: Moment, tab: usize) -> bool {
        if self.calm {
            return false;
        }
        let here = self.weather.aims.iter().filter(|aim| aim.moment == moment);
        let aims: Vec<_> = here.map(|aim| (aim.fault, aim.permille)).collect();
        for (fault, permille) in aims {
            if self.rng.below(1000) < permille {
                self.note(Weight::Event, || format!("tab {tab}: -- at {moment:?}:"));
                *self.struck.entry(format!("at {moment:?}")).or_default() += 1;
                self.strike(tab, fault);
                return true;
            }
        }

        false
    }

    /// A fault befalls one tab, or all of them.
    pub(super) fn strike(&mut self, tab: usize, fault: Fault) {
        *self.struck.entry(format!("{fault:?}")).or_default() += 1;
        let sleeps = matches!(fault, Fault::Hang | Fault::Freeze | Fault::Cache);
        if !sleeps {
            self.quiet_since_us = self.now_us;
        }
        match fault {
            Fault::Steal | Fault::LoseLock | Fault::LockFails => self.strike_lock(fault),
            Fault::Fill | Fault::Stall | Fault::PowerCut | Fault::Clear | Fault::Damage => {
                self.strike_storage(fault);
            }
            Fault::SleepAll => self.sleep_all(),
            Fault::Reopen => self.reopen(),
            Fault::SetClock => self.set_clock(),
            Fault::CloseStorage => {
                self.note(Weight::Event, || {
                    "another version of the database is wanted: all close theirs".into()
                });
                for tab in 0..self.tabs.len() {
                    if self.tabs[tab].node.is_some() {
                        self.disconnect(tab);
                    }
                }
            }
            Fault::Jump => {
                let ms = self.rng.below(3_600_000) as i64;
                self.note(Weight::Event, || {
                    format!("clocks are set forward by {} s", ms / 1000)
                });
                self.tabs.iter_mut().for_each(|tab| tab.ahead_ms += ms);
            }
            Fault::Show => {
                let (life, visible) = (self.tabs[tab].life, self.rng.below(2) == 0);
                self.note(Weight::Event, || format!("tab {tab}: visible: {visible}"));
                self.tabs[tab].visible = visible;
                self.later(
                    0,
                    What::Input {
                        tab,
                        life,
                        input: Input::Visible(visible),
                    },
                );
            }
            _ => self.strike_tab(tab, fault),
        }
    }

    /// The machine's clock is set. Pages that are open never go back in time: their driver sees to that.
    fn set_clock(&mut self) {
        let ms = self.rng.below(2 * CLOCK_MS) as i64 - CLOCK_MS as i64;
        self.note(Weight::Event, || {
            format!("the clock is set by {} s", ms / 1000)
        });
        self.clock_ms += ms;
        if ms > 0 {
            self.tabs.iter_mut().for_each(|tab| tab.ahead_ms += ms);
        }
    }

    fn strike_tab(&mut self, tab: usize, fault: Fault) {
        if self.tabs[tab].node.is_none() || self.tabs[tab].sleep != Sleep::Awake {
            return;
        }
        let span_us = 1000 * (200 + self.rng.below(self.weather.sleep_ms));
        match fault {
            Fault::Kill => {
                let delay_us = 50_000 + self.rng.below(2_000_000);
                self.kill(tab, delay_us);
            }
            Fault::Crash => self.kill(tab, 20_000),
            Fault::Hang => self.put_to_sleep(tab, Sleep::Hung, span_us),
            Fault::Freeze => self.put_to_sleep(tab, Sleep::Frozen, span_us),
            Fault::Cache => self.put_to_sleep(tab, Sleep::Cached, span_us),
            Fault::HangInside | Fault::FreezeInside => {
                let kind = match fault {
                    Fault::HangInside => Sleep::Hung,
                    _ => Sleep::Frozen,
                };
                self.put_to_sleep(tab, kind, span_us);
                self.note(Weight::Event, || {
                    "with a transaction open: storage waits".into()
                });
                let until_us = self.now_us + span_us.min(OPEN_TRANSACTION_US);
                self.stalled_until_us = self.stalled_until_us.max(until_us);
            }
            Fault::Deafen => {
                self.note(Weight::Event, || {
                    format!("tab {tab}: no messages for {} ms", span_us / 1000)
                });
                self.tabs[tab].deaf_until_us = self.now_us + span_us;
            }
            Fault::Disconnect => {
                self.note(Weight::Event, || {
                    format!("tab {tab}: its storage is closed")
                });
                self.disconnect(tab);
            }
            _ => self.send_away(tab, fault, span_us),
        }
    }

    /// The page goes in good order, or nearly so.
    fn send_away(&mut self, tab: usize, fault: Fault, span_us: u64) {
        let life = self.tabs[tab].life;
        match fault {
            Fault::Away => {
                self.note(Weight::Event, || {
                    format!("tab {tab}: leaves for {} ms", span_us / 1000)
                });
                self.tabs[tab].away = true;
                self.later(
                    0,
                    What::Input {
                        tab,
                        life,
                        input: Input::Leave,
                    },
                );
                self.later(
                    span_us,
                    What::Input {
                        tab,
                        life,
                        input: Input::Return,
                    },
                );
            }
            Fault::Close => {
                self.note(Weight::Event, || format!("tab {tab}: is closed"));
                self.later(
                    0,
                    What::Input {
                        tab,
                        life,
                        input: Input::Close,
                    },
                );
                self.orphan(life);
            }
            Fault::Reload => {
                self.note(Weight::Event, || format!("tab {tab}: is reloaded"));
                self.input(tab, life, Input::Close);
                if self.tabs[tab].life == life && self.tabs[tab].node.is_some() {
                    self.remove(tab, 50_000);
                }
            }
            _ => {}
        }
    }

    fn disconnect(&mut self, tab: usize) {
        let life = self.tabs[tab].life;
        let connection = std::mem::take(&mut self.tabs[tab].connection);
        self.closed.insert(connection);
        self.later(
            0,
            What::Input {
                tab,
                life,
                input: Input::StorageClosed,
            },
        );
    }

    fn put_to_sleep(&mut self, tab: usize, kind: Sleep, span_us: u64) {
        let life = self.tabs[tab].life;
        self.note(Weight::Event, || {
            format!("tab {tab}: is {kind:?} for {} ms", span_us / 1000)
        });
        self.tabs[tab].sleep = kind;
        self.tabs[tab].wakes_us = self.now_us + span_us;
        self.later(span_us, What::Wake { tab, life });
    }

    fn strike_lock(&mut self, fault: Fault) {
        let span_us = 1000 * (1 + self.rng.below(2000));
        match fault {
            Fault::Steal => {
                self.note(Weight::Event, || "a stranger steals the lock".into());
                let told = self.lock.rob();
                self.tell(told);
                self.later(span_us, What::StrangerGoes);
            }
            Fault::LoseLock => {
                self.note(Weight::Event, || "the lock is lost".into());
                let told = self.lock.lose();
                self.tell(told);
            }
            _ if self.weather.election == Election::Lock => {
                let service = match self.rng.below(2) {
                    0 => Service::Everyone,
                    _ => Service::Silent,
                };
                self.note(Weight::Event, || format!("the lock serves {service:?}"));
                self.lock.restart(service);
                self.later(5 * span_us, What::LockWorks);
            }
            _ => {}
        }
    }

    /// The lock's service begins anew: everybody hears that what was had is lost.
    pub(super) fn lock_works(&mut self) {
        if self.weather.election == Election::Lease || self.lock.service == Service::Honest {
            return;
        }
        self.note(Weight::Event, || "the lock works again".into());
        self.quiet_since_us = self.now_us;
        self.lock.restart(Service::Honest);
        for tab in 0..self.tabs.len() {
            let at = &self.tabs[tab];
            if at.node.is_some() {
                let request = (at.life, at.requests);
                self.later(
                    1000,
                    What::Lock {
                        tab,
                        request,
                        input: Input::LockLost,
                    },
                );
            }
        }
    }

    fn strike_storage(&mut self, fault: Fault) {
        match fault {
            Fault::Fill => {
                self.database.room = match self.rng.below(2) {
                    0 => Room::Little,
                    _ => Room::None,
                };
                self.note(Weight::Event, || "storage is full".into());
                let delay_us = self.rng.below(4_000_000);
                self.later(delay_us, What::Room);
            }
            Fault::Stall => {
                let span_us = self.rng.below(5_000_000);
                self.note(Weight::Event, || {
                    format!("storage stands still for {} ms", span_us / 1000)
                });
                self.stalled_until_us = self.now_us + span_us;
            }
            Fault::PowerCut => self.power_cut(),
            Fault::Clear => self.clear(),
            _ => {
                let what = self.database.damage(&mut self.rng);
                if let Some(what) = what {
                    self.note(Weight::Event, || format!("storage is damaged: {what}"));
                    self.check.damaged = true;
                    self.check.vanished |= what.ends_with(GONE);
                }
            }
        }
    }

    fn power_cut(&mut self) {
        self.drop_transactions();
        let undone = self.database.cut_power(&mut self.rng);
        self.note(Weight::Event, || {
            format!("the power is cut: {undone} transactions are lost")
        });
        self.check.power_was_cut(undone);
        let bound_us = match self.weather.loses_a_second_at_most() {
            true => 1_000_000 + 4 * self.weather.storage_us + 100_000,
            false => u64::MAX,
        };
        // The next leader's seal is strict; until there is one, nobody makes durable what was left.
        let until_us = self.check.leaderless_us.unwrap_or(self.now_us);
        let from_us = until_us.saturating_sub(bound_us);
        self.excuse_relaxed(from_us);
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].node.is_some() {
                let delay_us = 2_000_000 + self.rng.below(500_000);
                self.remove(tab, delay_us);
            }
        }
    }

    /// The user deletes the data, or another page of the origin does.
    fn clear(&mut self) {
        self.note(Weight::Event, || "storage is cleared".into());
        self.database.clear();
        self.counter += 1;
        let knows = |node: &Node| node.glance().identity.is_some();
        let lives = self
            .tabs
            .iter()
            .filter(|tab| tab.node.as_ref().is_some_and(knows));
        let lives: Vec<Life> = lives.map(|tab| tab.life).collect();
        self.check.cleared_us = self.now_us;
        self.check.was_cleared(self.counter, self.last_life, lives);
        self.excuse_all();
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].node.is_some() && self.rng.below(10) > 0 {
                self.disconnect(tab);
            }
        }
    }

    fn sleep_all(&mut self) {
        let span_us = 1000 * (200 + self.rng.below(2 * self.weather.sleep_ms));
        self.note(Weight::Event, || {
            format!("the machine sleeps for {} ms", span_us / 1000)
        });
        self.stalled_until_us = self.stalled_until_us.max(self.now_us + span_us);
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].node.is_some() && self.tabs[tab].sleep == Sleep::Awake {
                let wakes_us = span_us + self.rng.below(20_000);
                self.put_to_sleep(tab, Sleep::Hung, wakes_us);
            }
        }
    }

    /// The last tab is closed, or the browser killed; later all come back.
    fn reopen(&mut self) {
        let kills = self.rng.below(2) == 0;
        self.note(Weight::Event, || format!("all tabs end; killed: {kills}"));
        for tab in 0..self.tabs.len() {
            let life = self.tabs[tab].life;
            if self.tabs[tab].node.is_none() {
                continue;
            }
            if !kills {
                self.input(tab, life, Input::Close);
            }
            if self.tabs[tab].life == life && self.tabs[tab].node.is_some() {
                let delay_us = 500_000 + self.rng.below(500_000);
                self.remove(tab, delay_us);
            }
        }
    }

    /// The page is gone from one moment to the next.
    pub(super) fn kill(&mut self, tab: usize, delay_us: u64) {
        let life = self.tabs[tab].life;
        self.note(Weight::Event, || {
            format!("tab {tab}: life {life} is killed")
        });
        self.remove(tab, delay_us);
    }

    /// Nobody will hear what becomes of this life's calls.
    pub(super) fn orphan(&mut self, life: Life) {
        self.calls.retain(|(of, _), _| *of != life);
        for client in self.clients.iter_mut().filter(|client| client.life == life) {
            if let Some(number) = client.under_way.take()
                && self.history[number].fate == Fate::Pending
            {
                self.history[number].fate = Fate::Unknown;
            }
        }
    }

    /// The storm is over: everything works from now on, and all come back.
    pub(super) fn calm_down(&mut self) {
        self.note(Weight::Event, || "calm".into());
        self.calm = true;
        self.database.room = Room::Enough;
        self.stalled_until_us = 0;
        self.lock_works();
        let told = self.lock.stranger_goes();
        self.tell(told);
        if self.check.damaged {
            // As the event that tells of damage asks of the user: what is in memory and what can be read differ.
            self.reopen();
        }
        for tab in 0..self.tabs.len() {
            let life = self.tabs[tab].life;
            self.tabs[tab].deaf_until_us = 0;
            if self.tabs[tab].node.is_none() {
                self.later(1000, What::Load { tab });
                continue;
            }
            self.later(1000, What::Wake { tab, life });
            // Timers that were held back are so no longer.
            self.set_timer(tab, self.tabs[tab].timer_ms);
            if self.tabs[tab].away {
                self.later(
                    3000,
                    What::Input {
                        tab,
                        life,
                        input: Input::Return,
                    },
                );
            }
        }
    }
}
