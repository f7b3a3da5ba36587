//! For tests: commands run on a keyspace of their own, and what they left behind.
use std::cell::RefCell;

use super::{Args, Effects, Handler, ReadContext, Reply, Settings, Subscriptions, WriteContext};
use crate::base::rng::Rng;
use crate::keyspace::{EventClass, Keyspace};

pub(super) struct Trial {
    pub keyspace: Keyspace,
    pub settings: Settings,
    pub rng: RefCell<Rng>,
    /// Of the last command: each as one line of words.
    pub effects: Vec<String>,
    /// Of the last command, by name.
    pub events: Vec<&'static str>,
    /// Of the last command: Redis's `dirty`.
    pub changes: u64,
}

impl Trial {
    pub fn new() -> Self {
        let mut keyspace = Keyspace::new(Settings::default().limits);
        keyspace.set_events_wanted(EventClass(u16::MAX));
        Trial {
            keyspace,
            settings: Settings::default(),
            rng: RefCell::new(Rng::new(1)),
            effects: Vec::new(),
            events: Vec::new(),
            changes: 0,
        }
    }

    /// Runs the words of `line` in database 0.
    pub fn run(&mut self, line: &str) -> Reply {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();

        self.run_words(&words)
    }

    pub fn run_words(&mut self, argv: &[&[u8]]) -> Reply {
        let command = super::find(argv).expect("a command");
        assert!(command.takes(argv.len()), "a call of the right length");
        let args = Args::new(argv, command.name_words());
        let before = self.keyspace.dirty();
        let mut effects = Effects::default();
        effects.begin();
        let result = match command.handler {
            Handler::Read(handler) => {
                let context = ReadContext {
                    keys: self.keyspace.keys(0),
                    settings: &self.settings,
                    rng: &self.rng,
                };
                handler(&context, args)
            }
            Handler::Write(handler) => {
                let mut context = WriteContext {
                    keys: self.keyspace.keys_mut(0),
                    settings: &self.settings,
                    rng: &self.rng,
                    effects: &mut effects,
                    published: &mut Vec::new(),
                    subscriptions: &Subscriptions::default(),
                };
                handler(&mut context, args)
            }
            _ => unreachable!("a trial has no session"),
        };
        self.changes = self.keyspace.dirty() - before;
        effects.end(0, argv, self.changes > 0);
        let effects = effects.take().unwrap_or_default().into_iter();
        self.effects = effects.map(|effect| effect.argv.to_line()).collect();
        let events = self.keyspace.take_events().into_iter();
        self.events = events.map(|event| event.name).collect();

        result.unwrap_or_else(Reply::Error)
    }
}
