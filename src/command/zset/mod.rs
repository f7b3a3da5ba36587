//! The family's table.
use super::row::*;

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
];
