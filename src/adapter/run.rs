//! The adapter's loops: orders in, the session, receipts out. Decides nothing; the session does.

use super::cbc::{Cbc, Reach, Task};
use super::cells::Cells;
use super::intake;
use super::ledger::{self, Ledger};
use crate::clock::Clock;
use crate::transport::{Delivered, Queue, Transport};
use metrics::{counter, histogram};
use nadhir_core::area::Index;
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Grade, Kind, Order};
use nadhir_core::session::{Answer, Heard, Job, Say, Session, Stage};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// With nothing heard for this long, the ledger is looked at all the same.
const POLL: Duration = Duration::from_secs(1);
/// More receipts than can be on a path in memory when a process ends.
const OFFERED_AGAIN: u32 = 1024;
/// What has happened meanwhile shares one write of the ledger.
const TOGETHER: usize = 64;

/// One operator's adapter.
pub struct Settings {
    /// The operator.
    pub operator: String,
    /// The path to the hub.
    pub transport: Arc<dyn Transport>,
    /// Its durable memory.
    pub ledger: Ledger,
    /// Its cells.
    pub cells: Arc<Cells>,
    /// The country's regions, by which its cells are counted.
    pub regions: Arc<Index>,
    /// Its CBC.
    pub cbc: Cbc,
    /// The process's clocks.
    pub clock: Clock,
}

pub(super) struct Adapter {
    pub(super) settings: Settings,
    /// Wakes the receipts' loop.
    pub(super) receipts: Notify,
    /// The position up to which receipts are confirmed.
    pub(super) confirmed: watch::Sender<u64>,
    heard: mpsc::UnboundedSender<Happened>,
}

