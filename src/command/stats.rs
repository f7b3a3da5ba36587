//! Counters of calls and errors, as INFO shows them.
use super::Command;
use crate::base::sorted::SortedMap;

/// Of one command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallStats {
    pub calls: u64,
    pub rejected: u64,
    pub failed: u64,
}

/// Of the engine, since it was made or CONFIG RESETSTAT.
#[derive(Debug, Default)]
pub struct ServerStats {
    pub connections: u64,
    pub commands: u64,
    /// By the command's place in the index of all commands.
    calls: Vec<CallStats>,
    /// By the error's code.
    pub errors: SortedMap<String, u64>,
    pub error_replies: u64,
}

impl ServerStats {
    pub fn count_error(&mut self, code: &str) {
        self.error_replies += 1;
        match self.errors.get_mut(code) {
            Some(count) => *count += 1,
            None => {
                self.errors.insert(code.into(), 1);
            }
        }
    }

    /// The counters of the command at `place`, as `Found` says it.
    pub fn of(&mut self, place: usize) -> &mut CallStats {
        if self.calls.len() <= place {
            self.calls.resize(place + 1, CallStats::default());
        }

        &mut self.calls[place]
    }

    /// Of each command, in order of names.
    pub fn calls(&self) -> impl Iterator<Item = (&'static Command, CallStats)> {
        super::row::index()
            .iter()
            .copied()
            .zip(self.calls.iter().copied())
    }
}
