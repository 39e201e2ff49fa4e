//! The hub's standing figures: path, record, orders nobody takes, message codes left; and every counter at zero before its first event. Serves nothing.

use crate::dispatch::Hub;
use crate::store::{self, StoreError};
use crate::transport::PathState;
use metrics::{counter, gauge, histogram};
use nadhir_core::cbs::Class;
use std::time::Duration;
use tracing::{error, warn};

/// How often path, waiting orders and message codes are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How many looks from one reading of the whole record to the next: ten minutes.
const LOOKS_A_READING: u32 = 300;

/// Looks for ever.
pub(super) async fn keep(hub: Hub, operators: Vec<String>) {
    begin(&operators);
    for look in 0_u32.. {
        let path = hub.transport().name();
        let up = hub.transport().state() == PathState::Up;
        gauge!("nadhir_path_up", "path" => path).set(if up { 1.0 } else { 0.0 });
        for operator in &operators {
            let mut waiting = 0;
            for class in hub.classes() {
                match hub.store().untaken(operator, *class, hub.board().clock().now().utc).await {
                    Ok(orders) => waiting += u32::try_from(orders.len()).unwrap_or(u32::MAX),
                    Err(e) => warn!(operator, error = %e, "the orders that wait could not be counted"),
                }
            }
            gauge!("nadhir_orders_untaken", "operator" => operator.clone()).set(waiting);
        }
        for class in [Class::Live, Class::Drill] {
            match hub.store().codes_left(class, hub.clock().now().utc).await {
                Ok(left) => gauge!("nadhir_message_codes_left", "class" => class.word())
                    .set(u32::try_from(left).unwrap_or(u32::MAX)),
                Err(e) => warn!(class = class.word(), error = %e, "the codes left could not be counted"),
            }
        }
        if look % LOOKS_A_READING == 0 {
            read_record(&hub).await;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Reads the whole record. One that cannot be read is as bad as one that is broken.
async fn read_record(hub: &Hub) {
    let path = hub.store().path().to_owned();
    // On a connection of its own: relay and pages read on while this takes its time.
    let read = tokio::task::spawn_blocking(move || store::verify_file(&path));
    let whole = match read.await.unwrap_or(Err(StoreError::Closed)) {
        Ok(Ok(whole)) => {
            let events = u32::try_from(whole.events).unwrap_or(u32::MAX);
            gauge!("nadhir_record_events").set(events);
            true
        }
        Ok(Err(broken)) => {
            error!(at = %broken.at, why = broken.why, "the record is broken");
            false
        }
        Err(e) => {
            error!(error = %e, "the record cannot be read");
            false
        }
    };
    gauge!("nadhir_record_whole").set(if whole { 1.0 } else { 0.0 });
}

/// A counter that appears with its first event has no increase to be seen: each begins at zero.
fn begin(operators: &[String]) {
    for outcome in ["accepted", "refused"] {
        counter!("nadhir_submissions_total", "outcome" => outcome).increment(0);
    }
    counter!("nadhir_warnings_approved_total").increment(0);
    counter!("nadhir_warnings_cancelled_total").increment(0);
    counter!("nadhir_receipts_refused_total").increment(0);
    for operator in operators {
        counter!("nadhir_lanes_red_total", "operator" => operator.clone()).increment(0);
        for outcome in ["confirmed", "failed", "refused"] {
            counter!("nadhir_orders_sent_total", "operator" => operator.clone(), "outcome" => outcome)
                .increment(0);
        }
        for grade in ["taken", "accepted", "on_air"] {
            let _ = histogram!(
                "nadhir_receipt_after_approval_seconds", "operator" => operator.clone(), "grade" => grade
            );
        }
    }
}
