//! What nodes say to one another: one enum, versioned, checked on arrival.
//!
//! A message is `K`, the oldest protocol that understands it, the kind, its fields. A build that changes a
//! kind raises that number for this kind alone and goes on reading the old form: so a tab that is older than its
//! leader still forwards writes and is answered, although it cannot read all that it is told.
//!
//! Ids name nodes, not pages: a reload is a new node. Nothing here is believed beyond its form; who may say what
//! is the business of leader and follower.
use super::wire::{Malformed, Reader, Result, Writer};
use crate::command::Published;

/// The protocol that this build speaks.
pub const VERSION: u8 = 1;
/// Every kind of message is as it was in this protocol.
const SINCE: u8 = 1;

/// Room for most messages.
const MESSAGE_BYTES: usize = 96;

/// A node, for as long as it runs.
pub type NodeId = u64;

/// Where in the log: epoch and number of the block.
pub type Place = (u64, u64);

/// What a node tells of itself: the picture of the tabs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    pub id: NodeId,
    pub leads: bool,
    pub epoch: u64,
    /// The last record applied; of a leader, the last one committed.
    pub seq: u64,
    /// The next block that it will write or wants.
    pub next: Place,
    pub visible: bool,
    /// Fit to lead: it has storage and understands all that is in it.
    pub able: bool,
}

/// What a follower saw of a key under WATCH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub db: usize,
    pub key: Box<[u8]>,
    pub existed: bool,
    pub seq: u64,
}

/// A call, or a transaction, that a follower wants run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Counts from 1 in each node.
    pub number: u64,
    /// 0 memory, 1 everysec, 2 always.
    pub level: u8,
    /// It may have been run: the memory from `since_seq` on, where the caller stood when it first sent it, tells.
    pub again: bool,
    pub since_seq: u64,
    pub db: usize,
    /// Of RESP, 2 or 3.
    pub protocol: u8,
    pub transaction: bool,
    pub commands: Vec<Vec<Box<[u8]>>>,
    pub watched: Vec<Seen>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub number: u64,
    /// The caller holds the reply back until it has applied this.
    pub seq: u64,
    /// A reply of `answer::encode`.
    pub reply: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Here I am; who leads?
    Hello(Info),
    /// How I am now.
    Announce(Info),
    /// Every number below `answered_below` has had its answer.
    Requests {
        epoch: u64,
        from: NodeId,
        answered_below: u64,
        items: Vec<Asked>,
    },
    Answers {
        epoch: u64,
        to: NodeId,
        items: Vec<Answer>,
    },
    /// Committed blocks in a row with their places. `to` all where it is `None`.
    Blocks {
        epoch: u64,
        to: Option<NodeId>,
        blocks: Vec<(Place, Vec<u8>)>,
    },
    /// The sender lacks the blocks from `at` on.
    Ask {
        from: NodeId,
        at: Place,
    },
    /// What was asked for is in storage alone.
    Unheld {
        epoch: u64,
        to: NodeId,
        at: Place,
    },
    /// Are you at work?
    Ping {
        info: Info,
        nonce: u64,
    },
    /// `pending_ms`: how long the oldest commit has been under way, 0 for none. `steps` counts what storage has
    /// done: it moves where the node does.
    Pong {
        info: Info,
        to: NodeId,
        nonce: u64,
        pending_ms: u64,
        steps: u64,
    },
    Published {
        epoch: u64,
        items: Vec<Published>,
    },
    Leaving {
        from: NodeId,
    },
    /// The leader is done; `to` is to take the lock away from it.
    HandOver {
        epoch: u64,
        to: NodeId,
    },
    /// `from` asks the leader to hand over to it.
    WantLead {
        epoch: u64,
        from: NodeId,
    },
    /// The whole of a dataset that no storage holds, in pieces; for nodes without storage.
    Image {
        epoch: u64,
        from: NodeId,
        to: NodeId,
        next: Place,
        seq: u64,
        index: u32,
        last: bool,
        bytes: Vec<u8>,
    },
}

