//! What one operator's adapter does with its CBC: which kind it is, which of its sites, and what is never left on air.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

mod common;

/// Orders of drills that name a live warning.
#[path = "air/classes.rs"]
mod classes;
/// Outcomes that are not known, and what is never said of them.
#[path = "air/doubt.rs"]
mod doubt;
/// Warnings of two messages.
#[path = "air/halves.rs"]
mod halves;
/// A cell list that takes the place of another while orders are open.
#[path = "air/lists.rs"]
mod lists;
/// What does not go out any more.
#[path = "air/shut.rs"]
mod shut;
#[path = "air/side.rs"]
mod side;
#[path = "air/sites.rs"]
mod sites;

use common::until;
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir_core::delivery::{Grade, Kind};
use nadhir_simulator::Fault;
use serde_json::json;
use side::Side;
use sites::{ANY, List, get, list, replay, requests, serials, set, site};

const FIRST: u16 = 0x4010;
const SECOND: u16 = 0x4011;

/// Waits until exactly these serials are on air at a site.
async fn airs(site: &str, wanted: &[u16]) {
    let wanted: Vec<u64> = wanted.iter().map(|serial| u64::from(*serial)).collect();
    until(&format!("{wanted:?} on air at {site}"), || async {
        (serials(site).await == wanted).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_hangs_is_passed_over_and_told_to_stop_all_the_same() {
    let cells = list(List::Oman);
    let (a, b) = (site(Fault::Hang, &cells, None).await, site(Fault::None, &cells, None).await);
    let mut side = Side::start(CbcKind::Pages, vec![a.url(), b.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "accepted").await;
    airs(&b.url(), &[FIRST]).await;
    set(&a.url(), "none").await;
    let before = requests(&a.url(), "POST", "/cap").await;
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    airs(&b.url(), &[]).await;
    assert_eq!(requests(&a.url(), "POST", "/cap").await, before + 1, "the stop goes to who may hold it");
}

/// Two sites in front of one network: what either was not told to stop, it sends again, and phones show it.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_is_done_once_no_site_can_send_the_warning_again() {
    let cells = list(List::Oman);
    let a = site(Fault::LostAnswer, &cells, None).await;
    let b = a.another_site(ANY, Fault::None).await.expect("the second site starts");
    let mut side = Side::start(CbcKind::Pages, vec![a.url(), b.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "on_air").await;
    // The first site took it and its answer was lost, so the second has it as well. Now the first hangs.
    airs(&a.url(), &[FIRST]).await;
    set(&a.url(), "hang").await;
    side.cancel(&sent).await;
    airs(&b.url(), &[]).await;
    // Nobody has told the first: it sends again, and that is on the air of both.
    assert_eq!(replay(&a.url()).await, 1);
    airs(&b.url(), &[FIRST]).await;
    assert!(!side.has_heard("wrn_1", Kind::Cancel, "stopped").await, "the first site was not told");
    set(&a.url(), "none").await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    airs(&a.url(), &[]).await;
    assert_eq!((replay(&a.url()).await, replay(&b.url()).await), (0, 0));
    airs(&b.url(), &[]).await;
    assert_eq!(get(&b.url(), "/sim/phones").await["twice"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_site_is_no_reason_to_wait_and_its_silence_none_to_say_not_stopped() {
    let cells = list(List::Oman);
    let dead = site(Fault::None, &cells, None).await;
    let address = dead.url();
    dead.stop().await;
    let b = site(Fault::None, &cells, None).await;
    let mut side = Side::start(CbcKind::Pages, vec![address, b.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "on_air").await;
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    airs(&b.url(), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_update_follows_is_stopped_at_the_site_that_has_it() {
    let cells = list(List::Oman);
    let (a, b) = (site(Fault::None, &cells, None).await, site(Fault::None, &cells, None).await);
    let mut side = Side::start(CbcKind::Pages, vec![a.url(), b.url()], &cells).await;
    let first = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "on_air").await;
    airs(&a.url(), &[FIRST]).await;
    // The first site refuses from now on: the update goes on air by the second, and the old one stays on at the first.
    set(&a.url(), "refuse").await;
    let second = side.warn("wrn_2", SECOND, Some(&first)).await;
    side.hears("wrn_2", Kind::Update, "on_air").await;
    airs(&b.url(), &[SECOND]).await;
    assert_eq!(serials(&a.url()).await, [u64::from(FIRST)]);
    // Once it can be told, it stops the old one and has the new.
    set(&a.url(), "none").await;
    airs(&a.url(), &[SECOND]).await;
    side.hears("wrn_1", Kind::Alert, "stopped").await;
    side.cancel(&second).await;
    side.hears("wrn_2", Kind::Cancel, "stopped").await;
    airs(&a.url(), &[]).await;
    airs(&b.url(), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cbc_that_encodes_by_itself_is_unconfirmed_and_can_be_stopped() {
    let cells = list(List::Oman);
    for (fault, words, shown) in [
        (Fault::OwnBytes, "has other pages than were approved", true),
        (Fault::PlainTable, "was not confirmed by identifier and serial", false),
    ] {
        let cbc = site(fault, &cells, None).await;
        let mut side = Side::start(CbcKind::Text, vec![cbc.url()], &cells).await;
        let sent = side.warn("wrn_1", FIRST, None).await;
        let Grade::Unconfirmed { why } = side.hears("wrn_1", Kind::Alert, "unconfirmed").await else {
            panic!("not unconfirmed")
        };
        assert!(why.contains(words), "{why}");
        // What is on air is on air: phones show the one, and Omani phones nothing of the other.
        let phones = get(&cbc.url(), "/sim/phones").await;
        let omani = phones["displayed"].as_u64().zip(phones["roamers"]["displayed"].as_u64());
        assert_eq!(omani.map(|(all, roamers)| all > roamers), Some(shown), "{phones}");
        assert_eq!((&phones["unreadable"], &phones["twice"]), (&json!(0), &json!(0)));
        side.cancel(&sent).await;
        side.hears("wrn_1", Kind::Cancel, "stopped").await;
        airs(&cbc.url(), &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cbc_that_needs_pages_refuses_an_order_without_them() {
    let cells = list(List::Oman);
    let cbc = site(Fault::None, &cells, None).await;
    let mut side = Side::start(CbcKind::Text, vec![cbc.url()], &cells).await;
    side.warn("wrn_1", FIRST, None).await;
    let Grade::Rejected { code, .. } = side.hears("wrn_1", Kind::Alert, "rejected").await else {
        panic!("not rejected")
    };
    assert!(code.starts_with("order.") || code.starts_with("pages."), "{code}");
    assert_eq!(serials(&cbc.url()).await, [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ecbe_takes_no_area_smaller_than_its_network() {
    let cells = list(List::Oman);
    let cbc = site(Fault::Ecbe, &cells, None).await;
    let mut side = Side::start(CbcKind::Ecbe, vec![cbc.url()], &cells).await;
    side.warn("wrn_1", FIRST, None).await;
    let Grade::Rejected { code, words } = side.hears("wrn_1", Kind::Alert, "rejected").await else {
        panic!("not rejected")
    };
    assert_eq!(code, "ecbe.area", "{words}");
    assert_eq!(requests(&cbc.url(), "POST", "/api").await, 0, "it was not even asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn ecbe_airs_replaces_and_takes_away_what_is_ours() {
    let cells = list(List::AreaAlone);
    let cbc = site(Fault::Ecbe, &cells, None).await;
    let mut side = Side::start(CbcKind::Ecbe, vec![cbc.url()], &cells).await;
    let first = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "accepted").await;
    airs(&cbc.url(), &[FIRST]).await;
    let air = get(&cbc.url(), "/sim/air").await;
    let text = air["messages"][0]["phone_2g"]["text"].as_str().expect("a text").to_owned();
    assert!(text.contains("Ad Dakhiliyah") && text.contains("الداخلية"), "{text}");
    // One message an identifier: the update goes on air once the old one is taken away.
    let second = side.warn("wrn_2", SECOND, Some(&first)).await;
    side.hears("wrn_2", Kind::Update, "accepted").await;
    airs(&cbc.url(), &[SECOND]).await;
    // A cancel of the first that comes late kills nothing: its identifier is the second's by now.
    side.cancel(&first).await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    assert_eq!(serials(&cbc.url()).await, [u64::from(SECOND)]);
    side.cancel(&second).await;
    side.hears("wrn_2", Kind::Cancel, "stopped").await;
    airs(&cbc.url(), &[]).await;
    assert_eq!(requests(&cbc.url(), "DELETE", "/api").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn ecbe_does_not_take_away_what_another_put_there() {
    let cells = list(List::AreaAlone);
    let cbc = site(Fault::Ecbe, &cells, None).await;
    let put = common::client().post(format!("{}/api/ecbe/v1/message", cbc.url())).json(&doubt::another());
    assert_eq!(common::ask(put).await.status, 201);
    let mut side = Side::start(CbcKind::Ecbe, vec![cbc.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    let Grade::Rejected { code, .. } = side.hears("wrn_1", Kind::Alert, "rejected").await else {
        panic!("not rejected")
    };
    assert_eq!(code, "ecbe.occupied");
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    assert_eq!(serials(&cbc.url()).await, [0x4990]);
    assert_eq!(requests(&cbc.url(), "DELETE", "/api").await, 0);
}
