//! An adapter whose clock is not the hub's: what is over by the hub's is not sent, and what holds by the hub's is.

use super::side::Side;
use super::sites::{List, list, requests, site};
use super::{FIRST, airs};
use chrono::{TimeDelta, Utc};
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir::clock::{Clock, Hand};
use nadhir_core::delivery::Kind;
use nadhir_simulator::Fault;
use std::net::SocketAddr;
use std::time::Duration;

/// An adapter by such a clock, which has told the hub of it, and the one site of its CBC, which is down.
struct Ground {
    side: Side,
    hand: Hand,
    cells: Vec<u8>,
    url: String,
}

impl Ground {
    async fn new(ahead: TimeDelta) -> Ground {
        let cells = list(List::Oman);
        let site = site(Fault::None, &cells, None).await;
        let url = site.url();
        site.stop().await;
        let (clock, hand) = Clock::start_with_hand();
        hand.set(ahead);
        let mut side = Side::start_at(CbcKind::Pages, vec![url.clone()], &cells, clock).await;
        side.meet().await;
        Ground { side, hand, cells, url }
    }

    /// Orders a warning that holds for so long by the hub's clock, and waits until the adapter was refused a connection.
    async fn warn_for(&mut self, left: TimeDelta) {
        self.side.warn_until("wrn_1", FIRST, Utc::now() + left).await;
        self.side.hears("wrn_1", Kind::Alert, "unknown").await;
    }

    /// The site comes up: the warning holds, and is broadcast.
    async fn goes_out(mut self) {
        let _site = site(Fault::None, &self.cells, Some(self.address())).await;
        self.side.hears("wrn_1", Kind::Alert, "on_air").await;
        airs(&self.url, &[FIRST]).await;
    }

    /// The site comes up after the end by the hub's clock: the warning is over.
    async fn comes_too_late(mut self, left: TimeDelta) {
        tokio::time::sleep(left.to_std().unwrap_or(Duration::ZERO)).await;
        let _site = site(Fault::None, &self.cells, Some(self.address())).await;
        self.side.hears("wrn_1", Kind::Alert, "expired").await;
        assert_eq!(requests(&self.url, "POST", "/cap").await, 0, "it was sent after its end");
    }

    fn address(&self) -> SocketAddr {
        self.url.strip_prefix("http://").and_then(|at| at.parse().ok()).expect("an address")
    }
}

/// How long the short ones hold.
const SHORT: TimeDelta = TimeDelta::seconds(3);
const HOUR: TimeDelta = TimeDelta::hours(1);

#[tokio::test(flavor = "multi_thread")]
async fn half_a_minute_ahead_it_sends_what_still_holds() {
    let mut ground = Ground::new(TimeDelta::seconds(30)).await;
    ground.warn_for(TimeDelta::seconds(25)).await;
    ground.goes_out().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_minute_behind_it_sends_nothing_that_is_over() {
    let mut ground = Ground::new(TimeDelta::seconds(-30)).await;
    ground.warn_for(SHORT).await;
    ground.comes_too_late(SHORT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn set_an_hour_ahead_while_a_warning_waits_it_sends_it() {
    let mut ground = Ground::new(TimeDelta::zero()).await;
    ground.warn_for(HOUR / 2).await;
    ground.hand.set(HOUR);
    ground.goes_out().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn set_an_hour_back_while_a_warning_waits_it_is_over_in_time() {
    let mut ground = Ground::new(TimeDelta::zero()).await;
    ground.warn_for(SHORT).await;
    ground.hand.set(-HOUR);
    ground.comes_too_late(SHORT).await;
}
