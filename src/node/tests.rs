//! One node alone with a map for storage. Everything with more nodes is the simulator's.
mod across_tabs;
mod builds;
mod carried;
mod commands;
mod cut;
mod damage;
mod hint;
mod holes;
mod lost;
mod overtaken;
mod private;
mod protocol;
mod room;
mod sessions;
mod slices;
mod together;

use std::collections::BTreeMap;

use super::*;
use crate::command::Action;

#[derive(Default)]
struct Store {
    identity: Option<[u8; 16]>,
    blocks: BTreeMap<BlockKey, Vec<u8>>,
    pieces: BTreeMap<([u8; 16], u32), Vec<u8>>,
    strict: usize,
    /// How often all keys were asked for.
    listed: usize,
    quota: bool,
    /// Bytes that it holds at most.
    room: Option<usize>,
    /// Fails now and then, before or after it has done its work.
    flaky: Option<Rng>,
}

impl Store {
    fn bytes(&self) -> usize {
        let blocks = self.blocks.values().map(Vec::len);

        blocks.chain(self.pieces.values().map(Vec::len)).sum()
    }

    /// A transaction that makes it larger than it may be is refused.
    fn perform(&mut self, op: StorageOp) -> Result<StorageReply, StorageError> {
        let more = match &op {
            StorageOp::Add { bytes, .. } | StorageOp::Seal { bytes, .. } => bytes.len(),
            StorageOp::AddPieces { pieces, .. } => pieces.iter().map(Vec::len).sum(),
            _ => 0,
        };
        let is_full = |room| more > 0 && self.bytes() + more > room;
        if self.room.is_some_and(is_full) {
            return Err(StorageError::Quota);
        }
        let fault = self.flaky.as_mut().map_or(u64::MAX, |rng| rng.below(60));
        match fault {
            0 => Err(StorageError::Quota),
            1 => Err(StorageError::Lost),
            2 => Err(StorageError::Unknown("before".into())),
            3 => {
                let _ = self.store(op);
                Err(StorageError::Unknown("after".into()))
            }
            _ => self.store(op),
        }
    }

    fn store(&mut self, op: StorageOp) -> Result<StorageReply, StorageError> {
        match op {
            StorageOp::Open { candidate } => {
                let identity = *self.identity.get_or_insert(candidate);
                return Ok(StorageReply::Identity(identity));
            }
            StorageOp::Add { .. } | StorageOp::AddPieces { .. } if self.quota => {
                return Err(StorageError::Quota);
            }
            StorageOp::Add { key, .. } if self.blocks.contains_key(&key) => {
                return Err(StorageError::Exists);
            }
            StorageOp::Add { key, bytes, strict } => {
                self.strict += usize::from(strict);
                self.blocks.insert(key, bytes);
            }
            StorageOp::Seal { key, bytes } => {
                let strict = true;
                self.store(StorageOp::Add { key, bytes, strict })?;
                return self.store(StorageOp::Read {
                    from: key,
                    bytes_max: usize::MAX,
                });
            }
            StorageOp::Read { from, bytes_max } => {
                let mut bytes = 0;
                let found = self.blocks.range(from..).take_while(|(_, block)| {
                    let more = bytes < bytes_max;
                    bytes += block.len();
                    more
                });
                let found = found.map(|(key, block)| (*key, block.clone())).collect();
                return Ok(StorageReply::Blocks(found));
            }
            StorageOp::Keys => {
                self.listed += 1;
                return Ok(StorageReply::Keys(self.blocks.keys().copied().collect()));
            }
            StorageOp::Delete { keys } => keys.iter().for_each(|key| {
                self.blocks.remove(key);
            }),
            StorageOp::AddPieces {
                snapshot,
                index,
                pieces,
                ..
            } => {
                let keys = (index..).map(|index| (snapshot, index));
                self.pieces.extend(keys.zip(pieces));
            }
            StorageOp::ReadPiece { snapshot, index } => {
                let piece = self.pieces.get(&(snapshot, index)).cloned();
                return Ok(StorageReply::Piece(piece));
            }
            StorageOp::KeepPieces { snapshots } => {
                let newest = snapshots.iter().max().copied().unwrap_or_default();
                self.pieces
                    .retain(|(id, _), _| *id >= newest || snapshots.contains(id));
            }
            StorageOp::DropPieces { snapshot } => {
                self.pieces.retain(|(id, _), _| *id != snapshot);
            }
            StorageOp::Close => {}
        }

        Ok(StorageReply::Done)
    }
}

