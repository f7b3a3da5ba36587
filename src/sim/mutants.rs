//! Every rule of the protocol broken once: the checkers must notice each.
use super::Mutants;

type Break = fn(&mut Mutants);

const RULES: [(&str, Break); 11] = [
    ("no-seal", |mutants| mutants.no_seal = true),
    ("no-seal-check", |mutants| mutants.no_seal_check = true),
    ("cut-seals", |mutants| mutants.cut_seals = true),
    ("put-instead-of-add", |mutants| {
        mutants.put_instead_of_add = true
    }),
    ("many-in-flight", |mutants| mutants.many_in_flight = true),
    ("ack-early", |mutants| mutants.ack_early = true),
    ("no-dedupe", |mutants| mutants.no_dedupe = true),
    ("no-gap-check", |mutants| mutants.no_gap_check = true),
    ("no-progress-check", |mutants| {
        mutants.no_progress_check = true
    }),
    ("no-identity", |mutants| mutants.no_identity = true),
    ("no-proof", |mutants| mutants.no_proof = true),
];

/// Each with its name.
pub fn mutants() -> Vec<(&'static str, Mutants)> {
    let broken = |(name, rule): (&'static str, Break)| {
        let mut mutants = Mutants::default();
        rule(&mut mutants);
        (name, mutants)
    };

    RULES.map(broken).to_vec()
}
