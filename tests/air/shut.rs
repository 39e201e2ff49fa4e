//! Nothing goes on air after its time or after its cancel: each call to a site looks again, last before it is made.

use super::side::Side;
use super::sites::{List, list, requests, serials, set, site};
use super::{FIRST, airs};
use crate::common::until;
use chrono::{TimeDelta, Utc};
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir_core::delivery::Kind;
use nadhir_simulator::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn a_site_whose_turn_comes_after_the_end_is_not_asked() {
    let cells = list(List::Oman);
    let hang = Fault::Hang;
    let (a, b) = (site(hang, &cells, None).await, site(hang, &cells, None).await);
    let last = site(Fault::None, &cells, None).await;
    let mut side = Side::start(CbcKind::Pages, vec![a.url(), b.url(), last.url()], &cells).await;
    // Two sites hold their connections a second and a half each: the turn of the third comes after the end.
    side.warn_until("wrn_1", FIRST, Utc::now() + TimeDelta::seconds(3)).await;
    side.hears("wrn_1", Kind::Alert, "unknown").await;
    assert_eq!(requests(&a.url(), "POST", "/cap").await, 1, "it came in time for the first");
    assert_eq!(requests(&last.url(), "POST", "/cap").await, 0, "and too late for the last");
    assert_eq!(serials(&last.url()).await, [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_comes_while_one_site_hangs_keeps_the_alert_from_the_next() {
    let cells = list(List::Oman);
    let (a, b) = (site(Fault::Hang, &cells, None).await, site(Fault::None, &cells, None).await);
    let mut side = Side::start(CbcKind::Pages, vec![a.url(), b.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    until("the first site is asked", || async {
        (requests(&a.url(), "POST", "/cap").await == 1).then_some(())
    })
    .await;
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "taken").await;
    set(&a.url(), "none").await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    side.hears("wrn_1", Kind::Alert, "stopped").await;
    airs(&a.url(), &[]).await;
    assert_eq!(
        requests(&b.url(), "POST", "/cap").await,
        0,
        "neither the alert, nor a cancel of what it never had"
    );
}
