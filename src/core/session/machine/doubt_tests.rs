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
    play.tick(2019, "");
    play.tick(2020, "ask");
    play.status(2030, known(&[], PAGES), "stopped, keep done, stopped, keep done");
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

/// Accepted, with no cell yet, and asked for: the answer to that comes after what ends it.
fn asked_with_no_cell_yet() -> Play {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(20, answered(Answer::Accepted(vec![(4370, 16400, PAGES)])), "keep accepted, accepted");
    play.tick(20, "ask");
    play
}

#[test]
fn no_cell_in_a_status_from_before_the_stop_is_no_stop() {
    let mut play = asked_with_no_cell_yet();
    play.hear(22, cancel(), "keep submitted, submit");
    play.status(25, known(&[], PAGES), "");
    play.hear(60, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(60, "ask");
    play.status(70, known(&[], PAGES), "stopped, keep done, stopped, keep done");
}

#[test]
fn an_answer_to_a_question_from_before_the_stop_is_dropped_and_it_is_asked_anew() {
    let mut play = asked_with_no_cell_yet();
    play.hear(22, cancel(), "keep submitted, submit");
    play.hear(60, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(60, "");
    play.status(70, known(&[], PAGES), "");
    play.tick(70, "ask");
    play.status(80, known(&["a"], PAGES), "keep taken");
}

#[test]
fn absent_before_the_stop_is_no_stop() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(1500, answered(Answer::Unknown("t".into())), "unknown");
    play.tick(1500, "ask");
    play.hear(1505, cancel(), "keep submitted, submit");
    play.status(1510, Status::Absent, "");
    play.hear(1600, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(3599, "");
    play.tick(3600, "ask");
    play.status(3610, Status::Absent, "stopped, keep done, stopped, keep done");
}

#[test]
fn an_old_one_with_no_cell_yet_is_watched_on_when_its_update_is_refused() {
    let mut play = asked_with_no_cell_yet();
    play.hear(22, update(), "keep submitted, submit");
    play.status(25, known(&[], PAGES), "");
    let refused = Answer::Refused { code: "4".into(), words: "no".into() };
    play.hear(60, Heard::Answered("u".into(), refused), "rejected, keep done");
    play.tick(60, "ask");
    play.status(70, known(&["a", "b"], PAGES), "on_air 2/2+0, keep on_air");
}

#[test]
fn what_a_restart_finds_accepted_is_not_stopped_before_its_cancel_is_answered() {
    let mut play = Play(Session::default());
    let past = past(Stage::Accepted, false, Some(Grade::Cancelled));
    play.hear(0, Heard::Order(job(true), past), "");
    play.tick(0, "ask");
    play.hear(10, cancel(), "keep submitted, submit");
    play.status(20, known(&[], PAGES), "");
    play.hear(30, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(30, "ask");
    play.status(40, known(&[], PAGES), "stopped, keep done, stopped, keep done");
}

#[test]
fn what_a_cbc_knows_in_part_is_submitted_again_and_not_stopped() {
    let partly = |any: &[&str]| Status::Partly { any: any.iter().map(|cell| (*cell).to_owned()).collect() };
    let mut play = on_air();
    play.tick(30_010, "ask");
    play.status(30_020, partly(&["a", "x"]), "on_air 0/2+1, keep taken");
    play.tick(35_020, "keep submitted, submit");
    let mut play = on_air();
    play.hear(100, cancel(), "keep submitted, submit");
    play.hear(110, Heard::Answered("c".into(), Answer::Stopped), "");
    play.tick(110, "ask");
    play.status(120, partly(&["a"]), "keep taken");
    let over = Now { utc: DateTime::from_timestamp(1_001, 0).unwrap(), tick: Duration::from_secs(901) };
    let mut play = on_air();
    assert_eq!(words(&play.0.hear(Heard::Tick, over)), "free");
    assert_eq!(words(&play.0.hear(Heard::Freed("d".into(), Ok(())), over)), "ask");
    assert_eq!(words(&play.0.hear(Heard::Status("d".into(), partly(&["a"])), over)), "");
}

#[test]
fn other_words_for_the_same_cause_are_not_told_again() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(20, answered(Answer::Failed("503: one".into())), "keep taken, unknown");
    play.tick(400, "keep submitted, submit");
    play.hear(420, answered(Answer::Failed("503: two".into())), "keep taken");
    play.tick(1000, "keep submitted, submit");
    play.hear(1020, answered(Answer::Never("no connection".into())), "keep taken, unknown");
}

/// By a clock that is fast, or after a long way: what is on air may still be.
#[test]
fn a_cancel_that_comes_long_after_the_end_is_carried_out_all_the_same() {
    let mut play = on_air();
    let late = Now { utc: DateTime::from_timestamp(1_061, 0).unwrap(), tick: Duration::from_secs(20) };
    assert_eq!(words(&play.0.hear(cancel(), late)), "keep submitted, submit");
    let lost = Heard::Answered("c".into(), Answer::Unknown("t".into()));
    assert_eq!(words(&play.0.hear(lost, late)), "unknown");
    let later = Now { tick: Duration::from_secs(30), ..late };
    assert_eq!(words(&play.0.hear(Heard::Tick, later)), "keep done", "it has said why");
    assert_eq!(words(&play.0.hear(Heard::Tick, later)), "ask");
}
