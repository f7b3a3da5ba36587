//! The row of a command: all that is declared of it, as plain data.
use std::ops::BitOr;
use std::sync::OnceLock;

use super::{Args, Error, ReadContext, Reply, Result, SessionContext, WriteContext};
use crate::base::sort::sort_by_key;

/// How many words a call has, the command's own name counted (a subcommand's name too).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    Exactly(usize),
    AtLeast(usize),
}

/// Where the keys stand among the words of a call; position 0 is the command's name.
#[derive(Clone, Copy)]
pub enum Keys {
    None,
    /// One key at this position.
    At(usize),
    /// From the first to the last position (negative: from the end) in steps.
    Range(usize, isize, usize),
    /// A count at this position, and as many keys behind it.
    Counted(usize),
    /// A destination at the first position, a count at the second, and as many keys behind it.
    StoreCounted(usize, usize),
    /// Found by the command's grammar.
    Custom(fn(&[&[u8]]) -> Vec<usize>),
}

/// What else is to be known of a command: Redis's command flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u32);

impl Flags {
    pub const NONE: Flags = Flags(0);
    /// O(1) or O(log n), Redis's `fast`.
    pub const FAST: Flags = Flags(1);
    /// May need memory, Redis's `denyoom`.
    pub const GROWS: Flags = Flags(1 << 1);
    pub const ADMIN: Flags = Flags(1 << 2);
    pub const PUBSUB: Flags = Flags(1 << 3);
    pub const NO_SCRIPT: Flags = Flags(1 << 4);
    pub const NO_MULTI: Flags = Flags(1 << 5);
    pub const LOADING: Flags = Flags(1 << 6);
    pub const STALE: Flags = Flags(1 << 7);
    pub const SKIP_MONITOR: Flags = Flags(1 << 8);
    pub const SKIP_SLOWLOG: Flags = Flags(1 << 9);
    pub const NO_AUTH: Flags = Flags(1 << 10);
    pub const BLOCKING: Flags = Flags(1 << 11);
    pub const ALLOW_BUSY: Flags = Flags(1 << 12);
    /// In the ACL category `dangerous`.
    pub const DANGEROUS: Flags = Flags(1 << 13);
    /// Redis declares no keys (COMMAND's first, last and step are 0) or movable ones.
    pub const MOVABLE: Flags = Flags(1 << 14);
    pub const NO_ASYNC_LOADING: Flags = Flags(1 << 16);
    /// Not one of Redis's commands.
    pub const KILAT: Flags = Flags(1 << 15);

    pub const fn has(self, flags: Flags) -> bool {
        self.0 & flags.0 == flags.0
    }

    pub const fn and(self, flags: Flags) -> Flags {
        Flags(self.0 | flags.0)
    }
}

impl BitOr for Flags {
    type Output = Flags;

    fn bitor(self, other: Flags) -> Flags {
        self.and(other)
    }
}

pub const FAST: Flags = Flags::FAST;
pub const GROWS: Flags = Flags::GROWS;
pub const FAST_GROWS: Flags = Flags::FAST.and(Flags::GROWS);
pub const SLOW: Flags = Flags::NONE;

/// Commands that the engine itself runs: they run or guard other commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    Exec,
    Watch,
}

/// What a handler may touch is its type: a `Read` cannot write, so a follower may run it.
#[derive(Clone, Copy)]
pub enum Handler {
    Read(fn(&ReadContext, Args) -> Result<Reply>),
    Write(fn(&mut WriteContext, Args) -> Result<Reply>),
    Session(fn(&mut SessionContext, Args) -> Result<Reply>),
    Engine(Special),
}

/// A row of a family's table.
pub struct Command {
    /// In upper case; `CONTAINER|SUB` for a subcommand.
    pub name: &'static str,
    pub arity: Arity,
    pub keys: Keys,
    pub flags: Flags,
    pub handler: Handler,
    /// Redis's syntax of the arguments.
    pub usage: &'static str,
}

macro_rules! rows {
    ($($name:ident, $variant:ident, $context:ty);*) => {$(
        pub const fn $name(
            name: &'static str,
            arity: Arity,
            keys: Keys,
            flags: Flags,
            handler: fn($context, Args) -> Result<Reply>,
            usage: &'static str,
        ) -> Command {
            Command { name, arity, keys, flags, handler: Handler::$variant(handler), usage }
        }
    )*};
}

rows!(
    read, Read, &ReadContext;
    write, Write, &mut WriteContext;
    session, Session, &mut SessionContext
);

pub const fn engine(
    name: &'static str,
    arity: Arity,
    keys: Keys,
    flags: Flags,
    special: Special,
    usage: &'static str,
) -> Command {
    Command {
        name,
        arity,
        keys,
        flags,
        handler: Handler::Engine(special),
        usage,
    }
}

