//! How much log stands behind the newest snapshot, and how much of it stood there at each block.
//!
//! A snapshot is published by a block that comes behind what was written while it was taken. Whoever sees it published
//! tells by its seq where in the log it was begun: what is behind that place is still to be replayed.
use super::BlockKey;

/// What a block costs storage beside its bytes: a row, or a file.
pub(super) const BLOCK_COST: usize = 1 << 10;
/// Of more blocks than these not each has its mark.
const MARKS_MAX: usize = 512;

/// Before the block `key`: the last record, and the bytes behind the newest snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    key: BlockKey,
    seq: u64,
    bytes: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LogSize {
    bytes: usize,
    /// In order of keys: of the first block, and then of every so many.
    marks: Vec<Mark>,
    every: usize,
    /// Blocks since the last one with a mark.
    unmarked: usize,
}

impl LogSize {
    /// With what its blocks cost.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A block of so many bytes stands at `key`; `seq` is the last record before it.
    pub fn add(&mut self, key: BlockKey, seq: u64, bytes: usize) {
        self.unmarked += 1;
        if self.marks.is_empty() || self.unmarked >= self.every {
            self.unmarked = 0;
            let bytes = self.bytes;
            self.marks.push(Mark { key, seq, bytes });
        }
        if self.marks.len() > MARKS_MAX {
            let mut odd = false;
            self.marks.retain(|_| {
                odd = !odd;
                odd
            });
            self.every = 2 * self.every.max(1);
        }
        self.bytes += bytes + BLOCK_COST;
    }

    /// The first block that may hold records past `seq`, or one before it, and the bytes before that block.
    pub fn behind(&self, seq: u64) -> Option<(BlockKey, usize)> {
        let within = self.marks.partition_point(|mark| mark.seq <= seq);
        let mark = self.marks.get(within.checked_sub(1)?)?;

        Some((mark.key, mark.bytes))
    }

    /// The first `bytes` are in a snapshot.
    pub fn cut(&mut self, bytes: usize) {
        self.marks.retain(|mark| mark.bytes >= bytes);
        for mark in &mut self.marks {
            mark.bytes -= bytes;
        }
        self.bytes = self.bytes.saturating_sub(bytes);
        if self.marks.len() < MARKS_MAX / 2 {
            self.every = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_while_a_snapshot_was_is_behind_it() {
        let mut log = LogSize::default();
        let key = |n| BlockKey { epoch: 1, n };
        for n in 0..5000 {
            log.add(key(n), 10 * n, 100);
        }
        let block = 100 + BLOCK_COST;
        assert_eq!(log.bytes(), 5000 * block);
        let (from, bytes) = log.behind(49_995).expect("it is known");
        assert!(from <= key(4999) && from > key(4900), "{from:?}");
        assert_eq!(bytes, from.n as usize * block);
        let (from, bytes) = log.behind(25_000).expect("it is known");
        assert!(from <= key(2500) && bytes <= 2500 * block, "{from:?}");
        assert!(from > key(2400), "{from:?}");
        log.cut(bytes);
        assert_eq!(log.bytes(), 5000 * block - bytes);
        assert_eq!(log.behind(25_000), Some((from, 0)));
        assert_eq!(log.behind(0), None);
    }
}