/// Why a message was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Of a newer build: understood from this protocol on.
    Version(u8),
    Malformed,
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Self {
        Unreadable::Malformed
    }
}

impl Message {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer {
            bytes: Vec::with_capacity(MESSAGE_BYTES),
        };
        out.byte(b'K');
        out.byte(SINCE);
        self.write(&mut out);

        out.bytes
    }

    pub fn decode(bytes: &[u8]) -> Result<Message, Unreadable> {
        let mut from = Reader::new(bytes);
        if from.byte()? != b'K' {
            return Err(Unreadable::Malformed);
        }
        let since = from.byte()?;
        if since > VERSION {
            return Err(Unreadable::Version(since));
        }
        let message = read(&mut from)?;
        from.end()?;

        Ok(message)
    }

    #[rustfmt::skip]
    fn write(&self, out: &mut Writer) {
        match self {
            Message::Hello(info) => kind(out, 0, info),
            Message::Announce(info) => kind(out, 1, info),
            Message::Requests { epoch, from, answered_below, items } => {
                head(out, 2, *epoch, *from);
                out.number(*answered_below);
                out.list(items, write_asked);
            }
            Message::Answers { epoch, to, items } => {
                head(out, 3, *epoch, *to);
                out.list(items, |out, item| {
                    out.number(item.number);
                    out.number(item.seq);
                    out.string(&item.reply);
                });
            }
            Message::Blocks { epoch, to, blocks } => {
                out.byte(4);
                out.number(*epoch);
                out.byte(u8::from(to.is_some()));
                if let Some(to) = to {
                    out.id(*to);
                }
                out.list(blocks, write_block);
            }
            Message::Ask { from, at } => {
                out.byte(5);
                out.id(*from);
                place(out, at);
            }
            Message::Unheld { epoch, to, at } => {
                head(out, 6, *epoch, *to);
                place(out, at);
            }
            Message::Ping { info, nonce } => {
                kind(out, 7, info);
                out.number(*nonce);
            }
            Message::Pong { info, to, nonce, pending_ms, steps } => {
                kind(out, 8, info);
                out.id(*to);
                [nonce, pending_ms, steps].into_iter().for_each(|number| out.number(*number));
            }
            Message::Published { epoch, items } => {
                out.byte(9);
                out.number(*epoch);
                out.list(items, write_published);
            }
            Message::Leaving { from } => {
                out.byte(10);
                out.id(*from);
            }
            Message::HandOver { epoch, to } => head(out, 11, *epoch, *to),
            Message::WantLead { epoch, from } => head(out, 12, *epoch, *from),
            Message::Image { epoch, from, to, next, seq, index, last, bytes } => {
                head(out, 13, *epoch, *from);
                out.id(*to);
                place(out, next);
                out.number(*seq);
                out.number(u64::from(*index));
                out.byte(u8::from(*last));
                out.string(bytes);
            }
        }
    }
}

fn head(out: &mut Writer, kind: u8, epoch: u64, id: NodeId) {
    out.byte(kind);
    out.number(epoch);
    out.id(id);
}

fn kind(out: &mut Writer, kind: u8, info: &Info) {
    out.byte(kind);
    out.id(info.id);
    out.number(info.epoch);
    out.number(info.seq);
    place(out, &info.next);
    let flags = [info.leads, info.visible, info.able];
    out.byte((0..3).map(|bit| u8::from(flags[bit]) << bit).sum());
}

fn place(out: &mut Writer, place: &Place) {
    out.number(place.0);
    out.number(place.1);
}

fn write_block(out: &mut Writer, (at, block): &(Place, Vec<u8>)) {
    place(out, at);
    out.string(block);
}

fn write_published(out: &mut Writer, published: &Published) {
    out.string(&published.channel);
    out.string(&published.message);
    out.byte(u8::from(published.sharded));
}

