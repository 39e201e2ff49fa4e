//! The machine against the fault matrix: lost answers, refusals, hangs, restarts, expiry.

use super::*;
use crate::cbs::Class;
use crate::delivery::{More, People};
use chrono::DateTime;

pub(super) const PAGES: Digest = Digest([7; 32]);

pub(super) fn job(extreme: bool) -> Job {
    Job {
        delivery: "d".into(),
        class: Class::Live,
        warning: "w".into(),
        kind: Kind::Alert,
        before: vec![],
        expires: DateTime::from_timestamp(1_000, 0).unwrap(),
        extreme,
        pages: 13,
        messages: vec![(4370, 16400, PAGES)],
        expected: ["a", "b"].map(String::from).into(),
        served: BTreeMap::from([
            ("a".to_owned(), Served { inside: 60, outside: 40 }),
            ("b".to_owned(), Served { inside: 7, outside: 3 }),
        ]),
    }
}

pub(super) fn at(ms: u64) -> Now {
    Now { utc: DateTime::from_timestamp(100, 0).unwrap(), tick: Duration::from_millis(ms) }
}

pub(super) fn known(cells: &[&str], pages: Digest) -> Status {
    let cells: BTreeSet<String> = cells.iter().map(|c| (*c).to_owned()).collect();
    Status::Known { messages: vec![(4370, 16400, pages)], any: cells.clone(), cells }
}

/// The words of what is said, one a line: easier to read in a row than the values.
pub(super) fn words(say: &[Say]) -> String {
    let word = |s: &Say| match s {
        Say::Keep(_, stage) => format!("keep {}", stage.word()),
        Say::Receipt(_, Grade::OnAir { cells, expected, outside, .. }) => {
            format!("on_air {cells}/{expected}+{outside}")
        }
        Say::Receipt(_, grade) => grade.word().to_owned(),
        Say::Submit(_) => "submit".to_owned(),
        Say::Ask(_) => "ask".to_owned(),
    };
    say.iter().map(word).collect::<Vec<_>>().join(", ")
}

pub(super) struct Play(pub(super) Session);

impl Play {
    pub(super) fn new(extreme: bool, stage: Stage, want: &str) -> Play {
        let mut play = Play(Session::default());
        play.hear(0, Heard::Order(job(extreme), stage.into()), want);
        play
    }

    pub(super) fn hear(&mut self, ms: u64, heard: Heard, want: &str) {
        let shown = format!("{heard:?}");
        assert_eq!(words(&self.0.hear(heard, at(ms))), want, "at {ms} ms after {shown}");
    }

    fn answer(&mut self, ms: u64, answer: Answer, want: &str) {
        self.hear(ms, Heard::Answered("d".into(), answer), want);
    }

    pub(super) fn status(&mut self, ms: u64, status: Status, want: &str) {
        self.hear(ms, Heard::Status("d".into(), status), want);
    }

    pub(super) fn tick(&mut self, ms: u64, want: &str) {
        self.hear(ms, Heard::Tick, want);
    }
}

#[test]
fn the_straight_way() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.answer(20, Answer::Accepted(vec![(4370, 16400, PAGES)]), "keep accepted, accepted");
    play.tick(20, "ask");
    play.status(25, known(&[], PAGES), "");
    play.tick(125, "ask");
    play.status(130, known(&["a"], PAGES), "on_air 1/2+0");
    play.tick(230, "ask");
    play.status(240, known(&["a", "b"], PAGES), "on_air 2/2+0, keep on_air");
    play.tick(30_240, "ask");
    play.status(30_250, known(&["a", "b"], PAGES), "");
}

#[test]
fn a_second_copy_of_an_order_does_nothing() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.hear(5, Heard::Order(job(true), Stage::Submitted.into()), "");
    let mut done = Play(Session::default());
    done.hear(0, Heard::Order(job(true), Stage::Done.into()), "");
}

