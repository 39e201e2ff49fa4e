//! Simulated operators on ports of their own, and what their CBCs and phones saw.

use super::{ask, client};
use nadhir::demo::OPERATORS;
use nadhir_simulator::{Fault, Operator, Settings, cells};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;

const SEED: u64 = 7;
/// Enough that each radio and each part of the area has some.
const PHONES: usize = 600;

/// Operators by name, each with its cell list and its address.
pub(crate) struct Operators {
    running: BTreeMap<&'static str, Operator>,
    pub(crate) cells: BTreeMap<&'static str, String>,
    pub(crate) urls: BTreeMap<&'static str, String>,
}

/// What all operators' CBCs and phones say together.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) displayed: u64,
    pub(crate) twice: u64,
    pub(crate) outside: u64,
    pub(crate) unreadable: u64,
}

impl Operators {
    /// All three, on free ports, one of them with a fault.
    pub(crate) async fn start(faulty: &str, fault: Fault) -> Operators {
        let mut operators = Operators::none();
        for name in OPERATORS {
            let fault = if name == faulty { fault } else { Fault::None };
            operators.add(name, SocketAddr::from(([127, 0, 0, 1], 0)), fault).await;
        }
        operators
    }

    /// Cell lists and no CBC.
    pub(crate) fn none() -> Operators {
        let cells = (SEED..).zip(OPERATORS).map(|(seed, name)| (name, cells::generate(name, seed)));
        Operators { running: BTreeMap::new(), cells: cells.collect(), urls: BTreeMap::new() }
    }

    /// Starts one operator's CBC at an address.
    pub(crate) async fn add(&mut self, name: &'static str, address: SocketAddr, fault: Fault) {
        let settings = Settings {
            operator: name.to_owned(),
            cells_csv: self.cells[name].clone().into_bytes(),
            phones: PHONES,
            seed: SEED,
            fault,
        };
        let operator = Operator::start_on(address, settings).await.expect("the operator starts");
        self.urls.insert(name, operator.url());
        self.running.insert(name, operator);
    }

    /// Stops an operator's CBC; its address stays known.
    pub(crate) async fn stop(&mut self, name: &str) -> SocketAddr {
        self.running.remove(name).expect("it runs").stop().await;
        self.urls[name].strip_prefix("http://").and_then(|at| at.parse().ok()).expect("an address")
    }

    pub(crate) async fn get(&self, name: &str, path: &str) -> Value {
        ask(client().get(format!("{}{path}", self.urls[name]))).await.body
    }

    /// How often a CAP was submitted to this operator's CBC.
    pub(crate) async fn submissions(&self, name: &str) -> usize {
        let log = self.get(name, "/sim/log").await;
        let requests = log["requests"].as_array().expect("requests");
        requests.iter().filter(|r| r["method"] == "POST" && r["path"] == "/cap").count()
    }

    /// Identifier, serial and number of sendings of everything on air at this operator.
    pub(crate) async fn on_air(&self, name: &str) -> Vec<(u64, u64, u64)> {
        let air = self.get(name, "/sim/air").await;
        let number = |value: &Value| value.as_u64().expect("a number");
        let messages = air["messages"].as_array().expect("messages").iter();
        messages.map(|m| (number(&m["identifier"]), number(&m["serial"]), number(&m["sendings"]))).collect()
    }

    /// What phones of all running operators showed.
    pub(crate) async fn phones(&self) -> Seen {
        let mut seen = Seen { displayed: 0, twice: 0, outside: 0, unreadable: 0 };
        for name in self.running.keys() {
            let report = self.get(name, "/sim/phones").await;
            let count = |key: &str| report[key].as_u64().expect("a count");
            seen.displayed += count("displayed");
            seen.twice += count("twice");
            seen.outside += count("outside");
            seen.unreadable += count("unreadable");
        }
        seen
    }
}

impl Seen {
    /// Shown, and by nobody twice, outside or garbled.
    pub(crate) fn is_clean(&self) -> bool {
        self.displayed > 0 && self.twice + self.outside + self.unreadable == 0
    }
}
