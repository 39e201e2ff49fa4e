//! Orders out: one task an operator and class, so that neither another operator's trouble nor a drill slows a live order. Woken at commit; polls slowly beside.

use super::Hub;
use crate::store::Outgoing;
use crate::transport::{Address, NotSent};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use metrics::{counter, histogram};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{DEADLINE, Do, Grade, Kind, Receipt, due};
use std::time::Duration;
use tracing::{error, info, warn};
use uuid::Uuid;

/// The fallback of the wake-up, and how often a path that is down is tried again.
const POLL: Duration = Duration::from_secs(1);
/// A path must confirm within this time.
const CONFIRM: Duration = Duration::from_secs(1);
/// After a path refused, the next try waits this long.
const PAUSE: Duration = Duration::from_millis(100);

impl Hub {
    /// Sends one operator's orders of one class for ever.
    pub(super) async fn relay(&self, operator: String, class: Class) {
        match self.store().untaken(&operator, class, self.clock().now().utc).await {
            Ok(before) => {
                for outgoing in before {
                    info!(
                        delivery = outgoing.order.delivery,
                        "sending again what nobody has taken since the last run"
                    );
                    if let Ok(Some(queued)) = self.send(&outgoing).await {
                        self.take_in(queued, true).await;
                    }
                }
            }
            Err(e) => error!(operator, error = %e, "the outbox could not be read"),
        }
        loop {
            let unsent = self.store().unsent(&operator, class, self.clock().now().utc).await;
            let unsent = unsent.unwrap_or_else(|e| {
                error!(operator, error = %e, "the outbox could not be read");
                Vec::new()
            });
            if unsent.is_empty() {
                self.rest(&operator, class).await;
                continue;
            }
            // An order does not wait for the mark of the one before; the outbox is read again when all are marked.
            let mut marks = FuturesUnordered::new();
            let mut refused = false;
            for outgoing in unsent {
                let Ok(queued) = self.send(&outgoing).await else {
                    // In order: what comes after waits for this one.
                    refused = true;
                    break;
                };
                marks.extend(queued.map(|queued| {
                    let hub = self.clone();
                    tokio::spawn(async move { hub.take_in(queued, true).await })
                }));
            }
            let nothing_sent = marks.is_empty();
            marks.for_each(|_| std::future::ready(())).await;
            if refused {
                tokio::time::sleep(PAUSE).await;
            } else if nothing_sent {
                // What is not to be sent stays in the outbox.
                self.rest(&operator, class).await;
            }
        }
    }

    /// Until there is an order, or for a while.
    async fn rest(&self, operator: &str, class: Class) {
        if let Some(wake) = self.wake(operator, class) {
            let _ = tokio::time::timeout(POLL, wake.notified()).await;
        }
    }

    /// Sends one order. Returns the hub's own receipt that the path has it, to be recorded; none if its time was over, if
    /// no event names it, or if this hub does not send its class: a record with live orders was put back where live is
    /// off.
    async fn send(&self, outgoing: &Outgoing) -> Result<Option<Receipt>, NotSent> {
        let order = &outgoing.order;
        if !self.sends(order.class) {
            return Ok(None);
        }
        let now = self.clock().now();
        // A cancel puts nothing on air: it is sent even when the warning's time is over.
        if now.utc >= order.expires && order.kind != Kind::Cancel {
            return Ok(None);
        }
        match self.store().is_ordered(order).await {
            Ok(true) => {}
            Ok(false) => {
                // Written beside the hub. It holds nothing up: what comes after it is sent.
                counter!("nadhir_orders_sent_total", "operator" => order.operator.clone(), "outcome" => "refused")
                    .increment(1);
                error!(
                    delivery = order.delivery,
                    warning = order.warning,
                    operator = order.operator,
                    "ALARM: no event of the record names this order: it is not sent; verify the record"
                );
                return Ok(None);
            }
            Err(e) => {
                error!(delivery = order.delivery, error = %e, "the record could not be read");
                return Err(NotSent::Refused(e.to_string()));
            }
        }
        let left = match self.board().tally(&order.warning, order.kind) {
            Some(tally) => {
                DEADLINE.as_millis().cast_signed() - now.since(tally.zero).as_millis().cast_signed()
            }
            None => {
                i128::from((order.approved_at - now.utc).num_milliseconds())
                    + DEADLINE.as_millis().cast_signed()
            }
        };
        let left_ms = i64::try_from(left).unwrap_or(i64::MIN);
        let to = Address::Order { operator: order.operator.clone(), class: order.class };
        let sent = self.transport().send(to, order.delivery.clone(), order.to_wire(left_ms), CONFIRM).await;
        let outcome = if sent.is_ok() { "confirmed" } else { "failed" };
        counter!("nadhir_orders_sent_total", "operator" => order.operator.clone(), "outcome" => outcome)
            .increment(1);
        if let Err(e) = &sent {
            warn!(delivery = order.delivery, operator = order.operator, error = %e, "an order was not confirmed; it is sent again");
            return Err(e.clone());
        }
        histogram!("nadhir_order_confirm_seconds", "operator" => order.operator.clone())
            .record(self.clock().now().since(now.tick).as_secs_f64());
        Ok(Some(Receipt {
            id: format!("rcp_{}", Uuid::now_v7()),
            delivery: order.delivery.clone(),
            warning: order.warning.clone(),
            operator: order.operator.clone(),
            kind: order.kind,
            grade: Grade::Queued,
            heard_at: self.clock().now().utc,
        }))
    }

    /// Watches one warning's ten seconds: sends again what is not taken, and says which lane is red.
    pub(super) async fn keep_time(&self, warning: &str, kind: Kind) {
        let Some(mut last) = self.board().tally(warning, kind).map(|tally| tally.zero) else { return };
        loop {
            let Some(tally) = self.board().tally(warning, kind) else { return };
            let now = self.clock().now();
            let (todo, next) = due(&tally, last, now);
            for what in todo {
                match what {
                    Do::SendAgain { operator } => self.send_again(warning, kind, &operator).await,
                    Do::Red { operator, reason } => {
                        counter!("nadhir_lanes_red_total", "operator" => operator.clone()).increment(1);
                        error!(warning, operator, reason, "RED");
                    }
                }
            }
            last = now.tick;
            match next {
                Some(at) => tokio::time::sleep_until(self.clock().instant(at)).await,
                None => return,
            }
        }
    }

    async fn send_again(&self, warning: &str, kind: Kind, operator: &str) {
        let orders = match self.store().orders(warning).await {
            Ok(orders) => orders,
            Err(e) => return error!(warning, error = %e, "the outbox could not be read"),
        };
        // What no path has taken yet is the relay's own loop's to send.
        for outgoing in orders
            .iter()
            .filter(|o| o.order.operator == operator && o.order.kind == kind && o.queued_at.is_some())
        {
            warn!(warning, operator, "not taken yet: the order is sent again");
            if let Ok(Some(queued)) = self.send(outgoing).await {
                self.take_in(queued, true).await;
            }
        }
    }
}