#[test]
fn a_refusal_is_final_at_once() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.answer(20, Answer::Refused { code: "locked".into(), words: "no".into() }, "rejected, keep done");
}

#[test]
fn a_failure_is_tried_again_at_400_ms_and_a_lost_answer_is_asked_for() {
    let mut play = Play::new(false, Stage::Taken, "keep submitted, submit");
    play.answer(20, Answer::Failed("503".into()), "keep taken, unknown");
    play.tick(399, "");
    play.tick(400, "keep submitted, submit");
    play.answer(1900, Answer::Unknown("closed".into()), "unknown");
    play.tick(1900, "ask");
    play.status(1950, known(&["a", "b"], PAGES), "keep accepted, accepted, on_air 2/2+0, keep on_air");
}

#[test]
fn when_it_cannot_be_told_extreme_is_submitted_again_and_the_rest_stays_unknown() {
    for (extreme, then) in [(true, "keep submitted, submit"), (false, "ask")] {
        let mut play = Play::new(extreme, Stage::Taken, "keep submitted, submit");
        play.answer(1500, Answer::Unknown("t".into()), "unknown");
        play.tick(1500, "ask");
        play.status(3000, Status::Silent("t".into()), if extreme { "keep taken" } else { "" });
        play.tick(3500, then);
    }
}

#[test]
fn a_cbc_without_a_status_is_believed_once_and_not_asked_again_before_the_end() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.answer(20, Answer::Accepted(vec![(4370, 16400, PAGES)]), "keep accepted, accepted");
    play.tick(20, "ask");
    let said = play.0.hear(Heard::Status("d".into(), Status::Mute), at(25));
    assert_eq!(said, [Say::Receipt("d".into(), Grade::Accepted { more: More::Never })]);
    // Its end is looked for again and again, for a wall clock may be set; its CBC is not asked.
    for looked in [30_025, 60_025, 800_000] {
        assert!(play.0.wake().is_some_and(|wake| wake <= at(looked).tick), "{:?}", play.0.wake());
        play.tick(looked, "");
    }
    let over = Now { utc: at(0).utc + chrono::TimeDelta::seconds(900), ..at(900_025) };
    assert_eq!(play.0.hear(Heard::Tick, over), [Say::Ask("d".into())]);
    let mut lost = Play::new(false, Stage::Submitted, "ask");
    lost.status(10, Status::Mute, "unknown");
}

#[test]
fn a_restart_asks_before_it_submits() {
    let mut play = Play::new(false, Stage::Submitted, "ask");
    play.status(10, Status::Absent, "keep taken");
    play.tick(500, "keep submitted, submit");
}

#[test]
fn a_message_that_was_on_air_and_is_lost_is_told_at_once() {
    let mut play = on_air();
    play.tick(30_100, "ask");
    play.status(30_110, Status::Absent, "on_air 0/2+0, keep taken");
    play.tick(30_110, "keep submitted, submit");
}

#[test]
fn a_cbc_that_lost_it_gets_it_again() {
    let mut play = Play::new(false, Stage::Accepted, "ask");
    play.status(10, Status::Absent, "keep taken");
    play.tick(10, "keep submitted, submit");
}

#[test]
fn foreign_bytes_or_a_missing_echo_are_unconfirmed() {
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.answer(20, Answer::Accepted(vec![(4370, 16400, Digest([8; 32]))]), "unconfirmed, keep done");
    let mut play = Play::new(true, Stage::Taken, "keep submitted, submit");
    play.answer(20, Answer::Accepted(vec![]), "unconfirmed, keep done");
}

#[test]
fn a_cell_outside_is_told() {
    let mut play = Play::new(true, Stage::Accepted, "ask");
    play.status(10, known(&["a", "x"], PAGES), "on_air 1/2+1");
}

