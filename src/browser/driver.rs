//! Performs what the node asks for, and hands it what happens. Decides nothing.
//!
//! The node is never re-entered: what it says to JavaScript is gathered while it is borrowed and delivered
//! after, so a listener may call right back.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::channel::Channel;
use super::clock::{Timer, now_ms};
use super::connection::Connections;
use super::door::Storage;
use super::host::Host;
use super::json;
use super::lifecycle::Lifecycle;
use super::lock::{Claim, Lock};
use super::room;
use crate::command::{Error, Handler, Reply, find};
use crate::node::{Called, Event, Input, Node, Output, StorageOp};
use crate::resp::{BETWEEN_NODES, encode};

/// What a delivered piece of linear memory holds: `[u32 kind] [f64 id] [u32 length] [bytes]`.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The reply of the pending call `id`.
    Reply = 0,
    /// A message for session `id`.
    Push = 1,
    /// Bytes for the connection of session `id`.
    Bytes = 2,
    /// Session `id` has been closed.
    Closed = 3,
    /// Observed keys that have changed: `observe::append_changed`.
    Changed = 4,
}

pub struct Driver {
    pub node: RefCell<Node>,
    pub(super) host: Host,
    storage: Storage,
    operations: RefCell<VecDeque<(u64, StorageOp)>>,
    is_storing: Cell<bool>,
    channel: RefCell<Option<Channel>>,
    /// The channel's name, if there may be others.
    channel_name: Option<String>,
    lock: Rc<Lock>,
    timer: Timer,
    lifecycle: RefCell<Lifecycle>,
    pub(super) connections: RefCell<Connections>,
    outgoing: RefCell<Vec<u8>>,
    events: RefCell<VecDeque<Event>>,
    is_delivery_due: Cell<bool>,
    /// The node has its data.
    pub(super) is_ready: Cell<bool>,
    /// It has crashed: what still happens is nothing to it.
    pub(super) is_dead: Cell<bool>,
    pub(super) is_settling: Cell<bool>,
    /// The session whose SETs are taken together.
    pub(super) sets_of: Cell<u64>,
    /// When the clock was last looked at for a call, and how many more calls of this turn that is good for.
    pub(super) turn_clock: Cell<(u32, u64)>,
    /// JavaScript has still to be told of the end.
    has_ended: Cell<bool>,
    /// Connections whose barrier fell.
    resumed: RefCell<Vec<u64>>,
    pub(super) this: Weak<Driver>,
}

/// What a driver is made of.
pub struct Parts {
    pub node: Node,
    pub host: Host,
    pub storage: Storage,
    pub lock: Rc<Lock>,
    /// The database's name, if other nodes may have it open.
    pub channel_name: Option<String>,
}

impl Driver {
    pub fn new(this: &Weak<Driver>, parts: Parts) -> Driver {
        Driver {
            node: RefCell::new(parts.node),
            host: parts.host,
            storage: parts.storage,
            operations: RefCell::default(),
            is_storing: Cell::new(false),
            channel: RefCell::default(),
            channel_name: parts.channel_name,
            lock: parts.lock,
            timer: Timer::new(this.clone()),
            lifecycle: RefCell::new(Lifecycle::watch(this)),
            connections: RefCell::default(),
            outgoing: RefCell::default(),
            events: RefCell::default(),
            is_delivery_due: Cell::new(false),
            is_ready: Cell::new(false),
            is_dead: Cell::new(false),
            is_settling: Cell::new(false),
            sets_of: Cell::default(),
            turn_clock: Cell::default(),
            has_ended: Cell::new(false),
            resumed: RefCell::default(),
            this: this.clone(),
        }
    }

    /// Listens from now on, and performs the node's first outputs.
    pub fn begin(&self) {
        self.open_channel();
        self.perform();
        self.deliver_soon();
    }

    fn open_channel(&self) {
        let name = self.channel_name.as_deref();
        let channel = name
            .and_then(|name| Channel::open(name, self.this.clone(), self.storage.cipher.clone()));
        *self.channel.borrow_mut() = channel;
    }

    pub fn status(&self) -> JsValue {
        json::status(&self.node.borrow().status(now_ms()))
    }

    /// All data as a `dump.rdb`. `None`: there is no memory for it.
    pub fn export(&self) -> Option<Vec<u8>> {
        let mut node = self.node.borrow_mut();
        let bytes = node.engine().keyspace().bytes();

        // A vector that grows is there twice.
        room::has(bytes.saturating_mul(2)).then(|| node.export())
    }

