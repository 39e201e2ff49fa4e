//! The adapter's loops: orders in, the session, receipts out. Decides nothing; the session does.

use super::cbc::Cbc;
use super::intake;
use super::ledger::{self, Ledger};
use crate::clock::Clock;
use crate::transport::{Address, Delivered, Queue, Transport};
use nadhir_core::area::CellList;
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Grade, Kind, Order, Receipt};
use nadhir_core::session::{Heard, Say, Session, Stage};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// A receipt must be confirmed by the path within this time, or it is sent again.
const SEND_RECEIPT: Duration = Duration::from_secs(1);
/// With nothing heard for this long, the ledger is looked at all the same.
const POLL: Duration = Duration::from_secs(1);
const RECEIPTS_AT_ONCE: u32 = 64;
/// More receipts than can be on a path in memory when a process ends.
const OFFERED_AGAIN: u32 = 1024;

/// One operator's adapter.
pub struct Settings {
    /// The operator.
    pub operator: String,
    /// The path to the hub.
    pub transport: Arc<dyn Transport>,
    /// Its durable memory.
    pub ledger: Ledger,
    /// Its cells.
    pub cells: CellList,
    /// Its CBC.
    pub cbc: Cbc,
    /// The process's clocks.
    pub clock: Clock,
}

struct Adapter {
    settings: Settings,
    /// Wakes the receipts' loop.
    receipts: Notify,
    /// The position up to which receipts are confirmed.
    confirmed: watch::Sender<u64>,
    heard: mpsc::UnboundedSender<Happened>,
}

enum Happened {
    Order(Box<Order>, Box<nadhir_core::session::Job>, Stage),
    Heard(Heard),
}

/// Runs until `shutdown`. What is in the ledger is gone on with at the next start.
pub async fn run(settings: Settings, shutdown: CancellationToken) -> Result<(), ledger::LedgerError> {
    let (heard, happened) = mpsc::unbounded_channel();
    let adapter =
        Arc::new(Adapter { settings, receipts: Notify::new(), confirmed: watch::channel(0).0, heard });
    adapter.resume().await?;
    let loops = async {
        tokio::join!(
            Arc::clone(&adapter).orders(Class::Live),
            Arc::clone(&adapter).orders(Class::Drill),
            adapter.session(happened),
            adapter.send_receipts(),
        )
    };
    tokio::select! {
        _ = loops => {}
        () = shutdown.cancelled() => {}
    }
    Ok(())
}

impl Adapter {
    /// Goes on with the orders a former run left open.
    async fn resume(&self) -> Result<(), ledger::LedgerError> {
        if !self.settings.transport.is_durable() {
            // It took receipts and forgot them with the last process; the hub drops those it has.
            self.settings.ledger.offer_again(OFFERED_AGAIN).await?;
        }
        for (order, stage) in self.settings.ledger.open_orders().await? {
            info!(delivery = order.delivery, stage = stage.word(), "going on with an order from before");
            self.begin(order, stage);
        }
        Ok(())
    }

    /// Reads one class's orders for ever.
    async fn orders(self: Arc<Self>, class: Class) {
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
        let taken = match self.take(&order, class).await {
            Ok(Some(position)) => position,
            Ok(None) => return delivered.refuse().await,
            Err(e) => {
                // Not durable, so not acknowledged: it comes again.
                error!(delivery = order.delivery, error = %e, "the ledger could not take an order");
                tokio::time::sleep(POLL).await;
                return;
            }
        };
        info!(
            delivery = order.delivery,
            sequence = order.sequence,
            left_ms,
            again = taken.again,
            "order taken"
        );
        if !taken.again {
            self.begin_unless_ended(order, taken.stage).await;
        }
        self.receipts.notify_one();
        // The acknowledgement follows the confirmed `taken`.
        let mut confirmed = self.confirmed.subscribe();
        if confirmed.wait_for(|at| *at >= taken.receipt).await.is_ok() {
            delivered.ack().await;
        }
    }

