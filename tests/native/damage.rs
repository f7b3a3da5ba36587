//! A node on storage that was damaged: it comes up, holds what some prefix of the log holds, says what it left
//! aside where that is not all, leads at once only if no more than a torn end is gone, and what is written to it
//! afterwards is there after the next start.
use std::collections::BTreeMap;

use kilat::base::rng::Rng;
use kilat::node::{
    BlockKey, Called, Event, Input, Node, NodeOptions, Output, StorageError, StorageOp,
    StorageReply,
};

const NOW_MS: u64 = 1_767_225_600_000;
/// Far more than any start needs: a node that asks for more runs in circles.
const OPERATIONS_MAX: usize = 2_000;

#[derive(Clone, Default)]
struct Store {
    identity: Option<[u8; 16]>,
    blocks: BTreeMap<BlockKey, Vec<u8>>,
    pieces: BTreeMap<([u8; 16], u32), Vec<u8>>,
}

impl Store {
    fn perform(&mut self, op: StorageOp) -> Result<StorageReply, StorageError> {
        match op {
            StorageOp::Open { candidate } => {
                let identity = *self.identity.get_or_insert(candidate);
                return Ok(StorageReply::Identity(identity));
            }
            StorageOp::Add { key, .. } if self.blocks.contains_key(&key) => {
                return Err(StorageError::Exists);
            }
            StorageOp::Add { key, bytes, .. } => drop(self.blocks.insert(key, bytes)),
            StorageOp::Seal { key, bytes } => {
                let strict = true;
                self.perform(StorageOp::Add { key, bytes, strict })?;
                let found = self.blocks.range(key..);
                let found = found.map(|(key, bytes)| (*key, bytes.clone()));
                return Ok(StorageReply::Blocks(found.collect()));
            }
            // One by one, so that reading takes many operations.
            StorageOp::Read { from, .. } => {
                let next = self.blocks.range(from..).next();
                let next = next.map(|(key, bytes)| (*key, bytes.clone()));
                return Ok(StorageReply::Blocks(next.into_iter().collect()));
            }
            StorageOp::Keys => {
                return Ok(StorageReply::Keys(self.blocks.keys().copied().collect()));
            }
            StorageOp::Delete { keys } => self.blocks.retain(|key, _| !keys.contains(key)),
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
                return Ok(StorageReply::Piece(
                    self.pieces.get(&(snapshot, index)).cloned(),
                ));
            }
            StorageOp::KeepPieces { snapshots } => {
                self.pieces.retain(|(id, _), _| snapshots.contains(id));
            }
            _ => {}
        }

        Ok(StorageReply::Done)
    }
}

struct Alone {
    node: Node,
    store: Store,
    session: u64,
    corrupt: Vec<String>,
    unclear: bool,
}

impl Alone {
    fn start(store: Store, seed: u8) -> Alone {
        Alone::start_with(store, seed, false)
    }

    fn start_with(store: Store, seed: u8, discard_lost: bool) -> Alone {
        let options = NodeOptions {
            origin: [seed; 16],
            seed: seed.into(),
            discard_lost,
            ..NodeOptions::default()
        };
        let mut node = Node::new(NOW_MS, options);
        let session = node.open_session(NOW_MS);
        let mut alone = Alone {
            node,
            store,
            session,
            corrupt: Vec::new(),
            unclear: false,
        };
        alone.settle();

        alone
    }

    fn settle(&mut self) {
        let mut operations = 0;
        while let Some(output) = self.node.poll() {
            match output {
                Output::Store { id, op } => {
                    operations += 1;
                    assert!(operations < OPERATIONS_MAX, "it runs in circles: {op:?}");
                    let result = self.store.perform(op);
                    self.node.handle(NOW_MS, Input::Stored { id, result });
                }
                Output::RequestLock => self.node.handle(NOW_MS, Input::LockGranted),
                Output::SetTimer { at_ms } if at_ms <= NOW_MS => self.node.tick(NOW_MS),
                Output::Event(Event::Corrupt { sentence }) => self.corrupt.push(sentence),
                Output::Event(Event::Incompatible { .. } | Event::Cleared) => self.unclear = true,
                _ => {}
            }
        }
    }

    fn call(&mut self, line: &str) {
        let words: Vec<&[u8]> = line.split(' ').map(str::as_bytes).collect();
        let called = self.node.call(NOW_MS, self.session, None, &words);
        assert!(
            !matches!(&called, Called::Reply(kilat::command::Reply::Error(_))),
            "{called:?}"
        );
        self.settle();
    }

