//! Counters of calls and errors, as INFO shows them.
use std::collections::BTreeMap;

/// Of one command.
#[derive(Clone, Copy, Debug, Default)]
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
    pub calls: BTreeMap<&'static str, CallStats>,
    /// By the error's code.
    pub errors: BTreeMap<String, u64>,
    pub error_replies: u64,
}

impl ServerStats {
    pub fn count_error(&mut self, code: &str) {
        self.error_replies += 1;
        *self.errors.entry(code.into()).or_default() += 1;
    }
}
