//! The hub's tasks: issue (submit, approve), relay (outbox to path), collect (receipts to tally). Knows no HTTP.

/// The live tallies, and who watches them.
pub mod board;
/// How far each adapter's clock is from the hub's.
pub mod clocks;
/// Receipts in.
mod collect;
/// What operators' cell lists have.
pub mod counts;
/// What is not handed in yet.
mod drafts;
/// Alerts of other authorities.
mod intake;
/// Submit and approve.
pub mod issue;
/// What an alert names.
mod references;
/// Orders out.
mod relay;
/// One warning as people and scripts see it.
pub mod view;

pub use board::Board;
pub use intake::TakenIn;
pub use issue::{IssueError, Issued, PARTICIPANTS};
pub use view::WarningView;

use crate::clock::Clock;
use crate::store::Store;
use crate::transport::Transport;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use nadhir_core::area::Index;
use nadhir_core::cap::National;
use nadhir_core::cbs::{Allowed, Class};
use nadhir_core::delivery::Kind;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// How often the record is asked for warnings whose time is over. Nothing goes on air by it: each hop checks for itself.
const EXPIRE_EVERY: Duration = Duration::from_secs(1);
/// How many of the newest warnings are looked at after a restart: more than can be under way within ten seconds.
const RECENT: u32 = 256;

/// The hub of one country. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    parts: Arc<Parts>,
    store: Store,
}

/// What a hub is made of.
pub struct Settings {
    /// The record.
    pub store: Store,
    /// The country's regions.
    pub index: Arc<Index>,
    /// The profile alerts are judged by.
    pub profile: National,
    /// The path to the operators.
    pub transport: Arc<dyn Transport>,
    /// Every operator of the country.
    pub operators: Vec<String>,
    /// The process's clocks.
    pub clock: Clock,
    /// The class this hub may send, beside drills: `Live` reaches the public's phones.
    pub classes: Vec<Class>,
    /// What the house allows.
    pub house: House,
}

/// What the house allows its authors, from the configuration.
#[derive(Debug, Clone, Default)]
pub struct House {
    /// The links and telephone numbers that may stand in a text.
    pub allowed: Allowed,
    /// Persons, by id, whose authority may use 4371 for what the channel table leaves out.
    pub trusted: Vec<String>,
}

/// A task of the hub that runs for ever has ended.
#[derive(Debug, thiserror::Error)]
#[error("{0} ended")]
pub struct TaskEnded(&'static str);

struct Parts {
    settings: Settings,
    board: Board,
    told: counts::Told,
    clocks: clocks::Clocks,
    /// Wakes each relay: one an operator and class that this hub sends.
    wake: Vec<(String, Class, Notify)>,
}

impl Hub {
    /// Puts the hub together; `run` starts its tasks.
    pub fn new(settings: Settings) -> Hub {
        let relays =
            settings.operators.iter().flat_map(|name| settings.classes.iter().map(move |c| (name, *c)));
        let wake = relays.map(|(name, class)| (name.clone(), class, Notify::new())).collect();
        let store = settings.store.clone();
        let board = Board::new(settings.clock);
        let (told, clocks) = (counts::Told::default(), clocks::Clocks::default());
        Hub { parts: Arc::new(Parts { settings, board, told, clocks, wake }), store }
    }

    /// The same hub for those who only look: what they read never makes an order or an approval wait.
    #[must_use]
    pub fn aside(&self) -> Hub {
        Hub { parts: Arc::clone(&self.parts), store: self.store.aside() }
    }

    /// Runs relays, collector and expiry until `shutdown`. None of them ends before: an error says which did, and then
    /// none of them runs any more.
    pub async fn run(&self, shutdown: CancellationToken) -> Result<(), TaskEnded> {
        self.go_on().await;
        let relays = self.parts.wake.iter().map(|(operator, class, _)| self.relay(operator.clone(), *class));
        let mut relays: FuturesUnordered<_> = relays.collect();
        tokio::select! {
            Some(()) = relays.next() => Err(TaskEnded("a relay")),
            () = self.collect() => Err(TaskEnded("the collector")),
            () = self.expire() => Err(TaskEnded("the expiry")),
            () = shutdown.cancelled() => Ok(()),
        }
    }

    /// After a restart: the clocks of warnings on their way run on.
    async fn go_on(&self) {
        let newest = self.store().newest(RECENT).await.unwrap_or_else(|e| {
            error!(error = %e, "the record could not be read");
            Vec::new()
        });
        for id in newest {
            self.mirror(&id).await;
            for kind in [Kind::Alert, Kind::Cancel] {
                let tally = self.board().tally(&id, kind);
                if let Some(kind) = tally.filter(|t| !t.settled(self.clock().now())).map(|t| t.kind) {
                    let (hub, id) = (self.clone(), id.clone());
                    tokio::spawn(async move { hub.keep_time(&id, kind).await });
                }
            }
        }
    }

    /// Ends warnings when their time is over, for ever.
    async fn expire(&self) {
        loop {
            match self.store().expire(self.clock().now()).await {
                Ok(ended) => {
                    for warning in ended {
                        info!(warning, "its time is over");
                        self.board().tell_life();
                    }
                }
                Err(e) => error!(error = %e, "what is over could not be recorded"),
            }
            tokio::time::sleep(EXPIRE_EVERY).await;
        }
    }

    /// The live tallies.
    pub fn board(&self) -> &Board {
        &self.parts.board
    }

    /// What operators last told of their cell lists.
    pub fn told(&self) -> &counts::Told {
        &self.parts.told
    }

    /// How far each adapter's clock is from this hub's.
    pub fn clocks(&self) -> &clocks::Clocks {
        &self.parts.clocks
    }

    /// The record.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The country's regions.
    pub fn index(&self) -> &Index {
        &self.parts.settings.index
    }

    /// The profile alerts are judged by.
    pub fn profile(&self) -> &National {
        &self.parts.settings.profile
    }

    /// Whether it may send live warnings; drills it may always send.
    pub fn is_live(&self) -> bool {
        self.sends(Class::Live)
    }

    /// Whether it sends that class at all.
    pub fn sends(&self, class: Class) -> bool {
        self.parts.settings.classes.contains(&class)
    }

    /// The classes it sends.
    pub fn classes(&self) -> &[Class] {
        &self.parts.settings.classes
    }

    /// The path to the operators.
    pub fn transport(&self) -> &dyn Transport {
        &*self.parts.settings.transport
    }

    /// The process's clocks.
    pub fn clock(&self) -> Clock {
        self.parts.settings.clock
    }

    /// Every operator of the country.
    pub fn operators(&self) -> &[String] {
        &self.parts.settings.operators
    }

    fn wake(&self, operator: &str, class: Class) -> Option<&Notify> {
        let wake = self.parts.wake.iter().find(|(name, own, _)| name == operator && *own == class);
        wake.map(|(_, _, wake)| wake)
    }
}
