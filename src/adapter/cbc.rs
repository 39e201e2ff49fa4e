//! An operator's CBC with all its sites: one after the other until one has it, and a stop to every site ever tried.

/// A CBC that takes a whole network alone.
mod ecbe;
/// HTTP to one site.
mod line;
/// A CBC that takes pages.
mod pages;
/// Which kind, and where.
mod settings;
/// A CBC that encodes by itself.
mod text;
/// What two sites say together.
mod together;

use super::gate::Gate;
use super::intake::Refusal;
use super::ledger::{Ledger, LedgerError, Tried};
use chrono::{DateTime, Utc};
use ecbe::Ecbe;
use futures_util::future::join_all;
use line::Line;
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Kind as Asked, Order};
use nadhir_core::session::{Answer, Job, Rounds, Status};
use pages::Pages;
pub use settings::{CbcSettings, Kind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use text::Text;
use together::together;

/// Whether this build reaches no CBC outside this machine: what it airs is a simulation, and its pages say so.
pub const SIMULATED: bool = cfg!(feature = "demo");

/// One operator's CBC. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cbc {
    sites: Arc<[Site]>,
    /// The site that last answered well: it is asked first.
    good: Arc<AtomicUsize>,
}

/// Why a CBC cannot be spoken to at all.
#[derive(Debug, thiserror::Error)]
pub enum BadCbc {
    /// Not an address.
    #[error("{0} is not the address of a CBC")]
    Address(String),
    /// Outside loopback: a build with the demonstration in it never reaches a real CBC.
    #[error("{0} is not on this machine: a demonstration or test build reaches no CBC outside loopback")]
    NotLoopback(String),
    /// No site at all.
    #[error("the CBC has no site")]
    NoSite,
    /// The client could not be made.
    #[error("the HTTP client could not be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Whether an area is all of the operator's network: some CBCs take nothing less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every cell of its list.
    WholeNetwork,
    /// Not every cell.
    Less,
}

/// What a CBC is asked to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// The order.
    pub order: Order,
    /// What the session knows of it.
    pub job: Job,
    /// The identifiers of the alerts that its CAP refers to.
    pub refers: Vec<String>,
    /// How far it reaches.
    pub reach: Reach,
}

#[derive(Debug)]
struct Site {
    address: String,
    driver: Driver,
}

#[derive(Debug)]
enum Driver {
    Pages(Pages),
    Text(Text),
    Ecbe(Ecbe),
}

impl Cbc {
    /// Prepares to speak to a CBC; nothing is sent yet.
    pub fn new(settings: &CbcSettings) -> Result<Cbc, BadCbc> {
        let sites: Vec<Site> = settings
            .sites
            .iter()
            .map(|address| Site::new(settings.kind, address))
            .collect::<Result<_, _>>()?;
        if sites.is_empty() {
            return Err(BadCbc::NoSite);
        }
        Ok(Cbc { sites: sites.into(), good: Arc::default() })
    }

    /// Submits an order, at most one attempt a site. An alert goes to one site after the other until one has it: the
    /// identity is the same at each, so a phone that hears both drops the copy. A cancel goes to every site ever tried; an
    /// update to the one and, because it stops what it follows, to every site that was given that. The gate is passed last
    /// before every single call: when it is shut, no further site is asked, and what is known so far is the answer.
    pub(super) async fn submit(&self, task: &Task, ledger: &Ledger, gate: &Gate) -> Answer {
        let ended = task.job.ends().into_iter().map(|(ended, _)| ended.warning).collect();
        // Looked at when it came, and again: the live one may have come after it.
        match task.names_live(ledger).await {
            Ok(false) => {}
            Ok(true) => {
                let code = Refusal::Live.code().to_owned();
                return Answer::Refused { code, words: Refusal::Live.to_string() };
            }
            Err(e) => return Answer::Never(format!("whether it names a live warning cannot be told: {e}")),
        }
        match task.order.kind {
            Asked::Alert => self.first(task, ledger, gate).await.1,
            Asked::Update => {
                let olds = self.tried(ended, ledger).await;
                let (taker, answer) = self.first(task, ledger, gate).await;
                if let (Some(taker), Answer::Accepted(_)) = (taker, &answer) {
                    let others = olds.iter().filter(|(at, may_hold)| *at != taker && *may_hold);
                    let told = others.map(|(at, _)| self.at(*at, task, ledger, gate));
                    for other in join_all(told).await {
                        tracing::info!(
                            delivery = task.order.delivery,
                            ?other,
                            "told to a site that had the old one"
                        );
                    }
                }
                answer
            }
            Asked::Cancel => self.everywhere(task, self.tried(ended, ledger).await, ledger, gate).await,
        }
    }

