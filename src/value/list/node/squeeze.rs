//! A node of a list that is full and rests, compressed.
//!
//! A node is compressed when the next one is begun beyond it, and opened by what changes it. One that was opened waits
//! until another full node lies between it and the end: else pushing and popping there would do it again and again.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Node;
use crate::value::rdb::lzf::{self, Compressor};
use crate::value::structure::allocated;
use crate::value::structure::listpack::ListPack;

/// A smaller listpack stays as it is.
const SIZE_MIN: usize = 512;
/// What is tried first: if it does not pay here, it will not pay for the rest.
const SAMPLE: usize = 1024;
/// Of a table of 16 KiB: a node has about 8 KiB.
const TABLE_BITS: u32 = 12;

/// So many nodes that were read last are kept as listpacks: who looks here and there into a long list opens each once.
const OPENED_MAX: usize = 4;

thread_local! {
    static COMPRESSOR: RefCell<Compressor> = const { RefCell::new(Compressor::new(TABLE_BITS)) };
    /// The newest first, by the id of what was compressed.
    static OPENED: RefCell<Vec<(u64, Rc<ListPack>)>> = const { RefCell::new(Vec::new()) };
    static LAST_ID: Cell<u64> = const { Cell::new(0) };
}

/// Whether it pays to compress a node once it rests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::value::list) enum Pays {
    #[default]
    Perhaps,
    /// It did, and was opened.
    Later,
    /// Its bytes do not repeat themselves.
    Never,
}

/// A listpack, compressed.
#[derive(Clone, Debug)]
pub(in crate::value::list) struct Squeezed {
    /// Of these bytes, which never change: a copy has the same.
    id: u64,
    bytes: Box<[u8]>,
    pack_len: u32,
    len: u32,
}

impl Squeezed {
    /// `None` where less than a quarter is saved.
    fn new(pack: &ListPack, len: u32) -> Option<Squeezed> {
        let all = pack.as_bytes();
        if all.len() < SIZE_MIN {
            return None;
        }
        let pack_len = u32::try_from(all.len()).ok()?;
        let mut bytes = Vec::new();
        COMPRESSOR.with_borrow_mut(|compressor| {
            let sample = &all[..all.len().min(SAMPLE)];
            compressor.compress(sample, sample.len() * 3 / 4, &mut bytes)?;
            bytes.clear();
            compressor.compress(all, all.len() * 3 / 4, &mut bytes)
        })?;
        let bytes = bytes.into();

        let id = LAST_ID.get() + 1;
        LAST_ID.set(id);

        Some(Squeezed {
            id,
            bytes,
            pack_len,
            len,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// Bytes of the listpack.
    pub(super) fn pack_len(&self) -> usize {
        self.pack_len as usize
    }

    pub(super) fn pack_bytes(&self) -> Vec<u8> {
        lzf::decompress(&self.bytes, self.pack_len()).expect("it was compressed here")
    }

    /// The listpack, to be read.
    pub(super) fn pack(&self) -> Rc<ListPack> {
        OPENED.with_borrow_mut(|opened| {
            match opened.iter().position(|(id, _)| *id == self.id) {
                Some(place) => opened[..=place].rotate_right(1),
                None => {
                    opened.truncate(OPENED_MAX - 1);
                    let pack = ListPack::from_own_bytes(self.pack_bytes());
                    opened.insert(0, (self.id, Rc::new(pack)));
                }
            }

            opened[0].1.clone()
        })
    }

    pub(super) fn memory_bytes(&self) -> usize {
        allocated(self.bytes.len())
    }
}

impl Node {
    /// It is full, and the next one is begun: whatever it reserved for growth is not needed any more.
    pub(in crate::value::list) fn rest(&mut self) {
        let Node::Packed { pack, pays, .. } = self else {
            return;
        };
        match pays {
            Pays::Perhaps => self.squeeze(),
            Pays::Later | Pays::Never => pack.shrink_to_fit(),
        }
    }

    /// Compresses a packed node where that pays.
    pub(in crate::value::list) fn squeeze(&mut self) {
        let Node::Packed { pack, len, pays } = self else {
            return;
        };
        if let Some(squeezed) = Squeezed::new(pack, *len) {
            *self = Node::Squeezed(squeezed);
            return;
        }
        pack.shrink_to_fit();
        *pays = Pays::Never;
    }

    /// Makes a listpack of a compressed one.
    pub(in crate::value::list) fn open(&mut self) {
        if let Node::Squeezed(squeezed) = self {
            let pack = ListPack::from_own_bytes(squeezed.pack_bytes());
            let len = squeezed.len;
            let pays = Pays::Later;
            *self = Node::Packed { pack, len, pays };
        }
    }

    /// Whether it was compressed once, and is not now.
    pub(in crate::value::list) fn is_opened(&self) -> bool {
        matches!(
            self,
            Node::Packed {
                pays: Pays::Later,
                ..
            }
        )
    }
}
