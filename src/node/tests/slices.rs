//! A snapshot while storage is slow.
use super::*;
use crate::base::rng::Rng;

/// Text that nothing makes smaller.
fn noise(rng: &mut Rng, length: usize) -> String {
    let letter = |_| char::from(b'!' + rng.below(90) as u8);

    (0..length).map(letter).collect()
}

fn stores(node: &mut Node) -> Vec<(u64, StorageOp)> {
    let mut asked = Vec::new();
    while let Some(output) = node.poll() {
        if let Output::Store { id, op } = output {
            asked.push((id, op));
        }
    }

    asked
}

#[test]
fn slices_go_on_while_storage_is_busy_and_two_pieces_are_stored_at_once() {
    let mut alone = Alone::start(Store::default(), options(1));
    let session = alone.node.open_session(0);
    let mut rng = Rng::new(1);
    for i in 0..24 {
        let text = noise(&mut rng, 100_000);
        assert_eq!(alone.call(session, &format!("SET k{i} {text}")), Reply::OK);
    }
    let call = alone.node.new_call();
    alone.node.act(Action::Save, Some(call));
    alone.node.finish();
    let mut asked = stores(&mut alone.node);
    let mut sizes = Vec::new();
    for _ in 0..1000 {
        // Storage takes its time: it is asked for nothing else meanwhile, and slices end somewhere.
        let mut slices = 0;
        while alone.node.snapshots.wants_slice() {
            alone.now_ms += 1;
            alone.node.tick(alone.now_ms);
            asked.extend(stores(&mut alone.node));
            slices += 1;
        }
        assert!(slices < 20, "{slices} slices are four pieces");
        assert!(asked.len() <= 1, "{asked:?}");
        let Some((id, op)) = asked.pop() else { break };
        if let StorageOp::AddPieces { pieces, index, .. } = &op {
            sizes.push((*index, pieces.len()));
        }
        let result = alone.store.perform(op);
        alone
            .node
            .handle(alone.now_ms, Input::Stored { id, result });
        while let Some(output) = alone.node.poll() {
            match output {
                Output::Store { id, op } => asked.push((id, op)),
                Output::Reply { call, reply } => drop(alone.replies.insert(call, reply)),
                _ => {}
            }
        }
    }
    assert_eq!(alone.reply_of(Called::Pending(call)), Reply::OK);
    let image = &sizes[..sizes
        .iter()
        .rposition(|(index, _)| *index > 0)
        .map_or(0, |at| at + 1)];
    let mut next = 0;
    for (index, count) in image {
        assert_eq!(*index, next, "{sizes:?}");
        assert!((1..=2).contains(count), "{sizes:?}");
        next += *count as u32;
    }
    assert!(image.len() >= 5 && next >= 9, "{sizes:?}");
    let mut alone = alone.again();
    let session = alone.node.open_session(0);
    assert_eq!(alone.call(session, "DBSIZE"), Reply::Int(24));
}
