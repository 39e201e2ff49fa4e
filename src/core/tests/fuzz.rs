//! Generated input for everything that reads what others send: no panic, no hang, and in the long round a bound on time and memory.
//!
//! A plain run does a few thousand inputs a target. `NADHIR_FUZZ_SECONDS=120` makes it that long for each target, and
//! each input of at most 256 kB then has to end within 50 ms and 64 MB (`make faults`; a release build, one thread).
#![expect(clippy::unwrap_used, reason = "a harness whose ground is broken must fail")]

/// Time and memory of one input.
#[path = "fuzz/meter.rs"]
mod meter;
/// Input from input.
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "oman/mod.rs"]
mod oman;
/// What is fed.
#[path = "fuzz/targets.rs"]
mod targets;

use meter::{Meter, Round};
use mutate::Mutator;
use std::collections::BTreeSet;
use targets::Target;

/// Inputs of a plain run.
const SHORT: usize = 3_000;
/// Octets of an input.
const MOST: usize = 256_000;
/// So many inputs that did something new are kept to make others from.
const KEPT: usize = 4_000;

/// Feeds a target. An input that does something new - other faults than any before - becomes ground for others.
fn fuzz(target: &Target) {
    let mut pool = targets::corpus(target.name);
    assert!(!pool.is_empty(), "{}: no corpus", target.name);
    let mut meter = Meter::start(target.name, Round::told());
    // A plain run on a slow machine stays short: large inputs are for the long round.
    let most = meter.most(MOST);
    let mut mutator = Mutator::new(0x6e61_6468_6972);
    let mut seen = BTreeSet::new();
    for input in &pool {
        seen.insert(meter.run(input, target.feed));
    }
    while meter.goes_on(SHORT) {
        let input = mutator.next(&pool, target.words, most);
        if seen.insert(meter.run(&input, target.feed)) && pool.len() < KEPT {
            pool.push(input);
        }
    }
    meter.tell(seen.len());
}

#[test]
fn read() {
    fuzz(&targets::READ);
}

#[test]
fn polygon() {
    fuzz(&targets::POLYGON);
}

#[test]
fn references() {
    fuzz(&targets::REFERENCES);
}

#[test]
fn order() {
    fuzz(&targets::ORDER);
}

#[test]
fn receipt() {
    fuzz(&targets::RECEIPT);
}
