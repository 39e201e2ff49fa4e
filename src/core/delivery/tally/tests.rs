//! What was heard when, and what the lane and the tally make of it.

use super::*;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn on_air(cells: u64, outside: u64) -> Grade {
    Grade::OnAir { cells, expected: 4, outside, people: None }
}

fn accepted(more: More) -> Grade {
    Grade::Accepted { more }
}

fn unknown() -> Grade {
    Grade::Unknown { why: "silence".into() }
}

/// What was heard at which second, then: is it red at the given second, and was it met?
fn check(heard: &[(Grade, u64)], at: u64, red: bool, met: bool) {
    let mut lane = Lane::default();
    for (grade, second) in heard {
        lane.hear(grade.clone(), s(*second));
    }
    let said = lane.red(Kind::Alert, s(at));
    assert_eq!(said.is_some(), red, "red: {heard:?} at {at} s: {said:?}");
    assert_eq!(lane.met(Kind::Alert), met, "met: {heard:?}");
}

#[test]
fn no_lane_is_silent_and_none_is_green_without_evidence() {
    let refused = Grade::Rejected { code: "403".into(), words: "locked".into() };
    check(&[], 9, false, false);
    check(&[], 10, true, false);
    check(&[(Grade::Queued, 0)], 10, true, false);
    check(&[(Grade::Taken, 1)], 10, true, false);
    check(&[(accepted(More::Expected), 1)], 9, false, false);
    check(&[(accepted(More::Expected), 1)], 10, true, false);
    check(&[(unknown(), 2)], 9, false, false);
    check(&[(unknown(), 2)], 10, true, false);
    check(&[(unknown(), 2), (on_air(4, 0), 3)], 10, false, true);
    check(&[(on_air(4, 0), 3), (unknown(), 4), (Grade::Taken, 5)], 10, false, true);
    check(&[(on_air(0, 0), 3)], 4, true, false);
    check(&[(on_air(4, 1), 3)], 4, true, false);
    check(&[(on_air(4, 1), 3), (on_air(4, 0), 4)], 5, true, false);
    check(&[(on_air(4, 0), 11)], 12, true, false);
    check(&[(refused, 1), (Grade::Taken, 2)], 2, true, false);
    check(&[(Grade::Expired, 1)], 2, true, false);
    check(&[(on_air(4, 0), 3), (Grade::Stopped, 60)], 61, false, true);
    check(&[(unknown(), 2), (Grade::Stopped, 60)], 61, true, false);
    check(&[(on_air(4, 0), 3), (on_air(0, 0), 60)], 61, true, true);
    check(&[(on_air(4, 0), 3), (unknown(), 60)], 61, false, true);
}

#[test]
fn where_the_cbc_tells_no_more_accepted_is_all_that_is_asked_for() {
    let last = || accepted(More::Never);
    check(&[(last(), 1)], 10, false, true);
    check(&[(accepted(More::Expected), 1), (last(), 2)], 10, false, true);
    check(&[(accepted(More::Expected), 1), (last(), 12)], 13, false, true);
    check(&[(last(), 1), (accepted(More::Expected), 2)], 10, false, true);
    let mut lane = Lane::default();
    lane.hear(last(), s(1));
    lane.hear(accepted(More::Expected), s(2));
    assert_eq!(lane.grade, Some(last()), "one that overtook the other on the way");
    check(&[(last(), 11)], 12, true, false);
    check(&[(last(), 1), (Grade::Stopped, 60)], 61, false, true);
    check(&[(last(), 1), (Grade::Unconfirmed { why: "own".into() }, 2)], 3, true, false);
    let now = |seconds| Now { utc: chrono::DateTime::UNIX_EPOCH, tick: s(seconds) };
    let mut tally = Tally::start(Kind::Alert, ["ecbe", "pages"], now(0));
    tally.hear("ecbe", last(), now(4));
    tally.hear("pages", on_air(4, 0), now(3));
    assert!(tally.settled(now(4)) && tally.met());
    assert_eq!(tally.slowest(), Some(s(4)), "the later of accepted there and on air here");
}

#[test]
fn a_cancel_is_met_by_being_stopped() {
    let mut lane = Lane::default();
    lane.hear(Grade::Taken, s(1));
    assert!(lane.red(Kind::Cancel, s(10)).is_some() && !lane.met(Kind::Cancel));
    lane.hear(Grade::Stopped, s(2));
    assert!(lane.red(Kind::Cancel, s(10)).is_none() && lane.met(Kind::Cancel));
}

#[test]
fn the_tally_is_met_by_the_last_operator() {
    let now = |seconds| Now { utc: chrono::DateTime::UNIX_EPOCH, tick: s(seconds) };
    let mut tally = Tally::start(Kind::Alert, ["a", "b"], now(100));
    assert!(tally.hear("a", on_air(4, 0), now(101)));
    assert!(!tally.hear("a", on_air(4, 0), now(102)));
    assert!(!tally.hear("nobody", on_air(4, 0), now(102)));
    assert!(!tally.met());
    assert_eq!(tally.slowest(), None);
    tally.hear("b", on_air(2, 0), now(103));
    assert!(tally.met());
    assert_eq!(tally.slowest(), Some(s(3)));
    assert!(!tally.settled(now(109)), "b's count still grows");
    assert!(tally.settled(now(110)), "it is reported, though it may grow for ever");
    tally.hear("b", on_air(4, 0), now(105));
    assert!(tally.settled(now(105)));
}
