//! Values and their smallest parts, written as Redis 7.0 writes them.
use std::ops::Range;

use super::super::list::ListNode;
use super::super::{StrRef, ValueRef};
use super::read::{NODE_PACKED, NODE_PLAIN};
use super::{kind, lzf};
use crate::base::number;

/// Redis: below this nothing is gained by compression.
const COMPRESSED_FROM: usize = 21;

/// Appends parts of the format to a buffer of its own.
pub struct Writer {
    out: Vec<u8>,
    compressed_from: usize,
}

impl Default for Writer {
    fn default() -> Self {
        Writer::new()
    }
}

impl Writer {
    /// Writes what Redis would write.
    pub fn new() -> Self {
        Writer::compressing_from(COMPRESSED_FROM)
    }

    /// Leaves strings of fewer bytes as they are, which any reader takes too.
    pub fn compressing_from(bytes: usize) -> Self {
        Writer {
            out: Vec::new(),
            compressed_from: bytes,
        }
    }

    /// What has been written and not yet taken.
    pub fn bytes(&self) -> &[u8] {
        &self.out
    }

    /// Takes what has been written.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// A length or number.
    #[inline]
    pub fn length(&mut self, length: u64) {
        match length {
            0..0x40 => self.byte(length as u8),
            0x40..0x4000 => self.raw(&(0x4000 | length as u16).to_be_bytes()),
            0x4000..0x1_0000_0000 => {
                self.byte(0x80);
                self.raw(&(length as u32).to_be_bytes());
            }
            _ => {
                self.byte(0x81);
                self.raw(&length.to_be_bytes());
            }
        }
    }

    /// A string in its shortest form: as a number, compressed, or as it is.
    #[inline]
    pub fn string(&mut self, bytes: &[u8]) {
        if bytes.len() <= 11
            && let Some(int) = number::parse_i64(bytes)
            && self.small_int(int)
        {
            return;
        }
        if bytes.len() >= self.compressed_from && self.compressed(bytes) {
            return;
        }
        self.length(bytes.len() as u64);
        self.raw(bytes);
    }

    /// A whole number as a string.
    pub fn int_string(&mut self, int: i64) {
        if !self.small_int(int) {
            let text = number::format_i64(int);
            self.length(text.len() as u64);
            self.raw(text.as_bytes());
        }
    }

    fn small_int(&mut self, int: i64) -> bool {
        let bytes = int.to_le_bytes();
        let (special, width) = match int {
            -0x80..=0x7f => (0xc0, 1),
            -0x8000..=0x7fff => (0xc1, 2),
            -0x8000_0000..=0x7fff_ffff => (0xc2, 4),
            _ => return false,
        };
        self.byte(special);
        self.raw(&bytes[..width]);

        true
    }

    /// Whether compression saves at least four bytes, and then writes it.
    fn compressed(&mut self, bytes: &[u8]) -> bool {
        let mut data = Vec::with_capacity(bytes.len());
        let done = lzf::compress(bytes, bytes.len() - 4, &mut data);
        if done.is_some() {
            self.byte(0xc3);
            self.length(data.len() as u64);
            self.length(bytes.len() as u64);
            self.raw(&data);
        }

        done.is_some()
    }

    /// A value, without the number of its type. A JSON document is the string of its text.
    pub fn value(&mut self, value: ValueRef) {
        if let Some(count) = element_count(value) {
            self.length(count as u64);
            return self.elements(value, 0..count);
        }
        match value {
            ValueRef::String(value) => self.str(value),
            ValueRef::Json(value) => self.string(value.text().as_bytes()),
            ValueRef::Set(value) => self.packed(value.as_intset_bytes()),
            ValueRef::Hash(value) => self.packed(value.as_listpack_bytes()),
            ValueRef::ZSet(value) => self.packed(value.as_listpack_bytes()),
            ValueRef::List(_) => unreachable!("a list is written node by node"),
        }
    }

    /// Some elements of a value that is written as such, in its order of writing: those at these places.
    pub fn elements(&mut self, value: ValueRef, places: Range<usize>) {
        let (from, count) = (places.start, places.len());
        match value {
            ValueRef::List(list) => {
                let nodes = list.nodes().skip(from).take(count);
                nodes.for_each(|node| self.node(node));
            }
            ValueRef::Set(set) => {
                let members = set.iter_from(from).take(count);
                members.for_each(|member| self.string(&member));
            }
            ValueRef::Hash(hash) => {
                for (field, value) in hash.iter_from(from).take(count) {
                    self.string(&field);
                    self.string(&value);
                }
            }
            // Redis: from the greatest on, so that a reader always inserts at the front.
            ValueRef::ZSet(zset) => {
                let end = zset.len() - from;
                for (member, score) in zset.range(end - count..end).rev() {
                    self.string(&member);
                    self.raw(&score.to_le_bytes());
                }
            }
            ValueRef::String(_) | ValueRef::Json(_) => {}
        }
    }

    fn node(&mut self, node: ListNode) {
        let (container, bytes) = match node {
            ListNode::Plain(bytes) => (NODE_PLAIN, bytes.into()),
            ListNode::Packed(bytes) => (NODE_PACKED, bytes),
        };
        self.length(container);
        self.string(&bytes);
    }

    fn packed(&mut self, bytes: Option<&[u8]>) {
        self.string(bytes.expect("what is not written by elements is packed"));
    }

    fn str(&mut self, value: StrRef) {
        match value {
            // Redis: a number's string is written as a number, or never compressed.
            StrRef::Int(int) => self.int_string(int),
            StrRef::Embedded(bytes) | StrRef::Raw(bytes) => self.string(bytes),
        }
    }
}

/// How many elements (of a list: nodes) a value is written as, behind their number; `None` where it is one string.
pub fn element_count(value: ValueRef) -> Option<usize> {
    match value {
        ValueRef::String(_) | ValueRef::Json(_) => None,
        ValueRef::List(list) => Some(list.nodes().len()),
        ValueRef::Set(set) => set.as_intset_bytes().is_none().then(|| set.len()),
        ValueRef::Hash(hash) => hash.as_listpack_bytes().is_none().then(|| hash.len()),
        ValueRef::ZSet(zset) => zset.as_listpack_bytes().is_none().then(|| zset.len()),
    }
}

/// The number of the type that `value` is written as.
pub fn type_byte(value: ValueRef) -> u8 {
    match value {
        ValueRef::String(_) | ValueRef::Json(_) => kind::STRING,
        ValueRef::List(_) => kind::LIST_QUICKLIST_2,
        ValueRef::Set(value) if value.encoding() == "intset" => kind::SET_INTSET,
        ValueRef::Set(_) => kind::SET,
        ValueRef::ZSet(value) if value.encoding() == "listpack" => kind::ZSET_LISTPACK,
        ValueRef::ZSet(_) => kind::ZSET_2,
        ValueRef::Hash(value) if value.encoding() == "listpack" => kind::HASH_LISTPACK,
        ValueRef::Hash(_) => kind::HASH,
    }
}
