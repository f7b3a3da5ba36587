//! What a write changed, as commands that any build of kilat, and Redis, runs to the same end.
//!
//! An effect depends on nothing but the data: no clock, no chance, no option whose meaning may change.
use crate::base::wire::{Cursor, number_len, put_bytes, put_number};

/// One command, to be run in database `db`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub db: usize,
    pub argv: Words,
}

/// The words of a call, in one piece: their count and each of them as `base::wire` has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Words(Box<[u8]>);

impl Words {
    pub fn new(argv: &[&[u8]]) -> Words {
        let word_len = |word: &&[u8]| number_len(word.len() as u64) + word.len();
        let len = argv.iter().map(word_len).sum::<usize>() + number_len(argv.len() as u64);
        let mut bytes = Vec::with_capacity(len);
        put_number(&mut bytes, argv.len() as u64);
        argv.iter().for_each(|word| put_bytes(&mut bytes, word));

        Words(bytes.into())
    }

    /// Reads the words that `cursor` stands at. `None`: there are none.
    pub fn read(cursor: &mut Cursor<'_>) -> Option<Words> {
        let whole = cursor.rest();
        for _ in 0..cursor.count()? {
            cursor.bytes()?;
        }

        Some(Words(whole[..whole.len() - cursor.rest().len()].into()))
    }

    /// As `read` reads them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut cursor = Cursor::new(&self.0);
        let count = cursor.count().unwrap_or(0);

        (0..count).map_while(move |_| cursor.bytes())
    }

    /// For tests: the words with blanks between them.
    #[cfg(test)]
    pub fn to_line(&self) -> String {
        let words: Vec<&[u8]> = self.iter().collect();

        String::from_utf8_lossy(&words.join(&b' ')).into_owned()
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

/// The effects of the calls under way, until they are taken. Unless a handler says otherwise, a call itself is its
/// effect.
#[derive(Debug, Default)]
pub struct Effects {
    list: Vec<Effect>,
    /// Where those of the call under way begin.
    begin: usize,
    replaced: bool,
    /// There is one, written down or not.
    is_any: bool,
    /// Nobody is to hear of them: none is written down.
    is_unheard: bool,
}

impl Effects {
    /// Whether effects are to be written down.
    pub fn set_heard(&mut self, heard: bool) {
        self.is_unheard = !heard;
    }

    pub fn is_heard(&self) -> bool {
        !self.is_unheard
    }

    /// A call begins.
    pub fn begin(&mut self) {
        self.begin = self.list.len();
        self.replaced = false;
    }

    /// Adds an effect that stands in for the call: SPOP adds SREM, a relative expiry an absolute one.
    pub fn add(&mut self, db: usize, argv: &[&[u8]]) {
        self.replaced = true;
        self.push(db, argv);
    }

    /// The call has no effect of its own: nothing is logged but what `add` adds.
    pub fn none(&mut self) {
        self.replaced = true;
    }

    /// The call under way has ended: what it `changed` is `argv` itself where nothing replaced it.
    pub fn end(&mut self, db: usize, argv: &[&[u8]], changed: bool) {
        if changed && !self.replaced {
            self.push(db, argv);
        }
    }

    /// What went went before all of them.
    pub fn rewind(&mut self) {
        self.begin = 0;
    }

    /// A key went, before the call under way did anything.
    pub fn add_removed(&mut self, db: usize, key: &[u8]) {
        self.is_any = true;
        if self.is_heard() {
            let argv = Words::new(&[b"DEL", key]);
            self.list.insert(self.begin, Effect { db, argv });
            self.begin += 1;
        }
    }

    /// All effects since the last time, none of them written down where nobody is to hear of them; `None` where
    /// nothing has changed.
    pub fn take(&mut self) -> Option<Vec<Effect>> {
        std::mem::take(&mut self.is_any).then(|| std::mem::take(&mut self.list))
    }

    fn push(&mut self, db: usize, argv: &[&[u8]]) {
        self.is_any = true;
        if self.is_heard() {
            let argv = Words::new(argv);
            if self.list.is_empty() {
                // Most calls have one effect, and it is kept until it is committed.
                self.list.reserve_exact(1);
            }
            self.list.push(Effect { db, argv });
        }
    }
}
