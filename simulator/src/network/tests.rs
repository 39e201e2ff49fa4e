//! A network's evening, instant by instant, without a socket or a clock.

use super::*;
use crate::broadcast::State;
use crate::cap;
use crate::cells;
use crate::order::{Concurrent, Encoder, messages};
use crate::radio::CBCH_PAGE_MS;
use crate::report::report;
use crate::sample::{Sample, SampleMessage, ucs2_pages};

const NOW: i64 = 1_795_000_000_000;
const ROUNDS: Rounds =
    Rounds { period_2g: 16, broadcasts_2g: 40, period_s: 30, broadcasts: 40, concurrent: Concurrent::Yes };

fn network() -> Network {
    let cells = cells::read(cells::generate("omantel", 1).as_bytes(), "omantel").unwrap();
    Network::new("omantel", cells, 5000, 1)
}

fn take(network: &mut Network, sample: &Sample, rounds: Rounds, now_ms: i64) {
    let alert = cap::read(sample.document().as_bytes()).unwrap();
    network
        .take(
            &alert.reference,
            &alert.references,
            messages(&alert, Encoder::Order, now_ms).unwrap(),
            rounds,
            now_ms,
            0,
        )
        .unwrap();
    network.hold(0, &alert.reference);
}

fn sample() -> Sample {
    Sample::new(NOW + 3_600_000)
}

/// The state of the first message and how many cells broadcast it, at so many milliseconds.
fn check(network: &Network, at_ms: i64, state: State, cells: std::ops::RangeInclusive<usize>) {
    let broadcast = &network.broadcasts[0];
    assert_eq!(broadcast.state(&network.cells, NOW + at_ms), state, "after {at_ms} ms");
    let on_air = broadcast.cells_at(&network.cells, NOW + at_ms).len();
    assert!(cells.contains(&on_air), "{on_air} cells after {at_ms} ms, not {cells:?}");
}

#[test]
fn a_message_goes_on_air_cell_by_cell_and_ends() {
    let mut network = network();
    take(&mut network, &sample(), ROUNDS, NOW);
    let all = network.broadcasts[0].targets.len();
    assert!(all > 100);
    check(&network, 0, State::Pending, 0..=0);
    check(&network, 120, State::OnAir, 1..=all - 1);
    check(&network, 300, State::OnAir, all..=all);
    // 40 broadcasts of 30 s.
    check(&network, 1_190_000, State::OnAir, all - 10..=all);
    check(&network, 1_300_000, State::Expired, 0..=0);
}

#[test]
fn nothing_is_on_air_or_shown_after_expiry() {
    let mut network = network();
    take(&mut network, &Sample::new(NOW + 3_000), ROUNDS, NOW);
    check(&network, 2_999, State::OnAir, 1..=9999);
    check(&network, 3_000, State::Expired, 0..=0);
    let shown = serde_json::to_value(report(&network, NOW, &[])).unwrap();
    assert!(
        shown["displayed"].as_u64() > Some(0) && shown["displayed"].as_u64() < shown["in_area"].as_u64(),
        "{shown}"
    );
    assert!(shown["by_radio"]["4g"]["p95_ms"].as_i64() < Some(3_000));
}

#[test]
fn a_stop_ends_it_and_sending_again_begins_anew_for_those_who_missed_it() {
    let mut network = network();
    let sample = sample();
    take(&mut network, &sample, ROUNDS, NOW);
    let cancel = cap::read(sample.cancel().as_bytes()).unwrap();
    // Before the first page can be whole on 2G.
    let stopped = network.stop(0, &cancel.references, &[], NOW + 1_000);
    assert_eq!(stopped.messages, [(4371, 0x4010), (4371, 0x4020)]);
    check(&network, 2_000, State::Stopped, 0..=0);
    let before = serde_json::to_value(report(&network, NOW, &[])).unwrap();
    assert_eq!(before["by_radio"]["2g"]["displayed"], 0);
    assert_eq!(network.replay(0, NOW + 3_000), 0);
    take(&mut network, &sample, ROUNDS, NOW + 4_000);
    check(&network, 5_000, State::OnAir, 1..=9999);
    let after = serde_json::to_value(report(&network, NOW, &[])).unwrap();
    assert!(after["displayed"].as_u64() > before["displayed"].as_u64());
    assert_eq!(after["twice"], 0);
    assert!(after["copies_dropped"].as_u64() >= before["displayed"].as_u64());
}

