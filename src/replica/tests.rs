//! Messages survive the way, hostile bytes do no harm; memory of what was answered is bounded and honest.
use super::message::{Answer, Asked, Seen};
use super::*;
use crate::base::rng::Rng;
use crate::command::{Error, Published, Reply};

fn bytes(rng: &mut Rng) -> Vec<u8> {
    let len = rng.index(20);
    (0..len).map(|_| rng.next_u64() as u8).collect()
}

fn number(rng: &mut Rng) -> u64 {
    rng.next_u64() >> rng.below(64)
}

fn info(rng: &mut Rng) -> Info {
    Info {
        id: rng.next_u64(),
        leads: rng.below(2) == 0,
        epoch: number(rng),
        seq: number(rng),
        next: (number(rng), number(rng)),
        visible: rng.below(2) == 0,
        able: rng.below(2) == 0,
    }
}

fn asked(rng: &mut Rng) -> Asked {
    let words = |rng: &mut Rng| (0..rng.index(4)).map(|_| bytes(rng).into()).collect();
    let seen = |rng: &mut Rng| Seen {
        db: rng.index(16),
        key: bytes(rng).into(),
        existed: rng.below(2) == 0,
        seq: number(rng),
    };
    Asked {
        number: number(rng),
        level: rng.below(3) as u8,
        again: rng.below(2) == 0,
        since_seq: number(rng),
        db: rng.index(16),
        protocol: 2,
        transaction: rng.below(2) == 0,
        commands: (0..rng.index(3)).map(|_| words(rng)).collect(),
        watched: (0..rng.index(3)).map(|_| seen(rng)).collect(),
    }
}

fn message(rng: &mut Rng) -> Message {
    let (epoch, id, at) = (number(rng), rng.next_u64(), (number(rng), number(rng)));
    match rng.below(14) {
        0 => Message::Hello(info(rng)),
        1 => Message::Announce(info(rng)),
        2 => Message::Requests {
            epoch,
            from: id,
            answered_below: number(rng),
            items: (0..rng.index(3)).map(|_| asked(rng)).collect(),
        },
        3 => Message::Answers {
            epoch,
            to: id,
            items: vec![Answer {
                number: number(rng),
                seq: number(rng),
                reply: bytes(rng),
            }],
        },
        4 => Message::Blocks {
            epoch,
            to: (rng.below(2) == 0).then_some(id),
            blocks: (0..rng.index(3)).map(|_| (at, bytes(rng))).collect(),
        },
        5 => Message::Ask { from: id, at },
        6 => Message::Unheld { epoch, to: id, at },
        7 => Message::Ping {
            info: info(rng),
            nonce: number(rng),
        },
        8 => Message::Pong {
            info: info(rng),
            to: id,
            nonce: number(rng),
            pending_ms: number(rng),
            steps: number(rng),
        },
        9 => Message::Published {
            epoch,
            items: vec![Published {
                channel: bytes(rng).into(),
                message: bytes(rng).into(),
                sharded: rng.below(2) == 0,
            }],
        },
        10 => Message::Leaving { from: id },
        11 => Message::HandOver { epoch, to: id },
        12 => Message::WantLead { epoch, from: id },
        _ => Message::Image {
            epoch,
            from: id,
            to: id,
            next: at,
            seq: number(rng),
            index: rng.next_u64() as u32,
            last: rng.below(2) == 0,
            bytes: bytes(rng),
        },
    }
}

#[test]
fn messages_come_back() {
    let mut rng = Rng::new(1);
    for _ in 0..3000 {
        let message = message(&mut rng);
        assert_eq!(Message::decode(&message.encode()), Ok(message));
    }
}

#[test]
fn damaged_messages_are_refused_or_are_others() {
    let mut rng = Rng::new(2);
    for _ in 0..500 {
        let whole = message(&mut rng).encode();
        for cut in 0..whole.len() {
            assert!(Message::decode(&whole[..cut]).is_err());
        }
        for _ in 0..50 {
            let mut damaged = whole.clone();
            let at = rng.index(damaged.len());
            damaged[at] ^= 1 << rng.below(8);
            if let Ok(other) = Message::decode(&damaged) {
                assert_eq!(Message::decode(&other.encode()), Ok(other));
            }
        }
    }
    for _ in 0..20_000 {
        let mut bytes = bytes(&mut rng);
        bytes.splice(0..0, [b'K', VERSION, rng.below(15) as u8]);
        drop(Message::decode(&bytes));
    }
    assert_eq!(
        Message::decode(b"K\x02whatever"),
        Err(Unreadable::Version(2))
    );
    assert_eq!(Message::decode(b""), Err(Unreadable::Malformed));
}

