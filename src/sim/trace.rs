//! What happened, for a person to read: every line bears its time and how much it matters.
use std::fmt::Write;

use crate::node::{BlockKey, Input, StorageOp, StorageReply};
use crate::replica::Message;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Messages, and what storage is asked.
    Chatter,
    /// Reads, inputs, answers of storage.
    Step,
    /// Reigns, faults, moments, what clients were told.
    Event,
}

#[derive(Clone, Debug)]
struct Line {
    at_us: u64,
    weight: Weight,
    text: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    pub on: bool,
    lines: Vec<Line>,
}

/// Of the excerpt.
const EVENTS: usize = 60;
const STEPS: usize = 50;

impl Trace {
    pub fn note(&mut self, at_us: u64, weight: Weight, text: impl FnOnce() -> String) {
        if self.on {
            let text = text();
            self.lines.push(Line {
                at_us,
                weight,
                text,
            });
        }
    }

    pub fn whole(&self) -> String {
        self.print(|_| true)
    }

    /// The lines that mention one of `words`, and the last ones of each weight.
    pub fn excerpt(&self, words: &[String]) -> String {
        let named = |line: &Line| words.iter().any(|word| line.text.contains(word.as_str()));
        let reign = |line: &Line| line.text.contains("Leader {");
        let from = |weight: Weight, count: usize| {
            let mut of_weight = self.lines.iter().rev().filter(|line| line.weight >= weight);
            of_weight.nth(count).map_or(0, |line| line.at_us)
        };
        let (events, steps) = (from(Weight::Event, EVENTS), from(Weight::Step, STEPS));
        let chosen = self.print(|line| {
            reign(line)
                || line.at_us == 0
                || (named(line) && line.weight >= Weight::Step)
                || (line.at_us >= events && line.weight == Weight::Event)
                || (line.at_us >= steps && line.weight == Weight::Step)
        });

        format!(
            "{chosen}({} lines in all: --trace prints them)\n",
            self.lines.len()
        )
    }

    fn print(&self, chosen: impl Fn(&Line) -> bool) -> String {
        let mut out = String::new();
        for line in self.lines.iter().filter(|line| chosen(line)) {
            let ms = line.at_us as f64 / 1000.0;
            // Writing to a string does not fail.
            writeln!(out, "{ms:11.3} {}", line.text).unwrap_or_default();
        }

        out
    }
}

/// Where a block's bytes tell what kind it is.
const KIND_AT: usize = 9;

fn block(key: BlockKey, bytes: &[u8]) -> String {
    let kind = match bytes.get(KIND_AT) {
        Some(0) => "records",
        Some(1) => "seal",
        Some(2) => "snapshot",
        _ => "damaged",
    };

    format!("{}/{} {kind}", key.epoch, key.n)
}

fn cut(text: String) -> String {
    text.chars().take(200).collect()
}

/// What is asked of storage, in short.
pub(super) fn show_op(op: &StorageOp) -> String {
    match op {
        StorageOp::Open { .. } => "Open".into(),
        StorageOp::Add { key, bytes, strict } => {
            let strict = if *strict { ", strict" } else { "" };
            format!("Add {} ({} bytes{strict})", block(*key, bytes), bytes.len())
        }
        StorageOp::Seal { key, bytes } => {
            format!("Seal {} ({} bytes)", block(*key, bytes), bytes.len())
        }
        StorageOp::Read { from, .. } => format!("Read from {}/{}", from.epoch, from.n),
        StorageOp::Delete { keys } => format!("Delete {} keys{}", keys.len(), ends(keys)),
        StorageOp::AddPieces { index, pieces, .. } => {
            format!("AddPieces {index} {}", pieces.len())
        }
        StorageOp::ReadPiece { index, .. } => format!("ReadPiece {index}"),
        StorageOp::KeepPieces { snapshots } => {
            format!("KeepPieces of {} snapshots", snapshots.len())
        }
        StorageOp::Keys | StorageOp::Close => cut(format!("{op:?}")),
        #[allow(unreachable_patterns)]
        other => cut(format!("{other:?}")),
    }
}

fn ends(keys: &[BlockKey]) -> String {
    match keys {
        [] => String::new(),
        [first, .., last] => format!(" {}/{} to {}/{}", first.epoch, first.n, last.epoch, last.n),
        [one] => format!(" {}/{}", one.epoch, one.n),
    }
}

/// What a node is told, in short.
pub(super) fn show_input(input: &Input) -> String {
    let Input::Stored { id, result } = input else {
        return cut(format!("{input:?}"));
    };
    match result {
        Ok(StorageReply::Blocks(blocks)) => match &blocks[..] {
            [] => format!("stored {id}: no blocks"),
            [.., (key, bytes)] => format!(
                "stored {id}: {} blocks to {}",
                blocks.len(),
                block(*key, bytes)
            ),
        },
        Ok(StorageReply::Keys(keys)) => format!("stored {id}: {} keys{}", keys.len(), ends(keys)),
        Ok(StorageReply::Piece(piece)) => format!("stored {id}: a piece: {}", piece.is_some()),
        Ok(reply) => cut(format!("stored {id}: {reply:?}")),
        Err(error) => format!("stored {id}: failed, {error:?}"),
    }
}

/// What a node says, in short.
pub(super) fn show_message(bytes: &[u8]) -> String {
    match Message::decode(bytes) {
        Ok(Message::Blocks { epoch, to, blocks }) => {
            let blocks = blocks.iter().map(|((epoch, n), bytes)| {
                let key = BlockKey {
                    epoch: *epoch,
                    n: *n,
                };
                block(key, bytes)
            });
            let blocks: Vec<String> = blocks.collect();
            cut(format!(
                "Blocks in epoch {epoch} to {to:?}: {}",
                blocks.join(", ")
            ))
        }
        Ok(message) => cut(format!("{message:?}")),
        Err(error) => format!("{error:?}"),
    }
}