/// Who moves in, is switched on or missed its pages hears what was cancelled, if one site was not told.
#[test]
fn what_one_site_alone_was_told_to_stop_the_other_sends_again() {
    let mut network = network();
    let sample = sample();
    take(&mut network, &sample, ROUNDS, NOW);
    let alert = cap::read(sample.document().as_bytes()).unwrap();
    network.hold(1, &alert.reference);
    let cancel = cap::read(sample.cancel().as_bytes()).unwrap();
    assert_eq!(network.stop(2, &cancel.references, &[], NOW + 900).unknown, cancel.references);
    assert_eq!(network.stop(0, &cancel.references, &[], NOW + 1_000).messages.len(), 2);
    check(&network, 1_000, State::Stopped, 0..=0);
    let silent = number(&told(&network), "/displayed");
    assert_eq!((network.replay(0, NOW + 60_000), network.replay(1, NOW + 60_000)), (0, 2));
    check(&network, 61_000, State::OnAir, 1..=9999);
    let after = told(&network);
    assert!(number(&after, "/displayed") > silent, "{after}");
    assert_eq!(number(&after, "/twice"), 0, "{after}");
    assert_eq!(network.stop(1, &cancel.references, &[], NOW + 62_000).messages.len(), 2);
    check(&network, 62_000, State::Stopped, 0..=0);
    assert_eq!((network.replay(0, NOW + 70_000), network.replay(1, NOW + 70_000)), (0, 0));
}

#[test]
fn pages_of_two_messages_follow_one_another_on_2g() {
    let mut network = network();
    let mut sample = sample();
    sample.messages[0].pages = ucs2_pages(&"سيل Flood ".repeat(20));
    take(&mut network, &sample, ROUNDS, NOW);
    let (first, second) = (&network.broadcasts[0], &network.broadcasts[1]);
    assert_eq!(first.message.pages.len(), 5);
    let mut seen = 0;
    for (position, &cell) in
        first.targets.iter().enumerate().filter(|(_, cell)| network.cells[**cell].rat == Rat::Gsm)
    {
        let (one, two) = (first.sendings[0].starts[position], second.sendings[0].starts[position]);
        assert!(two >= one + 5 * CBCH_SLOT_MS, "{}", network.cells[cell].key);
        assert!(second.sendings[0].on_air_ms[position] < NOW + 300);
        seen += 1;
    }
    assert!(seen > 20);
}

#[test]
fn phones_tell_a_cell_outside_the_area() {
    let mut network = network();
    let alert = cap::read(sample().document().as_bytes()).unwrap();
    let message = messages(&alert, Encoder::Order, NOW).unwrap().remove(0);
    let everywhere = (0..network.cells.len()).collect();
    network.broadcasts.push(Broadcast::new(message, everywhere));
    network.send(0, &Manner { rounds: ROUNDS, lead: (4371, 0x4010), octets_before: 0 }, NOW, 0);
    let shown = serde_json::to_value(report(&network, NOW, &[])).unwrap();
    assert!(shown["outside"].as_u64() > Some(3000), "{shown}");
}

#[test]
fn an_area_without_cells_is_never_on_air() {
    let mut network = network();
    let mut sample = sample();
    sample.polygons = vec!["10,10 10,11 11,11 10,10".to_owned()];
    take(&mut network, &sample, ROUNDS, NOW);
    check(&network, 1_000, State::Pending, 0..=0);
    check(&network, 3_600_000, State::Expired, 0..=0);
}

#[test]
fn resends_are_bounded() {
    let mut network = network();
    for k in 0..200 {
        take(&mut network, &sample(), ROUNDS, NOW + k);
    }
    assert_eq!((network.broadcasts.len(), network.broadcasts[0].sendings.len()), (2, MOST_SENDINGS));
}

