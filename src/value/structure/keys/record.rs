//! What the table holds of a key, in one slot of the arena.
//!
//! ```text
//!  0  next in the bucket's chain   u32
//!  4  version                      u32
//!  8  access                       u32
//! 12  form  13  mark  14  key length  15  value length
//! 16  place among the keys that expire, where it does: u32
//!  .  key: its bytes, or where it is longer than 255 a pointer and a length
//!  .  value: an integer's bytes, a short string's, a small collection's in its dense form, or a pointer to a `Value`
//! ```
//! The low bits of the form say what the value is; 0 is a slot that is not in use.
#![allow(unsafe_code)]
use std::ptr::NonNull;

use super::super::allocated;
use super::super::listpack::dense;
use super::arena::GRANULE;
use super::payload::{HASH, LIST, Payload, SET, ZSET};
use crate::value::{Kind, StrRef, Value, ValueRef};

const HEADER: usize = 16;
const DUE: usize = 4;
/// Keys and strings up to this length stand in the record itself.
pub const INLINE_MAX: usize = 255;

const FREE: u8 = 0;
const INT: u8 = 1;
const EMBEDDED: u8 = 2;
const RAW: u8 = 3;
const BOXED: u8 = 4;
const VALUE: u8 = 0b1111;
const KEY_BOXED: u8 = 1 << 4;
const EXPIRES: u8 = 1 << 5;

type BoxedKey = (*mut u8, usize);

/// Granules of a record.
pub fn granules(key: &[u8], expires: bool, value: &Payload) -> usize {
    granules_of(key_len(key), expires, value.len())
}

pub fn granules_of(key_len: usize, expires: bool, value_len: usize) -> usize {
    (HEADER + usize::from(expires) * DUE + key_len + value_len).div_ceil(GRANULE)
}

/// Bytes that a key takes in the record.
fn key_len(key: &[u8]) -> usize {
    if key.len() > INLINE_MAX {
        size_of::<BoxedKey>()
    } else {
        key.len()
    }
}

/// A pointer to a record, or to a slot for one.
///
/// Whoever makes one vouches that it points to a slot of the arena that is as large as the record in it, and that it
/// is used only until the slot is given back. The header of a slot that was ever written is initialized for good, and
/// is reached through this pointer alone: no reference to any of it is ever made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record(NonNull<u8>);

impl Record {
    /// # Safety
    ///
    /// As above.
    #[inline]
    pub unsafe fn new(at: NonNull<u8>) -> Self {
        Record(at)
    }

    pub fn address(self) -> usize {
        self.0.addr().get()
    }

    #[inline]
    fn word(self, offset: usize) -> u32 {
        // SAFETY: the offset is one of the header's, or that of `due` in a record that has it: within the slot,
        // aligned to 4, initialized.
        unsafe { self.0.add(offset).cast::<u32>().read() }
    }

    #[inline]
    fn set_word(self, offset: usize, word: u32) {
        // SAFETY: as in `word`, and nobody holds a reference to it.
        unsafe { self.0.add(offset).cast::<u32>().write(word) }
    }

    #[inline]
    fn byte(self, offset: usize) -> u8 {
        // SAFETY: the offset is below that of the header's end: within the slot, initialized.
        unsafe { self.0.add(offset).read() }
    }

    #[inline]
    fn set_byte(self, offset: usize, byte: u8) {
        // SAFETY: as in `byte`, and nobody holds a reference to it.
        unsafe { self.0.add(offset).write(byte) }
    }

    #[inline]
    pub fn next(self) -> u32 {
        self.word(0)
    }

    pub fn set_next(self, next: u32) {
        self.set_word(0, next);
    }

    pub fn version(self) -> u32 {
        self.word(4)
    }

    pub fn set_version(self, version: u32) {
        self.set_word(4, version);
    }

    pub fn access(self) -> u32 {
        self.word(8)
    }

    pub fn set_access(self, access: u32) {
        self.set_word(8, access);
    }

    #[inline]
    fn form(self) -> u8 {
        self.byte(12)
    }

    pub fn mark(self) -> u8 {
        self.byte(13)
    }

    pub fn set_mark(self, mark: u8) {
        self.set_byte(13, mark);
    }

    pub fn is_free(self) -> bool {
        self.form() == FREE
    }

    /// The slot is to be given back: what it points to is somebody else's by now.
    pub fn set_free(self) {
        self.set_byte(12, FREE);
    }

    #[inline]
    pub fn expires(self) -> bool {
        self.form() & EXPIRES != 0
    }