#[test]
fn replies_come_back_as_what_they_were() {
    let reply = Reply::Array(vec![
        Reply::OK,
        Reply::Error(Error::WRONG_TYPE),
        Reply::Int(i64::MIN),
        Reply::Double(-0.5),
        Reply::Bool(true),
        Reply::Null,
        Reply::NullArray,
        Reply::bulk(*b"\xff\x00"),
        Reply::Verbatim("txt", "text".into()),
        Reply::Set(vec![Reply::Int(1)]),
        Reply::Map(vec![(Reply::Int(1), Reply::Null)]),
        Reply::Pairs(vec![(Reply::Int(1), Reply::Double(f64::INFINITY))]),
        Reply::Push(vec![Reply::Int(1)]),
        Reply::Sequence(Vec::new()),
    ]);
    assert_eq!(answer::decode(&answer::encode(&reply)), Ok(reply));
    // Nesting without end would be recursion without end.
    assert!(answer::decode(&[[9, 1]; 100].concat()).is_err());
}

#[test]
fn what_was_answered_is_remembered_until_its_caller_has_it() {
    let mut answered = Answered::default();
    answered.note(1, 1, 10, Some(vec![1]));
    answered.note(1, 2, 11, Some(vec![2]));
    let done = |seq, byte| {
        Known::Done(Done {
            seq,
            reply: Some(vec![byte]),
            waits: false,
        })
    };
    assert_eq!(answered.look_up(1, 1, None), done(10, 1));
    assert_eq!(answered.look_up(2, 1, None), Known::No);
    answered.prune(1, 2);
    assert_eq!(answered.look_up(1, 1, None), Known::Forgotten);
    assert_eq!(answered.look_up(1, 2, None), done(11, 2));
}

#[test]
fn memory_that_is_gone_is_admitted() {
    let mut answered = Answered::default();
    for caller in 1..=600 {
        answered.note(caller, 1, caller, Some(vec![0; 60_000]));
    }
    // 16 MB are fewer than 300 of these.
    assert_eq!(answered.look_up(1, 1, Some(0)), Known::Unknown);
    // A copy of an old call that comes late is not run again; a new call is.
    assert_eq!(answered.look_up(1, 1, None), Known::Unknown);
    assert_eq!(answered.look_up(1, 1 << 40, None), Known::No);
    assert_eq!(answered.look_up(1, 2, Some(599)), Known::No);
    assert!(matches!(answered.look_up(600, 1, Some(0)), Known::Done(_)));
}

#[test]
fn calls_are_sent_once_until_there_is_a_reason() {
    let mut rng = Rng::new(3);
    let mut outbox = Outbox::default();
    let mut put = |outbox: &mut Outbox<u64>, now_ms| outbox.put(now_ms, asked(&mut rng), 7);
    let first = put(&mut outbox, 0);
    let numbers = |items: Vec<Asked>| items.iter().map(|asked| asked.number).collect::<Vec<_>>();
    assert_eq!(numbers(outbox.due(0, 1)), [first]);
    let second = put(&mut outbox, 1);
    assert!(
        outbox.due(1, 1).is_empty(),
        "while one is under way others gather"
    );
    assert_eq!(
        numbers(outbox.due(2, 2)),
        [first],
        "another leader knows nothing of it"
    );
    assert_eq!(outbox.take(first).map(|waiting| waiting.to), Some(7));
    assert_eq!(numbers(outbox.due(3, 2)), [second]);
    assert!(outbox.due(900, 2).is_empty());
    let again = outbox.due(1003, 2);
    assert!(again[0].again && again[0].number == second);
    assert_eq!(outbox.answered_below(), second);
}

