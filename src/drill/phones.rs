//! Phones of simulated operators, counted by asking each of them: one shape for the demonstration and for a drill's report.

use super::evidence::{Phones, Radio};
use crate::dispatch::Hub;
use crate::store::{Outgoing, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::cap::{self, Alert, Limits};
use nadhir_core::cbs::Class;
use nadhir_core::delivery::Kind;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The radios, in the order in which they are told.
const RADIOS: [&str; 3] = ["4g", "5g", "2g"];
const WITHIN_MS: i64 = 10_000;
const ANSWER: Duration = Duration::from_secs(10);
/// A drill's phones are counted so long after its approval: while its lanes may still change, and before anything else is
/// likely to have gone out.
const COUNTED_FOR: TimeDelta = TimeDelta::seconds(30);
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So many of the newest warnings are looked at.
const NEWEST: u32 = 8;

/// What phones showed, or will have shown by the end, since an instant, at all `operators` (addresses of simulators).
/// Those in the area of `rings` (each as CAP writes it) are counted whether or not their operator broadcast anything.
pub async fn count(
    client: &Client,
    operators: &[String],
    since: DateTime<Utc>,
    rings: &[String],
) -> Result<Phones, reqwest::Error> {
    let mut phones = Phones::default();
    let mut radios = RADIOS.map(|radio| (radio, 0, Vec::new()));
    for operator in operators {
        let report = client.get(format!("{operator}/sim/phones?since_ms={}", since.timestamp_millis()));
        let report = answer(report).await?;
        let census = client.post(format!("{operator}/sim/census")).json(&json!({ "polygons": rings }));
        let census = answer(census).await?;
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        phones.in_area += number(&census["in_area"]);
        phones.displayed += number(&report["displayed"]);
        phones.twice += number(&report["twice"]);
        phones.outside += number(&report["outside"]);
        phones.unreadable += number(&report["unreadable"]);
        for (radio, in_area, times) in &mut radios {
            *in_area += number(&census[*radio]);
            let own = report["by_radio"][*radio]["times_ms"].as_array();
            times.extend(own.into_iter().flatten().filter_map(Value::as_i64));
        }
    }
    phones.by_radio = radios.map(|(name, in_area, times)| radio(name, in_area, times)).into();
    Ok(phones)
}

/// Counts the phones of every drill of a hub as it goes out, and keeps the counts while the process lives.
#[derive(Debug)]
pub struct Counter {
    client: Client,
    /// Each operator's simulator.
    operators: BTreeMap<String, String>,
    counted: Mutex<HashMap<String, Counted>>,
}

#[derive(Debug)]
struct Counted {
    phones: Phones,
    /// Whether every lane had ended by then: nothing more of this drill is to come.
    whole: bool,
}

impl Counter {
    /// A counter that asks these simulated operators.
    pub fn new(operators: BTreeMap<String, String>) -> Result<Counter, reqwest::Error> {
        let client = Client::builder().timeout(ANSWER).no_proxy().build()?;
        Ok(Counter { client, operators, counted: Mutex::default() })
    }

    /// The phones of a drill, if they were counted.
    pub fn of(&self, drill: &str) -> Option<Phones> {
        self.lock().get(drill).map(|counted| counted.phones.clone())
    }

    /// Counts for ever. Never returns.
    pub async fn keep(&self, hub: &Hub) {
        let mut changes = hub.board().watch();
        loop {
            self.catch_up(hub).await;
            // A change may come with every receipt; a second look within the same moment finds nothing new.
            tokio::time::sleep(LOOK_EVERY).await;
            let _ = changes.changed().await;
        }
    }

    /// Counts what is there to be counted now, as before a report is read.
    pub async fn catch_up(&self, hub: &Hub) {
        if let Err(e) = self.look(hub).await {
            tracing::warn!(error = %e, "the simulated phones could not be counted");
        }
    }

    /// Counts the phones of what has just gone out, if it is a drill. Of the newest alone: simulators count what phones
    /// showed since an instant, whatever it was.
    async fn look(&self, hub: &Hub) -> Result<(), CannotCount> {
        let mut newest: Option<Outgoing> = None;
        for id in hub.store().newest(NEWEST).await? {
            let first = hub.store().orders(&id).await?.into_iter().find(|o| o.order.kind != Kind::Cancel);
            let at = |o: &Outgoing| o.order.approved_at;
            newest = newest.into_iter().chain(first).max_by_key(at);
        }
        let Some(Outgoing { order, .. }) = newest else { return Ok(()) };
        let fresh = hub.clock().now().utc - order.approved_at <= COUNTED_FOR;
        let whole = self.lock().get(&order.warning).is_some_and(|counted| counted.whole);
        if order.class != Class::Drill || !fresh || whole {
            return Ok(());
        }
        let view = hub.view(&order.warning).await?;
        if !view.settled {
            return Ok(());
        }
        let takes_part = |name: &String| view.operators.iter().any(|lane| lane.operator == *name);
        let asked = self.operators.iter().filter(|(name, _)| takes_part(name)).map(|(_, url)| url.clone());
        let rings = cap::read(order.cap.as_bytes(), &Limits::cap()).0.map(rings).unwrap_or_default();
        let phones = count(&self.client, &asked.collect::<Vec<_>>(), order.approved_at, &rings).await?;
        let whole = view.operators.iter().all(|lane| lane.ended);
        self.lock().insert(order.warning, Counted { phones, whole });
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Counted>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, thiserror::Error)]
enum CannotCount {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Simulator(#[from] reqwest::Error),
}

/// The area as every operator got it.
fn rings(alert: Alert) -> Vec<String> {
    let areas = alert.infos.into_iter().take(1).flat_map(|info| info.areas);
    areas.flat_map(|area| area.polygons).map(|ring| ring.to_string()).collect()
}

async fn answer(request: RequestBuilder) -> Result<Value, reqwest::Error> {
    request.send().await?.error_for_status()?.json().await
}

fn radio(name: &str, in_area: u64, mut times: Vec<i64>) -> Radio {
    times.sort_unstable();
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Radio {
        radio: name.to_owned(),
        in_area,
        displayed: count(times.len()),
        p50_ms: percentile(&times, 50),
        p95_ms: percentile(&times, 95),
        within_10s: count(times.partition_point(|at| *at <= WITHIN_MS)),
    }
}

/// The value at or above `percent` of a sorted list (nearest rank).
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_radio_is_told_by_the_nearest_rank() {
        let told = radio("4g", 5, vec![12_000, 900, 10_000, 2_000]);
        assert_eq!((told.p50_ms, told.p95_ms, told.within_10s), (Some(2_000), Some(12_000), 3));
        assert_eq!((told.in_area, told.displayed), (5, 4), "one of five showed nothing");
        let none = radio("2g", 3, vec![]);
        assert_eq!((none.p50_ms, none.p95_ms, none.within_10s), (None, None, 0));
    }
}
