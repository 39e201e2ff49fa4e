//! What the cell list has by wilayat, told to the hub with what this clock shows: at the start, after each new list, and every minute, since the hub keeps it in memory alone.

use super::run::Adapter;
use crate::transport::Address;
use nadhir_core::area::Census;
use nadhir_core::delivery::Counts;
use std::sync::Arc;
use std::time::Duration;
use tracing::{debug, warn};

/// A hub that was started anew knows every operator's counts again after this, and one whose clock was set how far it is off.
const AGAIN: Duration = Duration::from_secs(60);
/// The path must confirm within this time, or it is sent again.
const SEND: Duration = Duration::from_secs(5);
/// After it was not confirmed, it is sent again this much later.
const PAUSE: Duration = Duration::from_secs(2);

impl Adapter {
    /// Tells for ever. Nothing of a warning waits for it.
    pub(super) async fn tell_counts(&self) {
        let mut swaps = self.settings.cells.swaps();
        loop {
            let list = Arc::clone(&swaps.borrow_and_update());
            let regions = Arc::clone(&self.settings.regions);
            // A national list takes a while to count, and orders are not to wait for it.
            let counting = tokio::task::spawn_blocking(move || Census::of(&list, &regions));
            let Ok(census) = counting.await else { return };
            let counts = Counts {
                operator: self.settings.operator.clone(),
                counted_at: self.settings.clock.now().utc,
                census,
            };
            let told = async {
                loop {
                    let pause = if self.tell(&counts).await { AGAIN } else { PAUSE };
                    tokio::time::sleep(pause).await;
                }
            };
            tokio::select! {
                () = told => {}
                // A newer list makes what is on its way old.
                swapped = swaps.changed() => if swapped.is_err() { return },
            }
        }
    }

    async fn tell(&self, counts: &Counts) -> bool {
        let to = Address::Census { operator: counts.operator.clone() };
        let beat = self.beats.next();
        let id = format!("census-{}-{}", counts.operator, beat.at.timestamp_micros());
        let sent = self.settings.transport.send(to, id, counts.to_wire_with(beat), SEND).await;
        match &sent {
            Ok(()) => debug!(wilayat = counts.census.wilayat.len(), "the counts of the cell list were told"),
            Err(e) => warn!(error = %e, "the counts of the cell list were not confirmed; sent again"),
        }
        sent.is_ok()
    }
}