    /// Whether so many bytes can be had, and be copied on their way.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.node.borrow().engine().has_room(bytes)
    }

    /// Replaces all data by a `dump.rdb`'s.
    pub fn import(&self, bytes: &[u8]) -> Called {
        let called = self.node.borrow_mut().import(now_ms(), bytes);
        self.perform();
        self.deliver_soon();

        called
    }

    /// Something happened in the world.
    pub fn input(&self, input: Input) {
        if self.is_dead.get() {
            return;
        }
        if input == Input::Visible(false) {
            self.timer.set_in_worker();
        }
        if input == Input::Return {
            self.open_channel();
        }
        if matches!(input, Input::Received(_) | Input::LockLost) {
            self.storage.heard();
        }
        self.run_sets();
        let leaves = input == Input::Leave;
        self.node.borrow_mut().handle(now_ms(), input);
        self.perform();
        if leaves {
            // Browser: a message would put a page out of the back-forward cache.
            self.channel.take();
        }
        self.resume();
        self.deliver();
    }

    /// Bytes of a client; none: it will send no more. Replies that are there are delivered before this
    /// returns.
    pub fn feed(&self, session: u64, bytes: &[u8]) {
        if !self.is_open(session) {
            return;
        }
        self.connections.borrow_mut().feed(session, bytes);
        self.drain(session);
        self.deliver();
    }

    pub fn open_session(&self, protocol: u8) -> u64 {
        let mut node = self.node.borrow_mut();
        let id = node.open_session(now_ms());
        if let Some(session) = node.engine_mut().sessions_mut().all.get_mut(&id) {
            session.protocol = protocol;
        }

        id
    }

    /// Where a client is, and the side that it called.
    pub fn name_session(&self, session: u64, address: String, local_address: String) {
        let mut node = self.node.borrow_mut();
        if let Some(session) = node.engine_mut().sessions_mut().all.get_mut(&session) {
            session.address = address;
            session.local_address = local_address;
        }
    }

    pub fn close_session(&self, session: u64) {
        self.connections.borrow_mut().remove(session);
        self.node.borrow_mut().close_session(session);
        self.perform();
        self.deliver_soon();
    }

    /// Runs the calls that a connection has sent, until it must wait.
    fn drain(&self, session: u64) {
        let bulk_max = self.node.borrow().engine().settings().max_bulk_bytes;
        loop {
            let next = self.connections.borrow_mut().next(session, bulk_max);
            match next {
                Ok(true) => self.run_next(session),
                Ok(false) => {
                    self.connections.borrow_mut().close_if_finished(session);
                    break;
                }
                Err(error) => {
                    let reply = Reply::Error(Error::received(error.text()));
                    let mut connections = self.connections.borrow_mut();
                    connections.say(session, &reply, 2);
                    connections.close(session);
                    break;
                }
            }
        }
        self.flush(session);
    }

    fn run_next(&self, session: u64) {
        let run = |words: &[&[u8]]| {
            // Later calls of this client must see what SAVE, DEBUG RELOAD and their like have done.
            let waits = find(words).is_ok_and(|row| matches!(row.handler, Handler::Session(_)));
            let called = self.node.borrow_mut().call(now_ms(), session, None, words);
            (called, waits)
        };
        let ran = self.connections.borrow().with_words(session, run);
        let Some((called, waits)) = ran else { return };
        match called {
            Called::Reply(reply) => {
                let protocol = self.protocol(session);
                self.connections.borrow_mut().say(session, &reply, protocol);
            }
            Called::Pending(call) => {
                let barrier = waits || self.is_postponed(session);
                self.connections.borrow_mut().wait(session, call, barrier);
            }
        }
        self.perform();
        if self.is_closing(session) {
            self.connections.borrow_mut().close(session);
        }
    }

    /// Whether the session's last call waits for the end of a CLIENT PAUSE: those behind it wait too.
    fn is_postponed(&self, session: u64) -> bool {
        let node = self.node.borrow();
        let session = node.engine().sessions().all.get(&session);

        session.is_some_and(|session| session.postponed)
    }

    pub(super) fn is_open(&self, session: u64) -> bool {
        self.node
            .borrow()
            .engine()
            .sessions()
            .all
            .contains_key(&session)
    }

    /// Whether the session's last call (QUIT, CLIENT KILL) was to be its last.
    pub(super) fn is_closing(&self, session: u64) -> bool {
        let node = self.node.borrow();
        let session = node.engine().sessions().all.get(&session);

        session.is_some_and(|session| session.closing)
    }

    /// The engine has closed a session: its owner is told.
    pub(super) fn end_session(&self, session: u64) {
        self.connections.borrow_mut().remove(session);
        self.node.borrow_mut().close_session(session);
        self.queue(Kind::Closed, session, |_| {});
    }

    fn protocol(&self, session: u64) -> u8 {
        let node = self.node.borrow();

        node.engine()
            .sessions()
            .all
            .get(&session)
            .map_or(2, |session| session.protocol)
    }

    fn flush(&self, session: u64) {
        let flushed = self.connections.borrow_mut().flush(session);
        if !flushed.bytes.is_empty() {
            self.queue(Kind::Bytes, session, |out| {
                out.extend_from_slice(&flushed.bytes)
            });
        }
        if flushed.close {
            self.end_session(session);
        }
    }

    /// Does what the node wants done.
    pub(super) fn perform(&self) {
        loop {
            let Some(output) = self.node.borrow_mut().poll() else {
                break;
            };
            match output {
                Output::Reply { call, reply } => self.reply(call, &reply),
                Output::Push { session, reply } => self.push(session, &reply),
                Output::Send(bytes) => {
                    if let Some(channel) = &*self.channel.borrow() {
                        channel.send(bytes);
                    }
                }
                Output::Store { id, op } => {
                    self.operations.borrow_mut().push_back((id, op));
                    self.store();
                }
                Output::RequestLock => self.lock.claim(Claim::Wait),
                Output::StealLock => self.lock.claim(Claim::Steal),
                Output::ReleaseLock => self.lock.release(),
                Output::SetTimer { at_ms } => self.timer.set(at_ms),
                Output::Event(event) => {
                    let knows = matches!(event, Event::Leader { .. } | Event::Follower { .. });
                    self.is_ready.set(self.is_ready.get() || knows);
                    self.events.borrow_mut().push_back(event);
                }
                Output::CloseSession(session) => {
                    if self.connections.borrow().is_one(session) {
                        self.connections.borrow_mut().close(session);
                        self.flush(session);
                    } else {
                        self.end_session(session);
                    }
                }
                Output::Closed => self.end(),
            }
        }
    }

    fn reply(&self, call: u64, reply: &Reply) {
        let session = self.connections.borrow().waiting_for(call);
        let Some(session) = session else {
            self.queue(Kind::Reply, call, |out| encode(reply, BETWEEN_NODES, out));
            return;
        };
        let protocol = self.protocol(session);
        if self.connections.borrow_mut().answer(call, reply, protocol) {
            self.resumed.borrow_mut().push(session);
        }
        self.flush(session);
    }

    fn push(&self, session: u64, reply: &Reply) {
        if self.connections.borrow().is_one(session) {
            let protocol = self.protocol(session);
            self.connections.borrow_mut().say(session, reply, protocol);
            self.flush(session);
        } else {
            self.queue(Kind::Push, session, |out| encode(reply, BETWEEN_NODES, out));
        }
    }

    /// Goes on with connections that waited for a reply.
    fn resume(&self) {
        loop {
            let Some(session) = self.resumed.borrow_mut().pop() else {
                break;
            };
            self.drain(session);
        }
    }

    /// Works the operations off, one after the other.
    fn store(&self) {
        if self.is_storing.replace(true) {
            return;
        }
        let Some(driver) = self.this.upgrade() else {
            return;
        };
        spawn_local(async move {
            loop {
                let next = driver.operations.borrow_mut().pop_front();
                let Some((id, op)) = next else {
                    break;
                };
                let result = driver.storage.run(op).await;
                if driver.is_dead.get() {
                    break;
                }
                driver.input(Input::Stored { id, result });
            }
            driver.is_storing.set(false);
        });
    }

    /// A panic is under way, perhaps with the node and the doors borrowed: what others wait for is given up,
    /// and nothing is freed.
    pub fn abandon(&self, message: &str) {
        self.is_dead.set(true);
        self.lock.release();
        self.timer.end();
        if let Ok(channel) = self.channel.try_borrow()
            && let Some(channel) = &*channel
        {
            channel.close();
        }
        self.storage.abandon();
        self.host.crashed(message);
    }

    /// The node has ended: every door is closed.
    fn end(&self) {
        self.lock.release();
        self.timer.end();
        self.channel.take();
        self.lifecycle.take();
        self.has_ended.set(true);
    }

    pub(super) fn queue(&self, kind: Kind, id: u64, write: impl FnOnce(&mut Vec<u8>)) {
        let mut out = self.outgoing.borrow_mut();
        out.extend_from_slice(&(kind as u32).to_le_bytes());
        out.extend_from_slice(&(id as f64).to_le_bytes());
        let length_at = out.len();
        out.extend_from_slice(&[0; 4]);
        write(&mut out);
        let length = (out.len() - length_at - 4) as u32;
        out[length_at..length_at + 4].copy_from_slice(&length.to_le_bytes());
    }

    /// Delivers when the caller's code has come to its end.
    pub(super) fn deliver_soon(&self) {
        let nothing = self.outgoing.borrow().is_empty() && self.events.borrow().is_empty();
        if nothing && !self.has_changed() || self.is_delivery_due.replace(true) {
            return;
        }
        if let Some(driver) = self.this.upgrade() {
            spawn_local(async move { driver.deliver() });
        }
    }

    /// What is to be told next, without those of which nobody hears.
    fn next_event(&self) -> Option<Event> {
        let event = self.events.borrow_mut().pop_front()?;
        let unheard = matches!(event, Event::Expired { .. }) && !self.host.hears_expired();
        if !unheard {
            return Some(event);
        }
        let mut events = self.events.borrow_mut();
        while matches!(events.front(), Some(Event::Expired { .. })) {
            events.pop_front();
        }

        events.pop_front()
    }

    /// Tells JavaScript what it waits for. It may call back at once.
    pub(super) fn deliver(&self) {
        if self.is_dead.get() {
            return;
        }
        self.is_delivery_due.set(false);
        loop {
            self.queue_changed();
            let bytes = self.outgoing.take();
            if !bytes.is_empty() {
                self.host.deliver(bytes.as_ptr() as usize, bytes.len());
                continue;
            }
            let event = self.next_event();
            match event {
                Some(event) => self.host.event(json::event(&event)),
                None => break,
            }
        }
        if self.has_ended.take() {
            self.host.event(json::closed());
        }
    }
}