    /// Takes an order that is for here into the ledger; `None` for one that is refused for ever.
    async fn take(&self, order: &Order, class: Class) -> Result<Option<ledger::Taken>, ledger::LedgerError> {
        let Settings { operator, cells, ledger, clock, .. } = &self.settings;
        if let Err(refusal) = intake::job(order, operator, class, cells) {
            error!(delivery = order.delivery, code = refusal.code(), %refusal, "an order is refused");
            if order.operator == *operator {
                let grade = Grade::Rejected { code: refusal.code().to_owned(), words: refusal.to_string() };
                ledger.keep(vec![], vec![ledger::receipt(order, grade, clock.now().utc)]).await?;
                self.receipts.notify_one();
            }
            return Ok(None);
        }
        let last = ledger.last_sequence(class).await?;
        if order.sequence > last + 1 {
            warn!(sequence = order.sequence, last, "orders are missing between the last one and this one");
        }
        match ledger.take(order.clone(), clock.now().utc).await {
            Ok(taken) => Ok(Some(taken)),
            Err(e @ ledger::LedgerError::OtherBody(_)) => {
                error!(delivery = order.delivery, "{e}");
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    /// Hands a new order to the session, unless its cancel or its update came before it.
    async fn begin_unless_ended(&self, order: Order, stage: Stage) {
        let Settings { ledger, clock, .. } = &self.settings;
        let ended = loop {
            let found = match order.kind {
                Kind::Cancel => Ok(None),
                Kind::Alert | Kind::Update => ledger.ended_before(&order.warning).await,
            };
            match found {
                Ok(found) => break found,
                // Whether it was ended cannot be told yet, and it is not broadcast blindly.
                Err(e) => {
                    error!(delivery = order.delivery, error = %e, "the ledger could not be read; trying again");
                }
            }
            tokio::time::sleep(POLL).await;
        };
        let Some(grade) = ended else { return self.begin(order, stage) };
        warn!(delivery = order.delivery, grade = grade.word(), "not broadcast: what ends it came first");
        let receipt = ledger::receipt(&order, grade, clock.now().utc);
        if let Err(e) = ledger.keep(vec![(order.delivery, Stage::Done)], vec![receipt]).await {
            error!(error = %e, "the ledger could not be written");
        }
    }

    /// Hands a durable order to the session.
    fn begin(&self, order: Order, stage: Stage) {
        match intake::job(&order, &self.settings.operator, order.class, &self.settings.cells) {
            Ok(job) => {
                let _ = self.heard.send(Happened::Order(Box::new(order), Box::new(job), stage));
            }
            Err(refusal) => {
                error!(delivery = order.delivery, %refusal, "an order in the ledger cannot be gone on with");
            }
        }
    }

    /// Runs the session: the only place that holds it.
    async fn session(&self, mut happened: mpsc::UnboundedReceiver<Happened>) {
        let mut session = Session::default();
        let mut orders: HashMap<String, (Order, nadhir_core::session::Job)> = HashMap::new();
        loop {
            let wake = session.wake();
            let tick = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(self.settings.clock.instant(at)).await,
                    None => std::future::pending().await,
                }
            };
            let heard = tokio::select! {
                next = happened.recv() => match next {
                    Some(Happened::Order(order, job, stage)) => {
                        orders.insert(order.delivery.clone(), (*order, (*job).clone()));
                        Heard::Order(*job, stage)
                    }
                    Some(Happened::Heard(heard)) => heard,
                    None => return,
                },
                () = tick => Heard::Tick,
            };
            let say = session.hear(heard, self.settings.clock.now());
            self.keep(&say, &orders).await;
            for said in say {
                self.act(said, &mut orders);
            }
        }
    }

    /// Keeps stages and receipts before anything is done about them.
    async fn keep(&self, say: &[Say], orders: &HashMap<String, (Order, nadhir_core::session::Job)>) {
        let at = self.settings.clock.now().utc;
        let (mut stages, mut receipts) = (Vec::new(), Vec::new());
        for said in say {
            match said {
                Say::Keep(delivery, stage) => stages.push((delivery.clone(), *stage)),
                Say::Receipt(delivery, grade) => {
                    if let Some((order, _)) = orders.get(delivery) {
                        receipts.push(ledger::receipt(order, grade.clone(), at));
                    }
                }
                Say::Submit(_) | Say::Ask(_) => {}
            }
        }
        if stages.is_empty() && receipts.is_empty() {
            return;
        }
        // A ledger that fails does not stop a warning: the identity is the same at the next try, so a copy is dropped.
        if let Err(e) = self.settings.ledger.keep(stages, receipts).await {
            error!(error = %e, "the ledger could not be written; going on");
        }
        self.receipts.notify_one();
    }

    fn act(&self, said: Say, orders: &mut HashMap<String, (Order, nadhir_core::session::Job)>) {
        match said {
            Say::Keep(delivery, Stage::Done) => {
                orders.remove(&delivery);
            }
            Say::Keep(..) => {}
            Say::Receipt(delivery, grade) => info!(delivery, grade = grade.word(), "heard from the CBC"),
            Say::Submit(delivery) => {
                let Some((order, _)) = orders.get(&delivery) else { return };
                let (cap, expires, now) = (order.cap.clone(), order.expires, self.settings.clock.now().utc);
                let (cbc, heard) = (self.settings.cbc.clone(), self.heard.clone());
                tokio::spawn(async move {
                    let answer = cbc.submit(cap, expires, now).await;
                    let _ = heard.send(Happened::Heard(Heard::Answered(delivery, answer)));
                });
            }
            Say::Ask(delivery) => {
                let Some((_, job)) = orders.get(&delivery) else { return };
                let (cbc, heard, messages) =
                    (self.settings.cbc.clone(), self.heard.clone(), job.messages.clone());
                tokio::spawn(async move {
                    let status = cbc.status(&messages).await;
                    let _ = heard.send(Happened::Heard(Heard::Status(delivery, status)));
                });
            }
        }
    }

    /// Sends receipts until each is confirmed.
    async fn send_receipts(&self) {
        loop {
            let waiting = match self.settings.ledger.unsent(RECEIPTS_AT_ONCE).await {
                Ok(waiting) => waiting,
                Err(e) => {
                    error!(error = %e, "the ledger's receipts could not be read");
                    Vec::new()
                }
            };
            if waiting.is_empty() {
                let _ = tokio::time::timeout(POLL, self.receipts.notified()).await;
                continue;
            }
            let sends = waiting.iter().map(|(_, receipt)| self.send_receipt(receipt));
            let results = futures_util::future::join_all(sends).await;
            let confirmed: Vec<_> =
                waiting.iter().zip(&results).filter(|(_, sent)| **sent).map(|((at, _), _)| *at).collect();
            let all = confirmed.len() == waiting.len();
            if let Err(e) = self.settings.ledger.sent(confirmed.clone()).await {
                error!(error = %e, "the ledger could not mark receipts as sent; they are sent again");
            }
            // Positions are confirmed in order: up to the first one that is not.
            let upto =
                waiting.iter().zip(&results).take_while(|(_, sent)| **sent).last().map(|((at, _), _)| *at);
            if let Some(upto) = upto {
                self.confirmed.send_if_modified(|at| std::mem::replace(at, upto.max(*at)) < upto);
            }
            if !all {
                tokio::time::sleep(Duration::from_millis(200)).await;
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