struct Alone {
    node: Node,
    store: Store,
    now_ms: u64,
    replies: BTreeMap<u64, Reply>,
    events: Vec<Event>,
    closed: bool,
    /// As the node has set it last.
    timer_ms: Option<u64>,
}

impl Alone {
    fn start(store: Store, options: NodeOptions) -> Alone {
        let node = Node::new(1_000_000, options);
        let (replies, events) = (BTreeMap::new(), Vec::new());
        let mut alone = Alone {
            node,
            store,
            now_ms: 1_000_000,
            replies,
            events,
            closed: false,
            timer_ms: None,
        };
        alone.settle();

        alone
    }

    /// Until nothing is to be done any more; a snapshot is made slice by slice, with the time.
    fn settle(&mut self) {
        self.perform();
        while self.node.snapshots.wants_slice() {
            self.now_ms += 1;
            self.node.tick(self.now_ms);
            self.perform();
        }
    }

    fn perform(&mut self) {
        while self.perform_one() {}
    }

    /// The next thing that the node wants; answers false where it wants nothing.
    fn perform_one(&mut self) -> bool {
        let Some(output) = self.node.poll() else {
            return false;
        };
        match output {
            Output::Store { id, op } => {
                let result = self.store.perform(op);
                self.node.handle(self.now_ms, Input::Stored { id, result });
            }
            Output::RequestLock => self.node.handle(self.now_ms, Input::LockGranted),
            Output::Reply { call, reply } => {
                self.replies.insert(call, reply);
            }
            Output::Event(event) => self.events.push(event),
            Output::Closed => self.closed = true,
            Output::SetTimer { at_ms } => self.timer_ms = Some(at_ms),
            _ => {}
        }

        true
    }

    /// So much time, in which nothing happens but what the node has set its timer for.
    fn leave_alone(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        self.perform();
        while let Some(at_ms) = self.timer_ms.take_if(|at_ms| *at_ms <= end_ms) {
            self.now_ms = self.now_ms.max(at_ms);
            self.node.handle(self.now_ms, Input::Timer);
            self.perform();
        }
        self.now_ms = end_ms;
    }

    fn call(&mut self, session: u64, line: &str) -> Reply {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let called = self.node.call(self.now_ms, session, None, &words);
        self.settle();

        self.reply_of(called)
    }

    fn reply_of(&mut self, called: Called) -> Reply {
        match called {
            Called::Reply(reply) => reply,
            Called::Pending(call) => self.replies.remove(&call).expect("it was answered"),
        }
    }

    /// Begins what a command asks for, and answers the call that waits for it.
    fn begin(&mut self, action: Action) -> u64 {
        let call = self.node.new_call();
        self.node.act(action, Some(call));
        self.node.finish();

        call
    }

    fn act(&mut self, action: Action) -> Reply {
        let call = self.begin(action);
        self.settle();

        self.reply_of(Called::Pending(call))
    }

    fn again(self) -> Alone {
        Alone::start(self.store, options(9))
    }
}

fn options(seed: u8) -> NodeOptions {
    NodeOptions {
        origin: [seed; 16],
        seed: u64::from(seed),
        ..NodeOptions::default()
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let mut alone = Alone::start(Store::default(), options(1));
    assert_eq!(alone.node.status(0).role, "leader");
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "SET a 1"), Reply::OK);
    assert_eq!(alone.call(session, "INCR a"), Reply::Int(2));
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "GET a"), Reply::bulk(*b"2"));
    assert_eq!(alone.act(Action::Save), Reply::OK);
    assert_eq!(alone.call(session, "SET b x"), Reply::OK);
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "GET a"), Reply::bulk(*b"2"));
    assert_eq!(alone.call(session, "GET b"), Reply::bulk(*b"x"));
    assert!(
        !alone
            .events
            .iter()
            .any(|event| matches!(event, Event::Corrupt { .. }))
    );
}

