//! MONITOR: every call is told to those who asked, once it has run, as Redis does.
use super::{Engine, Output};
use crate::base::quote::quote;
use crate::command::{Flags, Found, Reply};

impl Engine {
    /// Tells of a call; administration is too dangerous to be shown.
    pub(super) fn tell_monitors(&mut self, id: u64, found: Found, argv: &[&[u8]]) {
        if !self.sessions.any_monitor {
            return;
        }
        let flags = found.command.flags;
        let Some(caller) = self.sessions.all.get(&id) else {
            return;
        };
        if flags.has(Flags::SKIP_MONITOR) || flags.has(Flags::ADMIN) {
            return;
        }
        let now_ms = self.keyspace.now_ms();
        let (seconds, micros) = (now_ms / 1000, now_ms % 1000 * 1000);
        let address = match &*caller.address {
            "" => "kilat",
            address => address,
        };
        let mut line = format!("{seconds}.{micros:06} [{} {address}]", caller.db);
        // Passwords are nobody's business.
        let secret = matches!(found.command.name, "AUTH" | "HELLO");
        for (at, word) in argv.iter().enumerate() {
            line += " ";
            line += &match secret && at > 0 {
                true => quote(b"(redacted)"),
                false => quote(word),
            };
        }
        let all = self.sessions.all.values();
        let monitors: Vec<u64> = all.filter(|one| one.monitor).map(|one| one.id).collect();
        self.sessions.any_monitor = !monitors.is_empty();
        for session in monitors {
            let reply = Reply::Status(line.clone().into());
            self.outputs.push_back(Output::Push { session, reply });
        }
    }
}
