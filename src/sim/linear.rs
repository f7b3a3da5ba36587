//! Whether a history of one register is linearizable: the search of Wing and Gong with the memory of Lowe.
//!
//! J. Wing, C. Gong, "Testing and verifying concurrent objects" (1993); G. Lowe, "Testing for linearizability"
//! (2017). A call whose outcome nobody knows may take effect at any time after it was made, or never: the crates
//! that were looked at (todc-utils, stateright) have no such calls.
use std::collections::BTreeSet;

/// What a call does to a register that holds the number of a token, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Set(usize),
    Delete,
    Look,
}

/// A call and what is known of it. Times in any unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Of the write in the history.
    pub number: usize,
    pub act: Act,
    /// What it was told was there before; `None` where nobody knows whether it was done.
    pub before: Option<Option<usize>>,
    pub invoked: u64,
    pub answered: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Linearizable,
    /// The longest order that was found has no place for this call.
    Not(usize),
    /// The search was given up.
    Undecided,
}

/// Steps of one search.
const STEPS_MAX: usize = 300_000;

/// Calls before `frontier` are in order but for those in `skipped`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    frontier: usize,
    skipped: Vec<usize>,
    value: Option<usize>,
}

/// `calls` in any order; the register is empty at first.
pub fn judge(calls: &[Call]) -> Verdict {
    let calls = without_the_unseen(calls);
    let mut seen: BTreeSet<State> = BTreeSet::new();
    let mut stack = vec![State {
        frontier: 0,
        skipped: Vec::new(),
        value: None,
    }];
    let mut steps = 0;
    let mut furthest = stack[0].clone();
    while let Some(state) = stack.pop() {
        if is_done(&calls, &state) {
            return Verdict::Linearizable;
        }
        if state.frontier > furthest.frontier {
            furthest = state.clone();
        }
        steps += 1;
        if steps > STEPS_MAX {
            return Verdict::Undecided;
        }
        for next in successors(&calls, &state) {
            if !seen.contains(&next) {
                seen.insert(next.clone());
                stack.push(next);
            }
        }
    }

    Verdict::Not(misfit(&calls, &furthest))
}

/// The call that should have been next: the first to be answered of those that were not placed.
fn misfit(calls: &[Call], state: &State) -> usize {
    let left = state
        .skipped
        .iter()
        .copied()
        .chain(state.frontier..calls.len());
    let misfit = left.min_by_key(|index| answer(&calls[*index]));

    misfit.map_or(0, |index| calls[index].number)
}

/// Without the sets of unknown outcome whose token nobody saw: where they have an order, there is one without them.
fn without_the_unseen(calls: &[Call]) -> Vec<Call> {
    let seen: BTreeSet<usize> = calls.iter().filter_map(|call| call.before?).collect();
    let mut calls: Vec<Call> = calls
        .iter()
        .filter(|call| match call.act {
            Act::Set(token) => call.before.is_some() || seen.contains(&token),
            Act::Delete => true,
            Act::Look => call.before.is_some(),
        })
        .copied()
        .collect();
    calls.sort_by_key(|call| call.invoked);

    calls
}

fn is_done(calls: &[Call], state: &State) -> bool {
    let known = |index: &usize| calls[*index].before.is_some();

    !state.skipped.iter().any(known) && !(state.frontier..calls.len()).any(|index| known(&index))
}

/// Each call that may come next, and what is then; the likeliest last.
fn successors(calls: &[Call], state: &State) -> Vec<State> {
    let left = || {
        state
            .skipped
            .iter()
            .copied()
            .chain(state.frontier..calls.len())
    };
    // A call with an answer comes before every call that was made after that.
    let first_answer = left()
        .take_while({
            let mut least = u64::MAX;
            move |index| {
                let within = calls[*index].invoked <= least;
                least = least.min(answer(&calls[*index]));
                within
            }
        })
        .map(|index| answer(&calls[index]))
        .min()
        .unwrap_or(u64::MAX);
    let mut next: Vec<State> = left()
        .take_while(|index| calls[*index].invoked <= first_answer)
        .filter(|index| {
            calls[*index]
                .before
                .is_none_or(|before| before == state.value)
        })
        .map(|index| take(calls, state, index))
        .collect();
    next.reverse();

    next
}

/// When it was answered, where it was.
fn answer(call: &Call) -> u64 {
    match call.before {
        Some(_) => call.answered,
        None => u64::MAX,
    }
}

fn take(calls: &[Call], state: &State, index: usize) -> State {
    let mut next = state.clone();
    if index < state.frontier {
        next.skipped.retain(|skipped| *skipped != index);
    } else {
        next.skipped.extend(state.frontier..index);
        next.frontier = index + 1;
    }
    match calls[index].act {
        Act::Set(token) => next.value = Some(token),
        Act::Delete => next.value = None,
        Act::Look => {}
    }

    next
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(act: Act, before: Option<Option<usize>>, invoked: u64, answered: u64) -> Call {
        Call {
            number: 0,
            act,
            before,
            invoked,
            answered,
        }
    }

    #[test]
    fn linear_histories_are_told_from_others() {
        let set = |token, before, from, to| call(Act::Set(token), Some(before), from, to);
        let look = |before, from, to| call(Act::Look, Some(before), from, to);
        let one_after_the_other = [set(1, None, 0, 1), look(Some(1), 2, 3)];
        assert_eq!(judge(&one_after_the_other), Verdict::Linearizable);
        let stale = [
            set(1, None, 0, 1),
            set(2, Some(1), 2, 3),
            look(Some(1), 4, 5),
        ];
        assert_eq!(judge(&stale), Verdict::Not(0));
        let at_once = [
            set(1, None, 0, 9),
            set(2, Some(1), 2, 8),
            look(Some(1), 3, 7),
        ];
        assert_eq!(judge(&at_once), Verdict::Linearizable);
        let twice = [set(1, None, 0, 1), look(Some(1), 2, 3), set(2, None, 4, 5)];
        assert_eq!(judge(&twice), Verdict::Not(0));
    }

    #[test]
    fn what_nobody_knows_may_come_late_or_never_but_once() {
        let unknown = call(Act::Set(1), None, 0, u64::MAX);
        let look = |before, from, to| call(Act::Look, Some(before), from, to);
        let set = |token, before, from, to| call(Act::Set(token), Some(before), from, to);
        let late = [unknown, look(None, 5, 6), look(Some(1), 7, 8)];
        assert_eq!(judge(&late), Verdict::Linearizable);
        let never = [unknown, look(None, 5, 6)];
        assert_eq!(judge(&never), Verdict::Linearizable);
        let twice = [
            unknown,
            set(2, Some(1), 5, 6),
            set(3, Some(2), 7, 8),
            look(Some(1), 9, 10),
        ];
        assert_eq!(judge(&twice), Verdict::Not(0));
        let before_it_was_made = [look(Some(1), 1, 2), call(Act::Set(1), None, 5, u64::MAX)];
        assert_eq!(judge(&before_it_was_made), Verdict::Not(0));
    }
}
