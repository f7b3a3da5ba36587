//! One instance takes another one's place in a page: sessions and what their clients have sent go along.
use super::clock::now_ms;
use super::driver::Driver;
use crate::base::wire::{Cursor, put_bytes, put_number};

impl Driver {
    /// All sessions, for `adopt`. `None` where a client still waits for a reply.
    pub fn carry(&self) -> Option<Vec<u8>> {
        // Replicas are let go first, and who has them is told.
        let sessions = self.node.borrow_mut().carry_sessions();
        self.perform();
        self.deliver();
        let mut bytes = Vec::new();
        put_bytes(&mut bytes, &sessions);
        let connections = self.connections.borrow();
        let unread = connections.at_rest()?;
        put_number(&mut bytes, unread.len() as u64);
        for (session, rest) in unread {
            put_number(&mut bytes, session);
            put_bytes(&mut bytes, rest);
        }

        Some(bytes)
    }

    /// Goes on with the sessions of another instance.
    pub fn adopt(&self, bytes: &[u8]) {
        let mut cursor = Cursor::new(bytes);
        let sessions = cursor.bytes().unwrap_or_default();
        self.node.borrow_mut().adopt_sessions(now_ms(), sessions);
        for _ in 0..cursor.number().unwrap_or_default() {
            if let (Some(session), Some(rest)) = (cursor.number(), cursor.bytes()) {
                self.connections.borrow_mut().adopt(session, rest);
            }
        }
    }
}
