//! One operator's side alone: an adapter between a path in this process and simulated CBCs; orders as the hub writes them.

use super::sites::OPERATOR;
use chrono::{DateTime, Utc};
use nadhir::adapter::cbc::Kind as CbcKind;
use nadhir::adapter::{self, Cbc, CbcSettings, Ledger, LedgerError};
use nadhir::clock::Clock;
use nadhir::transport::loopback::Loopback;
use nadhir::transport::{Address, Delivered, Inbox, Queue, Transport};
use nadhir_core::cap::{Alert, CapTime, Reference, Status};
use nadhir_core::cbs::{Channel, Class, Given, Serial};
use nadhir_core::delivery::{Counts, Grade, Kind, Order, Receipt};
use nadhir_core::digest::Digest;
use nadhir_core::warning::{Prepared, Terms, air_cap, cancel_cap, prepare};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

/// An adapter that runs, and what it was given.
pub(crate) struct Side {
    path: Arc<dyn Transport>,
    receipts: Box<dyn Inbox>,
    heard: Vec<Receipt>,
    /// How often the adapter told what its list has.
    counted: usize,
    /// How many counts of cells on air were asked for.
    counts: usize,
    sequence: u64,
    cbc: CbcSettings,
    running: Option<(DropGuard, JoinHandle<Result<(), LedgerError>>)>,
    folder: tempfile::TempDir,
}

/// A warning as it was prepared and sent.
pub(crate) struct Sent {
    pub(crate) warning: String,
    pub(crate) cap: Vec<u8>,
    prepared: Prepared,
}

/// The demonstration's warning, a step less grave: Severe and Likely, hence 4371 and not 4370.
fn severe(now: DateTime<Utc>) -> Vec<u8> {
    let text = String::from_utf8(nadhir::demo::warning(None, now)).expect("UTF-8");
    text.replace(">Extreme<", ">Severe<").replace(">Observed<", ">Likely<").into_bytes()
}

