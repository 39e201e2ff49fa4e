//! Chains held against a plain model over generated messages, and the rows a person would try.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

use chrono::{DateTime, Duration, Utc};
use nadhir_core::cap::chain::{Effect, Message, Standing};
use nadhir_core::cap::{CapTime, Chains, MsgType, Reference};
use nadhir_core::fault::Fault;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Minute 0 of every test.
fn zero() -> DateTime<Utc> {
    "2026-11-22T00:00:00Z".parse().unwrap()
}

fn minute(n: i64) -> DateTime<Utc> {
    zero() + Duration::minutes(n)
}

fn id(name: usize, sent: i64) -> Reference {
    Reference {
        sender: "a@b.example".into(),
        identifier: format!("m{name}"),
        sent: CapTime::muscat(minute(sent)),
    }
}

fn message(msg_type: MsgType, id: Reference, references: &[Reference], ends: i64) -> Message {
    Message { id, msg_type, references: references.to_vec(), expires: Some(minute(ends)) }
}

fn codes(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|f| f.code.as_str()).collect()
}

/// The alert m1 of minute 1, its update m2 of minute 2.
fn updated() -> Chains {
    let mut chains = Chains::default();
    chains.admit(message(MsgType::Alert, id(1, 1), &[], 60), minute(1)).unwrap();
    chains.admit(message(MsgType::Update, id(2, 2), &[id(1, 1)], 90), minute(2)).unwrap();
    chains
}

#[test]
fn an_update_takes_the_place_and_a_cancel_ends() {
    let mut chains = updated();
    assert_eq!(chains.standing(&id(1, 1), minute(3)), Some(Standing::Updated(id(2, 2))));
    assert_eq!(chains.standing(&id(2, 2), minute(3)), Some(Standing::InForce));
    assert_eq!(chains.standing(&id(2, 2), minute(90)), Some(Standing::Expired));
    assert_eq!(chains.owed(&[id(2, 2)], minute(3)), [id(2, 2), id(1, 1)]);
    assert_eq!(chains.owed(&[id(2, 2)], minute(60)), [id(2, 2)], "the first has expired");
    let cancel = message(MsgType::Cancel, id(3, 3), &[id(2, 2), id(1, 1)], 90);
    let admitted = chains.admit(cancel, minute(3)).unwrap();
    assert_eq!((admitted.effect, codes(&admitted.warnings)), (Effect::Ends(vec![id(2, 2)]), vec![]));
    assert_eq!(chains.standing(&id(2, 2), minute(4)), Some(Standing::Cancelled(id(3, 3))));
    assert_eq!(
        chains.standing(&id(1, 1), minute(4)),
        Some(Standing::Updated(id(2, 2))),
        "a message ends once"
    );
    assert_eq!(chains.standing(&id(3, 3), minute(4)), None, "a cancel has no life of its own");
}

#[test]
fn an_answer_changes_nothing_and_is_kept() {
    let mut chains = updated();
    let admitted = chains.admit(message(MsgType::Error, id(7, 5), &[id(2, 2)], 90), minute(5)).unwrap();
    assert_eq!(admitted.effect, Effect::Answers(vec![id(2, 2)]));
    assert_eq!(chains.standing(&id(2, 2), minute(5)), Some(Standing::InForce));
    assert_eq!(chains.answers(&id(2, 2)).map(|m| m.id.clone()).collect::<Vec<_>>(), [id(7, 5)]);
}

#[test]
fn every_refusal_has_its_code() {
    let other = |mut m: Message| {
        m.id.sender = "x@y.example".into();
        m
    };
    for (what, message, want) in [
        (
            "self",
            message(MsgType::Update, id(9, 9), &[id(9, 9)], 90),
            vec!["chain.reference.self", "chain.reference.unknown", "chain.unknown"],
        ),
        (
            "future",
            message(MsgType::Cancel, id(9, 1), &[id(2, 2)], 90),
            vec!["chain.reference.future", "chain.reference.incomplete"],
        ),
        (
            "unknown",
            message(MsgType::Cancel, id(9, 9), &[id(8, 8)], 90),
            vec!["chain.reference.unknown", "chain.unknown"],
        ),
        (
            "ack of unknown",
            message(MsgType::Ack, id(9, 9), &[id(8, 8)], 90),
            vec!["chain.reference.unknown", "chain.unknown"],
        ),
        ("over", message(MsgType::Update, id(9, 9), &[id(1, 1)], 90), vec!["chain.over"]),
        ("replayed", message(MsgType::Alert, id(1, 1), &[], 90), vec!["chain.replayed"]),
        (
            "another's",
            other(message(MsgType::Cancel, id(9, 9), &[id(2, 2), id(1, 1)], 90)),
            vec!["chain.sender", "chain.sender"],
        ),
    ] {
        let mut chains = updated();
        let faults = chains.admit(message, minute(9)).unwrap_err();
        assert_eq!(codes(&faults), want, "{what}");
        assert_eq!(
            chains.standing(&id(2, 2), minute(9)),
            Some(Standing::InForce),
            "{what} changed something"
        );
    }
}

#[test]
fn a_circle_is_refused_where_it_would_close() {
    let mut chains = updated();
    // In the same second, naming one that is still to come.
    let open = message(MsgType::Update, id(4, 9), &[id(2, 2), id(1, 1), id(5, 9)], 90);
    assert_eq!(codes(&chains.admit(open, minute(9)).unwrap().warnings), ["chain.reference.unknown"]);
    let between = message(MsgType::Update, id(6, 9), &[id(4, 9)], 90);
    chains.admit(between, minute(9)).unwrap();
    for last in [id(4, 9), id(6, 9)] {
        let close = message(MsgType::Update, id(5, 9), &[last], 90);
        let faults = chains.admit(close, minute(9)).unwrap_err();
        assert!(codes(&faults).contains(&"chain.reference.circle"), "{faults:?}");
    }
}