enum Happened {
    Order(Box<Order>, Box<Job>, Stage),
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
            adapter.tell_counts(),
            Arc::clone(&adapter.settings.cells).keep(),
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
            self.begin(order, stage).await;
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
        let (taken, job) = loop {
            match self.take(&order, class).await {
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
        if !taken.again {
            self.begin_unless_ended(order, job, taken.stage).await;
        }
        self.receipts.notify_one();
        // The acknowledgement follows the confirmed `taken`.
        let mut confirmed = self.confirmed.subscribe();
        if confirmed.wait_for(|at| *at >= taken.receipt).await.is_ok() {
            delivered.ack().await;
        }
    }

    /// Takes an order that is for here into the ledger; `None` for one that is refused for ever.
    async fn take(
        &self,
        order: &Order,
        class: Class,
    ) -> Result<Option<(ledger::Taken, Job)>, ledger::LedgerError> {
        let Settings { operator, cells, ledger, clock, .. } = &self.settings;
        let job = match intake::job(order, operator, class, &cells.list()) {
            Ok(job) => job,
            Err(refusal) => {
                error!(delivery = order.delivery, code = refusal.code(), %refusal, "an order is refused");
                counter!("nadhir_adapter_orders_refused_total", "operator" => operator.clone(), "code" => refusal.code())
                    .increment(1);
                if order.operator == *operator {
                    let grade =
                        Grade::Rejected { code: refusal.code().to_owned(), words: refusal.to_string() };
                    ledger.keep(vec![], vec![ledger::receipt(order, grade, clock.now().utc)]).await?;
                    self.receipts.notify_one();
                }
                return Ok(None);
            }
        };
        match ledger.take(order.clone(), clock.now().utc).await {
            Ok(taken) => {
                let last = taken.last;
                if order.sequence > last + 1 {
                    warn!(
                        sequence = order.sequence,
                        last, "orders are missing between the last one and this one"
                    );
                }
                Ok(Some((taken, job)))
            }
            Err(e @ ledger::LedgerError::OtherBody(_)) => {
                error!(delivery = order.delivery, "{e}");
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    /// Hands a new order to the session, unless its cancel or its update came before it.
    async fn begin_unless_ended(&self, order: Order, job: Job, stage: Stage) {
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
        let Some(grade) = ended else {
            let _ = self.heard.send(Happened::Order(Box::new(order), Box::new(job), stage));
            return;
        };
        warn!(delivery = order.delivery, grade = grade.word(), "not broadcast: what ends it came first");
        let receipt = ledger::receipt(&order, grade, clock.now().utc);
        if let Err(e) = ledger.keep(vec![(order.delivery, Stage::Done)], vec![receipt]).await {
            error!(error = %e, "the ledger could not be written");
        }
    }

    /// Hands an order of a former run to the session.
    async fn begin(&self, order: Order, stage: Stage) {
        match intake::job(&order, &self.settings.operator, order.class, &self.settings.cells.list()) {
            // Its cancel or its update may have come before it, and be done with.
            Ok(job) if stage == Stage::Taken => self.begin_unless_ended(order, job, stage).await,
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
        let mut orders: HashMap<String, (Order, Job)> = HashMap::new();
        loop {
            let wake = session.wake();
            let tick = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(self.settings.clock.instant(at)).await,
                    None => std::future::pending().await,
                }
            };
            let mut say = Vec::new();
            tokio::select! {
                next = happened.recv() => {
                    let Some(next) = next else { return };
                    let mut next = Some(next);
                    for _ in 0..TOGETHER {
                        let Some(what) = next else { break };
                        let heard = match what {
                            Happened::Order(order, job, stage) => {
                                orders.insert(order.delivery.clone(), (*order, (*job).clone()));
                                Heard::Order(*job, stage)
                            }
                            Happened::Heard(heard) => heard,
                        };
                        say.extend(session.hear(heard, self.settings.clock.now()));
                        next = happened.try_recv().ok();
                    }
                }
                () = tick => say.extend(session.hear(Heard::Tick, self.settings.clock.now())),
            }
            self.keep(&say, &orders).await;
            for said in say {
                self.act(said, &mut orders);
            }
        }
    }

    /// Keeps stages and receipts before anything is done about them.
    async fn keep(&self, say: &[Say], orders: &HashMap<String, (Order, Job)>) {
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

    fn act(&self, said: Say, orders: &mut HashMap<String, (Order, Job)>) {
        match said {
            Say::Keep(delivery, Stage::Done) => {
                orders.remove(&delivery);
            }
            Say::Keep(..) => {}
            Say::Receipt(delivery, grade) => info!(delivery, grade = grade.word(), "heard from the CBC"),
            Say::Submit(delivery) => {
                let Some(task) = self.task(&delivery, orders) else { return };
                let (cbc, ledger, heard) =
                    (self.settings.cbc.clone(), self.settings.ledger.clone(), self.heard.clone());
                let (operator, now) = (self.settings.operator.clone(), self.settings.clock.now().utc);
                tokio::spawn(async move {
                    let began = Instant::now();
                    let answer = cbc.submit(&task, &ledger, now).await;
                    histogram!("nadhir_adapter_cbc_answer_seconds", "operator" => operator.clone())
                        .record(began.elapsed().as_secs_f64());
                    counter!("nadhir_adapter_submissions_total", "operator" => operator, "outcome" => outcome(&answer))
                        .increment(1);
                    let _ = heard.send(Happened::Heard(Heard::Answered(delivery, answer)));
                });
            }
            Say::Ask(delivery) => {
                let Some(task) = self.task(&delivery, orders) else { return };
                let (cbc, ledger, heard) =
                    (self.settings.cbc.clone(), self.settings.ledger.clone(), self.heard.clone());
                tokio::spawn(async move {
                    let status = cbc.status(&task, &ledger).await;
                    let _ = heard.send(Happened::Heard(Heard::Status(delivery, status)));
                });
            }
        }
    }
}

impl Adapter {
    /// What the CBC is asked to do for a delivery.
    fn task(&self, delivery: &str, orders: &HashMap<String, (Order, Job)>) -> Option<Task> {
        let (order, job) = orders.get(delivery)?.clone();
        let whole = job.expected.len() == self.settings.cells.list().cells().len();
        Some(Task { order, job, reach: if whole { Reach::WholeNetwork } else { Reach::Less } })
    }
}

/// The word of an answer in the figures.
fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Answer::Accepted(_) => "accepted",
        Answer::Stopped => "stopped",
        Answer::Refused { .. } => "refused",
        Answer::Failed(_) => "failed",
        Answer::Unknown(_) => "unknown",
    }
}
