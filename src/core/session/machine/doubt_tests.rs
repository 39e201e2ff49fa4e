//! The machine where it is not known what reached the CBC: what is withheld, what is never called unsent, what a restart keeps.

use super::tests::{PAGES, Play, cancel, job, known, on_air, update, words};
use super::*;
use chrono::DateTime;

fn answered(answer: Answer) -> Heard {
    Heard::Answered("d".into(), answer)
}

fn past(stage: Stage, doubt: bool, ended: Option<Grade>) -> Past {
    Past { stage, doubt, ended }
}

#[test]
fn an_answer_that_is_no_yes_may_be_on_air_and_a_cancel_looks() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(20, answered(Answer::Failed("502".into())), "keep taken, unknown");
    play.hear(100, cancel(), "keep submitted, submit");
    play.tick(400, "");
    play.hear(500, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(2500, "ask");
    play.status(2510, known(&["a"], PAGES), "keep taken");
    play.tick(2900, "keep submitted, submit");
    play.hear(3000, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(5000, "ask");
    play.status(5010, Status::Absent, "stopped, keep done, stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn what_a_site_answered_with_an_error_is_tried_at_the_same_pace() {
    let mut play = Play::new(false, Stage::Taken, "keep submitted, submit");
    for (failed, next) in [(20, 400), (420, 1000), (1020, 2000), (2020, 4000)] {
        let want = if failed == 20 { "keep taken, unknown" } else { "keep taken" };
        play.hear(failed, answered(Answer::Failed("502".into())), want);
        play.tick(next - 1, "");
        play.tick(next, "keep submitted, submit");
    }
}

#[test]
fn what_was_withheld_is_looked_at_again_and_expires_without_a_claim() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(20, answered(Answer::Withheld), "keep taken");
    play.tick(119, "");
    play.tick(120, "keep submitted, submit");
    play.hear(130, answered(Answer::Withheld), "keep taken");
    let over = Now { utc: DateTime::from_timestamp(1_000, 0).unwrap(), tick: Duration::from_secs(900) };
    assert_eq!(words(&play.0.hear(Heard::Tick, over)), "expired, keep done");
}

#[test]
fn what_was_withheld_for_its_cancel_never_went_out() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(100, cancel(), "");
    play.hear(1500, answered(Answer::Withheld), "keep taken, keep submitted, submit, cancelled, keep done");
    play.hear(1600, Heard::Answered("c".into(), Answer::Stopped), "stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn what_was_withheld_after_a_lost_answer_is_looked_for() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(1500, answered(Answer::Unknown("t".into())), "unknown");
    play.tick(1500, "ask");
    play.status(1510, Status::Silent("t".into()), "keep taken");
    play.tick(1510, "keep submitted, submit");
    play.hear(1520, cancel(), "");
    play.hear(1530, answered(Answer::Withheld), "keep taken, keep submitted, submit");
    play.hear(1600, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(3600, "ask");
    play.status(3610, Status::Absent, "stopped, keep done, stopped, keep done");
}

#[test]
fn a_restart_keeps_the_doubt_of_what_is_to_be_submitted_again() {
    let mut play = Play(Session::default());
    play.hear(0, Heard::Order(job(true), past(Stage::Taken, true, None)), "keep submitted, submit");
    play.hear(10, answered(Answer::Never("no connection".into())), "keep taken, unknown");
    play.hear(100, cancel(), "keep submitted, submit");
    play.hear(200, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(2200, "ask");
    play.status(2210, Status::Absent, "stopped, keep done, stopped, keep done");
}

#[test]
fn what_a_restart_finds_ended_and_in_doubt_is_looked_after_and_not_submitted() {
    let cancelled = || Some(Grade::Cancelled);
    let mut sure = Play(Session::default());
    sure.hear(0, Heard::Order(job(true), past(Stage::Taken, false, cancelled())), "cancelled, keep done");
    let mut play = Play(Session::default());
    play.hear(0, Heard::Order(job(true), past(Stage::Taken, true, cancelled())), "");
    play.hear(10, cancel(), "keep submitted, submit");
    play.hear(20, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(1999, "");
    play.tick(2000, "ask");
    play.status(2010, known(&[], PAGES), "stopped, keep done, stopped, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn what_was_on_air_and_is_lost_is_not_called_unsent() {
    let mut play = on_air();
    play.tick(30_100, "ask");
    play.status(30_110, Status::Absent, "on_air 0/2+0, keep taken");
    play.hear(30_111, cancel(), "keep submitted, submit");
    play.hear(30_200, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(32_200, "ask");
    play.status(32_210, Status::Absent, "stopped, keep done, stopped, keep done");
}

#[test]
fn what_a_cancel_could_not_stop_in_time_is_still_asked_for() {
    let mut play = on_air();
    play.hear(100, cancel(), "keep submitted, submit");
    play.hear(1600, Heard::Answered("c".into(), Answer::Unknown("t".into())), "unknown");
    let long = Now { utc: DateTime::from_timestamp(1_061, 0).unwrap(), tick: Duration::from_secs(961) };
    assert_eq!(words(&play.0.hear(Heard::Tick, long)), "keep done");
    assert_eq!(words(&play.0.hear(Heard::Tick, long)), "ask");
    let still = Heard::Status("d".into(), known(&["a"], PAGES));
    assert_eq!(words(&play.0.hear(still, long)), "unconfirmed, keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn an_update_that_goes_out_again_for_the_old_ones_sake_is_not_called_unsent() {
    let mut play = on_air();
    play.hear(100, update(), "keep submitted, submit");
    let accepted = Answer::Accepted(vec![(4370, 16400, PAGES)]);
    play.hear(120, Heard::Answered("u".into(), accepted), "keep accepted, accepted");
    play.tick(120, "ask, ask");
    play.status(130, known(&["a"], PAGES), "keep taken");
    let cancel = Job {
        delivery: "c".into(),
        warning: "w2".into(),
        kind: Kind::Cancel,
        before: vec!["w".into()],
        messages: vec![],
        ..job(true)
    };
    play.hear(140, Heard::Order(cancel, Stage::Taken.into()), "keep submitted, submit");
    play.hear(200, Heard::Answered("c".into(), Answer::Stopped), "");
    assert_eq!(play.0.open(), 3, "both are looked after");
}

#[test]
fn another_cell_list_judges_what_is_on_air_anew() {
    let mut play = on_air();
    let (expected, served) = (["a", "c"].map(String::from).into(), BTreeMap::new());
    play.hear(200, Heard::Listed { delivery: "d".into(), expected, served }, "");
    play.tick(200, "ask");
    play.status(210, known(&["a", "b"], PAGES), "on_air 1/2+1");
}
