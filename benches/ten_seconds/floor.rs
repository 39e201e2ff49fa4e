//! The least the same steps cost with nothing of ours between them: bare SQLite, bare broker, bare HTTP to CBCs of their own.

use crate::country::{Path, operators};
use futures_util::future::join_all;
use nadhir_amqp::floor::Floor as Broker;
use nadhir_core::delivery::Order;
use nadhir_simulator::Operator;
use rusqlite::{Connection, TransactionBehavior, params};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A receipt's size on the wire, about.
const RECEIPT_OCTETS: usize = 320;
const QUERY: &str = "period_2g=16&broadcasts_2g=700&period_s=30&broadcasts=700";

/// What is needed for a round.
pub(crate) struct Floor {
    record: Connection,
    broker: Option<Broker>,
    cbcs: Vec<Operator>,
    client: reqwest::Client,
    order: Order,
    number: u16,
    _folder: TempDir,
}

/// One round's parts.
pub(crate) struct Round {
    transaction: Duration,
    broker: Option<Duration>,
    post: Duration,
}

/// All rounds, part by part.
#[derive(Default)]
pub(crate) struct Rounds {
    pub(crate) whole: Vec<Duration>,
    pub(crate) transaction: Vec<Duration>,
    pub(crate) broker: Vec<Duration>,
    pub(crate) post: Vec<Duration>,
}

impl FromIterator<Round> for Rounds {
    fn from_iter<I: IntoIterator<Item = Round>>(rounds: I) -> Rounds {
        rounds.into_iter().fold(Rounds::default(), |mut all, round| {
            all.whole.push(round.transaction + round.broker.unwrap_or_default() + round.post);
            all.transaction.push(round.transaction);
            all.broker.extend(round.broker);
            all.post.push(round.post);
            all
        })
    }
}

impl Floor {
    /// `order`: a real one, whose CAP is what travels.
    pub(crate) async fn start(path: Path, order: &Order) -> Floor {
        let folder = tempfile::tempdir().unwrap();
        let record = Connection::open(folder.path().join("floor.sqlite")).unwrap();
        record.pragma_update(None, "journal_mode", "WAL").unwrap();
        record.pragma_update(None, "synchronous", "FULL").unwrap();
        record.execute_batch("CREATE TABLE row (at INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT").unwrap();
        let cbcs = operators().await;
        let broker = match path {
            Path::Loopback => None,
            Path::Amqp(uri) => Some(Broker::start(&uri, cbcs.len(), RECEIPT_OCTETS).await.unwrap()),
        };
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let order = order.clone();
        let mut floor = Floor { record, broker, cbcs, client, order, number: 0, _folder: folder };
        // As warm as what it is held against.
        for _ in 0..3 {
            floor.round().await;
        }
        floor
    }

    pub(crate) fn words(&self) -> &'static str {
        if self.broker.is_some() { "transaction + broker + CBCs" } else { "transaction + CBCs" }
    }

    /// One round: a transaction of five rows, three of them orders; orders out and receipts back; a POST to each CBC.
    pub(crate) async fn round(&mut self) -> Round {
        let body = self.order.to_wire(10_000);
        let began = Instant::now();
        let transaction = self.record.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        for row in [body.as_slice(), &body, &body, b"approval", b"event"] {
            transaction.execute("INSERT INTO row (body) VALUES (?1)", params![row]).unwrap();
        }
        transaction.commit().unwrap();
        let committed = began.elapsed();
        let broker = match &mut self.broker {
            None => None,
            Some(broker) => Some(broker.round(&body).await.unwrap()),
        };
        let cap = self.fresh_cap();
        let began = Instant::now();
        let posts = self.cbcs.iter().map(|cbc| async {
            let url = format!("{}/cap?{QUERY}", cbc.url());
            let post = self.client.post(url).header("content-type", "application/cap+xml").body(cap.clone());
            let answer = post.send().await.unwrap();
            let status = answer.status();
            let body = answer.bytes().await.unwrap();
            assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        });
        join_all(posts).await;
        Round { transaction: committed, broker, post: began.elapsed() }
    }

    /// The order's CAP under another serial number, so that the CBC takes it as new.
    fn fresh_cap(&mut self) -> String {
        self.number += 1;
        let alert =
            nadhir_core::cap::read(self.order.cap.as_bytes(), &nadhir_core::cap::Limits::cap()).0.unwrap();
        let messages = nadhir_core::warning::air::messages(&alert).unwrap();
        messages.iter().fold(self.order.cap.clone(), |cap, message| {
            let serial = message.serial.get();
            let fresh = serial.wrapping_add(self.number << 4);
            cap.replace(&format!(">{serial}<"), &format!(">{fresh}<"))
        })
    }

    pub(crate) async fn stop(self) {
        if let Some(broker) = self.broker {
            broker.stop().await.unwrap();
        }
        join_all(self.cbcs.into_iter().map(Operator::stop)).await;
    }
}