    /// Asks every site at which the warning was tried. What one broadcasts is on air; what one does not answer is not known.
    pub(super) async fn status(&self, task: &Task, ledger: &Ledger) -> Status {
        let asked = self.tried_or_good(task, ledger).await;
        let told = asked.iter().map(async |(at, may_hold)| {
            match self.sites[*at].status(task, ledger).await {
                // Nothing was ever heard by it: its silence hides nothing.
                Status::Silent(_) if !may_hold => Status::Absent,
                status => status,
            }
        });
        join_all(told).await.into_iter().reduce(together).unwrap_or(Status::Absent)
    }

    /// Once a warning's time is over, has every site at which it was tried let go of it; or says why one may have it still.
    pub(super) async fn free(&self, task: &Task, ledger: &Ledger) -> Result<(), String> {
        let asked = self.tried_or_good(task, ledger).await;
        join_all(asked.iter().map(|(at, _)| self.sites[*at].free(task, ledger))).await.into_iter().collect()
    }

    /// The sites that may have a warning, by number; the good one where none is known.
    async fn tried_or_good(&self, task: &Task, ledger: &Ledger) -> Vec<(usize, bool)> {
        let tried = self.tried(vec![task.job.warning.clone()], ledger).await;
        if tried.is_empty() { vec![(self.good.load(Ordering::Relaxed), true)] } else { tried }
    }

    /// One site after the other, the good one first.
    async fn first(&self, task: &Task, ledger: &Ledger, gate: &Gate) -> (Option<usize>, Answer) {
        let good = self.good.load(Ordering::Relaxed);
        let others = (0..self.sites.len()).filter(|at| *at != good);
        let mut worst = None;
        for at in [good].into_iter().chain(others) {
            let answer = self.at(at, task, ledger, gate).await;
            if answer == Answer::Withheld {
                return (None, worst.unwrap_or(answer));
            }
            if matches!(answer, Answer::Accepted(_)) {
                self.good.store(at, Ordering::Relaxed);
                return (Some(at), answer);
            }
            worst = Some(worst.map_or(answer.clone(), |so_far| graver(so_far, answer)));
        }
        (None, worst.unwrap_or_else(|| Answer::Never("the CBC has no site".to_owned())))
    }

    /// All of these sites, all sites where none is named. It is done once every site that may hold it has done it.
    async fn everywhere(
        &self,
        task: &Task,
        tried: Vec<(usize, bool)>,
        ledger: &Ledger,
        gate: &Gate,
    ) -> Answer {
        let some_hold = tried.iter().any(|(_, may_hold)| *may_hold);
        let sites: Vec<(usize, bool)> =
            if tried.is_empty() { (0..self.sites.len()).map(|at| (at, true)).collect() } else { tried };
        let told = sites.iter().map(async |(at, may_hold)| {
            (*may_hold || !some_hold, self.sites[*at].submit(task, ledger, gate).await)
        });
        let answers =
            join_all(told).await.into_iter().filter(|(counts, _)| *counts).map(|(_, answer)| answer);
        answers.reduce(graver).unwrap_or(Answer::Stopped)
    }

    /// One attempt at one site, which from then on may hold it.
    async fn at(&self, at: usize, task: &Task, ledger: &Ledger, gate: &Gate) -> Answer {
        if gate.pass().is_none() {
            return Answer::Withheld;
        }
        let (warning, address) = (&task.job.warning, &self.sites[at].address);
        // A ledger that fails does not stop a warning: a stop then goes to every site there is.
        let held = ledger.trying(warning, address).await;
        let answer = self.sites[at].submit(task, ledger, gate).await;
        let written = match (&answer, &held) {
            (Answer::Never(_) | Answer::Withheld, Ok(false)) => ledger.never_reached(warning, address).await,
            _ => held.map(drop),
        };
        if let Err(e) = written {
            tracing::error!(delivery = task.order.delivery, error = %e, "the ledger could not keep the site");
        }
        answer
    }