#[test]
fn a_growing_count_is_told_at_first_then_every_half_second_and_when_it_is_whole() {
    let mut wide = job(true);
    wide.expected = ["a", "b", "c", "d", "e"].map(String::from).into();
    let mut play = Play(Session::default());
    play.hear(0, Heard::Order(wide, Stage::Accepted.into()), "ask");
    for (ms, cells, want) in [
        (0, &[][..], ""),
        (100, &["a"][..], "on_air 1/5+0"),
        (200, &["a", "b"], ""),
        (500, &["a", "b"], ""),
        (600, &["a", "b", "c"], "on_air 3/5+0"),
        (700, &["a", "b", "c", "x"], "on_air 3/5+1"),
        (800, &["a", "b", "c", "d", "x"], ""),
        (900, &["a", "b", "c", "d", "e", "x"], "on_air 5/5+1, keep on_air"),
    ] {
        play.status(ms, known(cells, PAGES), want);
    }
}

#[test]
fn when_asking_ends_the_last_count_is_told() {
    let mut play = Play::new(true, Stage::Accepted, "ask");
    play.status(59_900, known(&["x"], PAGES), "on_air 0/2+1");
    play.status(60_000, known(&["a", "x"], PAGES), "on_air 1/2+1, keep on_air");
}

#[test]
fn nothing_is_submitted_after_its_time() {
    let mut late = job(true);
    late.expires = DateTime::from_timestamp(100, 0).unwrap();
    let mut play = Play(Session::default());
    play.hear(0, Heard::Order(late.clone(), Stage::Taken.into()), "expired, keep done");
    play.hear(0, Heard::Order(late, Stage::Submitted.into()), "ask");
    play.status(0, Status::Absent, "keep done");
}

pub(super) fn cancel() -> Heard {
    let job =
        Job { delivery: "c".into(), kind: Kind::Cancel, messages: vec![], expected: [].into(), ..job(true) };
    Heard::Order(job, Stage::Taken.into())
}

pub(super) fn update() -> Heard {
    let job = Job {
        delivery: "u".into(),
        warning: "w2".into(),
        kind: Kind::Update,
        before: vec!["w".into()],
        ..job(true)
    };
    Heard::Order(job, Stage::Taken.into())
}

pub(super) fn on_air() -> Play {
    let mut play = Play::new(true, Stage::Accepted, "ask");
    play.status(10, known(&["a", "b"], PAGES), "on_air 2/2+0, keep on_air");
    play
}

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

#[test]
fn the_end_of_a_warning_is_seen_and_said() {
    let over = Now { utc: DateTime::from_timestamp(1_001, 0).unwrap(), tick: Duration::from_secs(901) };
    let mut play = on_air();
    assert_eq!(words(&play.0.hear(Heard::Tick, over)), "ask");
    let still = Heard::Status("d".into(), known(&["a"], PAGES));
    assert_eq!(words(&play.0.hear(still.clone(), over)), "");
    let gone = Heard::Status("d".into(), known(&[], PAGES));
    assert_eq!(words(&play.0.hear(gone, over)), "stopped, keep done");
    let mut play = on_air();
    play.0.hear(Heard::Tick, over);
    let long = Now { utc: DateTime::from_timestamp(1_061, 0).unwrap(), tick: Duration::from_secs(961) };
    assert_eq!(words(&play.0.hear(still, long)), "unconfirmed, keep done");
}

#[test]
fn a_count_says_whom_it_reaches_and_whom_it_misses() {
    let mut session = Session::default();
    session.hear(Heard::Order(job(false), Stage::Accepted.into()), at(0));
    let say = session.hear(Heard::Status("d".into(), known(&["a", "far"], PAGES)), at(10));
    let people = say.iter().find_map(|s| match s {
        Say::Receipt(_, Grade::OnAir { people, .. }) => *people,
        Say::Receipt(..) | Say::Keep(..) | Say::Submit(_) | Say::Ask(_) => None,
    });
    assert_eq!(people, Some(People { rung_inside: 60, rung_outside: 40, missed_inside: 7 }), "{say:?}");
}