/// The report of an evening, as it is told.
fn told(network: &Network) -> serde_json::Value {
    serde_json::to_value(report(network, NOW, &[])).unwrap()
}

fn number(told: &serde_json::Value, path: &str) -> u64 {
    told.pointer(path).and_then(serde_json::Value::as_u64).unwrap_or_else(|| panic!("{path} in {told}"))
}

#[test]
fn who_comes_late_is_told_and_nobody_twice() {
    let mut network = network();
    take(&mut network, &sample(), ROUNDS, NOW);
    let told = told(&network);
    for group in ["/switched_on", "/from_another_operator", "/roamers", "/second_sim"] {
        let (all, shown) =
            (number(&told, &format!("{group}/in_area")), number(&told, &format!("{group}/displayed")));
        assert!(all > 0 && shown == all, "{group}: {told}");
    }
    assert!(number(&told, "/entered") > 0, "{told}");
    assert_eq!((number(&told, "/twice"), number(&told, "/unreadable")), (0, 0), "{told}");
    // The second message of the two is the newer: it lies on top.
    assert!(number(&told, "/on_top/hi+ur") > 9 * number(&told, "/displayed") / 10, "{told}");
    assert!(number(&told, "/by_radio/2g/first/ar+en") > 9 * number(&told, "/by_radio/2g/displayed") / 10);
    // A second SIM hears every message once more and drops it by its body.
    assert!(number(&told, "/copies_dropped") >= number(&told, "/second_sim/displayed"), "{told}");
}

#[test]
fn roamers_alone_show_what_their_homes_do() {
    let mut network = network();
    let mut sample = sample();
    sample.status = "Test";
    sample.messages.iter_mut().for_each(|message| message.identifier = 4380);
    take(&mut network, &sample, ROUNDS, NOW);
    let told = told(&network);
    assert!(number(&told, "/displayed") > 0);
    assert_eq!(number(&told, "/displayed"), number(&told, "/roamers/displayed"), "{told}");
}

#[test]
fn old_phones_mix_pages_of_one_serial_and_take_a_far_number_for_old() {
    let mut network = network();
    let mut one = sample();
    one.messages.truncate(1);
    one.of = 1;
    let mut other = sample();
    other.identifier += ".other";
    other.messages.remove(0);
    other.of = 1;
    (other.messages[0].identifier, other.messages[0].serial) = (4370, 0x4010);
    take(&mut network, &one, ROUNDS, NOW);
    assert_eq!(number(&told(&network), "/unreadable"), 0);
    take(&mut network, &other, ROUNDS, NOW);
    let told_both = told(&network);
    let on_2g = number(&told_both, "/by_radio/2g/displayed");
    assert!((1..on_2g).contains(&number(&told_both, "/unreadable")), "{told_both}");

    let mut update = sample();
    update.identifier += ".update";
    (update.messages[0].serial, update.messages[1].serial) = (0x4019, 0x4029);
    take(&mut network, &update, ROUNDS, NOW + 60_000);
    let old = number(&told(&network), "/taken_as_old");
    assert!(old > 0, "nine ahead is not newer to an old phone");
}

#[test]
fn without_the_concurrent_indicator_a_cell_drops_what_it_broadcasts() {
    let mut network = network();
    take(&mut network, &sample(), Rounds { concurrent: Concurrent::No, ..ROUNDS }, NOW);
    // The second message of the same alert took the place of the first, on 4G and 5G alone.
    let on_air = |index: usize| {
        let cells = network.broadcasts[index].cells_at(&network.cells, NOW + 1_000);
        let on_2g = cells.iter().filter(|&&cell| network.cells[cell].rat == Rat::Gsm).count();
        (on_2g > 0, cells.len() > on_2g)
    };
    assert_eq!((on_air(0), on_air(1)), ((true, false), (true, true)));
}

