//! The bytes of the log and of what nodes send one another: what is read is written as what reads the same.
#![no_main]
mod checked;

use checked::checked;
use kilat::base::wire::Cursor;
use kilat::log::{Block, BlockKey, Body, Opened, Record};
use kilat::replica::{Message, answer};
use libfuzzer_sys::fuzz_target;

/// Of a block's magic, version and kind.
const BEFORE_DATABASE: usize = 10;

fuzz_target!(|data: &[u8]| match data.split_first() {
    Some((0, bytes)) => a_block(bytes),
    Some((1, bytes)) => a_record(bytes),
    Some((2, bytes)) => a_message(bytes),
    Some((_, bytes)) => an_answer(bytes),
    None => {}
});

/// The place that a block says it is for.
fn place_of(bytes: &[u8]) -> Option<([u8; 16], BlockKey)> {
    let mut cursor = Cursor::new(bytes.get(BEFORE_DATABASE..)?);
    let database = cursor.array()?;
    let key = BlockKey {
        epoch: cursor.number()?,
        n: cursor.number()?,
    };

    Some((database, key))
}

fn a_block(bytes: &[u8]) {
    let bytes = checked(bytes);
    let (database, key) = place_of(&bytes).unwrap_or_default();
    let opened = Opened::from_bytes(database, key, bytes.clone());
    if let Ok(Opened::Records(records)) = &opened {
        records.iter().for_each(|outline| drop(outline.to_record()));
    }
    let Ok(block) = Block::from_bytes(database, key, &bytes) else {
        return;
    };
    match (opened, &block.body) {
        (Ok(Opened::Records(opened)), Body::Records(records)) => {
            let read: Result<Vec<Record>, _> =
                opened.iter().map(|outline| outline.to_record()).collect();
            assert_eq!(read.as_ref(), Ok(records));
        }
        (Ok(Opened::Other(opened)), body) => assert_eq!(&opened, body),
        (opened, body) => unreachable!("{opened:?} in place of {body:?}"),
    }
    assert_eq!(
        Block::from_bytes(database, key, &block.to_bytes()),
        Ok(block)
    );
}

fn a_record(bytes: &[u8]) {
    let bytes = checked(bytes);
    let Ok(record) = Record::read(&mut Cursor::new(&bytes)) else {
        return;
    };
    let written = record.to_bytes();
    assert_eq!(Record::read(&mut Cursor::new(&written)), Ok(record));
}

fn a_message(bytes: &[u8]) {
    if let Ok(message) = Message::decode(bytes) {
        assert_eq!(Message::decode(&message.encode()), Ok(message));
    }
}

fn an_answer(bytes: &[u8]) {
    if let Ok(reply) = answer::decode(bytes) {
        // As bytes: NaN is not equal to itself.
        let written = answer::encode(&reply);
        let again = answer::decode(&written).map(|reply| answer::encode(&reply));
        assert_eq!(again, Ok(written));
    }
}