    /// The sites, by number, at which one of these warnings was tried, and whether they may hold it. Sites that are not
    /// configured any more are told in the log: nobody can stop there what they hold.
    async fn tried(&self, warnings: Vec<String>, ledger: &Ledger) -> Vec<(usize, bool)> {
        let tried = match ledger.tried(warnings).await {
            Ok(tried) => tried,
            Err(e) => {
                tracing::error!(error = %e, "the ledger could not be read: all sites are taken as tried");
                let all = self.sites.iter();
                all.map(|site| Tried { site: site.address.clone(), may_hold: true }).collect()
            }
        };
        let number = |tried: Tried| {
            let at = self.sites.iter().position(|site| site.address == tried.site);
            if at.is_none() {
                tracing::error!(site = tried.site, "a site that has a warning is not configured any more");
            }
            Some((at?, tried.may_hold))
        };
        tried.into_iter().filter_map(number).collect()
    }
}

impl Site {
    fn new(kind: Kind, address: &str) -> Result<Site, BadCbc> {
        let line = Line::new(address)?;
        let driver = match kind {
            Kind::Pages => Driver::Pages(Pages(line)),
            Kind::Text => Driver::Text(Text(Pages(line))),
            Kind::Ecbe => Driver::Ecbe(Ecbe { line, site: address.to_owned() }),
        };
        Ok(Site { address: address.to_owned(), driver })
    }

    async fn submit(&self, task: &Task, ledger: &Ledger, gate: &Gate) -> Answer {
        match &self.driver {
            Driver::Pages(pages) => pages.submit(task, gate).await,
            Driver::Text(text) => text.submit(task, gate).await,
            Driver::Ecbe(ecbe) => ecbe.submit(task, ledger, gate).await,
        }
    }

    async fn status(&self, task: &Task, ledger: &Ledger) -> Status {
        match &self.driver {
            Driver::Pages(pages) => pages.status(task).await,
            Driver::Text(text) => text.status(task).await,
            Driver::Ecbe(ecbe) => ecbe.status(task, ledger).await,
        }
    }

    async fn free(&self, task: &Task, ledger: &Ledger) -> Result<(), String> {
        match &self.driver {
            // It drops a message at the end that it was given with it.
            Driver::Pages(_) | Driver::Text(_) => Ok(()),
            Driver::Ecbe(ecbe) => ecbe.free(task, ledger).await,
        }
    }
}

impl Task {
    /// Periods and counts for what is left of its time.
    fn rounds(&self, now: DateTime<Utc>) -> Rounds {
        Rounds::until(self.order.expires, now, self.job.pages)
    }

    /// Whether this is a drill's order that names what is live here. A CBC goes by the references of the CAP.
    pub(super) async fn names_live(&self, ledger: &Ledger) -> Result<bool, LedgerError> {
        let Class::Drill = self.order.class else { return Ok(false) };
        let warnings = self.job.before.iter().chain([&self.job.warning]).cloned().collect();
        ledger.is_live(warnings, self.refers.clone()).await
    }

    /// Whether a warning is one that this order ends.
    fn ends(&self, warning: &str) -> bool {
        self.job.ends().iter().any(|(ended, _)| ended.warning == warning)
    }
}

/// Of two answers the one that leaves more to do: what may have happened, what can be tried again, what is refused.
fn graver(one: Answer, other: Answer) -> Answer {
    let weight = |answer: &Answer| match answer {
        Answer::Unknown(_) => 6,
        Answer::Failed(_) => 5,
        Answer::Never(_) => 4,
        Answer::Refused { .. } => 3,
        Answer::Accepted(_) => 2,
        Answer::Stopped => 1,
        Answer::Withheld => 0,
    };
    if weight(&other) > weight(&one) { other } else { one }
}
