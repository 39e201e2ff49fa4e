//! The machine where another delivery ends one: cancels and updates, on time, too early, refused.

use super::tests::{PAGES, Play, at, cancel, job, known, on_air, update, words};
use super::*;

#[test]
fn a_cancel_stops_what_is_on_air_and_is_repeated_until_it_is_answered() {
    let mut play = on_air();
    play.hear(100, cancel(), "keep submitted, submit");
    play.hear(1600, Heard::Answered("c".into(), Answer::Unknown("t".into())), "unknown");
    play.tick(1700, "keep submitted, submit");
    play.hear(1800, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(1800, "ask");
    play.status(1810, known(&[], PAGES), "stopped, keep done, stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn a_status_from_before_the_stop_says_nothing_about_it() {
    let mut play = on_air();
    play.tick(30_010, "ask");
    play.hear(30_020, cancel(), "keep submitted, submit");
    play.status(30_030, known(&["a", "b"], PAGES), "");
    play.hear(30_040, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(30_040, "ask");
    play.status(30_050, known(&[], PAGES), "stopped, keep done, stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn what_a_cancel_finds_unsent_never_goes_out() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.answer(20, Answer::Never("no connection".into()), "keep taken, unknown");
    play.hear(100, cancel(), "cancelled, keep done, keep submitted, submit");
    play.tick(500, "");
    play.hear(600, Heard::Answered("c".into(), Answer::Stopped), "stopped, keep done");
}

#[test]
fn a_cancel_waits_for_a_submission_under_way_and_looks_whether_it_stopped() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(100, cancel(), "");
    play.answer(1500, Answer::Unknown("no answer".into()), "unknown, keep submitted, submit");
    play.hear(1600, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(1700, "");
    // The CBC took the alert after it had answered the cancel: the cancel goes out again.
    play.tick(3600, "ask");
    play.status(3650, known(&["a"], PAGES), "keep taken");
    play.tick(4000, "keep submitted, submit");
    play.hear(4100, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(6100, "ask");
    play.status(6150, known(&[], PAGES), "stopped, keep done, stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn a_submission_that_fails_while_its_cancel_waits_is_not_tried_again() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(100, cancel(), "");
    play.answer(200, Answer::Failed("503".into()), "keep taken, unknown, keep submitted, submit");
    play.hear(300, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(400, "");
    play.tick(2300, "ask");
    play.status(2310, Status::Absent, "stopped, keep done, stopped, keep done");
}

#[test]
fn a_refused_cancel_is_red_and_tried_again_and_nothing_is_called_stopped() {
    let mut play = on_air();
    play.hear(100, cancel(), "keep submitted, submit");
    let refused = Answer::Refused { code: "locked".into(), words: "no".into() };
    play.hear(120, Heard::Answered("c".into(), refused), "rejected");
    play.tick(5120, "keep submitted, submit");
    play.hear(5200, Heard::Answered("c".into(), Answer::Accepted(vec![])), "unknown");
}

#[test]
fn an_alert_that_comes_after_its_cancel_never_goes_out() {
    let mut play = Play(Session::default());
    play.hear(0, cancel(), "keep submitted, submit");
    play.hear(10, Heard::Order(job(true), Stage::Taken.into()), "cancelled, keep done");
}

#[test]
fn an_update_is_written_first_and_then_the_old_one_has_stopped() {
    let mut play = on_air();
    play.hear(100, update(), "keep submitted, submit");
    let accepted = Answer::Accepted(vec![(4370, 16400, PAGES)]);
    play.hear(120, Heard::Answered("u".into(), accepted), "keep accepted, accepted");
    let say = play.0.hear(Heard::Tick, at(120));
    assert_eq!(words(&say), "ask, ask", "for the new one and for the old one");
    play.status(130, known(&[], PAGES), "stopped, keep done");
    assert_eq!(play.0.open(), 1);
}

#[test]
fn a_cancel_of_an_update_that_never_came_through_stops_what_it_was_to_replace() {
    let mut play = on_air();
    play.hear(100, update(), "keep submitted, submit");
    play.hear(120, Heard::Answered("u".into(), Answer::Never("no connection".into())), "keep taken, unknown");
    let cancel = Job {
        delivery: "c".into(),
        warning: "w2".into(),
        kind: Kind::Cancel,
        messages: vec![],
        expected: [].into(),
        served: [].into(),
        before: vec!["w".into()],
        ..job(true)
    };
    play.hear(200, Heard::Order(cancel, Stage::Taken.into()), "cancelled, keep done, keep submitted, submit");
    play.hear(300, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(300, "ask");
    play.status(310, known(&[], PAGES), "stopped, keep done, stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn if_an_update_is_refused_the_old_one_goes_on() {
    let mut play = on_air();
    play.hear(100, update(), "keep submitted, submit");
    let refused = Answer::Refused { code: "locked".into(), words: "no".into() };
    play.hear(120, Heard::Answered("u".into(), refused), "rejected, keep done");
    play.tick(120, "ask");
}