fn write_asked(out: &mut Writer, asked: &Asked) {
    out.number(asked.number);
    out.byte(asked.level);
    out.byte(u8::from(asked.again));
    out.number(asked.since_seq);
    out.number(asked.db as u64);
    out.byte(asked.protocol);
    out.byte(u8::from(asked.transaction));
    out.list(&asked.commands, |out, words| {
        out.list(words, |out, word| out.string(word));
    });
    out.list(&asked.watched, |out, seen| {
        out.number(seen.db as u64);
        out.string(&seen.key);
        out.byte(u8::from(seen.existed));
        out.number(seen.seq);
    });
}

#[rustfmt::skip]
fn read(from: &mut Reader) -> Result<Message> {
    Ok(match from.byte()? {
        0 => Message::Hello(read_info(from)?),
        1 => Message::Announce(read_info(from)?),
        2 => Message::Requests {
            epoch: from.number()?,
            from: from.id()?,
            answered_below: from.number()?,
            items: from.list(read_asked)?,
        },
        3 => Message::Answers {
            epoch: from.number()?,
            to: from.id()?,
            items: from.list(|from| {
                let (number, seq) = (from.number()?, from.number()?);
                let reply = from.string()?.to_vec();
                Ok(Answer { number, seq, reply })
            })?,
        },
        4 => Message::Blocks {
            epoch: from.number()?,
            to: if from.flag()? { Some(from.id()?) } else { None },
            blocks: from.list(|from| Ok((read_place(from)?, from.string()?.to_vec())))?,
        },
        5 => Message::Ask { from: from.id()?, at: read_place(from)? },
        6 => Message::Unheld { epoch: from.number()?, to: from.id()?, at: read_place(from)? },
        7 => Message::Ping { info: read_info(from)?, nonce: from.number()? },
        8 => Message::Pong {
            info: read_info(from)?,
            to: from.id()?,
            nonce: from.number()?,
            pending_ms: from.number()?,
            steps: from.number()?,
        },
        9 => Message::Published {
            epoch: from.number()?,
            items: from.list(|from| {
                Ok(Published {
                    channel: from.string()?.into(),
                    message: from.string()?.into(),
                    sharded: from.flag()?,
                })
            })?,
        },
        10 => Message::Leaving { from: from.id()? },
        11 => Message::HandOver { epoch: from.number()?, to: from.id()? },
        12 => Message::WantLead { epoch: from.number()?, from: from.id()? },
        13 => Message::Image {
            epoch: from.number()?,
            from: from.id()?,
            to: from.id()?,
            next: read_place(from)?,
            seq: from.number()?,
            index: u32::try_from(from.number()?).map_err(|_| Malformed)?,
            last: from.flag()?,
            bytes: from.string()?.to_vec(),
        },
        _ => return Err(Malformed),
    })
}

fn read_place(from: &mut Reader) -> Result<Place> {
    Ok((from.number()?, from.number()?))
}

fn read_info(from: &mut Reader) -> Result<Info> {
    let id = from.id()?;
    let (epoch, seq, next) = (from.number()?, from.number()?, read_place(from)?);
    let flags = from.byte()?;
    if flags > 7 {
        return Err(Malformed);
    }

    Ok(Info {
        id,
        leads: flags & 1 != 0,
        epoch,
        seq,
        next,
        visible: flags & 2 != 0,
        able: flags & 4 != 0,
    })
}

fn read_asked(from: &mut Reader) -> Result<Asked> {
    let (number, level) = (from.number()?, from.byte()?);
    if level > 2 {
        return Err(Malformed);
    }

    Ok(Asked {
        number,
        level,
        again: from.flag()?,
        since_seq: from.number()?,
        db: from.size()?,
        protocol: from.byte()?,
        transaction: from.flag()?,
        commands: from.list(|from| from.list(|from| Ok(Box::from(from.string()?))))?,
        watched: from.list(|from| {
            Ok(Seen {
                db: from.size()?,
                key: Box::from(from.string()?),
                existed: from.flag()?,
                seq: from.number()?,
            })
        })?,
    })
}
