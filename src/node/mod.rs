//! Layer 5: the sans-IO whole. Joins engine, log and replica; performs nothing.
//!
//! A node is opened as a follower, reads storage, asks for the lock, and claims the lead when it is granted.
//! `Phase` says what it is about; `pump` gives storage the next thing to do, one at a time; everything that waits
//! for a time is in `timers`. Times only go forward: the driver sees to that.
mod actions;
mod calls;
mod carry;
mod claim;
mod cut;
mod follow;
mod gather;
#[cfg(any(test, feature = "sim"))]
mod glance;
mod hint;
mod io;
mod lead;
mod log_size;
mod messages;
#[cfg(any(test, feature = "sim"))]
mod mutants;
mod open;
mod options;
mod pause;
mod proof;
mod recovery;
mod replay;
mod replicas;
mod snapshots;
mod status;
mod step_down;
mod storage;
#[cfg(test)]
mod tests;
mod timers;
mod wait;

#[cfg(any(test, feature = "sim"))]
pub use glance::{Glance, Stand};
pub use hint::HINT;
pub use io::{
    BlockKey, Called, Event, Input, Level, Output, StorageError, StorageOp, StorageReply,
};
#[cfg(any(test, feature = "sim"))]
pub use options::Mutants;
pub use options::{Election, NodeOptions};
pub use status::{Peer, Status};

use std::collections::VecDeque;

use crate::base::rng::Rng;
use crate::base::sorted::SortedMap;
use crate::command::{Error, Reply, Role};
use crate::engine::Engine;
use crate::log::Record;
use crate::replica::{Answered, Claim, Follower, Info, Leader, Message, NodeId, Outbox, Watch};
use recovery::Recovery;
use replicas::Replicas;
use snapshots::Snapshots;
use storage::Storage;

/// What a node is about.
enum Phase {
    /// Storage is being opened for the first time.
    Opening,
    /// The data is being read from storage; what was there before is served meanwhile.
    Recovering(Box<Recovery>),
    Following,
    Claiming(Claim),
    Leading(Box<Leader<Record, Reply>>),
    /// The page is away.
    Left,
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lock {
    None,
    Asked,
    Held,
}

/// Which block comes next, and where reading goes on: behind a seal the two differ, so that a stray key between
/// them is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Position {
    next: BlockKey,
    read_from: BlockKey,
}

/// The node is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaving {
    No,
    ForNow,
    ForGood,
}

/// One running kilat.
///
/// After `new` and after each `handle`, `call`, `import`, `tick` or `close_session` the driver polls until `None`.
pub struct Node {
    options: NodeOptions,
    id: NodeId,
    engine: Engine,
    rng: Rng,
    outputs: VecDeque<Output>,
    now_ms: u64,
    phase: Phase,
    lock: Lock,
    storage: Storage,
    position: Position,
    /// Without storage: who led the epoch that `position` is in. What two leaders of one epoch made are two logs.
    reign: NodeId,
    /// The data can be read.
    ready: bool,
    /// The engine holds what was never committed, or lacks what was: it must be read anew before it goes on.
    spoiled: bool,
    /// Up to here what a spoiled engine holds was committed.
    sound_seq: u64,
    /// Calls whose writes are being undone: they are told once that is done.
    rejected: Vec<(u64, Error)>,
    /// A newer build writes here: why this node cannot follow it.
    incompatible: bool,
    /// Storage has lost what was acknowledged, and nobody has said that it may go on without.
    bereft: bool,
    /// The greatest block may have been a seal: the place behind it is sealed too.
    tail_is_damaged: bool,
    visible: bool,
    answered: Answered,
    /// Calls that a leader is to run; the number that each has for the driver.
    outbox: Outbox<Caller>,
    follower: Follower,
    watch: Watch,
    peers: SortedMap<NodeId, (Info, u64)>,
    /// No other node has ever been heard.
    is_alone: bool,
    snapshots: Snapshots,
    replicas: Replicas,
    leaving: Leaving,
    /// Without a lock: the reign whose leader has handed the lead to this node.
    handed_epoch: u64,
    /// The lock is lost, and the commit under way is waited for.
    stepping_down: bool,
    /// Told to hand the lead over, and to whom.
    handing_over: Option<Option<NodeId>>,
    waiting: Waiting,
    paused: pause::Paused,
    last_call: u64,
    gathered: gather::Gathered,
    nonce: u64,
    was_busy: bool,
    timers: timers::Timers,
    /// Answers that came before their records, each with the epoch of its leader.
    held_answers: Vec<(u64, crate::replica::message::Answer)>,
    #[cfg(any(test, feature = "sim"))]
    ahead: Vec<(u64, crate::replica::UnderWay)>,
    /// Answers to other nodes that go out in one message.
    answers: SortedMap<NodeId, Vec<crate::replica::message::Answer>>,
}

