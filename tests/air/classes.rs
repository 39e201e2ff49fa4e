//! A drill's order that names a live warning: it stops nothing, and keeps nothing from the air.

use super::side::Side;
use super::sites::{List, list, requests, serials, site};
use super::{FIRST, airs};
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir_core::delivery::{Grade, Kind};
use nadhir_simulator::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_that_names_a_live_warning_is_refused_and_its_cbc_never_hears_of_it() {
    let cells = list(List::Oman);
    let cbc = site(Fault::None, &cells, None).await;
    let mut side = Side::start(CbcKind::Pages, vec![cbc.url()], &cells).await;
    let sent = side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "on_air").await;
    airs(&cbc.url(), &[FIRST]).await;
    let before = requests(&cbc.url(), "POST", "/cap").await;
    // By the warning's own name, and by the references of its CAP alone: the CBC goes by those.
    for name in ["wrn_1", "wrn_drill"] {
        side.drill_cancel(name, &sent).await;
        let Grade::Rejected { code, .. } = side.hears(name, Kind::Cancel, "rejected").await else {
            panic!("not rejected")
        };
        assert_eq!(code, "order.live");
        assert_eq!(side.words(name, Kind::Cancel), ["rejected"], "it was not even taken");
    }
    assert_eq!(requests(&cbc.url(), "POST", "/cap").await, before);
    assert_eq!(serials(&cbc.url()).await, [u64::from(FIRST)]);
    assert!(!side.words("wrn_1", Kind::Alert).contains(&"stopped"));
    // Whom it concerns can still end it.
    side.cancel(&sent).await;
    side.hears("wrn_1", Kind::Cancel, "stopped").await;
    airs(&cbc.url(), &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_that_came_first_keeps_no_live_warning_of_its_name_from_the_air() {
    let cells = list(List::Oman);
    let (cbc, elsewhere) = (site(Fault::None, &cells, None).await, site(Fault::None, &cells, None).await);
    let mut other = Side::start(CbcKind::Pages, vec![elsewhere.url()], &cells).await;
    let sent = other.warn("wrn_1", FIRST, None).await;
    other.end().await;
    let mut side = Side::start(CbcKind::Pages, vec![cbc.url()], &cells).await;
    side.drill_cancel("wrn_1", &sent).await;
    side.hears("wrn_1", Kind::Cancel, "taken").await;
    side.warn("wrn_1", FIRST, None).await;
    side.hears("wrn_1", Kind::Alert, "taken").await;
    side.hears("wrn_1", Kind::Alert, "on_air").await;
    airs(&cbc.url(), &[FIRST]).await;
    assert!(!side.words("wrn_1", Kind::Alert).contains(&"cancelled"));
}
