//! One writer, two lanes: approvals go before receipts; up to 64 units of work a transaction, each in a savepoint.

use super::StoreError;
use rusqlite::Connection;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::oneshot;

const BATCH: usize = 64;

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Approvals, cancels, submissions: a person waits.
    Urgent,
    /// Receipts and marks.
    Routine,
}

/// What a unit of work returned, and the instant its commit was durable.
#[derive(Debug)]
pub struct Committed<T> {
    /// The result.
    pub value: T,
    /// Right after the commit.
    pub at: Instant,
}

pub(super) struct Writer {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Queue {
    lanes: Mutex<Lanes>,
    ready: Condvar,
}

#[derive(Default)]
struct Lanes {
    urgent: VecDeque<Box<dyn Work>>,
    routine: VecDeque<Box<dyn Work>>,
    /// No more is to be asked; what was asked is still written.
    closed: bool,
    /// The thread is gone.
    ended: bool,
}

/// A unit of work whose result type is forgotten: run inside the transaction, answered after it.
trait Work: Send {
    /// Runs; `false` rolls its savepoint back.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Answers whoever waits. `Err`: the transaction as a whole was lost.
    fn answer(self: Box<Self>, committed: Result<Instant, String>);
}

struct Unit<F, T> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<Committed<T>, StoreError>>,
}

impl<T, F> Work for Unit<F, T>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.result = self.work.take().map(|work| work(connection));
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: Result<Instant, String>) {
        let answer = match (self.result, committed) {
            (Some(Ok(value)), Ok(at)) => Ok(Committed { value, at }),
            (Some(Err(error)), _) => Err(error),
            (_, Err(why)) => Err(StoreError::NotCommitted(why)),
            (None, Ok(_)) => Err(StoreError::Closed),
        };
        // Whoever asked may have gone away; what was committed stays committed.
        let _ = self.reply.send(answer);
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    pub(super) fn start(mut connection: Connection) -> Writer {
        let queue = Arc::new(Queue::default());
        let theirs = Arc::clone(&queue);
        let thread = std::thread::spawn(move || {
            // However it ends, by its end or by a panic: nobody waits for it any more.
            let _ended = Ended(Arc::clone(&theirs));
            while let Some(batch) = next_batch(&theirs) {
                write_batch(&mut connection, batch);
            }
        });
        Writer { queue, thread: Some(thread) }
    }

    pub(super) async fn write<T, F>(&self, lane: Lane, work: F) -> Result<Committed<T>, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let unit = Box::new(Unit { work: Some(work), result: None, reply });
        {
            let mut lanes = self.queue.lock();
            if lanes.ended {
                return Err(StoreError::Closed);
            }
            match lane {
                Lane::Urgent => lanes.urgent.push_back(unit),
                Lane::Routine => lanes.routine.push_back(unit),
            }
        }
        self.queue.ready.notify_one();
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Whether its thread still runs.
    pub(super) fn is_alive(&self) -> bool {
        !self.queue.lock().ended
    }
}

/// Dropped with the writer's thread: whoever waits is answered, whoever asks later as well.
struct Ended(Arc<Queue>);

impl Drop for Ended {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(
                "the record's writer ended by a panic: nothing can be written until the hub is started again"
            );
        }
        let waiting = {
            let mut lanes = self.0.lock();
            lanes.ended = true;
            (std::mem::take(&mut lanes.urgent), std::mem::take(&mut lanes.routine))
        };
        // Their replies are dropped with them, outside the lock.
        drop(waiting);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.ready.notify_one();
        if let Some(thread) = self.thread.take() {
            // What was asked for before is written before the file is closed.
            let _ = thread.join();
        }
    }
}

fn next_batch(queue: &Queue) -> Option<Vec<Box<dyn Work>>> {
    let mut lanes = queue.lock();
    loop {
        let urgent = lanes.urgent.len().min(BATCH);
        let mut batch: Vec<_> = lanes.urgent.drain(..urgent).collect();
        // Routine work does not ride along with urgent work: its rows would make the urgent commit wait.
        if batch.is_empty() {
            let routine = lanes.routine.len().min(BATCH);
            batch.extend(lanes.routine.drain(..routine));
        }
        if !batch.is_empty() {
            return Some(batch);
        }
        if lanes.closed {
            return None;
        }
        lanes = queue.ready.wait(lanes).unwrap_or_else(PoisonError::into_inner);
    }
}

fn write_batch(connection: &mut Connection, mut batch: Vec<Box<dyn Work>>) {
    // What had not run when a transaction was lost has one of its own: each pass answers one unit at least.
    while !batch.is_empty() {
        let (units, committed) = match transact(connection, &mut batch) {
            Ok(()) => (batch.len(), Ok(Instant::now())),
            Err(Lost { units, why }) => (units, Err(why)),
        };
        for unit in batch.drain(..units) {
            unit.answer(committed.clone());
        }
    }
}

/// A transaction that was lost.
struct Lost {
    /// So many units of the batch, from its first, were lost with it; the others have not run.
    units: usize,
    why: String,
}

fn transact(connection: &mut Connection, batch: &mut [Box<dyn Work>]) -> Result<(), Lost> {
    let units = batch.len();
    let lost = |e: rusqlite::Error| Lost { units, why: e.to_string() };
    let mut transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(lost)?;
    for (before, unit) in batch.iter_mut().enumerate() {
        let savepoint = transaction.savepoint().map_err(lost)?;
        let done = unit.run(&savepoint);
        // Of some errors (no room, no memory, a disk that fails) SQLite rolls the whole transaction back. A savepoint
        // after that would begin a transaction of its own, and be durable while its caller hears that it is not.
        if savepoint.is_autocommit() {
            let why = "the database rolled back the whole transaction it was in".to_owned();
            return Err(Lost { units: before + 1, why });
        }
        // A unit that failed is taken back alone, and the others go on.
        let ended = if done { savepoint.commit() } else { savepoint.finish() };
        ended.map_err(lost)?;
    }
    transaction.commit().map_err(lost)
}
