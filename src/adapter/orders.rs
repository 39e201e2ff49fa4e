//! Orders in: each verified, kept in the ledger, handed to the session with its past. Those of a former run first.

use super::cbc::Task;
use super::gate::Coming;
use super::intake::Refusal;
use super::run::{Adapter, Happened, Settings};
use super::{intake, ledger};
use crate::transport::{Delivered, Queue};
use metrics::{counter, histogram};
use nadhir_core::area::CellList;
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Grade, Kind, Order};
use nadhir_core::session::{Past, Stage};
use std::sync::Arc;
use std::time::Duration;
use tracing::{error, info, warn};

/// After the ledger failed, it is tried again this much later.
const POLL: Duration = Duration::from_secs(1);
/// More receipts than can be on a path in memory when a process ends.
const OFFERED_AGAIN: u32 = 1024;

impl Adapter {
    /// Goes on with the orders a former run left open.
    pub(super) async fn resume(&self) -> Result<(), ledger::LedgerError> {
        if !self.settings.transport.is_durable() {
            // It took receipts and forgot them with the last process; the hub drops those it has.
            self.settings.ledger.offer_again(OFFERED_AGAIN).await?;
        }
        for (order, stage) in self.settings.ledger.open_orders().await? {
            info!(delivery = order.delivery, stage = stage.word(), "going on with an order from before");
            self.begin_again(order, stage).await;
        }
        Ok(())
    }

    /// Reads one class's orders for ever.
    pub(super) async fn orders(self: Arc<Self>, class: Class) {
        let queue = Queue::Orders { operator: self.settings.operator.clone(), class };
        let mut inbox = self.settings.transport.receive(queue).await;
        loop {
            let delivered = inbox.next().await;
            let adapter = Arc::clone(&self);
            // Each is settled on its own: one order's lost receipt does not hold up the next order.
            tokio::spawn(async move { adapter.order(delivered, class).await });
        }
    }

    async fn order(&self, delivered: Delivered, class: Class) {
        let (order, left_ms) = match Order::from_wire(&delivered.body) {
            Ok(read) => read,
            Err(bad) => {
                error!(%bad, "a dead letter: what came is not an order");
                return delivered.refuse().await;
            }
        };
        let list = self.settings.cells.list();
        let Some(task) = self.verified(&order, class, &list).await else {
            return delivered.refuse().await;
        };
        // A cancel shuts the gates before the ledger has it. An update that the ledger cannot take holds nothing back.
        let shut = || self.gates.shut(task.job.ends().into_iter().map(|(ended, _)| ended).collect());
        let coming = (order.kind == Kind::Cancel).then(shut);
        let taken = loop {
            match self.take(&order).await {
                Ok(Some(taken)) => break taken,
                Ok(None) => return delivered.refuse().await,
                // Not durable, so not acknowledged. It is held: a path need not bring again what was only dropped.
                Err(e) => {
                    error!(delivery = order.delivery, error = %e, "the ledger could not take an order; trying again");
                }
            }
            tokio::time::sleep(POLL).await;
        };
        counter!("nadhir_adapter_orders_taken_total", "operator" => order.operator.clone(), "again" => if taken.again { "yes" } else { "no" })
            .increment(1);
        if !taken.again {
            histogram!("nadhir_adapter_order_left_seconds", "operator" => order.operator.clone())
                .record(Duration::from_millis(u64::try_from(left_ms).unwrap_or(0)).as_secs_f64());
        }
        info!(
            delivery = order.delivery,
            sequence = order.sequence,
            left_ms,
            again = taken.again,
            "order taken"
        );
        if taken.again {
            // The session knows of it.
            drop(coming);
        } else {
            let coming = coming.unwrap_or_else(shut);
            self.begin(task, list, taken.stage, Some(coming)).await;
        }
        self.receipts.notify_one();
        // The acknowledgement follows the confirmed `taken`.
        let mut confirmed = self.confirmed.subscribe();
        if confirmed.wait_for(|at| *at >= taken.receipt).await.is_ok() {
            delivered.ack().await;
        }
    }

