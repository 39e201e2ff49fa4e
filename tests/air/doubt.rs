//! Outcomes that are not known: a site that may have it gets the stop, and nobody says that it never went out.

use super::side::{Sent, Side};
use super::sites::{ANY, List, list, requests, serials, set, site};
use super::{FIRST, airs};
use crate::common::{ask, client, until};
use axum::Router;
use axum::response::Redirect;
use axum::routing::any;
use chrono::{TimeDelta, Utc};
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir_core::delivery::{Grade, Kind};
use nadhir_simulator::{Fault, Operator};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A CBC that broadcasts a warning and answered 502 to it, and the adapter that does not know.
async fn airs_and_answers_502() -> (Operator, Side, Sent) {
    let cells = list(List::Oman);
    let cbc = site(Fault::BadGateway, &cells, None).await;
    let mut side = Side::start(CbcKind::Pages, vec![cbc.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "unknown").await;
    airs(&cbc.url(), &[FIRST]).await;
    (cbc, side, sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_with_an_error_and_is_on_air_is_never_called_unsent() {
    let (cbc, mut side, sent) = airs_and_answers_502().await;
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "unknown").await;
    set(&cbc.url(), "none").await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    side.hears("wrn_1", Kind::Alert, "stopped").await;
    airs(&cbc.url(), &[]).await;
    assert!(!side.words("wrn_1", Kind::Alert).contains(&"cancelled"), "it was on air");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_answered_with_an_error_may_hold_it_and_its_stop_is_waited_for() {
    let cells = list(List::Oman);
    let (a, b) = (site(Fault::BadGateway, &cells, None).await, site(Fault::None, &cells, None).await);
    let mut side = Side::start(CbcKind::Pages, vec![a.url(), b.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "accepted").await;
    airs(&a.url(), &[FIRST]).await;
    side.cancel(&sent).await;
    // The one that took it has stopped it, and the other has not said so.
    side.hears("wrn_1", Kind::Cancel, "unknown").await;
    assert!(!side.words("wrn_1", Kind::Cancel).contains(&"stopped"));
    set(&a.url(), "none").await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    airs(&a.url(), &[]).await;
    airs(&b.url(), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgets_no_doubt() {
    let (cbc, mut side, sent) = airs_and_answers_502().await;
    side.end().await;
    // The CBC goes away too: the adapter that comes back can make no connection, and knows of the one before.
    let address = cbc.url();
    let at = address.trim_start_matches("http://").parse().expect("an address");
    cbc.stop().await;
    let heard = side.words("wrn_1", Kind::Alert).len();
    side.begin();
    side.hears_again("wrn_1", Kind::Alert, "unknown", heard).await;
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "unknown").await;
    let _back = site(Fault::None, &list(List::Oman), Some(at)).await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    side.hears("wrn_1", Kind::Alert, "stopped").await;
    assert!(!side.words("wrn_1", Kind::Alert).contains(&"cancelled"), "it was on air");
}

/// An ECBE site whose answers are lost, and an adapter that gave it a warning.
async fn ecbe_without_answers(others: bool) -> (Operator, Side, Sent) {
    let cells = list(List::AreaAlone);
    let cbc = site(Fault::Ecbe, &cells, None).await;
    if others {
        let put = client().post(format!("{}/api/ecbe/v1/message", cbc.url())).json(&another());
        assert_eq!(ask(put).await.status, 201);
    }
    set(&cbc.url(), "ecbe_lost_answer").await;
    let mut side = Side::start(CbcKind::Ecbe, vec![cbc.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    let Grade::Unknown { .. } = side.hears("wrn_1", Kind::Alert, "unknown").await else {
        panic!("not unknown")
    };
    set(&cbc.url(), "ecbe").await;
    (cbc, side, sent)
}

/// What another system put on air under the same identifier.
pub(crate) fn another() -> serde_json::Value {
    json!({
        "cbe_name": "another", "category": "high_priority", "repetition_period": 30, "num_of_bcast": 20,
        "scope": { "scope_plmn": {} },
        "smscb_message": { "message_id": 4371, "serial_nr": { "serial_nr_encoded": 0x4990 },
            "payload": { "payload_encoded": { "dcs": 72, "pages": ["000d".repeat(41)] } } },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn ecbe_takes_nothing_away_that_may_be_anothers() {
    for others in [false, true] {
        let (cbc, mut side, sent) = ecbe_without_answers(others).await;
        side.cancel(&sent).await;
        let Grade::Unknown { why } = side.hears("wrn_1", Kind::Cancel, "unknown").await else {
            panic!("not unknown")
        };
        assert!(why.contains("4371") && why.contains("CBC"), "words to act on: {why}");
        airs(&cbc.url(), &[if others { 0x4990 } else { FIRST }]).await;
        assert_eq!(requests(&cbc.url(), "DELETE", "/api").await, 0);
        let (alert, cancel) = (side.words("wrn_1", Kind::Alert), side.words("wrn_1", Kind::Cancel));
        let claims = ["accepted", "stopped", "cancelled"];
        assert!(!alert.iter().chain(&cancel).any(|word| claims.contains(word)), "{alert:?} {cancel:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ecbe_that_answers_409_to_a_repeated_message_has_not_said_that_it_is_ours() {
    let cells = list(List::AreaAlone);
    let cbc = site(Fault::EcbeLostAnswer, &cells, None).await;
    let mut side = Side::start(CbcKind::Ecbe, vec![cbc.url()], &cells).await;
    // Its answers come back, and what it has under the identifier is in the way of the update.
    let first = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "unknown").await;
    set(&cbc.url(), "ecbe").await;
    side.warn("wrn_2", FIRST + 1, Some(&first)).await;
    let Grade::Rejected { code, words } = side.hears("wrn_2", Kind::Update, "rejected").await else {
        panic!("not rejected")
    };
    assert_eq!(code, "ecbe.occupied");
    assert!(words.contains("whether it is ours"), "{words}");
    assert_eq!(serials(&cbc.url()).await, [u64::from(FIRST)], "it was not taken away");
    assert_eq!(requests(&cbc.url(), "DELETE", "/api").await, 0);
}

/// A portal in front of an ECBE site whose session has ended: it sends everybody to its sign-in page.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_page_has_neither_taken_nor_stopped_anything() {
    let seen = Arc::new(AtomicUsize::new(0));
    let pages = {
        let seen = Arc::clone(&seen);
        let sign_in = move || async move {
            seen.fetch_add(1, Ordering::Relaxed);
            "sign in"
        };
        Router::new().route("/login", any(sign_in)).fallback(|| async { Redirect::to("/login") })
    };
    let listener = tokio::net::TcpListener::bind(ANY).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, pages).await });
    let mut side = Side::start(CbcKind::Ecbe, vec![url], &list(List::AreaAlone)).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    let Grade::Unknown { why } = side.hears("wrn_1", Kind::Alert, "unknown").await else {
        panic!("not unknown")
    };
    assert!(why.contains("303"), "{why}");
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "unknown").await;
    assert!(!side.words("wrn_1", Kind::Alert).contains(&"accepted"));
    assert!(!side.words("wrn_1", Kind::Cancel).contains(&"stopped"));
    assert_eq!(seen.load(Ordering::Relaxed), 0, "it goes nowhere but to its CBC");
}

/// An ECBE site that had a warning until its end, and took it away then.
async fn ecbe_after_an_end() -> (Operator, Side, Sent) {
    let cells = list(List::AreaAlone);
    let cbc = site(Fault::Ecbe, &cells, None).await;
    let mut side = Side::start(CbcKind::Ecbe, vec![cbc.url()], &cells).await;
    let expires = Utc::now() + TimeDelta::seconds(4);
    let sent = side.warn_until("wrn_1", FIRST, expires).await;
    side.hears("wrn_1", Kind::Alert, "accepted").await;
    until("it is taken away at its end", || async {
        (requests(&cbc.url(), "DELETE", "/api").await == 1).then_some(())
    })
    .await;
    let second = TimeDelta::seconds(1);
    assert!(Utc::now() >= expires - second, "not before its end, which CAP tells in whole seconds");
    (cbc, side, sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn ecbe_does_not_take_away_what_took_the_place_of_ours_after_its_end() {
    let (cbc, mut side, sent) = ecbe_after_an_end().await;
    // Another system puts its message there.
    let message = format!("{}/api/ecbe/v1/message", cbc.url());
    assert_eq!(ask(client().post(message).json(&another())).await.status, 201);
    let before = requests(&cbc.url(), "DELETE", "/api").await;
    side.warn("wrn_2", FIRST + 0x10, None).await;
    let Grade::Rejected { code, .. } = side.hears("wrn_2", Kind::Alert, "rejected").await else {
        panic!("not rejected")
    };
    assert_eq!(code, "ecbe.occupied");
    // Nor does a cancel of the first that comes late.
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    assert_eq!(serials(&cbc.url()).await, [0x4990]);
    assert_eq!(requests(&cbc.url(), "DELETE", "/api").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn ecbe_takes_the_next_warning_once_the_one_before_is_over() {
    let (cbc, mut side, _over) = ecbe_after_an_end().await;
    side.warn("wrn_2", FIRST + 0x10, None).await;
    side.hears("wrn_2", Kind::Alert, "accepted").await;
    airs(&cbc.url(), &[FIRST + 0x10]).await;
}
