//! The machine at the end of a warning's time: its CBC lets go of it, is asked, and what it says is told.

use super::tests::{PAGES, Play, job, known, on_air, words};
use super::*;
use crate::delivery::More;
use chrono::{DateTime, TimeDelta};

/// So long after the warning's end.
fn after_end(ms: u64) -> Now {
    let utc = DateTime::from_timestamp(1_000, 0).unwrap() + Duration::from_millis(ms);
    Now { utc, tick: Duration::from_millis(900_000 + ms) }
}

/// Its CBC has accepted it, and has no status.
fn mute() -> Play {
    let mut play = Play(Session::default());
    play.hear(0, Heard::Order(job(true), Stage::Accepted.into()), "ask");
    let more_never = Grade::Accepted { more: More::Never };
    let said = play.0.hear(Heard::Status("d".into(), Status::Mute), super::tests::at(0));
    assert_eq!(said, [Say::Receipt("d".into(), more_never)]);
    play
}

impl Play {
    fn end(&mut self, ms: u64, heard: Heard, want: &str) {
        let shown = format!("{heard:?}");
        assert_eq!(words(&self.0.hear(heard, after_end(ms))), want, "{ms} ms after its end, after {shown}");
    }
}

fn freed(freed: Result<(), &str>) -> Heard {
    Heard::Freed("d".into(), freed.map_err(str::to_owned))
}

fn status(status: Status) -> Heard {
    Heard::Status("d".into(), status)
}

#[test]
fn the_end_of_a_warning_is_seen_and_said() {
    let still = || status(known(&["a"], PAGES));
    let mut play = on_air();
    play.end(0, Heard::Tick, "free");
    play.end(0, freed(Ok(())), "ask");
    play.end(10, still(), "");
    play.end(6_000, Heard::Tick, "ask");
    play.end(6_010, status(known(&[], PAGES)), "stopped, keep done");
    let mut play = on_air();
    play.end(59_000, Heard::Tick, "free");
    play.end(59_010, freed(Ok(())), "ask");
    play.end(61_000, still(), "unconfirmed, keep done");
}

#[test]
fn a_cbc_that_keeps_a_message_lets_go_of_it_at_its_end_and_nothing_is_claimed() {
    let mut play = mute();
    let before =
        Now { utc: after_end(0).utc - TimeDelta::milliseconds(1), tick: Duration::from_millis(899_999) };
    assert_eq!(words(&play.0.hear(Heard::Tick, before)), "");
    play.end(0, Heard::Tick, "free");
    play.end(0, Heard::Tick, "");
    play.end(10, freed(Ok(())), "ask");
    play.end(20, status(Status::Absent), "keep done");
    assert_eq!(play.0.open(), 0);
}

#[test]
fn what_is_not_let_go_of_is_tried_again_and_long_after_its_end_never() {
    let mut play = mute();
    play.end(0, Heard::Tick, "free");
    play.end(1_500, freed(Err("no answer")), "");
    play.end(6_500, Heard::Tick, "free");
    play.end(60_000, freed(Err("no answer")), "keep done");
    let mut late = Play(Session::default());
    late.end(60_000, Heard::Order(job(true), Stage::Accepted.into()), "ask");
    late.end(60_010, status(Status::Mute), "keep done");
}

#[test]
fn an_answer_from_before_the_end_does_not_leave_it_there() {
    let mut play = Play(Session::default());
    play.hear(0, Heard::Order(job(true), Stage::Accepted.into()), "ask");
    play.end(5, status(Status::Mute), "");
    play.end(5, Heard::Tick, "free");
}

#[test]
fn what_a_cancel_was_carried_out_for_meanwhile_is_asked_for_anew() {
    let mut play = mute();
    play.end(0, Heard::Tick, "free");
    play.end(10, super::tests::cancel(), "keep submitted, submit");
    play.end(20, Heard::Answered("c".into(), Answer::Stopped), "");
    play.end(30, freed(Ok(())), "");
    play.end(30, Heard::Tick, "ask");
    play.end(40, status(Status::Absent), "stopped, keep done, stopped, keep done");
}
