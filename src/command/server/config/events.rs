//! The letters of notify-keyspace-events.
use crate::keyspace::EventClass;

/// What is wanted, and where: `__keyspace@` (K) and `__keyevent@` (E) channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub classes: EventClass,
    pub keyspace_channel: bool,
    pub keyevent_channel: bool,
}

/// In the order in which Redis shows them. `A` stands for these.
const ALL: [(char, EventClass); 10] = [
    ('g', EventClass::GENERIC),
    ('$', EventClass::STRING),
    ('l', EventClass::LIST),
    ('s', EventClass::SET),
    ('h', EventClass::HASH),
    ('z', EventClass::ZSET),
    ('x', EventClass::EXPIRED),
    ('e', EventClass::EVICTED),
    ('t', EventClass::STREAM),
    ('d', EventClass::MODULE),
];

/// What `A` leaves out.
const NEW: (char, EventClass) = ('n', EventClass::NEW);
const MISS: (char, EventClass) = ('m', EventClass::KEY_MISS);

pub(super) fn parse(letters: &str) -> Option<Wanted> {
    let mut wanted = Wanted {
        classes: EventClass::NONE,
        keyspace_channel: false,
        keyevent_channel: false,
    };
    for letter in letters.chars() {
        match letter {
            'K' => wanted.keyspace_channel = true,
            'E' => wanted.keyevent_channel = true,
            'A' => {
                for (_, class) in ALL {
                    wanted.classes = wanted.classes | class;
                }
            }
            letter => {
                let mut known = ALL.iter().chain([&NEW, &MISS]);
                let (_, class) = known.find(|(known, _)| *known == letter)?;
                wanted.classes = wanted.classes | *class;
            }
        }
    }

    Some(wanted)
}

pub(super) fn show(wanted: Wanted) -> String {
    let has = |(_, class): &&(char, EventClass)| wanted.classes.has(*class);
    let letters = |classes: &[(char, EventClass)]| -> String {
        classes
            .iter()
            .filter(has)
            .map(|(letter, _)| letter)
            .collect()
    };
    let mut text = letters(&ALL);
    // Redis: beside A, n is not shown.
    if text.len() == ALL.len() {
        text = "A".into();
    } else {
        text += &letters(&[NEW]);
    }
    if wanted.keyspace_channel {
        text.push('K');
    }
    if wanted.keyevent_channel {
        text.push('E');
    }

    text + &letters(&[MISS])
}
