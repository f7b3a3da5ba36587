use super::*;
use crate::base::rng::Rng;

/// Fills a slot with a byte.
fn fill(arena: &Arena, (handle, granules, byte): (Handle, usize, u8)) {
    // SAFETY: the slot is in use and so large, and the test holds no reference to it.
    unsafe { arena.at(handle).write_bytes(byte, granules * GRANULE) };
}

fn is_filled(arena: &Arena, (handle, granules, byte): (Handle, usize, u8)) -> bool {
    // SAFETY: as in `fill`, which has initialized it.
    let bytes =
        unsafe { std::slice::from_raw_parts(arena.at(handle).as_ptr(), granules * GRANULE) };

    bytes.iter().all(|held| *held == byte)
}

#[test]
fn slots_do_not_overlap_and_are_given_back() {
    let steps = if cfg!(miri) { 2_000 } else { 60_000 };
    let (mut arena, mut rng) = (Arena::new(), Rng::new(3));
    let mut held = Vec::new();
    for step in 0..steps {
        // Grow and shrink by turns.
        let grows = step / (steps / 6) % 2 == 0;
        if held.is_empty() || rng.below(10) < if grows { 8 } else { 2 } {
            let granules = 2 + rng.index(if step % 3 == 0 { 67 } else { 8 });
            let slot = (arena.take(granules), granules, rng.below(256) as u8);
            fill(&arena, slot);
            held.push(slot);
        } else {
            let slot = held.swap_remove(rng.index(held.len()));
            assert!(is_filled(&arena, slot));
            // SAFETY: the slot was taken, and is known to nobody from here on.
            unsafe { arena.give_back(slot.0) };
        }
    }
    assert!(held.iter().all(|slot| is_filled(&arena, *slot)));
    let live: usize = held.iter().map(|slot| slot.1 * GRANULE).sum();
    assert_eq!(arena.live_bytes(), live);
    for slot in held {
        // SAFETY: as above.
        unsafe { arena.give_back(slot.0) };
    }
    let kept = arena.pages.iter().filter(|page| page.granules != 0).count();
    assert!(
        kept <= GRANULES_MAX,
        "an empty page of a size, at most: {kept}"
    );
}

#[test]
fn all_slots_handed_out_are_met_in_order() {
    let mut arena = Arena::new();
    let taken: Vec<Handle> = (0..500).map(|i| arena.take(2 + i % 5)).collect();
    let (mut met, mut at) = (Vec::new(), Spot::default());
    while let Some((handle, behind)) = arena.slot_from(at) {
        met.push(handle);
        at = behind;
    }
    assert!(met.is_sorted());
    let mut taken = taken;
    taken.sort_unstable();
    assert_eq!(met, taken);
}
