//! DEBUG DIGEST: a SHA-1 of data that does not depend on how or in which order it is kept.
//!
//! Redis's own digest to the bit, so two servers of either kind can be compared. What has an order is
//! mixed in (`SHA1(digest xor SHA1(data))`); what has none is xored.
use sha1_smol::Sha1;

use super::{Kind, ValueRef};
use crate::base::number;

/// A digest that grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest([u8; 20]);

impl Digest {
    /// Adds something among others that have no order.
    pub fn xor(&mut self, data: &[u8]) {
        let added = Sha1::from(data).digest().bytes();
        for (byte, added) in self.0.iter_mut().zip(added) {
            *byte ^= added;
        }
    }

    /// Adds something whose place matters.
    pub fn mix(&mut self, data: &[u8]) {
        self.xor(data);
        self.0 = Sha1::from(self.0).digest().bytes();
    }

    /// Adds a value with its type, and whether it expires. JSON counts as the string of its text.
    pub fn mix_value(&mut self, value: ValueRef, expires: bool) {
        self.mix(&type_number(value.kind()).to_be_bytes());
        match value {
            ValueRef::String(value) => self.mix(&value.bytes()),
            ValueRef::Json(value) => self.mix(value.text().as_bytes()),
            ValueRef::List(value) => value.iter().for_each(|element| self.mix(&element)),
            ValueRef::Set(value) => value.iter().for_each(|member| self.xor(&member)),
            ValueRef::Hash(value) => value
                .iter()
                .for_each(|(field, value)| self.pair(&field, &value)),
            ValueRef::ZSet(value) => value.iter().for_each(|(member, score)| {
                self.pair(&member, number::format_f64(score).as_bytes());
            }),
        }
        if expires {
            self.xor(b"!!expire!!");
        }
    }

    fn pair(&mut self, first: &[u8], second: &[u8]) {
        let mut pair = Digest::default();
        pair.mix(first);
        pair.mix(second);
        self.xor(&pair.0);
    }

    pub fn bytes(self) -> [u8; 20] {
        self.0
    }
}

/// Redis's number for a type of object.
fn type_number(kind: Kind) -> u32 {
    match kind {
        Kind::String | Kind::Json => 0,
        Kind::List => 1,
        Kind::Set => 2,
        Kind::ZSet => 3,
        Kind::Hash => 4,
    }
}

/// What DEBUG DIGEST-VALUE answers for a value.
pub fn digest_value(value: ValueRef, expires: bool) -> [u8; 20] {
    let mut digest = Digest::default();
    digest.mix_value(value, expires);

    digest.bytes()
}