#[test]
fn the_controller_replaces_in_one_step_and_is_told_the_rest() {
    let mut network = network();
    let old = sample();
    take(&mut network, &old, ROUNDS, NOW);
    let mut new = sample();
    (new.identifier, new.msg_type, new.references) =
        ("2.49.0.1.512.0.2026.2".to_owned(), "Update", old.reference());
    new.messages.truncate(1);
    (new.of, new.messages[0].serial) = (1, 0x4011);
    take(&mut network, &new, ROUNDS, NOW + 5_000);
    network.stop(0, &[old.reference()], &[(4371, 0x4011)], NOW + 5_000);
    let kinds: Vec<u8> = network.bsc.iter().map(|frame| frame.octets[0]).collect();
    // Two written; one replaced; of the old two only the other is killed.
    assert_eq!(kinds, [1, 1, 1, 4]);
    let holds =
        |frame: usize, octets: &[u8]| network.bsc[frame].octets.windows(octets.len()).any(|w| w == octets);
    assert!(holds(2, &[0x03, 0x40, 0x11, 0x02, 0x40, 0x10]), "the new serial beside the old");
    assert!(holds(3, &[0x02, 0x40, 0x20]), "the second message is killed");
}

/// Messages of so many full pages, one a language, and what the phones of a network of 20,000 made of them.
fn laid_out(messages: &[(&'static str, usize)]) -> serde_json::Value {
    let cells = cells::read(cells::generate("omantel", 1).as_bytes(), "omantel").unwrap();
    let mut network = Network::new("omantel", cells, 20_000, 1);
    let mut sample = sample();
    // The capital and the interior: enough phones on 2G that a share is one.
    sample.polygons = vec!["22.0,56.8 22.0,58.7 24.0,58.7 24.0,56.8 22.0,56.8".to_owned()];
    sample.of = messages.len();
    sample.messages = (0_u32..)
        .zip(messages)
        .map(|(k, &(language, pages))| SampleMessage {
            identifier: 4371,
            serial: 0x4010 + 0x10 * k,
            dcs: 0x48,
            pages: ucs2_pages(&"س".repeat(41 * pages)),
            sha256: None,
            languages: vec![(language, "س")],
        })
        .collect();
    let pages: usize = messages.iter().map(|(_, pages)| pages).sum();
    let period_2g = u16::try_from(pages.max(16)).unwrap();
    take(&mut network, &sample, Rounds { period_2g, ..ROUNDS }, NOW);
    told(&network)
}

#[test]
fn ten_seconds_hold_on_4g_and_5g_and_a_language_each_brings_2g_its_first_within_its_pages() {
    // All in one message of 13 pages, in pairs, and a message a language: Arabic of four pages first.
    let one: &[(&str, usize)] = &[("ar", 13)];
    let pairs: &[(&str, usize)] = &[("ar", 7), ("hi", 6)];
    let each: &[(&str, usize)] = &[("ar", 4), ("en", 3), ("hi", 3), ("ur", 3)];
    let mut told = serde_json::Value::Null;
    for layout in [one, pairs, each] {
        told = laid_out(layout);
        for radio in ["4g", "5g"] {
            let of = |what: &str| number(&told, &format!("/by_radio/{radio}/{what}"));
            assert!(of("in_area") > 200 && of("within_10s") * 100 >= of("in_area") * 99, "{radio}: {told}");
        }
        assert_eq!((number(&told, "/twice"), number(&told, "/unreadable")), (0, 0), "{told}");
    }
    // The way to the cell, the wait for a slot, its pages and the screen: 9.5 s, for who loses none.
    let budget_ms = u64::try_from(300 + CBCH_SLOT_MS + 3 * CBCH_SLOT_MS + CBCH_PAGE_MS + 900).unwrap();
    let times = told.pointer("/by_radio/2g/times_ms").and_then(serde_json::Value::as_array).unwrap();
    let in_budget = times.iter().filter(|at| at.as_u64() <= Some(budget_ms)).count() as u64;
    let in_area = number(&told, "/by_radio/2g/in_area");
    assert!(in_area > 300 && in_budget * 100 >= in_area * 95, "{in_budget} of {in_area} in {budget_ms} ms");
    assert!(number(&told, "/by_radio/2g/within_10s") >= in_budget, "{told}");
    assert!(number(&told, "/by_radio/2g/first/ar") * 100 >= in_area * 95, "{told}");
    assert!(number(&told, "/on_top/ur") * 100 >= number(&told, "/displayed") * 95, "{told}");
}
