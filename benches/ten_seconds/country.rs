//! A hub, three adapters and three simulated operators in one process, on a fresh record; issues warnings and says when what was heard.

use chrono::Utc;
use futures_util::future::join_all;
use nadhir::adapter::{self, Cbc, Ledger};
use nadhir::clock::Clock;
use nadhir::demo::OPERATORS;
use nadhir::dispatch::{House, Hub, Settings};
use nadhir::people;
use nadhir::run;
use nadhir::store::{Person, Store};
use nadhir::transport::amqp::Amqp;
use nadhir::transport::loopback::Loopback;
use nadhir::transport::{PathState, Transport};
use nadhir_core::cap::{self, Limits};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::{Grade, Kind, Lane, Order};
use nadhir_simulator::{Fault, Operator, cells};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const SEED: u64 = 7;
const PHONES: usize = 10;
/// Whatever has not come by then is a fault of the run, not a figure.
const PATIENCE: Duration = Duration::from_secs(60);

/// The path between hub and adapters.
#[derive(Clone)]
pub(crate) enum Path {
    /// In this process.
    Loopback,
    /// Over the broker at this address.
    Amqp(String),
}

/// Everything that runs.
pub(crate) struct Country {
    hub: Hub,
    people: [Person; 2],
    number: AtomicUsize,
    operators: Vec<Operator>,
    shutdown: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    _folder: TempDir,
}

/// Three operators without 2G cells.
pub(crate) async fn operators() -> Vec<Operator> {
    join_all(OPERATORS.map(|name| async move {
        let cells_csv = cell_list(name).into_bytes();
        let settings = nadhir_simulator::Settings {
            operator: name.to_owned(),
            cells_csv,
            phones: PHONES,
            seed: SEED,
            fault: Fault::None,
        };
        Operator::start(settings).await.unwrap()
    }))
    .await
}

fn cell_list(operator: &str) -> String {
    let all = cells::generate(operator, SEED);
    let kept = all.lines().filter(|line| line.split(',').nth(3) != Some("2G"));
    kept.flat_map(|line| [line, "\n"]).collect()
}

impl Country {
    pub(crate) async fn start(path: Path) -> Country {
        let folder = tempfile::tempdir().unwrap();
        let (clock, shutdown) = (Clock::start(), CancellationToken::new());
        let operators = operators().await;
        let loopback = Loopback::default();
        let mut tasks = Vec::new();
        let mut lines: Vec<Arc<dyn Transport>> = Vec::new();
        let transport: Arc<dyn Transport> = match &path {
            Path::Loopback => Arc::new(loopback.clone()),
            Path::Amqp(uri) => {
                let amqp = Arc::new(Amqp::start(std::slice::from_ref(uri), "bench-hub").unwrap());
                let declaring = Arc::clone(&amqp);
                tasks.push(tokio::spawn(async move { declaring.keep_declared().await }));
                amqp
            }
        };
        lines.push(Arc::clone(&transport));
        let regions = Arc::new(run::regions(None).unwrap());
        for (name, operator) in OPERATORS.iter().zip(&operators) {
            let transport: Arc<dyn Transport> = match &path {
                Path::Loopback => Arc::new(loopback.clone()),
                Path::Amqp(uri) => {
                    let own = Amqp::start(std::slice::from_ref(uri), &format!("bench-{name}")).unwrap();
                    Arc::new(own)
                }
            };
            lines.push(Arc::clone(&transport));
            let list = folder.path().join(format!("{name}.csv"));
            std::fs::write(&list, cell_list(name)).unwrap();
            let settings = adapter::Settings {
                operator: (*name).to_owned(),
                transport,
                ledger: Ledger::open(&folder.path().join(format!("{name}.sqlite"))).unwrap(),
                cells: Arc::new(adapter::Cells::open(name, &list).unwrap()),
                regions: Arc::clone(&regions),
                cbc: Cbc::new(&operator.url().into()).unwrap(),
                clock,
            };
            let stop = shutdown.clone();
            tasks.push(tokio::spawn(async move { adapter::run(settings, stop).await.unwrap() }));
        }
        let store = Store::open(&folder.path().join("record.sqlite")).unwrap();
        let person = async |name| people::add(&store, name).await.unwrap().0;
        let people = [person("author").await, person("approver").await];
        let hub = Hub::new(Settings {
            store,
            index: Arc::clone(&regions),
            profile: nadhir::run::profile().unwrap(),
            transport,
            operators: OPERATORS.map(str::to_owned).to_vec(),
            clock,
            classes: vec![Class::Live, Class::Drill],
            house: House::default(),
        });
        let (running, stop) = (hub.clone(), shutdown.clone());
        tasks.push(tokio::spawn(async move { running.run(stop).await.expect("told to") }));
        let up = async {
            while lines.iter().any(|line| line.state() != PathState::Up) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, up).await.expect("the broker does not answer");
        let number = AtomicUsize::new(0);
        let country = Country { hub, people, number, operators, shutdown, tasks, _folder: folder };
        // Queues, consumers, connections and caches are there before anything is counted.
        let warm = country.burst(3).await;
        assert_eq!(warm.len(), 3);
        country
    }