    /// What an order that is for here asks for; `None` for one that is refused for ever.
    async fn verified(&self, order: &Order, class: Class, cells: &CellList) -> Option<Task> {
        let Settings { operator, ledger, clock, .. } = &self.settings;
        let refusal = match intake::task(order, operator, class, cells) {
            Ok(task) if self.names_live(&task).await => Refusal::Live,
            Ok(task) => return Some(task),
            Err(refusal) => refusal,
        };
        error!(delivery = order.delivery, code = refusal.code(), %refusal, "an order is refused");
        counter!("nadhir_adapter_orders_refused_total", "operator" => operator.clone(), "code" => refusal.code())
            .increment(1);
        if order.operator == *operator {
            let grade = Grade::Rejected { code: refusal.code().to_owned(), words: refusal.to_string() };
            let receipt = ledger::receipt(order, grade, clock.now().utc);
            while let Err(e) = ledger.keep(vec![], vec![receipt.clone()]).await {
                error!(delivery = order.delivery, error = %e, "the ledger could not take a refusal; trying again");
                tokio::time::sleep(POLL).await;
            }
            self.receipts.notify_one();
        }
        None
    }

    /// Whether a drill's order names what is live here. While that cannot be told, it waits.
    async fn names_live(&self, task: &Task) -> bool {
        loop {
            match task.names_live(&self.settings.ledger).await {
                Ok(names) => return names,
                Err(e) => {
                    error!(delivery = task.order.delivery, error = %e, "the ledger could not be read; trying again");
                }
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Takes a verified order into the ledger; `None` if its delivery is there with another content.
    async fn take(&self, order: &Order) -> Result<Option<ledger::Taken>, ledger::LedgerError> {
        let Settings { ledger, clock, .. } = &self.settings;
        match ledger.take(order.clone(), clock.now().utc).await {
            Ok(taken) => {
                let last = taken.last;
                if order.sequence > last + 1 {
                    warn!(
                        sequence = order.sequence,
                        last, "orders are missing between the last one and this one"
                    );
                }
                Ok(Some(taken))
            }
            Err(e @ ledger::LedgerError::OtherBody(_)) => {
                error!(delivery = order.delivery, "{e}");
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    /// Hands an order to the session with its past: what ended it before it came, and whether the CBC may have it already.
    async fn begin(&self, task: Task, list: Arc<CellList>, stage: Stage, coming: Option<Coming>) {
        let past = loop {
            match self.past(&task, stage).await {
                Ok(past) => break past,
                // Whether it was ended cannot be told yet, and it is not broadcast blindly.
                Err(e) => {
                    error!(delivery = task.order.delivery, error = %e, "the ledger could not be read; trying again");
                }
            }
            tokio::time::sleep(POLL).await;
        };
        if let Some(grade) = &past.ended {
            warn!(delivery = task.order.delivery, grade = grade.word(), "what ends it came before it");
        }
        let _ = self.heard.send(Happened::Order { task: Box::new(task), past, list, coming });
    }

    /// What the ledger knows of an order. A stage says how far it came, and `tried` which sites may have it whatever the
    /// stage says: what is to be submitted again may be on air.
    async fn past(&self, task: &Task, stage: Stage) -> Result<Past, ledger::LedgerError> {
        let (ledger, order) = (&self.settings.ledger, &task.order);
        let mut past = Past::from(stage);
        if order.kind == Kind::Cancel {
            return Ok(past);
        }
        if stage == Stage::Taken {
            let tried = ledger.tried(vec![order.warning.clone()]).await?;
            past.doubt = tried.iter().any(|tried| tried.may_hold);
        }
        past.ended = match ledger.ended_before(task.job.named()).await? {
            // What it was replaced by may have been refused: one that the CBC has goes on until the session hears otherwise.
            Some(Grade::Superseded) if stage != Stage::Taken => None,
            ended => ended,
        };
        Ok(past)
    }

    /// Hands an order of a former run to the session.
    async fn begin_again(&self, order: Order, stage: Stage) {
        let list = self.settings.cells.list();
        match intake::task(&order, &self.settings.operator, order.class, &list) {
            Ok(task) => self.begin(task, list, stage, None).await,
            Err(refusal) => {
                error!(delivery = order.delivery, %refusal, "an order in the ledger cannot be gone on with");
            }
        }
    }
}