impl Command {
    /// The name that errors and COMMAND show: in lower case.
    pub fn lower_name(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    pub fn is_write(&self) -> bool {
        matches!(self.handler, Handler::Write(_))
    }

    /// Whether `words` is a call of the right length.
    pub fn takes(&self, words: usize) -> bool {
        match self.arity {
            Arity::Exactly(n) => words == n,
            Arity::AtLeast(n) => words >= n,
        }
    }

    /// How many words at the front name the command.
    pub fn name_words(&self) -> usize {
        if self.name.contains('|') { 2 } else { 1 }
    }

    /// The positions of the keys of a call whose length is right.
    pub fn key_positions(&self, argv: &[&[u8]]) -> Vec<usize> {
        let counted = |at: usize| {
            let count = argv
                .get(at)
                .and_then(|word| crate::base::number::parse_i64(word));
            let count = usize::try_from(count.unwrap_or(0)).unwrap_or(0);
            at + 1..(at + 1).saturating_add(count).min(argv.len())
        };
        match self.keys {
            Keys::None => Vec::new(),
            Keys::At(at) => vec![at],
            Keys::Range(first, last, step) => {
                let end = if last < 0 {
                    argv.len() as isize + last
                } else {
                    last
                };
                (first..=usize::try_from(end).unwrap_or(0))
                    .step_by(step)
                    .collect()
            }
            Keys::Counted(at) => counted(at).collect(),
            Keys::StoreCounted(to, at) => std::iter::once(to).chain(counted(at)).collect(),
            Keys::Custom(find) => find(argv),
        }
    }
}

/// A row and its place in `index`.
#[derive(Clone, Copy)]
pub struct Found {
    pub command: &'static Command,
    pub place: usize,
}

/// All rows by name, and a hash table of their first words: every call looks here, some twice.
struct Index {
    rows: Vec<&'static Command>,
    groups: Vec<Group>,
    /// One more than the place in `groups`, or 0; collisions go on to the next slot.
    slots: [u16; SLOTS],
}

/// The rows that begin with one word: a command, or a container with its subcommands.
struct Group {
    name: &'static [u8],
    rows: std::ops::Range<usize>,
    /// The row that is called by this word alone.
    alone: Option<usize>,
    is_container: bool,
}

/// A power of two, some times the number of commands.
const SLOTS: usize = 1024;

impl Index {
    fn new() -> Index {
        let mut rows: Vec<_> = super::all().collect();
        sort_by_key(&mut rows, |row| row.name);
        let mut index = Index {
            rows,
            groups: Vec::new(),
            slots: [0; SLOTS],
        };
        let word = |row: &Command| row.name.split('|').next().unwrap_or_default();
        let mut first = 0;
        let runs: Vec<_> = index.rows.chunk_by(|a, b| word(a) == word(b)).collect();
        for run in runs {
            let alone = run.iter().position(|row| !row.name.contains('|'));
            let group = Group {
                name: word(run[0]).as_bytes(),
                rows: first..first + run.len(),
                alone: alone.map(|at| first + at),
                is_container: run.iter().any(|row| row.name.contains('|')),
            };
            first += run.len();
            let slot = probe(group.name).find(|slot| index.slots[*slot] == 0);
            let slot = slot.expect("there are more slots than commands");
            index.groups.push(group);
            index.slots[slot] = u16::try_from(index.groups.len()).unwrap_or(0);
        }

        index
    }

    fn group(&self, name: &[u8]) -> Option<&Group> {
        for slot in probe(name) {
            let group = self
                .groups
                .get((self.slots[slot] as usize).wrapping_sub(1))?;
            if group.name.eq_ignore_ascii_case(name) {
                return Some(group);
            }
        }

        None
    }
}

/// Where a name may stand: FNV-1a of its upper case, then slot by slot.
fn probe(name: &[u8]) -> impl Iterator<Item = usize> {
    let step = |hash: u32, byte: &u8| {
        (hash ^ u32::from(byte.to_ascii_uppercase())).wrapping_mul(0x0100_0193)
    };
    let hash = name.iter().fold(0x811c_9dc5, step) as usize;

    (0..SLOTS).map(move |i| hash.wrapping_add(i) % SLOTS)
}

fn whole_index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();

    INDEX.get_or_init(Index::new)
}

/// All rows, sorted by name.
pub(super) fn index() -> &'static [&'static Command] {
    &whole_index().rows
}

pub(super) fn find(argv: &[&[u8]]) -> Result<Found> {
    let Some(name) = argv.first() else {
        return Err(Error::unknown_command(b"", &[]));
    };
    let index = whole_index();
    let found = |place: usize| Found {
        command: index.rows[place],
        place,
    };
    let Some(group) = index.group(name) else {
        return Err(Error::unknown_command(name, &argv[1..]));
    };
    if let (Some(alone), false) = (group.alone, group.is_container) {
        return Ok(found(alone));
    }

    // A container may be called alone (COMMAND) or with a subcommand (COMMAND COUNT).
    let container = String::from_utf8_lossy(group.name);
    let Some(sub) = argv.get(1) else {
        let missing = || Error::wrong_arity(&container.to_ascii_lowercase());
        return group.alone.map(found).ok_or_else(missing);
    };
    let is = |place: &usize| {
        let after = index.rows[*place].name.get(group.name.len() + 1..);
        after.is_some_and(|after| after.as_bytes().eq_ignore_ascii_case(sub))
    };

    // Redis: DEBUG reads its subcommands itself.
    let reads_itself = |place: &usize| matches!(index.rows[*place].arity, Arity::AtLeast(2..));
    let whole = group.alone.filter(reads_itself);

    group
        .rows
        .clone()
        .find(is)
        .or(whole)
        .map(found)
        .ok_or_else(|| Error::unknown_subcommand(sub, &container))
}
