//! What a write changed, as commands that any build of kilat, and Redis, runs to the same end.
//!
//! An effect depends on nothing but the data: no clock, no chance, no option whose meaning may change.

/// One command, to be run in database `db`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub db: usize,
    pub argv: Vec<Box<[u8]>>,
}

/// The effects of the write under way. Unless a handler says otherwise, the call itself is its effect.
#[derive(Debug, Default)]
pub struct Effects {
    list: Vec<Effect>,
    replaced: bool,
}

impl Effects {
    /// Adds an effect that stands in for the call: SPOP adds SREM, a relative expiry an absolute one.
    pub fn add(&mut self, db: usize, argv: &[&[u8]]) {
        self.replaced = true;
        self.list.push(Effect {
            db,
            argv: argv.iter().map(|word| Box::from(*word)).collect(),
        });
    }

    /// The call has no effect of its own: nothing is logged but what `add` adds.
    pub fn none(&mut self) {
        self.replaced = true;
    }

    /// Ends the write: what it changed, `argv` itself where nothing replaced it.
    pub fn finish(mut self, db: usize, argv: &[&[u8]], changed: bool) -> Vec<Effect> {
        if changed && !self.replaced {
            self.add(db, argv);
        }

        self.list
    }
}