#[test]
fn a_damaged_snapshot_falls_back_to_the_one_before() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    for word in ["a", "b"] {
        alone.call(session, &format!("SET {word} {word}"));
        assert_eq!(alone.act(Action::Save), Reply::OK);
    }
    alone.call(session, "SET c c");
    let piece = alone
        .store
        .pieces
        .values_mut()
        .next_back()
        .expect("there is one");
    piece[30] ^= 1;
    let mut alone = alone.again();
    assert!(
        alone
            .events
            .iter()
            .any(|event| matches!(event, Event::Corrupt { .. }))
    );
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(3));
}

#[test]
fn quota_refuses_the_write_and_undoes_it() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    alone.call(session, "SET a 1");
    alone.store.quota = true;
    let refused = alone.call(session, "SET a 2");
    assert!(matches!(refused, Reply::Error(error) if error.code() == "QUOTA"));
    assert_eq!(alone.call(session, "GET a"), Reply::bulk(*b"1"));
    assert_eq!(
        alone
            .events
            .iter()
            .filter(|event| **event == Event::Quota)
            .count(),
        1
    );
    alone.store.quota = false;
    alone.now_ms += 2000;
    alone.node.tick(alone.now_ms);
    alone.settle();
    assert_eq!(alone.call(session, "SET a 3"), Reply::OK);
    assert_eq!(alone.call(session, "GET a"), Reply::bulk(*b"3"));
}

#[test]
fn import_replaces_everything_or_nothing() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    alone.call(session, "SET a 1");
    let image = alone.node.export();
    alone.call(session, "SET b 2");
    let mut damaged = image.clone();
    damaged[20] ^= 1;
    let called = alone.node.import(alone.now_ms, &damaged);
    assert!(matches!(alone.reply_of(called), Reply::Error(_)));
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(2));
    let called = alone.node.import(alone.now_ms, &image);
    alone.settle();
    assert_eq!(alone.reply_of(called), Reply::OK);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(1));
    assert_eq!(alone.call(session, "SET c 3"), Reply::OK);
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(2));
}

#[test]
fn a_write_after_a_rest_does_not_wait_for_the_disk() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    let tick = |alone: &mut Alone, ms: u64| {
        alone.now_ms += ms;
        alone.node.tick(alone.now_ms);
        alone.settle();
    };
    for _ in 0..3 {
        let strict = alone.store.strict;
        alone.call(session, "SET k v");
        assert_eq!(alone.store.strict, strict);
        // A call that changes nothing wants nothing of the disk.
        tick(&mut alone, 500);
        alone.call(session, "DEL none");
        tick(&mut alone, 499);
        assert_eq!(alone.store.strict, strict);
        tick(&mut alone, 1);
        assert_eq!(alone.store.strict, strict + 1);
        alone.call(session, "DEL none");
        tick(&mut alone, 5000);
        assert_eq!(alone.store.strict, strict + 1);
    }
}

#[test]
fn everysec_makes_one_strict_transaction_a_second() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    let strict = alone.store.strict;
    for i in 0..50 {
        alone.now_ms += 100;
        alone.node.tick(alone.now_ms);
        alone.settle();
        alone.call(session, &format!("SET k {i}"));
    }
    for _ in 0..20 {
        alone.now_ms += 100;
        alone.node.tick(alone.now_ms);
        alone.settle();
    }
    assert!(
        (5..=7).contains(&(alone.store.strict - strict)),
        "{}",
        alone.store.strict - strict
    );
}

#[test]
fn closing_ends_and_reloading_keeps() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    alone.call(session, "SET a 1");
    for (reload, a) in [(Action::Reload, 2), (Action::ReplayLog, 3)] {
        assert_eq!(alone.act(reload), Reply::OK);
        assert_eq!(alone.call(session, "INCR a"), Reply::Int(a));
    }
    alone.node.handle(alone.now_ms, Input::Close);
    alone.settle();
    assert!(alone.closed);
    assert!(matches!(alone.call(session, "SET a 1"), Reply::Error(_)));
}