    /// The wadi flood with a text, an identifier and so a digest of its own.
    fn cap(&self) -> Vec<u8> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let (alert, _) = cap::read(&nadhir::demo::warning(None, Utc::now()), &Limits::cap());
        let mut alert = alert.unwrap();
        alert.identifier = format!("2.49.0.1.512.0.bench.{number}");
        let headline = alert.infos[0].headline.as_mut().unwrap();
        *headline = format!("{headline} {number}");
        cap::write(&alert)
    }

    async fn submit(&self) -> (String, nadhir_core::digest::Digest) {
        let issued = self.hub.submit(&self.people[0], self.cap()).await.unwrap();
        (issued.warning, issued.hash)
    }

    /// Approves, and waits until every operator's `accepted` is recorded: durable after, accepted after.
    async fn approve(&self, id: &str, hash: nadhir_core::digest::Digest) -> (Duration, Duration) {
        let mut changed = self.hub.board().watch();
        let began = Instant::now();
        self.hub.approve(&self.people[1], id, hash).await.unwrap();
        let durable = began.elapsed();
        let accepted = async {
            loop {
                let tally = self.hub.board().tally(id, Kind::Alert).unwrap();
                if tally.lanes.values().all(|lane| lane.at("accepted").is_some()) {
                    return began.elapsed();
                }
                changed.changed().await.unwrap();
            }
        };
        (durable, tokio::time::timeout(PATIENCE, accepted).await.expect("an operator never accepted"))
    }

    /// One warning, the whole way.
    pub(crate) async fn issue(&self) -> (String, Duration, Duration) {
        let (id, hash) = self.submit().await;
        let (durable, accepted) = self.approve(&id, hash).await;
        (id, durable, accepted)
    }

    /// Many at once: approve to last accepted of each.
    pub(crate) async fn burst(&self, many: usize) -> Vec<Duration> {
        let mut waiting = Vec::new();
        for _ in 0..many {
            waiting.push(self.submit().await);
        }
        let all = join_all(waiting.iter().map(|(id, hash)| self.approve(id, *hash))).await;
        let ids: Vec<String> = waiting.into_iter().map(|(id, _)| id).collect();
        self.settled(&ids).await;
        all.into_iter().map(|(_, accepted)| accepted).collect()
    }

    /// Waits until every cell of all of them is reported.
    pub(crate) async fn settled(&self, ids: &[String]) {
        let all = async {
            let whole = |id: &String| {
                self.hub
                    .board()
                    .tally(id, Kind::Alert)
                    .is_some_and(|tally| tally.lanes.values().all(Lane::is_final))
            };
            while !ids.iter().all(whole) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, all).await.expect("a warning was never wholly on air");
    }

    /// When the last operator's first receipt of each grade was heard, warning by warning, since the commit.
    pub(crate) fn first_heard<const N: usize>(
        &self,
        ids: &[String],
        grades: &[&str; N],
    ) -> [Vec<Duration>; N] {
        grades.map(|grade| {
            let last = |id: &String| {
                let tally = self.hub.board().tally(id, Kind::Alert)?;
                tally.lanes.values().map(|lane| lane.at(grade)).collect::<Option<Vec<_>>>()?.into_iter().max()
            };
            ids.iter().filter_map(last).collect()
        })
    }

    /// When the last operator's last cell was heard of, warning by warning, since the commit.
    pub(crate) async fn complete(&self, ids: &[String]) -> Vec<Duration> {
        let mut times = Vec::new();
        for id in ids {
            let receipts = self.hub.store().receipts(id).await.unwrap();
            let whole =
                |grade: &Grade| matches!(grade, Grade::OnAir { cells, expected, .. } if cells == expected);
            times.extend(receipts.iter().filter(|r| whole(&r.receipt.grade)).map(|r| r.after).max());
        }
        times
    }

    /// An order as operators get it.
    pub(crate) async fn order(&self) -> Order {
        let (id, ..) = self.issue().await;
        self.settled(std::slice::from_ref(&id)).await;
        let mut orders = self.hub.store().orders(&id).await.unwrap();
        orders.remove(0).order
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
        join_all(self.operators.into_iter().map(Operator::stop)).await;
    }
}