impl Side {
    /// Starts an adapter in front of these sites.
    pub(crate) async fn start(kind: CbcKind, sites: Vec<String>, list: &[u8]) -> Side {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("cells.csv"), list).expect("written");
        let path: Arc<dyn Transport> = Arc::new(Loopback::default());
        let receipts = path.receive(Queue::Receipts).await;
        let cbc = CbcSettings { kind, sites };
        let mut side = Side {
            path,
            receipts,
            heard: Vec::new(),
            counted: 0,
            counts: 0,
            sequence: 0,
            cbc,
            running: None,
            folder,
        };
        side.begin();
        side
    }

    /// Starts the adapter, on the ledger and the cell list that are there.
    pub(crate) fn begin(&mut self) {
        let settings = adapter::Settings {
            operator: OPERATOR.to_owned(),
            transport: Arc::clone(&self.path),
            ledger: Ledger::open(&self.folder.path().join("ledger.sqlite")).expect("a ledger"),
            cells: Arc::new(adapter::Cells::open(OPERATOR, &self.cells()).expect("cells")),
            regions: Arc::new(nadhir::run::regions(None).expect("regions")),
            cbc: Cbc::new(&self.cbc).expect("a CBC"),
            clock: Clock::start(),
        };
        let stop = CancellationToken::new();
        let task = tokio::spawn(adapter::run(settings, stop.clone()));
        self.running = Some((stop.drop_guard(), task));
    }

    /// Ends the adapter.
    pub(crate) async fn end(&mut self) {
        let Some((stop, task)) = self.running.take() else { return };
        drop(stop);
        task.await.expect("it ends").expect("no error");
    }

    /// Where the cell list is.
    pub(crate) fn cells(&self) -> PathBuf {
        self.folder.path().join("cells.csv")
    }

    /// Orders the demonstration's warning, or an update of one.
    pub(crate) async fn warn(&mut self, name: &str, serial: u16, replaces: Option<&Sent>) -> Sent {
        let now = Utc::now();
        match replaces {
            None => self.warn_with(name, serial, None, severe(now)).await,
            Some(old) => self.warn_with(name, serial, replaces, nadhir::demo::update(&old.cap, now)).await,
        }
    }

    /// Orders the demonstration's warning with another end.
    pub(crate) async fn warn_until(&mut self, name: &str, serial: u16, expires: DateTime<Utc>) -> Sent {
        let cap = String::from_utf8(severe(Utc::now())).expect("UTF-8");
        let (open, close) = ("<expires>", "</expires>");
        let own = |part: &str| {
            let (_, after) = part.split_once(close).expect("an end");
            format!("{open}{}{close}{after}", CapTime::muscat(expires))
        };
        let (head, rest) = cap.split_once(open).expect("an end");
        let rest: String = rest.split(open).map(own).collect();
        let retimed = format!("{head}{rest}");
        self.warn_with(name, serial, None, retimed.into_bytes()).await
    }

    /// Orders the demonstration's warning with so many words that one message does not hold both languages.
    pub(crate) async fn warn_long(&mut self, name: &str, serial: u16) -> Sent {
        let more = "Move to high ground now and stay there until the authorities say that it is over. ";
        let cap = String::from_utf8(severe(Utc::now())).expect("UTF-8");
        let cap = cap.replace("<instruction>", &format!("<instruction>{more}"));
        self.warn_with(name, serial, None, cap.into_bytes()).await
    }

    async fn warn_with(&mut self, name: &str, serial: u16, replaces: Option<&Sent>, cap: Vec<u8>) -> Sent {
        let now = Utc::now();
        let kind = if replaces.is_some() { Kind::Update } else { Kind::Alert };
        let index = nadhir::run::regions(None).expect("regions");
        let profile = nadhir::run::profile().expect("the profile");
        let predecessor = replaces.map(|_| Channel::Warning);
        let terms = Terms { given: Given { predecessor, ..Given::default() }, ..Terms::default() };
        let prepared = prepare(&cap, &profile, &index, now, &terms).expect("a good alert");
        let serials: Vec<Serial> = (0_u16..)
            .zip(&prepared.encoded.messages)
            .map(|(k, _)| Serial::from_u16(serial + 0x10 * k).expect("a serial"))
            .collect();
        let Prepared { alert, rings, channel, encoded, .. } = &prepared;
        let air = air_cap(alert, rings, *channel, encoded, &serials);
        let order = self.order(name, kind, &air, Some(prepared.area_sha256), prepared.expires);
        self.send(Order { replaces: replaces.map(|old| old.warning.clone()), ..order }).await;
        Sent { warning: name.to_owned(), cap, prepared }
    }

    /// Orders the end of a warning.
    pub(crate) async fn cancel(&mut self, sent: &Sent) {
        let identifier = format!("{}.cancel", sent.prepared.alert.identifier);
        let Alert { sender, identifier: own, sent: at, .. } = &sent.prepared.alert;
        let named = vec![Reference { sender: sender.clone(), identifier: own.clone(), sent: *at }];
        let cap = cancel_cap(&sent.prepared.alert, named, identifier, CapTime::muscat(Utc::now()));
        let order = self.order(&sent.warning, Kind::Cancel, &cap, None, sent.prepared.expires);
        self.send(order).await;
    }

    /// Orders, by the drills' queue, the end of a warning under this name.
    pub(crate) async fn drill_cancel(&mut self, name: &str, sent: &Sent) {
        let identifier = format!("{}.{name}", sent.prepared.alert.identifier);
        let Alert { sender, identifier: own, sent: at, .. } = &sent.prepared.alert;
        let named = vec![Reference { sender: sender.clone(), identifier: own.clone(), sent: *at }];
        let exercise = Alert { status: Status::Exercise, ..sent.prepared.alert.clone() };
        let cap = cancel_cap(&exercise, named, identifier, CapTime::muscat(Utc::now()));
        let order = self.order(name, Kind::Cancel, &cap, None, sent.prepared.expires);
        self.send(Order { class: Class::Drill, ..order }).await;
    }

    /// The words of every grade heard so far of a warning's delivery of that kind.
    pub(crate) fn words(&self, warning: &str, kind: Kind) -> Vec<&'static str> {
        let own = self.heard.iter().filter(|r| r.warning == warning && r.kind == kind);
        own.map(|r| r.grade.word()).collect()
    }

    /// Whether a grade has come by now.
    pub(crate) async fn has_heard(&mut self, warning: &str, kind: Kind, word: &str) -> bool {
        while let Ok(delivered) = tokio::time::timeout(Duration::from_millis(50), self.receipts.next()).await
        {
            self.keep(delivered).await;
        }
        self.heard.iter().any(|r| r.warning == warning && r.kind == kind && r.grade.word() == word)
    }

    /// Waits for a grade of a warning's delivery of that kind.
    pub(crate) async fn hears(&mut self, warning: &str, kind: Kind, word: &str) -> Grade {
        self.hears_again(warning, kind, word, 0).await
    }

    /// The same, after so many other grades of it.
    pub(crate) async fn hears_again(&mut self, warning: &str, kind: Kind, word: &str, after: usize) -> Grade {
        loop {
            let own = self.heard.iter().filter(|r| r.warning == warning && r.kind == kind);
            if let Some(receipt) = own.skip(after).find(|r| r.grade.word() == word) {
                return receipt.grade.clone();
            }
            self.read(&format!("{word} of {warning}")).await;
        }
    }

    /// Waits for the next count of cells on air of an alert, of those not yet asked for.
    pub(crate) async fn next_on_air(&mut self, warning: &str) -> Grade {
        loop {
            let is_next = |r: &Receipt| r.warning == warning && r.grade.word() == "on_air";
            if let Some(receipt) = self.heard.iter().filter(|r| is_next(r)).nth(self.counts) {
                self.counts += 1;
                return receipt.grade.clone();
            }
            self.read(&format!("on_air of {warning}")).await;
        }
    }

    /// Puts another cell list in the place of the one in use, and waits until the adapter has taken it.
    pub(crate) async fn relist(&mut self, list: &[u8]) {
        while self.counted == 0 {
            self.read("the counts of its first list").await;
        }
        let before = self.counted;
        std::fs::write(self.cells(), list).expect("written");
        while self.counted == before {
            self.read("the counts of its next list").await;
        }
    }

    async fn read(&mut self, what: &str) {
        let next = tokio::time::timeout(super::common::PATIENCE, self.receipts.next()).await;
        let delivered = next.unwrap_or_else(|_| panic!("not heard: {what}, after {:?}", self.heard));
        self.keep(delivered).await;
    }

    async fn keep(&mut self, delivered: Delivered) {
        if Counts::from_wire(&delivered.body).is_none() {
            self.heard.push(Receipt::from_wire(&delivered.body).expect("a receipt"));
        } else {
            self.counted += 1;
        }
        delivered.ack().await;
    }

    fn order(
        &mut self,
        warning: &str,
        kind: Kind,
        cap: &[u8],
        area_sha256: Option<Digest>,
        expires: DateTime<Utc>,
    ) -> Order {
        self.sequence += 1;
        Order {
            delivery: format!("ord_{}", self.sequence),
            warning: warning.to_owned(),
            operator: OPERATOR.to_owned(),
            sequence: self.sequence,
            class: Class::Live,
            kind,
            replaces: None,
            ends: vec![],
            cap_sha256: Digest::of(cap),
            area_sha256,
            approved_at: Utc::now(),
            expires,
            cap: String::from_utf8(cap.to_vec()).expect("UTF-8"),
        }
    }

    async fn send(&self, order: Order) {
        let to = Address::Order { operator: order.operator.clone(), class: order.class };
        let body = order.to_wire(10_000);
        self.path.send(to, order.delivery, body, Duration::from_secs(1)).await.expect("sent");
    }
}
