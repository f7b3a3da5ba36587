//! Every rule of the protocol broken once: the checkers must notice each.
use super::Mutants;

/// Each with its name.
pub fn mutants() -> Vec<(&'static str, Mutants)> {
    let none = Mutants::default();

    vec![
        (
            "no-seal-check",
            Mutants {
                no_seal_check: true,
                ..none
            },
        ),
        (
            "cut-seals",
            Mutants {
                cut_seals: true,
                ..none
            },
        ),
        (
            "ack-early",
            Mutants {
                ack_early: true,
                ..none
            },
        ),
        (
            "put-instead-of-add",
            Mutants {
                put_instead_of_add: true,
                ..none
            },
        ),
        (
            "no-dedupe",
            Mutants {
                no_dedupe: true,
                ..none
            },
        ),
    ]
}