/// Who waits for the answer of a leader.
#[derive(Clone, Copy, Debug)]
struct Caller {
    call: u64,
    session: u64,
}

/// Calls that wait for something else than a commit.
#[derive(Debug, Default)]
struct Waiting {
    /// DEBUG SLEEP: when, and which call.
    asleep: Vec<(u64, u64)>,
    /// Until the data has been read anew.
    reload: Vec<u64>,
    reloading: bool,
    /// Until another leads.
    failover: Vec<u64>,
    /// WAIT and WAITAOF.
    followers: Vec<wait::Waiter>,
    /// Calls that a pause held up: the number that each has for the driver.
    renamed: SortedMap<u64, u64>,
    /// What to import once this node leads.
    import: Option<(u64, Vec<u8>)>,
    /// SHUTDOWN, which ends the node in place of an answer once its snapshot is published.
    shutdown: Option<u64>,
}

impl Node {
    pub fn new(now_ms: u64, options: NodeOptions) -> Self {
        let mut engine = Engine::new(options.seed, options.settings.clone());
        engine.set_role(Role::Follower);
        engine.set_room(options.room);
        let origin = options.origin;
        let id = u64::from_le_bytes(*origin.first_chunk().expect("16 bytes have 8"));
        let facts = engine.facts_mut();
        facts.started_ms = now_ms;
        facts.run_id = crate::base::hex::encode(&origin);
        facts.tcp_port = options.tcp_port;
        facts.database_name = options.name.clone();
        let mut node = Node {
            id: id.max(1),
            engine,
            rng: Rng::new(options.seed ^ id),
            outputs: VecDeque::new(),
            now_ms,
            phase: Phase::Opening,
            lock: Lock::None,
            storage: Storage::new(now_ms),
            position: Position::default(),
            reign: 0,
            ready: false,
            spoiled: true,
            sound_seq: 0,
            rejected: Vec::new(),
            incompatible: false,
            bereft: false,
            tail_is_damaged: false,
            visible: options.visible,
            answered: Answered::default(),
            outbox: Outbox::default(),
            follower: Follower::default(),
            watch: Watch::default(),
            peers: SortedMap::new(),
            is_alone: true,
            snapshots: Snapshots::default(),
            replicas: Replicas::default(),
            leaving: Leaving::No,
            handed_epoch: 0,
            stepping_down: false,
            handing_over: None,
            waiting: Waiting::default(),
            paused: pause::Paused::default(),
            last_call: 0,
            gathered: gather::Gathered::default(),
            nonce: 0,
            was_busy: false,
            timers: timers::Timers::default(),
            held_answers: Vec::new(),
            #[cfg(any(test, feature = "sim"))]
            ahead: Vec::new(),
            answers: SortedMap::new(),
            options,
        };
        node.finish();

        node
    }

    /// Takes an input; what is to be done about it comes out of `poll`.
    ///
    /// A browser compiles a function whole when it is first called: what opening does not need is inlined nowhere.
    pub fn handle(&mut self, now_ms: u64, input: Input) {
        self.settle(now_ms);
        self.now_ms = now_ms;
        match input {
            Input::Received(bytes) => self.received(&bytes),
            Input::Stored { id, result } => self.stored(id, result),
            Input::LockGranted => self.lock_granted(),
            Input::LockLost => self.lock_lost(),
            Input::Timer => self.timer_came(),
            Input::Visible(visible) => self.set_visible(visible),
            Input::Leave => self.leave(Leaving::ForNow),
            Input::Close => self.leave(Leaving::ForGood),
            Input::Return => self.come_back(),
            Input::StorageClosed => self.storage_closed(),
        }
        self.tick_timers();
        self.finish();
    }

