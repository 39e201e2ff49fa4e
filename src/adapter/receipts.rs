//! Receipts out: from the ledger onto the path, each until it is confirmed. None waits for another.

use super::run::Adapter;
use crate::transport::Address;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use metrics::gauge;
use nadhir_core::delivery::Receipt;
use std::collections::BTreeSet;
use std::time::Duration;
use tracing::{error, warn};

/// A receipt must be confirmed by the path within this time, or it is sent again.
const SEND_RECEIPT: Duration = Duration::from_secs(1);
/// After a receipt was not confirmed, it is sent again this much later.
const PAUSE: Duration = Duration::from_millis(200);
/// Receipts on their way at a time.
const RECEIPTS_AT_ONCE: usize = 64;
/// With nothing heard for this long, the ledger is looked at all the same.
const POLL: Duration = Duration::from_secs(1);

impl Adapter {
    /// Sends receipts until each is confirmed. They are on their way beside each other: one that is slow holds up none.
    pub(super) async fn send_receipts(&self) {
        let mut on_the_way = FuturesUnordered::new();
        let mut open = BTreeSet::new();
        let mut read = 0;
        loop {
            let room = RECEIPTS_AT_ONCE - open.len();
            let waiting = match self.settings.ledger.unsent(read, room).await {
                Ok(waiting) => waiting,
                Err(e) => {
                    error!(error = %e, "the ledger's receipts could not be read");
                    Vec::new()
                }
            };
            for (position, receipt) in waiting {
                read = position;
                open.insert(position);
                on_the_way.push(async move {
                    while !self.send_receipt(&receipt).await {
                        tokio::time::sleep(PAUSE).await;
                    }
                    position
                });
            }
            let count = u32::try_from(open.len()).unwrap_or(u32::MAX);
            gauge!("nadhir_adapter_receipts_waiting", "operator" => self.settings.operator.clone())
                .set(count);
            tokio::select! {
                () = self.receipts.notified(), if open.len() < RECEIPTS_AT_ONCE => {}
                () = tokio::time::sleep(POLL) => {}
                Some(first) = on_the_way.next() => {
                    let mut confirmed = vec![first];
                    while let Some(Some(next)) = on_the_way.next().now_or_never() {
                        confirmed.push(next);
                    }
                    for position in &confirmed {
                        open.remove(position);
                    }
                    // Confirmed in order: up to the first that is still on its way.
                    let upto = open.first().map_or(read, |first| first - 1);
                    self.confirmed.send_if_modified(|at| std::mem::replace(at, upto.max(*at)) < upto);
                    if let Err(e) = self.settings.ledger.sent(confirmed).await {
                        error!(error = %e, "the ledger could not mark receipts as sent; they are sent again");
                    }
                }
            }
        }
    }

    async fn send_receipt(&self, receipt: &Receipt) -> bool {
        let to = Address::Receipt { operator: receipt.operator.clone(), grade: receipt.grade.word() };
        let sent =
            self.settings.transport.send(to, receipt.id.clone(), receipt.to_wire(), SEND_RECEIPT).await;
        if let Err(e) = &sent {
            warn!(receipt = receipt.id, error = %e, "a receipt was not confirmed; it is sent again");
        }
        sent.is_ok()
    }
}
