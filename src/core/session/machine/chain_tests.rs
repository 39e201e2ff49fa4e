//! The machine along a chain of updates: what the last of them, or its cancel, ends however far back.

use super::tests::{PAGES, Play, at, job, known, on_air, update, words};
use super::*;
use crate::cbs::Class;
use chrono::DateTime;

/// An update of an update.
fn second_update() -> Job {
    Job {
        delivery: "u3".into(),
        warning: "w3".into(),
        kind: Kind::Update,
        before: vec!["w2".into(), "w".into()],
        ..job(true)
    }
}

fn refused() -> Answer {
    Answer::Refused { code: "ecbe.area".into(), words: "smaller".into() }
}

#[test]
fn a_cancel_reaches_behind_updates_that_were_refused() {
    let mut play = on_air();
    play.hear(100, update(), "keep submitted, submit");
    play.hear(110, Heard::Answered("u".into(), refused()), "rejected, keep done");
    play.hear(200, Heard::Order(second_update(), Stage::Taken.into()), "keep submitted, submit");
    play.hear(210, Heard::Answered("u3".into(), refused()), "rejected, keep done");
    let cancel = Job { delivery: "c".into(), kind: Kind::Cancel, messages: vec![], ..second_update() };
    play.hear(300, Heard::Order(cancel, Stage::Taken.into()), "keep submitted, submit");
    play.hear(310, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(310, "ask");
    play.status(320, known(&[], PAGES), "stopped, keep done, stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn what_an_update_stopped_behind_one_that_never_came_is_not_submitted_again() {
    let mut play = on_air();
    play.hear(100, Heard::Order(second_update(), Stage::Taken.into()), "keep submitted, submit");
    let accepted = Answer::Accepted(vec![(4370, 16400, PAGES)]);
    play.hear(110, Heard::Answered("u3".into(), accepted), "keep accepted, accepted");
    play.tick(110, "ask, ask");
    play.status(120, Status::Absent, "stopped, keep done");
    play.tick(60_000, "");
}

#[test]
fn what_one_update_has_stopped_does_not_go_on_when_the_next_is_refused() {
    let mut play = on_air();
    play.hear(100, update(), "keep submitted, submit");
    let accepted = Answer::Accepted(vec![(4370, 16400, PAGES)]);
    play.hear(110, Heard::Answered("u".into(), accepted), "keep accepted, accepted");
    play.hear(120, Heard::Order(second_update(), Stage::Taken.into()), "keep submitted, submit");
    play.hear(130, Heard::Answered("u3".into(), refused()), "rejected, keep done");
    play.status(140, Status::Absent, "stopped, keep done");
}

#[test]
fn an_unknown_outcome_is_asked_for_at_the_end_and_never_called_expired() {
    let mut session = Session::default();
    session.hear(Heard::Order(job(true), Stage::Taken.into()), at(0));
    session.hear(Heard::Answered("d".into(), Answer::Unknown("t".into())), at(1500));
    session.hear(Heard::Tick, at(1500));
    let silent = Heard::Status("d".into(), Status::Silent("t".into()));
    assert_eq!(words(&session.hear(silent.clone(), at(3000))), "keep taken");
    let over = Now { utc: DateTime::from_timestamp(1_001, 0).unwrap(), tick: Duration::from_secs(901) };
    assert_eq!(words(&session.hear(Heard::Tick, over)), "keep submitted, free");
    assert_eq!(words(&session.hear(Heard::Freed("d".into(), Ok(())), over)), "ask");
    assert_eq!(words(&session.hear(silent, over)), "keep done", "unknown was said, and it stays");
}

#[test]
fn a_drill_of_the_same_name_ends_nothing_that_is_live() {
    let drill = || {
        let cancel = Job { delivery: "x".into(), kind: Kind::Cancel, messages: vec![], ..job(true) };
        Heard::Order(Job { class: Class::Drill, ..cancel }, Stage::Taken.into())
    };
    let mut play = on_air();
    play.hear(100, drill(), "keep submitted, submit");
    play.hear(110, Heard::Answered("x".into(), Answer::Stopped), "stopped, keep done");
    play.tick(30_010, "ask");
    play.status(30_020, known(&["a", "b"], PAGES), "");
    let mut play = Play(Session::default());
    play.hear(0, drill(), "keep submitted, submit");
    play.hear(10, Heard::Order(job(true), Stage::Taken.into()), "keep submitted, submit");
}
