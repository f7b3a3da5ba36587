//! A document's text, written and read as serde_json does it to the letter, errors too: its own code is made for every
//! type that there is, with tables of its own for numbers, and would be 5 % of the wasm.
mod compact;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use compact::compact;
pub use read::read;
pub use write::write;