    fn state(&self) -> (u64, [u8; 20]) {
        (
            self.node.engine().seq(),
            self.node.engine().keyspace().digest(),
        )
    }
}

/// Several reigns, two snapshots, records before, between and behind; with the state after each record.
fn history() -> (Store, BTreeMap<u64, [u8; 20]>) {
    let mut states = BTreeMap::new();
    let mut alone = Alone::start(Store::default(), 1);
    for reign in 0..4 {
        for i in 0..6 {
            states.extend([alone.state()]);
            alone.call(&format!("RPUSH list {reign} {i}"));
            states.extend([alone.state()]);
            alone.call(&format!("HSET hash:{i} f{reign} {}", "v".repeat(40)));
            if i == 2 && reign < 2 {
                alone.call("SAVE");
            }
        }
        states.extend([alone.state()]);
        alone = Alone::start(alone.store, reign + 2);
    }

    (alone.store, states)
}

fn damage(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let at = rng.index(bytes.len());
    match rng.below(3) {
        0 => bytes[at] ^= 1 << rng.below(8),
        1 => bytes.truncate(at),
        _ => bytes[at..].fill(0),
    }
}

#[test]
fn damage_is_told_and_never_half_applied() {
    let (store, states) = history();
    let (last_seq, last) = states.last_key_value().unwrap();
    let untouched = Alone::start(store.clone(), 50);
    assert_eq!(
        (untouched.state(), &untouched.corrupt[..]),
        ((*last_seq, *last), &[][..])
    );

    let mut rng = Rng::new(1);
    let (mut whole, mut cut, mut asked) = (0, 0, 0);
    for round in 0..600 {
        let mut store = store.clone();
        let before = store.clone();
        for _ in 0..1 + rng.below(2) {
            let blocks: Vec<BlockKey> = store.blocks.keys().copied().collect();
            let pieces: Vec<_> = store.pieces.keys().copied().collect();
            let (block, piece) = (
                blocks[rng.index(blocks.len())],
                pieces[rng.index(pieces.len())],
            );
            match rng.below(8) {
                0 => drop(store.blocks.remove(&block)),
                1 => drop(store.pieces.remove(&piece)),
                2 | 3 => damage(store.pieces.get_mut(&piece).unwrap(), &mut rng),
                _ => damage(store.blocks.get_mut(&block).unwrap(), &mut rng),
            }
            if store.pieces.is_empty() {
                break;
            }
        }
        if store.blocks == before.blocks && store.pieces == before.pieces {
            continue;
        }
        let gone: Vec<_> = before
            .blocks
            .keys()
            .filter(|key| !store.blocks.contains_key(key))
            .collect();
        let mut alone = Alone::start(store, 60);
        assert!(alone.node.status(NOW_MS).ready, "round {round}");
        let (seq, digest) = alone.state();
        assert_eq!(
            states.get(&seq),
            Some(&digest),
            "round {round}: no state at {seq}"
        );
        // That the log's very end is gone can be seen from nothing.
        let end = before.blocks.last_key_value().map(|(key, _)| key);
        if seq < *last_seq && !gone.iter().any(|key| Some(*key) >= end) {
            assert!(
                !alone.corrupt.is_empty(),
                "round {round}: {seq} of {last_seq}, gone {gone:?}"
            );
        }
        whole += u32::from(seq == *last_seq);
        cut += u32::from(seq < *last_seq);

        if alone.node.status(NOW_MS).storage == "damaged" {
            asked += 1;
            assert_eq!(alone.node.status(NOW_MS).role, "follower", "round {round}");
            alone = Alone::start_with(alone.store, 62, true);
            assert_eq!(alone.state(), (seq, digest), "round {round}");
        }
        assert_eq!(alone.node.status(NOW_MS).role, "leader", "round {round}");
        alone.call("SET after damage");
        let state = alone.state();
        let again = Alone::start(alone.store, 61);
        assert_eq!(
            again.state(),
            state,
            "round {round}: what followed the damage is lost"
        );
        assert_eq!(again.node.status(NOW_MS).role, "leader", "round {round}");
    }
    let torn = cut - asked;
    assert!(
        whole > 50 && asked > 50 && torn > 5,
        "{whole} {asked} {torn}"
    );
}
