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
        Say::Free(_) => "free".to_owned(),
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

    pub(super) fn answer(&mut self, ms: u64, answer: Answer, want: &str) {
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
    assert_eq!(play.0.hear(Heard::Tick, over), [Say::Free("d".into())]);
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
    play.hear(0, Heard::Order(late, Stage::Submitted.into()), "free");
    play.hear(0, Heard::Freed("d".into(), Ok(())), "ask");
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
fn a_count_says_whom_it_reaches_and_whom_it_misses() {
    let mut session = Session::default();
    session.hear(Heard::Order(job(false), Stage::Accepted.into()), at(0));
    let say = session.hear(Heard::Status("d".into(), known(&["a", "far"], PAGES)), at(10));
    let people = say.iter().find_map(|s| match s {
        Say::Receipt(_, Grade::OnAir { people, .. }) => *people,
        Say::Receipt(..) | Say::Keep(..) | Say::Submit(_) | Say::Ask(_) | Say::Free(_) => None,
    });
    assert_eq!(people, Some(People { rung_inside: 60, rung_outside: 40, missed_inside: 7 }), "{say:?}");
}
