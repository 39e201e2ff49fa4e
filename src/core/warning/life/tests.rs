//! The life of a warning: what each command does in each state.

use super::*;
use std::time::Duration;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

fn waiting() -> Warning {
    Warning {
        id: "wrn_1".into(),
        author: "amal".into(),
        hash: Digest([1; 32]),
        expires: at(100),
        updates: None,
        state: State::Waiting,
    }
}

fn ask(warning: &Warning, command: Command, second: i64) -> Result<Warning, Refused> {
    let now = Now { utc: at(second), tick: Duration::ZERO };
    Ok(decide(warning, command, now)?.iter().fold(warning.clone(), Warning::apply))
}

fn approve(warning: &Warning, by: &str, hash: u8, second: i64) -> Result<Warning, Refused> {
    let command = Command::Approve { by: by.into(), hash: Digest([hash; 32]), predecessor: None };
    ask(warning, command, second)
}

fn cancel(warning: &Warning, second: i64) -> Result<Warning, Refused> {
    ask(warning, Command::Cancel { by: "amal".into(), on_air_until: Some(warning.expires) }, second)
}

#[test]
fn two_persons_one_hash_in_time_once() {
    let w = waiting();
    assert_eq!(approve(&w, "amal", 1, 50), Err(Refused::OwnWarning));
    assert_eq!(approve(&w, "badr", 2, 50), Err(Refused::StaleHash));
    assert_eq!(approve(&w, "badr", 1, 100), Err(Refused::Expired(at(100))));
    let approved = approve(&w, "badr", 1, 99).unwrap();
    assert_eq!(approved.state, State::Approved { by: "badr".into(), at: at(99) });
    assert_eq!(approve(&approved, "citra", 1, 99), Err(Refused::AlreadyApproved { by: "badr".into() }));
}

#[test]
fn one_person_cancels_what_waits_or_is_in_force_once() {
    let cancelled = cancel(&approve(&waiting(), "badr", 1, 50).unwrap(), 60).unwrap();
    assert_eq!(cancelled.state, State::Cancelled { by: "amal".into(), at: at(60) });
    assert_eq!(cancel(&cancelled, 61), Err(Refused::Over("cancelled")));
    let withdrawn = cancel(&waiting(), 10).unwrap();
    assert_eq!(approve(&withdrawn, "badr", 1, 11), Err(Refused::Over("cancelled")));
}

#[test]
fn what_is_over_expires_and_nothing_before() {
    assert_eq!(ask(&waiting(), Command::Expire, 99), Err(Refused::NotYet(at(100))));
    let expired = ask(&approve(&waiting(), "badr", 1, 50).unwrap(), Command::Expire, 100).unwrap();
    assert_eq!(expired.state, State::Expired { at: at(100) });
    assert_eq!(cancel(&expired, 101), Err(Refused::Over("expired")));
}

#[test]
fn what_expired_is_cancelled_while_what_it_took_the_place_of_may_be_on_air() {
    let short = Warning { updates: Some("wrn_0".into()), ..waiting() };
    let expired = |warning: &Warning| ask(warning, Command::Expire, 100).unwrap();
    let cancel = |warning: &Warning, until: Option<i64>, second| {
        ask(warning, Command::Cancel { by: "badr".into(), on_air_until: until.map(at) }, second)
    };
    let approved = State::Approved { by: "badr".into(), at: at(50) };
    let over = expired(&Warning { state: approved, ..short.clone() });
    let cancelled = cancel(&over, Some(1000), 999).unwrap();
    assert_eq!(cancelled.state, State::Cancelled { by: "badr".into(), at: at(999) });
    assert_eq!(cancel(&cancelled, Some(1000), 999), Err(Refused::Over("cancelled")));
    assert_eq!(cancel(&over, Some(1000), 1000), Err(Refused::Over("expired")));
    // It was never approved: it took the place of nothing.
    assert_eq!(cancel(&expired(&short), None, 999), Err(Refused::Over("expired")));
}

#[test]
fn an_update_takes_the_place_of_a_warning_in_force_and_of_no_other() {
    let update = Warning { id: "wrn_2".into(), updates: Some("wrn_1".into()), ..waiting() };
    let old = approve(&waiting(), "badr", 1, 50).unwrap();
    let by = |predecessor: Option<&Warning>| Command::Approve {
        by: "badr".into(),
        hash: Digest([1; 32]),
        predecessor: predecessor.map(|p| Box::new(p.clone())),
    };
    let now = Now { utc: at(60), tick: Duration::ZERO };
    let events = decide(&update, by(Some(&old)), now).unwrap();
    let (new, old) = events.iter().fold((update.clone(), old), |(n, o), e| (n.apply(e), o.apply(e)));
    assert!(new.state.is_in_force());
    assert_eq!(old.state, State::Updated { by: "wrn_2".into(), at: at(60) });
    assert_eq!(decide(&update, by(Some(&old)), now), Err(Refused::PredecessorOver("updated")));
    assert_eq!(decide(&update, by(None), now), Err(Refused::PredecessorOver("unknown")));
    assert_eq!(decide(&update, by(Some(&new)), now), Err(Refused::PredecessorOver("unknown")));
}

#[test]
fn an_event_of_another_warning_changes_nothing() {
    let other =
        Event::Approved { warning: "wrn_2".into(), by: "badr".into(), hash: Digest([1; 32]), at: at(1) };
    assert_eq!(waiting().apply(&other), waiting());
}