#[test]
fn the_greatest_epoch_that_a_call_was_sent_to_answers_it() {
    let mut rng = Rng::new(4);
    let mut outbox = Outbox::default();
    let number = outbox.put(0, asked(&mut rng), 7);
    let send = |outbox: &mut Outbox<u64>, now_ms, epoch| {
        assert_eq!(outbox.due(now_ms, epoch).len(), 1, "at {now_ms}");
    };
    for (now_ms, epoch) in [(0, 2), (1, 3), (2, 2)] {
        send(&mut outbox, now_ms, epoch);
    }
    assert_eq!(outbox.answered(number, 2, true), Heard::Outdated);
    assert_eq!(outbox.answered(number + 1, 2, true), Heard::Unasked);
    // It is asked again until the right one has answered.
    send(&mut outbox, 1002, 2);
    // A look at the log that was begun before says nothing; a later one, that there is no such epoch.
    outbox.log_ends_in(2, 1002);
    assert_eq!(outbox.answered(number, 2, true), Heard::Outdated);
    let mut other = Outbox::default();
    let same = other.put(0, asked(&mut rng), 7);
    send(&mut other, 0, 3);
    send(&mut other, 1, 2);
    other.log_ends_in(2, 2);
    assert_eq!(other.answered(same, 2, true), Heard::Final);
    assert_eq!(outbox.answered(number, 3, true), Heard::Final);
    // Where there is no log epochs may fall.
    let number = outbox.put(2000, asked(&mut rng), 7);
    for (now_ms, epoch) in [(3000, 3), (3001, 2)] {
        send(&mut outbox, now_ms, epoch);
    }
    assert_eq!(outbox.answered(number, 2, false), Heard::Final);
}

#[test]
fn a_leader_that_works_is_left_alone() {
    let mut watch = Watch::default();
    let told = |steps| Progress {
        epoch: 1,
        committed_seq: 5,
        steps,
    };
    let looks = |watch: &mut Watch, from_ms: u64, pong: Option<u64>| {
        (0..10)
            .map(|i| {
                let now_ms = from_ms + i * 500;
                if let Some(pending_ms) = pong {
                    watch.pong(now_ms, 1, told(0), pending_ms);
                }
                watch.look(now_ms, true, false, &mut Rng::new(1))
            })
            .collect::<Vec<_>>()
    };
    assert!(
        !looks(&mut watch, 0, Some(0)).contains(&Look::Steal),
        "it has nothing to do"
    );
    assert!(
        looks(&mut watch, 5000, Some(400)).contains(&Look::Steal),
        "it is stuck"
    );
    let mut watch = Watch::default();
    let steal = looks(&mut watch, 10_000, None)
        .iter()
        .position(|look| *look == Look::Steal);
    assert_eq!(steal, Some(6), "silence of three seconds");
    // A look that comes an hour late says nothing of the leader.
    assert_eq!(
        watch.look(10_000_000, true, false, &mut Rng::new(1)),
        Look::Nothing
    );
}

#[test]
fn thefts_that_bring_nothing_fall_out_of_step() {
    // When each of two nodes takes the lead, where a leader is heard of whenever one does and nothing is done.
    let thefts = |seed: u64, stuck: bool| {
        let (mut watch, mut rng) = (Watch::default(), Rng::new(seed));
        let mut thefts = Vec::new();
        for now_ms in (0..60_000).step_by(50) {
            if watch.look(now_ms, true, stuck, &mut rng) == Look::Steal {
                thefts.push(now_ms);
                watch.progress(now_ms);
            }
        }
        (watch, thefts)
    };
    let (_, one) = thefts(1, false);
    let (mut watch, other) = thefts(2, false);
    assert_eq!(one[0], 3000, "the first one waits for nothing");
    assert_eq!(other[0], 3000);
    let apart = one.iter().zip(&other).skip(2);
    assert!(apart.clone().count() > 5);
    assert!(
        apart.clone().all(|(one, other)| one != other),
        "{one:?} {other:?}"
    );
    let gaps = one.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(
        gaps.clone().all(|gap| (3000..=7050).contains(&gap)),
        "{one:?}"
    );
    // Who is answered is as quick again as at first.
    watch.answered(60_000);
    let mut rng = Rng::new(2);
    let quick = (60_050..63_001).step_by(50);
    let looks: Vec<Look> = quick
        .map(|now_ms| watch.look(now_ms, true, false, &mut rng))
        .collect();
    assert_eq!(
        looks.iter().position(|look| *look == Look::Steal),
        Some(looks.len() - 1)
    );
    let (_, stuck) = thefts(1, true);
    assert!(
        stuck.is_empty(),
        "who could not lead leaves the lead where it is"
    );
}