    /// The place among the keys that expire, of a record that does.
    pub fn due(self) -> u32 {
        debug_assert!(self.expires());
        self.word(HEADER)
    }

    pub fn set_due(self, place: u32) {
        debug_assert!(self.expires());
        self.set_word(HEADER, place);
    }

    #[inline]
    fn key_at(self) -> usize {
        HEADER + usize::from(self.expires()) * DUE
    }

    #[inline]
    fn key_len(self) -> usize {
        usize::from(self.byte(14))
    }

    pub fn granules(self) -> usize {
        granules_of(self.key_len(), self.expires(), usize::from(self.byte(15)))
    }

    /// Granules that it would have with this value.
    pub fn granules_with(self, expires: bool, value_len: usize) -> usize {
        granules_of(self.key_len(), expires, value_len)
    }

    pub fn value_len(self) -> usize {
        usize::from(self.byte(15))
    }

    /// # Safety
    ///
    /// The record is in use, and neither written nor given back during `'a`, `access` and `mark` aside.
    #[inline]
    pub unsafe fn key<'a>(self) -> &'a [u8] {
        // SAFETY: `write_key` has initialized these bytes of the slot, or of a box that the record owns; the caller
        // sees to it that they stay.
        unsafe {
            let at = self.0.add(self.key_at());
            if self.form() & KEY_BOXED == 0 {
                return std::slice::from_raw_parts(at.as_ptr(), self.key_len());
            }
            let (bytes, len) = at.cast::<BoxedKey>().read_unaligned();
            std::slice::from_raw_parts(bytes, len)
        }
    }

    fn value_at(self) -> NonNull<u8> {
        // SAFETY: the value follows the key within the slot.
        unsafe { self.0.add(self.key_at() + self.key_len()) }
    }

    /// Of what kind a dense value is; None where it is not dense.
    #[inline]
    pub fn dense_kind(self) -> Option<Kind> {
        match self.form() & VALUE {
            LIST => Some(Kind::List),
            SET => Some(Kind::Set),
            ZSET => Some(Kind::ZSet),
            HASH => Some(Kind::Hash),
            _ => None,
        }
    }

    /// The dense value, decoded.
    ///
    /// # Safety
    ///
    /// The value is dense, and the record in use.
    pub unsafe fn open(self, kind: Kind) -> Value {
        let (at, len) = (self.value_at(), self.value_len());
        // SAFETY: `write_value` has initialized so many bytes of the slot, and they are not written meanwhile.
        let bytes = unsafe { std::slice::from_raw_parts(at.as_ptr(), len) };

        Value::from_pack(kind, dense::decode(bytes))
    }

    /// # Safety
    ///
    /// As `key`; and the value is not dense.
    #[inline]
    pub unsafe fn value<'a>(self) -> ValueRef<'a> {
        let (at, len) = (self.value_at(), self.value_len());
        // SAFETY: `write_value` has initialized so many bytes of the slot in this form; the caller sees to it that
        // they, and the box, stay.
        unsafe {
            let bytes = || std::slice::from_raw_parts(at.as_ptr(), len);
            match self.form() & VALUE {
                INT => ValueRef::String(StrRef::Int(read_int(bytes()))),
                EMBEDDED => ValueRef::String(StrRef::Embedded(bytes())),
                RAW => ValueRef::String(StrRef::Raw(bytes())),
                _ => (*at.cast::<*mut Value>().read_unaligned()).as_ref(),
            }
        }
    }

    pub fn is_boxed(self) -> bool {
        self.form() & VALUE == BOXED
    }

    /// The boxed value, to be changed.
    ///
    /// # Safety
    ///
    /// The value is boxed, and nobody else reads or writes the record during `'a`.
    pub unsafe fn boxed_mut<'a>(self) -> &'a mut Value {
        debug_assert!(self.is_boxed());
        // SAFETY: the form says that the slot holds a pointer of `Box::into_raw`, and the caller that it is his.
        unsafe { &mut *self.value_at().cast::<*mut Value>().read_unaligned() }
    }

    /// Takes the boxed value out; the record is then to be written anew, or freed.
    ///
    /// # Safety
    ///
    /// As `boxed_mut`, and nobody takes it again.
    pub unsafe fn take_boxed(self) -> Box<Value> {
        // SAFETY: as in `boxed_mut`; and it leaves the record here.
        unsafe { Box::from_raw(self.value_at().cast::<*mut Value>().read_unaligned()) }
    }