#[test]
fn hundreds_of_updates_are_one_chain() {
    let mut chains = Chains::default();
    chains.admit(message(MsgType::Alert, id(0, 0), &[], 5000), minute(0)).unwrap();
    for n in 1..300_usize {
        let at = i64::try_from(n).unwrap();
        let heads = [id(n - 1, at - 1)];
        chains.admit(message(MsgType::Update, id(n, at), &heads, 5000), minute(at)).unwrap();
    }
    assert_eq!(chains.owed(&[id(299, 299)], minute(299)).len(), 300);
}

/// A message as generated: its type, its own time, what it names, how long it lives.
type Drawn = (MsgType, i64, Vec<(usize, i64)>, i64);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let kinds = prop::sample::select(vec![
        MsgType::Alert,
        MsgType::Alert,
        MsgType::Update,
        MsgType::Update,
        MsgType::Cancel,
        MsgType::Ack,
        MsgType::Error,
    ]);
    // Back by up to eight messages, forward by one; the time named right, or one minute off.
    let named = prop::collection::vec((0..9_usize, prop::sample::select(vec![0, 0, 0, 0, 1])), 0..4);
    prop::collection::vec((kinds, 0..3_i64, named, 1..40_i64), 1..40)
}

proptest! {
    #[test]
    fn chains_are_what_a_plain_model_says(drawn in drawn()) {
        let mut chains = Chains::default();
        // All messages as they stand, with when they are sent.
        let mut sent = 0;
        let ids: Vec<Reference> = drawn.iter().enumerate().map(|(n, d)| { sent += d.1; id(n, sent) }).collect();
        let mut taken: Vec<Message> = Vec::new();
        for (n, (kind, _, named, life)) in drawn.iter().enumerate() {
            let own = ids[n].clone();
            let now = own.sent.utc();
            let references: Vec<Reference> = named.iter().map(|(back, off)| {
                let mut named = ids[(n + 1).saturating_sub(*back).min(ids.len() - 1)].clone();
                named.sent = CapTime::muscat(named.sent.utc() + Duration::minutes(*off));
                named
            }).collect();
            let new = Message { id: own.clone(), msg_type: *kind, references, expires: Some(now + Duration::minutes(*life)) };
            let before: Vec<_> = taken.iter().map(|m| chains.standing(&m.id, now)).collect();
            match chains.admit(new.clone(), now) {
                Ok(admitted) => {
                    // Nothing it names is itself or later.
                    for r in &new.references {
                        prop_assert!(r.identifier != own.identifier && r.sent <= own.sent);
                    }
                    // What it ends was in force and is named; afterwards it is not.
                    if let Effect::Replaces(ended) | Effect::Ends(ended) = &admitted.effect {
                        prop_assert!(!ended.is_empty());
                        for id in ended {
                            prop_assert!(new.references.contains(id));
                            let was = taken.iter().position(|m| m.id == *id).unwrap();
                            prop_assert_eq!(&before[was], &Some(Standing::InForce));
                            prop_assert_ne!(chains.standing(id, now), Some(Standing::InForce));
                        }
                    }
                    taken.push(new);
                }
                Err(faults) => {
                    prop_assert!(faults.iter().any(Fault::is_error));
                    let after: Vec<_> = taken.iter().map(|m| chains.standing(&m.id, now)).collect();
                    prop_assert_eq!(before, after, "a refused message changed something");
                }
            }
            // What is owed to a head: exactly the unexpired warnings that can be reached from it.
            for head in &taken {
                let mut reach = BTreeSet::new();
                let mut next = vec![head.id.identifier.clone()];
                let mut circle = false;
                while let Some(name) = next.pop() {
                    if reach.insert(name.clone()) {
                        let Some(m) = taken.iter().find(|m| m.id.identifier == name) else { continue };
                        let known = |r: &&Reference| taken.iter().any(|m| m.id == **r);
                        circle |= m.references.contains(&head.id);
                        next.extend(m.references.iter().filter(known).map(|r| r.identifier.clone()));
                    }
                }
                prop_assert!(!circle, "a circle through {}", head.id.identifier);
                let warns = |m: &&Message| matches!(m.msg_type, MsgType::Alert | MsgType::Update);
                let open = |m: &&Message| m.expires.is_none_or(|e| e > now);
                let want: BTreeSet<String> = taken.iter().filter(warns).filter(open)
                    .filter(|m| reach.contains(&m.id.identifier)).map(|m| m.id.identifier.clone()).collect();
                let owed = chains.owed(std::slice::from_ref(&head.id), now);
                let got: BTreeSet<String> = owed.iter().map(|r| r.identifier.clone()).collect();
                prop_assert_eq!(owed.len(), got.len(), "named twice");
                prop_assert_eq!(got, want);
            }
        }
        // An update that names what is owed leaves nothing out.
        let now = ids.last().unwrap().sent.utc();
        for head in taken.clone() {
            if chains.standing(&head.id, now) == Some(Standing::InForce) {
                let references = chains.owed(std::slice::from_ref(&head.id), now);
                let update = Message { id: id(1000, 10_000), msg_type: MsgType::Update, references, expires: None };
                let admitted = chains.clone().admit(update, now).unwrap();
                prop_assert_eq!(admitted.warnings, vec![]);
            }
        }
    }
}
