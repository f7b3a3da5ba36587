//! The verdict on a history: what is there in the end against what clients were told.
use std::collections::BTreeMap;

use super::clients::{ACCOUNTS, COUNTERS, LISTS, LOGS, RAISED, TALLIES};
use super::history::{Deed, Fate, Write, token};
use super::linear::{self, Act, Call, Verdict};
use crate::node::Level;

/// What the keys hold in the end.
pub(super) struct Found {
    /// The numbers of the tokens in each text and list, in order.
    pub tokens: BTreeMap<&'static str, Vec<usize>>,
    pub texts: BTreeMap<&'static str, Vec<u8>>,
    pub numbers: BTreeMap<&'static str, i64>,
}

pub(super) fn fault(sentence: String, numbers: &[usize]) -> (String, Vec<String>) {
    (
        sentence,
        numbers.iter().map(|number| token(*number)).collect(),
    )
}

/// A sentence, and words that lines of the trace about it hold.
pub(super) type Judged = Result<(), (String, Vec<String>)>;

/// Done once where acknowledged, not at all where refused; and in an order that nobody can complain of.
pub(super) fn judge_tokens(history: &[Write], found: &Found) -> Judged {
    for key in LOGS.into_iter().chain(LISTS) {
        let there = found.tokens.get(key).map_or(&[][..], Vec::as_slice);
        let mut times: BTreeMap<usize, usize> = BTreeMap::new();
        for number in there {
            *times.entry(*number).or_default() += 1;
        }
        for (number, write) in history
            .iter()
            .enumerate()
            .filter(|(_, write)| touches(write, key))
        {
            let times = times.get(&number).copied().unwrap_or(0);
            let wrong = match write.fate {
                _ if times > 1 => "took effect twice",
                Fate::Refused if times > 0 => "was refused and done",
                _ if times == 0 && write.counts() => "was acknowledged and is lost",
                _ => continue,
            };
            return Err(fault(
                format!("write {} of {key} {wrong}", token(number)),
                &[number],
            ));
        }
        // Whoever stands before another was not made after that one was answered.
        let mut earliest = (u64::MAX, 0);
        for number in there.iter().rev() {
            let write = &history[*number];
            if earliest.0 < write.invoked_us {
                let what = format!(
                    "write {} of {key} stands before {}",
                    token(*number),
                    token(earliest.1)
                );
                return Err(fault(
                    format!("{what}, which was answered before it was made"),
                    &[*number, earliest.1],
                ));
            }
            earliest = earliest.min((write.answered_us, *number));
        }
    }

    Ok(())
}

fn touches(write: &Write, key: &str) -> bool {
    match write.deed {
        Deed::Append(of) | Deed::Push(of) | Deed::Counted { key: of, .. } => of == key,
        _ => false,
    }
}

/// The lengths that were told are those at which the tokens end.
pub(super) fn judge_places(history: &[Write], found: &Found) -> Judged {
    for (number, write) in history
        .iter()
        .enumerate()
        .filter(|(_, write)| write.counts())
    {
        let Some(place) = write.place.and_then(|place| usize::try_from(place).ok()) else {
            continue;
        };
        let token = token(number);
        let fits = match write.deed {
            Deed::Append(key) if write.level != Level::Memory => {
                let text = found.texts.get(key).map_or(&[][..], Vec::as_slice);
                text.get(..place)
                    .is_some_and(|text| text.ends_with(token.as_bytes()))
            }
            Deed::Push(key) => {
                let list = found.tokens.get(key).map_or(&[][..], Vec::as_slice);
                place.checked_sub(1).and_then(|at| list.get(at)) == Some(&number)
            }
            _ => true,
        };
        if !fits {
            return Err(fault(
                format!("write {token} was told place {place}, and stands elsewhere"),
                &[number],
            ));
        }
    }

    Ok(())
}

/// Counters are as high as what was counted, and nobody was told a value twice or in the wrong order.
pub(super) fn judge_numbers(history: &[Write], found: &Found) -> Judged {
    for key in COUNTERS.into_iter().chain(TALLIES).chain([RAISED]) {
        let counts = |write: &&Write| match write.deed {
            Deed::Counted { counter, .. } => counter == key,
            Deed::Tally(of) | Deed::Raise(of) => of == key,
            _ => false,
        };
        let writes = || {
            history
                .iter()
                .enumerate()
                .filter(|(_, write)| counts(write))
        };
        let done = writes().filter(|(_, write)| write.counts()).count() as i64;
        let unknown = writes()
            .filter(|(_, write)| write.fate == Fate::Unknown)
            .count() as i64;
        let value = found.numbers.get(key).copied().unwrap_or(0);
        if value < done || value > done + unknown {
            let what = format!(
                "{key} is {value} after {done} acknowledged and {unknown} unknown increments"
            );
            return Err((what, vec![key.into()]));
        }
        let mut told: Vec<(i64, u64, u64, usize)> = writes()
            .filter(|(_, write)| write.counts())
            .filter_map(|(number, write)| {
                Some((write.place?, write.invoked_us, write.answered_us, number))
            })
            .collect();
        told.sort_unstable();
        if let Some([one, other]) = told.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let what = format!(
                "{} and {} were both told {} of {key}",
                token(one.3),
                token(other.3),
                one.0
            );
            return Err(fault(what, &[one.3, other.3]));
        }
        let mut earliest = u64::MAX;
        for (value, invoked_us, answered_us, number) in told.into_iter().rev() {
            if earliest < invoked_us {
                let what = format!(
                    "{} was told {value} of {key} after a greater one was answered",
                    token(number)
                );
                return Err(fault(what, &[number]));
            }
            earliest = earliest.min(answered_us);
        }
    }

    Ok(())
}

/// A transaction is done as a whole: what one account gives another has, and a counter counts its tokens.
pub(super) fn judge_whole(history: &[Write], found: &Found) -> Judged {
    let sum: i64 = ACCOUNTS
        .iter()
        .filter_map(|key| found.numbers.get(key))
        .sum();
    if sum != 0 {
        return Err((
            format!("the accounts sum up to {sum}"),
            vec!["account".into()],
        ));
    }
    for counter in COUNTERS {
        let counted = |number: &&usize| match history[**number].deed {
            Deed::Counted { counter: of, .. } => of == counter,
            _ => false,
        };
        let there = LOGS
            .iter()
            .filter_map(|key| found.tokens.get(key))
            .flatten();
        let there = there.filter(counted).count() as i64;
        let value = found.numbers.get(counter).copied().unwrap_or(0);
        if value != there {
            let what = format!("{counter} is {value}, and {there} of its transactions are there");
            return Err((what, vec![counter.into()]));
        }
    }

    Ok(())
}

pub(super) fn judge_register(history: &[Write], key: &str, found: &Found, now_us: u64) -> Verdict {
    let mut calls = Vec::new();
    for (number, write) in history.iter().enumerate() {
        let act = match write.deed {
            Deed::Swap(of) if of == key => Act::Set(number),
            Deed::Take(of) if of == key => Act::Delete,
            Deed::Look(of) if of == key => Act::Look,
            _ => continue,
        };
        let before = match write.fate {
            Fate::Refused => continue,
            Fate::Acknowledged => write.before,
            _ => None,
        };
        calls.push(Call {
            number,
            act,
            before,
            invoked: write.invoked_us,
            answered: write.answered_us,
        });
    }
    let last = found
        .tokens
        .get(key)
        .and_then(|tokens| tokens.first().copied());
    calls.push(Call {
        number: history.len(),
        act: Act::Look,
        before: Some(last),
        invoked: now_us,
        answered: now_us,
    });

    linear::judge(&calls)
}