    /// As `handle` with `Input::Timer`.
    pub fn tick(&mut self, now_ms: u64) {
        self.handle(now_ms, Input::Timer);
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub fn open_session(&mut self, now_ms: u64) -> u64 {
        self.engine.open_session(now_ms)
    }

    pub fn close_session(&mut self, session: u64) {
        self.engine.close_session(session);
        self.replicas.close_session(session);
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// For sessions' names and addresses; data is changed by calls alone.
    pub fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// What every input ends with: storage gets its next operation, messages and the timer go out.
    fn finish(&mut self) {
        self.wait_for_gathered();
        self.reload_if_committed();
        self.ask_for_lock();
        self.claim_if_held(Claim::Read);
        self.watch_leader();
        self.resume_paused();
        self.answer_saved();
        self.pump();
        self.tell_waiters();
        self.send_answers();
        self.send_requests();
        self.tell_drained();
        self.update_facts();
        self.set_timer();
    }

    fn send(&mut self, message: &Message) {
        if !matches!(self.phase, Phase::Closed) {
            self.outputs.push_back(Output::Send(message.encode()));
        }
    }

    fn event(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    fn reply(&mut self, call: u64, reply: Reply) {
        let call = self.waiting.renamed.remove(&call).unwrap_or(call);
        self.outputs.push_back(Output::Reply { call, reply });
    }

    fn new_call(&mut self) -> u64 {
        self.last_call += 1;

        self.last_call
    }

    fn leader(&mut self) -> Option<&mut Leader<Record, Reply>> {
        match &mut self.phase {
            Phase::Leading(leader) => Some(leader),
            _ => None,
        }
    }

    fn leads(&self) -> bool {
        matches!(self.phase, Phase::Leading(_))
    }

    fn epoch(&self) -> u64 {
        self.position.next.epoch
    }

    fn committed_seq(&self) -> u64 {
        match &self.phase {
            Phase::Leading(leader) => leader.committed_seq,
            _ if self.spoiled => self.sound_seq.min(self.engine.seq()),
            _ => self.engine.seq(),
        }
    }

    /// From now on the engine's data is not trusted, until it has been read anew.
    fn spoil(&mut self) {
        if !self.spoiled {
            self.sound_seq = self.committed_seq();
            self.spoiled = true;
        }
    }

    /// What was rejected has left no trace now, or never will.
    fn tell_rejected(&mut self) {
        for (call, error) in std::mem::take(&mut self.rejected) {
            self.reply(call, error.into());
        }
    }

    /// What this node tells of itself.
    fn info(&self) -> Info {
        Info {
            id: self.id,
            leads: self.leads() && !self.stepping_down && self.leaving == Leaving::No,
            epoch: self.epoch(),
            seq: self.committed_seq(),
            next: place(self.position.next),
            visible: self.visible,
            able: self.is_able(),
        }
    }

    /// Fit to lead.
    fn is_able(&self) -> bool {
        let sound = !self.incompatible && !self.bereft && !self.storage.is_cleared();

        self.storage.is_open() && sound && self.leaving == Leaving::No
    }

    /// A level as messages carry it.
    fn level_number(level: Level) -> u8 {
        match level {
            Level::Memory => 0,
            Level::Everysec => 1,
            Level::Always => 2,
        }
    }

    fn refuse_all(&mut self, error: &Error) {
        for number in self.outbox.numbers() {
            if let Some(waiting) = self.outbox.take(number) {
                // What was sent may have been run by a leader that did not come to answer.
                let sent = waiting.asked.again;
                let error = if sent {
                    Error::INDETERMINATE
                } else {
                    error.clone()
                };
                self.reply(waiting.to.call, error.into());
            }
        }
    }
}

fn place(key: BlockKey) -> crate::replica::Place {
    (key.epoch, key.n)
}

fn key(place: crate::replica::Place) -> BlockKey {
    BlockKey {
        epoch: place.0,
        n: place.1,
    }
}
