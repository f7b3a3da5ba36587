//! What goes wrong, and the calm after it.
use super::clients::Fate;
use super::world::{Sleep, Weather, What, World};
use crate::base::rng::Rng;
use crate::node::{Election, Input};

impl Weather {
    /// Worlds differ: some are mild in all but one respect.
    pub fn draw(rng: &mut Rng, sleepy: bool) -> Weather {
        let any = |rng: &mut Rng, choices: &[u64]| choices[rng.index(choices.len())];

        let mut weather = Weather {
            tabs: 2 + rng.index(3),
            election: if rng.below(6) == 0 {
                Election::Lease
            } else {
                Election::Lock
            },
            run_ms: any(rng, &[3000, 5000, 8000, 16_000]),
            dropped: any(rng, &[0, 0, 50, 500]),
            doubled: any(rng, &[0, 50, 500]),
            delay_us: any(rng, &[400, 2000, 20_000]),
            unknown: any(rng, &[0, 0, 50, 200]),
            lost: any(rng, &[0, 0, 30]),
            storage_us: any(rng, &[500, 2000, 10_000]),
            fault_ms: any(rng, &[400, 1000, 3000]),
            aimed: any(rng, &[0, 3, 10]),
            aimed_at_claims: any(rng, &[0, 0, 100, 400]),
            sleep_ms: any(rng, &[1000, 6000, 12_000]),
            snapshot_after_bytes: any(rng, &[500, 3000, 1 << 20]) as usize,
        };
        if rng.below(6) == 0 || sleepy {
            // Claimants that fall asleep while the log goes on and is cut.
            weather.election = Election::Lock;
            weather.tabs = 4;
            weather.run_ms = 16_000;
            weather.aimed = 20;
            weather.aimed_at_claims = 300;
            weather.sleep_ms = 12_000;
            weather.fault_ms = 3000;
            weather.snapshot_after_bytes = 300;
        }

        weather
    }
}

impl World {
    pub(super) fn fault(&mut self) {
        if self.calm {
            return;
        }
        let delay_us = 1000 * (50 + self.rng.below(2 * self.weather.fault_ms));
        self.later(delay_us, What::Fault);
        let tab = self.rng.index(self.tabs.len());
        match self.rng.below(12) {
            0..=5 => self.strike(tab),
            6 => {
                let told = self.lock.lose();
                self.note(|| "the lock is lost".into());
                self.tell(told);
            }
            7 => {
                self.note(|| "storage is full".into());
                self.database.full = true;
                let delay_us = self.rng.below(2_000_000);
                self.later(delay_us, What::Room);
            }
            8 => {
                let span_us = self.rng.below(5_000_000);
                self.note(|| format!("storage stands still for {} ms", span_us / 1000));
                self.stalled_until_us = self.now_us + span_us;
            }
            9 => {
                let life = self.tabs[tab].life;
                self.note(|| format!("tab {tab}: its storage is closed"));
                self.close_connection(tab);
                self.input(tab, life, Input::StorageClosed);
            }
            10 => {
                let (life, visible) = (self.tabs[tab].life, self.rng.below(2) == 0);
                self.input(tab, life, Input::Visible(visible));
            }
            _ => {
                if self.tabs[tab].node.is_none() {
                    self.later(1000, What::Load { tab });
                }
            }
        }
    }

    /// Something befalls one tab.
    pub(super) fn strike(&mut self, tab: usize) {
        let life = self.tabs[tab].life;
        if self.tabs[tab].node.is_none() || self.tabs[tab].sleep != Sleep::Awake {
            return;
        }
        let span_us = 1000 * (200 + self.rng.below(self.weather.sleep_ms));
        match self.rng.below(6) {
            0 => self.kill(tab),
            1 | 2 => self.hang(tab),
            3 => {
                self.note(|| format!("tab {tab}: is frozen for {} ms", span_us / 1000));
                self.tabs[tab].sleep = Sleep::Frozen;
                self.later(span_us, What::Wake { tab, life });
            }
            4 => {
                self.note(|| format!("tab {tab}: leaves for {} ms", span_us / 1000));
                self.tabs[tab].away = true;
                self.later(
                    0,
                    What::Input {
                        tab,
                        life,
                        input: Input::Leave,
                    },
                );
                let input = Input::Return;
                self.later(span_us, What::Input { tab, life, input });
            }
            _ => {
                self.note(|| format!("tab {tab}: is closed"));
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
        }
    }

    /// The thread of a tab does nothing for a while.
    pub(super) fn hang(&mut self, tab: usize) {
        let (life, span_ms) = (
            self.tabs[tab].life,
            200 + self.rng.below(self.weather.sleep_ms),
        );
        if self.tabs[tab].sleep != Sleep::Awake {
            return;
        }
        self.note(|| format!("tab {tab}: hangs for {span_ms} ms"));
        self.tabs[tab].sleep = Sleep::Hung;
        self.later(span_ms * 1000, What::Wake { tab, life });
    }

    /// The page is gone from one moment to the next.
    fn kill(&mut self, tab: usize) {
        let life = self.tabs[tab].life;
        self.note(|| format!("tab {tab}: life {life} is killed"));
        self.tabs[tab].node = None;
        self.orphan(life);
        let told = self.lock.release(life);
        self.tell(told);
        let delay_us = 50_000 + self.rng.below(2_000_000);
        self.later(delay_us, What::Load { tab });
    }

    /// Nobody will hear what becomes of this life's calls.
    fn orphan(&mut self, life: u64) {
        for client in &mut self.clients {
            if client.life == life
                && let Some(number) = client.under_way.take()
                && self.history[number].fate == Fate::Pending
            {
                self.history[number].fate = Fate::Unknown;
            }
        }
    }

    /// The storm is over: everything works from now on, and all come back.
    pub(super) fn calm_down(&mut self) {
        self.note(|| "calm".into());
        self.calm = true;
        self.database.full = false;
        self.stalled_until_us = 0;
        for tab in 0..self.tabs.len() {
            let life = self.tabs[tab].life;
            if self.tabs[tab].node.is_none() {
                self.later(1000, What::Load { tab });
                continue;
            }
            self.later(1000, What::Wake { tab, life });
            if self.tabs[tab].away {
                let input = Input::Return;
                self.later(2000, What::Input { tab, life, input });
            }
        }
    }
}