    /// Drops the key's box, if it has one.
    ///
    /// # Safety
    ///
    /// The record is to be freed, and nobody uses its key any more.
    pub unsafe fn drop_key(self) {
        if self.form() & KEY_BOXED == 0 {
            return;
        }
        // SAFETY: the form says that the key is a boxed slice taken apart by `write`.
        unsafe {
            let (bytes, len) = self
                .0
                .add(self.key_at())
                .cast::<BoxedKey>()
                .read_unaligned();
            drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(
                bytes, len,
            )));
        }
    }

    /// Bytes of the key's box.
    pub fn key_box_bytes(self) -> usize {
        if self.form() & KEY_BOXED == 0 {
            return 0;
        }
        // SAFETY: as in `drop_key`.
        unsafe {
            let at = self.0.add(self.key_at());
            allocated(at.cast::<BoxedKey>().read_unaligned().1)
        }
    }

    /// Writes a record of these into the slot.
    ///
    /// # Safety
    ///
    /// The slot has as many granules as `granules` says of these, and nobody else knows it yet.
    pub unsafe fn write(self, key: &[u8], expires: bool, value: Payload) {
        let boxed = key.len() > INLINE_MAX;
        let form = u8::from(boxed) * KEY_BOXED + u8::from(expires) * EXPIRES;
        for offset in [0, 4, 8, HEADER] {
            if offset < HEADER || expires {
                self.set_word(offset, 0);
            }
        }
        self.set_byte(13, 0);
        self.set_byte(12, form);
        self.set_byte(14, key_len(key) as u8);
        // SAFETY: the slot is large enough for header and key.
        unsafe {
            let at = self.0.add(self.key_at());
            if boxed {
                let key = Box::into_raw(Box::<[u8]>::from(key));
                at.cast::<BoxedKey>()
                    .write_unaligned((key.cast::<u8>(), key.len()));
            } else {
                at.as_ptr()
                    .copy_from_nonoverlapping(key.as_ptr(), key.len());
            }
            self.write_value(value);
        }
    }

    /// Writes another value behind the key.
    ///
    /// # Safety
    ///
    /// The slot is large enough for it, a boxed value was taken out, and nobody holds a reference to the old one.
    pub unsafe fn write_value(self, value: Payload) {
        let (at, len) = (self.value_at(), value.len());
        self.set_byte(15, len as u8);
        // SAFETY: the slot is large enough, and the payload is no part of it, because it is borrowed from elsewhere.
        let form = unsafe {
            match value {
                Payload::Int(int) => {
                    let bytes = int.to_le_bytes();
                    at.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), len);
                    INT
                }
                Payload::Text { raw, bytes } => {
                    at.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), len);
                    if raw { RAW } else { EMBEDDED }
                }
                Payload::Dense { form, bytes } => {
                    at.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), len);
                    form
                }
                Payload::Boxed(value) => {
                    at.cast::<*mut Value>()
                        .write_unaligned(Box::into_raw(value));
                    BOXED
                }
            }
        };
        self.set_byte(12, self.form() & !VALUE | form);
    }

    /// Copies header and key of another record, which expires or not as `expires` says of this one, and leaves room
    /// for its place among those. The value is to be written.
    ///
    /// # Safety
    ///
    /// The slot is another one, large enough. The key's box is this record's from now on.
    pub unsafe fn copy_from(self, old: Record, expires: bool) {
        // SAFETY: both slots have a header, and two slots do not overlap.
        unsafe {
            old.0.copy_to_nonoverlapping(self.0, HEADER);
        }
        let form = (old.form() & !EXPIRES) | (u8::from(expires) * EXPIRES);
        self.set_byte(12, form);
        if expires {
            self.set_word(HEADER, if old.expires() { old.due() } else { 0 });
        }
        // SAFETY: the caller's slot has room for the key behind the header, and the old one has the key there.
        unsafe {
            let (from, to) = (old.0.add(old.key_at()), self.0.add(self.key_at()));
            from.copy_to_nonoverlapping(to, old.key_len());
        }
    }

    /// Copies the value of another record behind the key.
    ///
    /// # Safety
    ///
    /// As `copy_from`; a boxed value is this record's from now on.
    pub unsafe fn copy_value_from(self, old: Record) {
        // SAFETY: the caller's slot has room for the value, and the old one has it there.
        unsafe {
            old.value_at()
                .copy_to_nonoverlapping(self.value_at(), old.value_len());
        }
        self.set_byte(15, old.byte(15));
    }
}

fn read_int(bytes: &[u8]) -> i64 {
    let mut all = [0; 8];
    all[..bytes.len()].copy_from_slice(bytes);
    let unused = 64 - 8 * bytes.len();

    i64::from_le_bytes(all) << unused >> unused
}
