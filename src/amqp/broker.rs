//! The handle everybody holds, and the task that keeps one line up. Publishing and consuming are told elsewhere.

use crate::address::Address;
use crate::backoff::Backoff;
use crate::line::Line;
use crate::settings::{BadSettings, Settings};
use futures_util::StreamExt;
use lapin::Event;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// How long a goodbye may take at `stop`.
const GOODBYE: Duration = Duration::from_millis(500);

/// How the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// No line. It is being dialled, unless the broker was stopped.
    Down {
        /// Why, in words; the last node's answer.
        reason: String,
    },
    /// A line is up and answers.
    Up {
        /// The node, without its password.
        node: String,
    },
    /// A line is up and the broker takes nothing for now: a disk or memory alarm on any of its nodes.
    Blocked {
        /// The node, without its password.
        node: String,
        /// The broker's words.
        reason: String,
    },
}

/// One connection to RabbitMQ, kept up by a task of its own; clones share it, and it ends with the last of them.
///
/// While the broker blocks the connection, acknowledgements wait with the publishes. A process that must both publish
/// and consume through an alarm starts two.
#[derive(Clone)]
pub struct Broker {
    pub(crate) shared: Arc<Shared>,
    owner: Arc<Owner>,
}

/// Held by the handles alone, so the connection goes with the last of them.
struct Owner {
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    state: watch::Sender<State>,
    line: watch::Sender<Option<Arc<Line>>>,
    stop: watch::Sender<bool>,
    // Somebody waited in vain: ask the line now whether it is alive.
    doubt: Notify,
}

impl Broker {
    /// Starts dialling in the background and returns at once. Must be called inside a tokio runtime.
    pub fn start(settings: Settings) -> Result<Self, BadSettings> {
        let addresses = settings.check()?;
        let shared = Arc::new(Shared {
            settings,
            state: watch::Sender::new(State::Down { reason: "not dialled yet".to_owned() }),
            line: watch::Sender::new(None),
            stop: watch::Sender::new(false),
            doubt: Notify::new(),
        });
        let task = tokio::spawn(supervise(Arc::clone(&shared), addresses));
        let owner = Arc::new(Owner { shared: Arc::clone(&shared), task: Mutex::new(Some(task)) });
        Ok(Self { shared, owner })
    }

    /// How the connection stands, now and at each change.
    pub fn state(&self) -> watch::Receiver<State> {
        self.shared.state.subscribe()
    }

    /// Waits until a line is up; false if it was not within `deadline`.
    pub async fn up_within(&self, deadline: Duration) -> bool {
        let mut state = self.state();
        let up = state.wait_for(|state| matches!(state, State::Up { .. }));
        matches!(tokio::time::timeout(deadline, up).await, Ok(Ok(_)))
    }

    /// Says goodbye to the broker, within half a second, and ends the task. Every clone is then down for good.
    pub async fn stop(&self) {
        self.shared.stop.send_replace(true);
        if let Some(task) = self.owner.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
    }
}

impl Shared {
    /// The line as it is now, if there is one.
    pub(crate) fn line(&self) -> Option<Arc<Line>> {
        self.line.borrow().clone()
    }

    /// The line now and at each change; `None` while down.
    pub(crate) fn lines(&self) -> watch::Receiver<Option<Arc<Line>>> {
        self.line.subscribe()
    }

    pub(crate) fn states(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// Makes the supervisor ask the line at once whether it is alive.
    pub(crate) fn doubt(&self) {
        self.doubt.notify_one();
    }

    pub(crate) fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    fn down(&self, reason: String) {
        self.line.send_replace(None);
        self.state.send_replace(State::Down { reason });
    }
}

async fn supervise(shared: Arc<Shared>, addresses: Vec<Address>) {
    let mut stop = shared.stop.subscribe();
    let mut backoff = Backoff::new(shared.settings.retry_first, shared.settings.retry_most);
    loop {
        let line = tokio::select! {
            biased;
            () = told(&mut stop) => break,
            line = dial_until_up(&shared, &addresses, &mut backoff) => Arc::new(line),
        };
        tracing::info!(node = line.node(), connection = shared.settings.name, "broker up");
        shared.line.send_replace(Some(Arc::clone(&line)));
        shared.state.send_replace(State::Up { node: line.node().to_owned() });
        let since = tokio::time::Instant::now();
        let reason = tokio::select! {
            biased;
            () = told(&mut stop) => {
                shared.line.send_replace(None);
                line.close(GOODBYE).await;
                break;
            }
            reason = watch_over(&line, &shared) => reason,
        };
        line.cut();
        tracing::warn!(node = line.node(), connection = shared.settings.name, reason, "broker down");
        shared.down(reason);
        if since.elapsed() > shared.settings.retry_most {
            backoff.reset();
        }
        // A node that takes the connection and drops it at once must not be dialled in a tight circle.
        tokio::select! {
            () = told(&mut stop) => break,
            () = tokio::time::sleep(backoff.pause()) => {}
        }
    }
    shared.down("stopped".to_owned());
}

/// Goes round the nodes without a pause, then pauses.
async fn dial_until_up(shared: &Shared, addresses: &[Address], backoff: &mut Backoff) -> Line {
    loop {
        for address in addresses {
            match Line::dial(address, &shared.settings).await {
                Ok(line) => return line,
                Err(reason) => {
                    tracing::debug!(reason, "not connected");
                    shared.down(reason);
                }
            }
        }
        tokio::time::sleep(backoff.pause()).await;
    }
}

/// Returns why the line is no good any more.
async fn watch_over(line: &Line, shared: &Shared) -> String {
    let Settings { probe_every, probe_timeout, .. } = shared.settings;
    let mut events = pin!(line.events());
    let mut tick = tokio::time::interval(probe_every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Event::ConnectionBlocked(reason)) => {
                    tracing::error!(node = line.node(), reason, "broker blocks publishers");
                    shared.state.send_replace(State::Blocked { node: line.node().to_owned(), reason });
                }
                Some(Event::ConnectionUnblocked) => {
                    tracing::info!(node = line.node(), "broker takes messages again");
                    shared.state.send_replace(State::Up { node: line.node().to_owned() });
                }
                // A channel's errors come here too; only the connection's own end counts.
                Some(Event::Error(error)) if !line.connected() => return error.to_string(),
                Some(_) => {}
                None => return "the connection has ended".to_owned(),
            },
            () = either(tick.tick(), shared.doubt.notified()) => {
                // Blocked, lapin writes nothing and cannot ask; the heartbeat from the other side must do.
                if !line.connected() {
                    return "the connection has ended".to_owned();
                }
                if !line.blocked() && !line.answers(probe_timeout).await && !line.blocked() {
                    return format!("{} has not answered for {probe_timeout:?}", line.node());
                }
            }
        }
    }
}

/// Waits until the broker is stopped.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn either<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) {
    tokio::select! { _ = a => {}, _ = b => {} }
}
