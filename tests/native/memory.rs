//! What the engine says its data takes, beside what it has of the allocator.
#![allow(unsafe_code)]
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use kilat::command::{Reply, Settings};
use kilat::engine::{Engine, Outcome};

struct Counting;

thread_local! {
    /// Bytes that this thread has more than it gave back: other tests run beside this one.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// What wasm's allocator takes for it: a word for each allocation, and multiples of two words.
fn taken(layout: Layout) -> usize {
    (layout.size() + 4).next_multiple_of(8).max(16)
}

// SAFETY: all is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.with(|held| held.set(held.get().wrapping_add(taken(layout))));
        // SAFETY: the caller's word.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.with(|held| held.set(held.get().wrapping_sub(taken(layout))));
        // SAFETY: the caller's word.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// An engine with a session.
struct Filled {
    engine: Engine,
    session: u64,
}

impl Filled {
    fn call(&mut self, words: &[&str]) -> Reply {
        let argv: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        let outcome = self.engine.execute(1_000_000, self.session, &argv);
        while self.engine.poll().is_some() {}

        match outcome {
            Outcome::Reply(reply) => reply,
            other => panic!("{other:?}"),
        }
    }
}

/// Bytes that `fill` has left with the allocator, those that the engine tells of, and the sum of MEMORY USAGE.
fn measured(name: &str, fill: impl Fn(&mut Filled)) -> (usize, usize) {
    let mut engine = Engine::new(7, Settings::default());
    let session = engine.open_session(1_000_000);
    let mut filled = Filled { engine, session };
    // What is made once: counters of commands and errors.
    fill(&mut filled);
    filled.call(&["FLUSHALL"]);
    while filled.engine.has_idle_work() {
        filled.engine.idle();
    }
    let before = HELD.get();
    fill(&mut filled);
    let held = HELD.get() - before;
    let told = filled.engine.keyspace().bytes();
    let keys: Vec<Box<[u8]>> = {
        let keys = filled.engine.keyspace().keys(0);
        keys.iter().map(|(key, _)| Box::from(key)).collect()
    };
    let mut usage = |key: &[u8]| {
        let key = std::str::from_utf8(key).unwrap();
        match filled.call(&["MEMORY", "USAGE", key]) {
            Reply::Int(bytes) => usize::try_from(bytes).unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let usages: usize = keys.iter().map(|key| usage(key)).sum();
    for (what, bytes) in [("the keyspace", told), ("MEMORY USAGE", usages)] {
        let share = bytes as f64 / held as f64;
        println!("{name}: {held} bytes held, {what} tells of {share:.3}");
        assert!(
            (0.9..1.1).contains(&share),
            "{name}: {what} tells of {share:.3}"
        );
    }

    (held, keys.len())
}

#[test]
fn a_small_key_takes_no_more_than_72_bytes() {
    let keys = 30_000;
    let (held, len) = measured("strings", |filled| {
        for i in 0..keys {
            let key = format!("key:{i:010}");
            filled.call(&["SET", &key, "abcdefghijklmnopqrstuvwxyz"]);
        }
    });
    assert_eq!(len, keys);
    assert!(held / keys <= 72, "{} bytes a key", held / keys);
}

#[test]
fn what_the_data_takes_is_told_within_a_tenth() {
    measured("integers that expire", |filled| {
        for i in 0..20_000 {
            let key = format!("key:{i:010}");
            filled.call(&["SET", &key, &i.to_string(), "EX", "1000"]);
        }
    });
    measured("long strings", |filled| {
        for i in 0..1000 {
            let key = format!("key:{i:010}");
            filled.call(&["SET", &key, &"x".repeat(200 + i)]);
        }
    });
    for members in [10, 1000] {
        for command in ["HSET", "ZADD", "ZADD in order", "SADD", "RPUSH"] {
            measured(&format!("{command} of {members}"), |filled| {
                for key in 0..60_000 / members {
                    for member in 0..members {
                        let (key, member) = (format!("key:{key:010}"), format!("member:{member}"));
                        match command {
                            "HSET" => filled.call(&[command, &key, &member, "a value of a field"]),
                            "ZADD" => filled.call(&[command, &key, "1.5", &member]),
                            "ZADD in order" => {
                                filled.call(&["ZADD", &key, &member["member:".len()..], &member])
                            }
                            _ => filled.call(&[command, &key, &member]),
                        };
                    }
                }
            });
        }
    }
}
