//! The adapter's loops: orders in, the session, receipts out. Decides nothing; the session does.

use super::beats::Beats;
use super::cbc::{Cbc, Task};
use super::cells::Cells;
use super::gate::{Coming, Gate, Gates};
use super::intake;
use super::ledger::{self, Ledger};
use crate::clock::Clock;
use crate::transport::Transport;
use metrics::{counter, histogram};
use nadhir_core::area::{CellList, Index};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Kind, Order};
use nadhir_core::session::{Answer, Heard, Past, Say, Session, Stage};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

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
    /// Into the session.
    pub(super) heard: mpsc::UnboundedSender<Happened>,
    /// What may still go on air.
    pub(super) gates: Arc<Gates>,
    /// What the hub is told of its clocks.
    pub(super) beats: Beats,
}

pub(super) enum Happened {
    /// An order came.
    Order {
        /// What it asks for, by that list.
        task: Box<Task>,
        /// What is known of it.
        past: Past,
        /// The list by which its cells were told.
        list: Arc<CellList>,
        /// What it ends goes out no more, until the session has heard of it.
        coming: Option<Coming>,
    },
    /// What another list says of an order.
    Listed(Box<Task>, Arc<CellList>),
    /// Anything else.
    Heard(Heard),
}

/// Runs until `shutdown`. What is in the ledger is gone on with at the next start.
pub async fn run(settings: Settings, shutdown: CancellationToken) -> Result<(), ledger::LedgerError> {
    let (heard, happened) = mpsc::unbounded_channel();
    let beats = Beats::new(settings.clock);
    let adapter = Arc::new(Adapter {
        settings,
        receipts: Notify::new(),
        confirmed: watch::channel(0).0,
        heard,
        gates: Arc::default(),
        beats,
    });
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
    /// Runs the session: the only place that holds it.
    async fn session(&self, mut happened: mpsc::UnboundedReceiver<Happened>) {
        let mut session = Session::default();
        let mut orders: HashMap<String, Task> = HashMap::new();
        let mut swaps = self.settings.cells.swaps();
        loop {
            let wake = session.wake();
            let tick = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(self.settings.clock.instant(at)).await,
                    None => std::future::pending().await,
                }
            };
            let mut say = Vec::new();
            // Held until what was said is done: what is submitted below was decided before the session heard of these.
            let mut coming = Vec::new();
            tokio::select! {
                next = happened.recv() => {
                    let Some(next) = next else { return };
                    let mut next = Some(next);
                    for _ in 0..TOGETHER {
                        let Some(what) = next else { break };
                        if let Some(heard) = self.heard(what, &mut orders, &mut coming) {
                            say.extend(session.hear(heard, self.settings.clock.now()));
                        }
                        next = happened.try_recv().ok();
                    }
                }
                swapped = swaps.changed() => {
                    if swapped.is_err() {
                        return;
                    }
                    self.list_again(orders.values().map(|task| task.order.clone()).collect());
                }
                () = tick => say.extend(session.hear(Heard::Tick, self.settings.clock.now())),
            }
            self.keep(&say, &orders).await;
            for said in say {
                self.act(said, &mut orders);
            }
            drop(coming);
        }
    }

    /// What the session is to hear of it, after the tasks know of it too.
    fn heard(
        &self,
        what: Happened,
        orders: &mut HashMap<String, Task>,
        coming: &mut Vec<Coming>,
    ) -> Option<Heard> {
        match what {
            Happened::Order { task, past, list, coming: ends } => {
                coming.extend(ends);
                if !Arc::ptr_eq(&list, &self.settings.cells.list()) {
                    self.list_again(vec![task.order.clone()]);
                }
                let job = task.job.clone();
                orders.insert(job.delivery.clone(), *task);
                Some(Heard::Order(job, past))
            }
            Happened::Listed(task, list) => {
                let known = orders.get_mut(&task.job.delivery)?;
                // A list that was itself replaced meanwhile has nothing to say: the newer one's word is on its way.
                if !Arc::ptr_eq(&list, &self.settings.cells.list()) {
                    return None;
                }
                let job = task.job.clone();
                *known = *task;
                Some(Heard::Listed { delivery: job.delivery, expected: job.expected, served: job.served })
            }
            Happened::Heard(heard) => Some(heard),
        }
    }

    /// Tells the session what the list in use says of these orders. To relate areas and a national list takes a while, and
    /// nothing waits for it.
    fn list_again(&self, orders: Vec<Order>) {
        let Settings { operator, cells, .. } = &self.settings;
        let (operator, cells, heard) = (operator.clone(), Arc::clone(cells), self.heard.clone());
        tokio::task::spawn_blocking(move || {
            for order in orders.iter().filter(|order| order.kind != Kind::Cancel) {
                let list = cells.list();
                match intake::task(order, &operator, order.class, &list) {
                    Ok(task) => {
                        let _ = heard.send(Happened::Listed(Box::new(task), list));
                    }
                    Err(refusal) => {
                        error!(delivery = order.delivery, %refusal, "an order cannot be related to the new cell list");
                    }
                }
            }
        });
    }

    /// Keeps stages and receipts before anything is done about them.
    async fn keep(&self, say: &[Say], orders: &HashMap<String, Task>) {
        let at = self.settings.clock.now().utc;
        let (mut stages, mut receipts) = (Vec::new(), Vec::new());
        for said in say {
            match said {
                Say::Keep(delivery, stage) => stages.push((delivery.clone(), *stage)),
                Say::Receipt(delivery, grade) => {
                    if let Some(Task { order, .. }) = orders.get(delivery) {
                        receipts.push(ledger::receipt(order, grade.clone(), at));
                    }
                }
                Say::Submit(_) | Say::Ask(_) | Say::Free(_) => {}
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

    fn act(&self, said: Say, orders: &mut HashMap<String, Task>) {
        match said {
            Say::Keep(delivery, Stage::Done) => {
                orders.remove(&delivery);
            }
            Say::Keep(..) => {}
            Say::Receipt(delivery, grade) => info!(delivery, grade = grade.word(), "heard from the CBC"),
            Say::Submit(delivery) => {
                let Some(task) = orders.get(&delivery).cloned() else { return };
                let gate = self.gate(&task);
                let (cbc, ledger, heard) =
                    (self.settings.cbc.clone(), self.settings.ledger.clone(), self.heard.clone());
                let operator = self.settings.operator.clone();
                tokio::spawn(async move {
                    let began = Instant::now();
                    let answer = cbc.submit(&task, &ledger, &gate).await;
                    histogram!("nadhir_adapter_cbc_answer_seconds", "operator" => operator.clone())
                        .record(began.elapsed().as_secs_f64());
                    counter!("nadhir_adapter_submissions_total", "operator" => operator, "outcome" => outcome(&answer))
                        .increment(1);
                    let _ = heard.send(Happened::Heard(Heard::Answered(delivery, answer)));
                });
            }
            Say::Ask(delivery) => {
                let Some(task) = orders.get(&delivery).cloned() else { return };
                let (cbc, ledger, heard) =
                    (self.settings.cbc.clone(), self.settings.ledger.clone(), self.heard.clone());
                tokio::spawn(async move {
                    let status = cbc.status(&task, &ledger).await;
                    let _ = heard.send(Happened::Heard(Heard::Status(delivery, status)));
                });
            }
            Say::Free(delivery) => {
                let Some(task) = orders.get(&delivery).cloned() else { return };
                let (cbc, ledger, heard) =
                    (self.settings.cbc.clone(), self.settings.ledger.clone(), self.heard.clone());
                tokio::spawn(async move {
                    let freed = cbc.free(&task, &ledger).await;
                    let _ = heard.send(Happened::Heard(Heard::Freed(delivery, freed)));
                });
            }
        }
    }

    /// A cancel puts nothing on air: it goes out whenever it comes.
    fn gate(&self, task: &Task) -> Gate {
        let clock = self.settings.clock;
        match task.order.kind {
            Kind::Cancel => Gate::always(clock),
            Kind::Alert | Kind::Update => self.gates.open(&task.job.named(), task.order.expires, clock),
        }
    }
}

/// The word of an answer in the figures.
fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Answer::Accepted(_) => "accepted",
        Answer::Stopped => "stopped",
        Answer::Refused { .. } => "refused",
        Answer::Withheld => "withheld",
        Answer::Never(_) => "not_reached",
        Answer::Failed(_) => "failed",
        Answer::Unknown(_) => "unknown",
    }
}
