//! Receipts in: read, recorded once, put on the board, and only then acknowledged.

use super::Hub;
use crate::store::{Heard, StoreError};
use crate::transport::{Delivered, Queue};
use metrics::{counter, histogram};
use nadhir_core::delivery::{Receipt, Tally};
use nadhir_core::now::Now;
use std::time::Duration;
use tracing::{error, info, warn};

/// How long to wait after the record failed, before the same receipt is tried again.
const PAUSE: Duration = Duration::from_millis(200);
/// Buckets of the histograms of this path are laid around the ten seconds: see the metrics recorder.
const GRADES: &str = "nadhir_receipt_after_approval_seconds";

impl Hub {
    /// Reads receipts for ever. Each is recorded on its own task: one transaction takes many.
    pub(super) async fn collect(&self) {
        let mut inbox = self.transport().receive(Queue::Receipts).await;
        loop {
            let delivered = inbox.next().await;
            let hub = self.clone();
            tokio::spawn(async move { hub.receipt(delivered).await });
        }
    }

    async fn receipt(&self, delivered: Delivered) {
        match Receipt::from_wire(&delivered.body) {
            Err(bad) => {
                error!(%bad, "a dead letter: what came is not a receipt");
                delivered.refuse().await;
            }
            Ok(receipt) => {
                if self.take_in(receipt, false).await {
                    delivered.ack().await;
                } else {
                    delivered.refuse().await;
                }
            }
        }
    }

    /// Records a receipt and puts it on the board. `false`: it is refused for ever.
    pub(super) async fn take_in(&self, receipt: Receipt, queued: bool) -> bool {
        self.mirror(&receipt.warning).await;
        let (warning, operator, word) =
            (receipt.warning.clone(), receipt.operator.clone(), receipt.grade.word());
        let tally = self.board().tally(&warning);
        let after = tally.as_ref().map_or(Duration::ZERO, |tally| self.clock().now().since(tally.zero));
        loop {
            let recorded = if queued {
                self.store().queued(receipt.clone(), after).await
            } else {
                self.store().heard(receipt.clone(), after).await
            };
            match recorded {
                Ok(Heard::Before) => return true,
                Ok(Heard::New) => break,
                Err(e @ (StoreError::BadReceipt { .. } | StoreError::NoWarning(_))) => {
                    counter!("nadhir_receipts_refused_total").increment(1);
                    error!(operator, warning, error = %e, "a receipt is refused");
                    return false;
                }
                Err(e) => {
                    error!(operator, warning, error = %e, "a receipt could not be recorded; trying again");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        let red_before =
            tally.is_some_and(|t| t.lanes.get(&operator).is_some_and(|l| l.red(after).is_some()));
        if self.board().hear_at(&warning, &operator, receipt.grade, after) {
            info!(warning, operator, grade = word, after_ms = after.as_secs_f64() * 1000.0, "heard");
            histogram!(GRADES, "operator" => operator.clone(), "grade" => word).record(after.as_secs_f64());
            let lane = self.board().tally(&warning).and_then(|mut t| t.lanes.remove(&operator));
            if let Some(red) = lane.and_then(|lane| lane.red(after)).filter(|_| !red_before) {
                counter!("nadhir_lanes_red_total", "operator" => operator.clone()).increment(1);
                error!(warning, operator, reason = red.reason, "RED");
            }
        }
        true
    }

    /// After a restart the board is empty: the tally of a warning is laid again from the record.
    pub(super) async fn mirror(&self, warning: &str) {
        if self.board().tally(warning).is_some() {
            return;
        }
        match self.recorded_tally(warning).await {
            Ok(Some(tally)) => self.board().put(warning, tally),
            Ok(None) => {}
            Err(e) => warn!(warning, error = %e, "the tally could not be read from the record"),
        }
    }

    /// The tally as the record tells it. Its zero is the approval's wall-clock time, moved onto this process's ticks.
    pub(super) async fn recorded_tally(&self, warning: &str) -> Result<Option<Tally>, StoreError> {
        let orders = self.store().orders(warning).await?;
        let Some(approved_at) = orders.first().map(|o| o.order.approved_at) else { return Ok(None) };
        let now = self.clock().now();
        let age = (now.utc - approved_at).to_std().unwrap_or_default();
        let zero = Now { utc: approved_at, tick: now.tick.saturating_sub(age) };
        let mut tally = Tally::start(orders.iter().map(|o| o.order.operator.as_str()), zero);
        for heard in self.store().receipts(warning).await? {
            if let Some(lane) = tally.lanes.get_mut(&heard.receipt.operator) {
                lane.hear(heard.receipt.grade, heard.after);
            }
        }
        Ok(Some(tally))
    }
}
