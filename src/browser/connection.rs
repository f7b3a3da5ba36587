//! Clients that speak RESP: bytes in, bytes out, replies in the order of their calls.
use std::collections::VecDeque;

use crate::base::sorted::SortedMap;
use crate::command::Reply;
use crate::resp::{ProtocolError, Requests, encode};

/// What a connection has to say, in order.
enum Slot {
    Ready(Vec<u8>),
    /// The reply of a call that is pending.
    Waiting(u64),
    Close,
}

#[derive(Default)]
struct Connection {
    requests: Requests,
    slots: VecDeque<Slot>,
    /// Nothing more is read before this call is answered.
    barrier: Option<u64>,
    /// The client will send no more: when all is answered, the connection ends.
    finishing: bool,
    closed: bool,
}

/// What can go out now.
#[derive(Default)]
pub struct Flushed {
    pub bytes: Vec<u8>,
    pub close: bool,
}

/// All connections, by the id of their session.
#[derive(Default)]
pub struct Connections {
    all: SortedMap<u64, Connection>,
    /// Which connection waits for a call.
    calls: SortedMap<u64, u64>,
}

impl Connections {
    pub fn is_one(&self, session: u64) -> bool {
        self.all.contains_key(&session)
    }

    /// A connection of another instance, with what it has sent.
    pub fn adopt(&mut self, session: u64, unread: &[u8]) {
        self.all.or_default(session).requests.feed(unread);
    }

    /// Bytes of a client; none: there will be no more.
    pub fn feed(&mut self, session: u64, bytes: &[u8]) {
        let connection = self.all.or_default(session);
        connection.requests.feed(bytes);
        connection.finishing |= bytes.is_empty();
    }

    /// Everything that the client has sent has been read, and there will be no more.
    pub fn close_if_finished(&mut self, session: u64) {
        let is_finished = |connection: &Connection| {
            connection.finishing && connection.barrier.is_none() && !connection.closed
        };
        if self.all.get(&session).is_some_and(is_finished) {
            self.close(session);
        }
    }

    /// Nobody waits for anything: what each client has sent and was not read yet. `None` where somebody does.
    pub fn at_rest(&self) -> Option<Vec<(u64, &[u8])>> {
        let mut unread = Vec::new();
        for (session, connection) in self.all.iter() {
            if !connection.slots.is_empty() || connection.closed {
                return None;
            }
            unread.push((*session, connection.requests.rest()));
        }

        Some(unread)
    }

    pub fn remove(&mut self, session: u64) {
        self.all.remove(&session);
        self.calls.retain(|_, of| *of != session);
    }

    /// Whether another call has been read; `with_words` has it then.
    pub fn next(&mut self, session: u64, bulk_max: usize) -> Result<bool, ProtocolError> {
        match self.all.get_mut(&session) {
            Some(connection) if connection.barrier.is_none() && !connection.closed => {
                connection.requests.next(bulk_max)
            }
            _ => Ok(false),
        }
    }

    /// Gives `run` the words of the call that `next` has read.
    pub fn with_words<T>(&self, session: u64, run: impl FnOnce(&[&[u8]]) -> T) -> Option<T> {
        let connection = self.all.get(&session)?;

        Some(connection.requests.with_words(run))
    }

    /// A reply, or a message, that goes out after what waits already.
    pub fn say(&mut self, session: u64, reply: &Reply, protocol: u8) {
        if let Some(connection) = self.all.get_mut(&session) {
            match connection.slots.back_mut() {
                Some(Slot::Ready(bytes)) => encode(reply, protocol, bytes),
                _ => {
                    let mut bytes = Vec::new();
                    encode(reply, protocol, &mut bytes);
                    connection.slots.push_back(Slot::Ready(bytes));
                }
            }
        }
    }

    /// A call is pending. After a `barrier` nothing more is read until its reply is there.
    pub fn wait(&mut self, session: u64, call: u64, barrier: bool) {
        if let Some(connection) = self.all.get_mut(&session) {
            connection.slots.push_back(Slot::Waiting(call));
            connection.barrier = barrier.then_some(call);
            self.calls.insert(call, session);
        }
    }

    /// The session that waits for this call.
    pub fn waiting_for(&self, call: u64) -> Option<u64> {
        self.calls.get(&call).copied()
    }

    /// Gives a pending call its reply; answers whether reading may go on that stood still.
    pub fn answer(&mut self, call: u64, reply: &Reply, protocol: u8) -> bool {
        let session = self.calls.remove(&call);
        let Some(connection) = session.and_then(|session| self.all.get_mut(&session)) else {
            return false;
        };
        let waits = |slot: &&mut Slot| matches!(slot, Slot::Waiting(of) if *of == call);
        if let Some(slot) = connection.slots.iter_mut().find(waits) {
            let mut bytes = Vec::new();
            encode(reply, protocol, &mut bytes);
            *slot = Slot::Ready(bytes);
        }

        connection
            .barrier
            .take_if(|barrier| *barrier == call)
            .is_some()
    }

    /// After what it has still to say, the connection ends.
    pub fn close(&mut self, session: u64) {
        if let Some(connection) = self.all.get_mut(&session)
            && !connection.closed
        {
            connection.closed = true;
            connection.slots.push_back(Slot::Close);
        }
    }

    /// Takes what may go out: everything before the first reply that is not there yet.
    pub fn flush(&mut self, session: u64) -> Flushed {
        let mut flushed = Flushed::default();
        let Some(connection) = self.all.get_mut(&session) else {
            return flushed;
        };
        let ready = |slot: &Slot| !matches!(slot, Slot::Waiting(_));
        while connection.slots.front().is_some_and(ready) {
            match connection.slots.pop_front() {
                Some(Slot::Ready(bytes)) if flushed.bytes.is_empty() => flushed.bytes = bytes,
                Some(Slot::Ready(bytes)) => flushed.bytes.extend_from_slice(&bytes),
                Some(Slot::Close) => flushed.close = true,
                Some(Slot::Waiting(_)) | None => {}
            }
        }

        flushed
    }
}
