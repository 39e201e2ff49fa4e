//! Simulated sites of one operator's CBC: started, put at fault, asked what they have and what they were asked.

use super::common::{ask, client};
use nadhir_simulator::{Fault, Operator, Settings, cells};
use serde_json::Value;
use std::net::SocketAddr;

pub(crate) const OPERATOR: &str = "omantel";
const SEED: u64 = 7;

/// Which cells the operator's list has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// All of Oman.
    Oman,
    /// Those alone that lie in the demonstration's area: to this operator it is the whole network.
    AreaAlone,
}

/// A cell list, as CSV.
pub(crate) fn list(which: List) -> Vec<u8> {
    let csv = cells::generate(OPERATOR, SEED);
    let Some((head, rows)) = csv.split_once('\n') else { return csv.into_bytes() };
    match which {
        List::Oman => csv.into_bytes(),
        List::AreaAlone => {
            let near = |row: &&str| {
                row.split(',').nth(8).and_then(|lat| lat.parse::<f64>().ok()).is_some_and(|lat| {
                    let lon = row.split(',').nth(9).and_then(|lon| lon.parse::<f64>().ok());
                    (22.9..23.1).contains(&lat) && lon.is_some_and(|lon| (57.2..57.4).contains(&lon))
                })
            };
            let rows: Vec<&str> = rows.lines().filter(near).collect();
            assert!(rows.len() > 20, "{} cells", rows.len());
            format!("{head}\n{}\n", rows.join("\n")).into_bytes()
        }
    }
}

/// A simulated CBC on any free port, or on this one.
pub(crate) async fn site(fault: Fault, list: &[u8], at: Option<SocketAddr>) -> Operator {
    let settings =
        Settings { operator: OPERATOR.to_owned(), cells_csv: list.to_vec(), phones: 400, seed: SEED, fault };
    Operator::start_on(at.unwrap_or(ANY), settings).await.expect("the site starts")
}

/// Any free port.
pub(crate) const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// Has a site send again what it holds, as after a restart of the radio network: how many messages.
pub(crate) async fn replay(site: &str) -> u64 {
    let answer = ask(client().post(format!("{site}/sim/replay"))).await;
    answer.body["replayed"].as_u64().expect("a number")
}

/// Sets what is wrong at a site.
pub(crate) async fn set(site: &str, fault: &str) {
    let request = client().put(format!("{site}/sim/fault"));
    let answer = ask(request.json(&serde_json::json!({ "fault": fault }))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// What a site answers.
pub(crate) async fn get(site: &str, path: &str) -> Value {
    ask(client().get(format!("{site}{path}"))).await.body
}

/// Serials on air at a site.
pub(crate) async fn serials(site: &str) -> Vec<u64> {
    let air = get(site, "/sim/air").await;
    air["messages"].as_array().expect("messages").iter().filter_map(|m| m["serial"].as_u64()).collect()
}

/// How many requests of this method and path a site has seen.
pub(crate) async fn requests(site: &str, method: &str, path: &str) -> usize {
    let log = get(site, "/sim/log").await;
    let all = log["requests"].as_array().expect("requests").iter();
    all.filter(|r| r["method"] == method && r["path"].as_str().is_some_and(|p| p.starts_with(path))).count()
}
