//! What the phones of operators' laboratories showed of a warning, by radio. Asked beside the ten seconds and kept; decides nothing, and a real network has no such thing.

use chrono::{DateTime, Utc};
use reqwest::{Client, Url};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A laboratory that has not answered by then is left out.
const ANSWER: Duration = Duration::from_secs(5);
/// Asked for again, the counts are asked anew after this, and not before: the model knows the evening to its end, only
/// a cancel or an update changes it.
const AGAIN: Duration = Duration::from_secs(15);
/// The same while somebody has not answered.
const SOON: Duration = Duration::from_secs(2);
/// So many warnings' counts are kept.
const KEPT: usize = 64;
/// More than this is not read.
const MAX_ANSWER: usize = 8 << 20;
/// Radios, in the order in which they are shown.
pub const RADIOS: [&str; 3] = ["4g", "5g", "2g"];

/// Why an address is none of a laboratory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLaboratory {
    /// Not an address.
    #[error("laboratory.{0} is no address: http://127.0.0.1:PORT is one")]
    Address(String),
    /// On another machine.
    #[error("laboratory.{operator} is {url}: phones are counted on this machine alone, at 127.0.0.1 or ::1")]
    NotLoopback {
        /// Whose.
        operator: String,
        /// Where.
        url: String,
    },
    /// No client.
    #[error("the laboratories cannot be asked: {0}")]
    Client(String),
}

/// The laboratories by operator.
pub struct Laboratories {
    addresses: BTreeMap<String, Url>,
    client: Client,
    counts: Mutex<HashMap<String, Kept>>,
}

/// Which messages are counted, and from when on.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The warning.
    pub warning: String,
    /// Its approval: times run from here.
    pub since: DateTime<Utc>,
    /// Identifier and serial of each of its messages.
    pub messages: Vec<(u16, u16)>,
    /// The operators who were told: the others' phones are no evidence of it.
    pub operators: Vec<String>,
}

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The operators whose laboratory answered.
    pub operators: Vec<String>,
    /// By radio: when each phone shows its first message, in milliseconds since the approval, sorted. The model knows
    /// the evening to its end: some of these instants are still to come.
    pub shown_ms: BTreeMap<&'static str, Vec<i64>>,
}

#[derive(Default)]
struct Kept {
    counted: Option<Arc<Counted>>,
    /// When it was asked for last.
    asked: Option<Instant>,
    /// Whether the answer is still to come.
    asking: bool,
}

#[derive(Deserialize)]
struct Report {
    by_radio: HashMap<String, Radio>,
}

#[derive(Deserialize)]
struct Radio {
    times_ms: Vec<i64>,
}

/// The addresses, or everything that is wrong with them.
pub fn addresses(named: &BTreeMap<String, String>) -> Result<BTreeMap<String, Url>, Vec<BadLaboratory>> {
    let (mut good, mut bad) = (BTreeMap::new(), Vec::new());
    for (operator, address) in named {
        match address.parse::<Url>() {
            Ok(url) if is_loopback(&url) => {
                good.insert(operator.clone(), url);
            }
            Ok(url) if url.has_host() => {
                bad.push(BadLaboratory::NotLoopback { operator: operator.clone(), url: url.to_string() });
            }
            Ok(_) | Err(_) => bad.push(BadLaboratory::Address(operator.clone())),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    url.scheme() == "http" && host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Laboratories {
    /// Prepares to ask; nothing is asked yet.
    pub fn new(addresses: BTreeMap<String, Url>) -> Result<Laboratories, BadLaboratory> {
        let client = Client::builder()
            .timeout(ANSWER)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| BadLaboratory::Client(e.to_string()))?;
        Ok(Laboratories { addresses, client, counts: Mutex::default() })
    }

    /// What is known, at once; what is old or unknown is asked for meanwhile, if now is the time to. `told` is called
    /// when there is something else to show.
    pub fn counted(
        self: &Arc<Self>,
        asked: Asked,
        ask: bool,
        told: impl FnOnce() + Send + 'static,
    ) -> Option<Arc<Counted>> {
        let there = self.of(&asked).count();
        if there == 0 || asked.messages.is_empty() {
            return None;
        }
        let (known, stale) = {
            let mut counts = self.lock();
            if counts.len() >= KEPT && !counts.contains_key(&asked.warning) {
                counts.clear();
            }
            let kept = counts.entry(asked.warning.clone()).or_default();
            let all = |counted: &Arc<Counted>| counted.operators.len() == there;
            let again = if kept.counted.as_ref().is_some_and(all) { AGAIN } else { SOON };
            let stale = ask && !kept.asking && kept.asked.is_none_or(|at| at.elapsed() > again);
            if stale {
                (kept.asked, kept.asking) = (Some(Instant::now()), true);
            }
            (kept.counted.clone(), stale)
        };
        if stale {
            let laboratories = Arc::clone(self);
            tokio::spawn(async move {
                let counted = Arc::new(laboratories.ask(&asked).await);
                let mut counts = laboratories.lock();
                let kept = counts.entry(asked.warning).or_default();
                let news = kept.counted.as_ref() != Some(&counted);
                (kept.counted, kept.asking) = (Some(counted), false);
                drop(counts);
                if news {
                    told();
                }
            });
        }
        known
    }

    /// The laboratories of those who were told.
    fn of(&self, asked: &Asked) -> impl Iterator<Item = (&String, &Url)> {
        self.addresses.iter().filter(|(operator, _)| asked.operators.contains(operator))
    }

    /// Asks all of them at once.
    async fn ask(&self, asked: &Asked) -> Counted {
        let answers = self.of(asked).map(|(operator, base)| async move {
            let report = self.report(base, asked).await;
            let failed = |e: &String| tracing::debug!(operator, error = e, "a laboratory was not heard");
            (operator, report.inspect_err(failed).ok())
        });
        let mut counted = Counted::default();
        for (operator, report) in futures_util::future::join_all(answers).await {
            let Some(mut report) = report else { continue };
            counted.operators.push(operator.clone());
            for radio in RADIOS {
                let times = report.by_radio.remove(radio).map(|radio| radio.times_ms).unwrap_or_default();
                counted.shown_ms.entry(radio).or_default().extend(times);
            }
        }
        counted.shown_ms.values_mut().for_each(|times| times.sort_unstable());
        counted
    }

    async fn report(&self, base: &Url, asked: &Asked) -> Result<Report, String> {
        let named: Vec<String> = asked.messages.iter().map(|(id, serial)| format!("{id}:{serial}")).collect();
        let mut url = base.clone();
        url.set_path("sim/phones");
        url.query_pairs_mut()
            .append_pair("since_ms", &asked.since.timestamp_millis().to_string())
            .append_pair("messages", &named.join(","));
        let mut response = self.client.get(url).send().await.map_err(|e| e.to_string())?;
        if !response.status().is_success() {
            return Err(format!("it answered {}", response.status()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| e.to_string())? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(format!("its answer is longer than {MAX_ANSWER} octets"));
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|e| e.to_string())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Query;
    use axum::routing::get;
    use axum::{Json, Router};
    use serde_json::{Value, json};

    #[test]
    fn a_laboratory_is_on_this_machine() {
        let check = |address: &str, good: bool| {
            let named = BTreeMap::from([("omantel".to_owned(), address.to_owned())]);
            assert_eq!(addresses(&named).is_ok(), good, "{address}");
        };
        check("http://127.0.0.1:8101", true);
        check("http://[::1]:8101", true);
        check("http://10.0.0.7:8101", false);
        check("http://localhost.example:8101", false);
        check("https://127.0.0.1:8101", false);
        check("somewhere", false);
    }

    /// A laboratory that says which messages it was asked about, as times.
    async fn laboratory() -> String {
        let phones = |Query(asked): Query<HashMap<String, String>>| async move {
            assert_eq!(asked["messages"], "4370:16400");
            let at = |times: Value| json!({ "times_ms": times });
            Json(
                json!({ "by_radio": { "4g": at(json!([900, 1500])), "5g": at(json!([])), "2g": at(json!([12_000])) } }),
            )
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, Router::new().route("/sim/phones", get(phones))).into_future());
        url
    }

    #[tokio::test]
    async fn what_answers_is_counted_and_what_does_not_is_left_out() {
        let named = [
            ("a", laboratory().await),
            ("b", laboratory().await),
            ("c", "http://127.0.0.1:9".into()),
            ("d", laboratory().await),
        ];
        let named = named.map(|(name, url)| (name.to_owned(), url)).into();
        let all = Arc::new(Laboratories::new(addresses(&named).unwrap()).unwrap());
        let asked = Asked {
            warning: "wrn_1".into(),
            since: DateTime::UNIX_EPOCH,
            messages: vec![(4370, 16400)],
            operators: ["a", "b", "c"].map(str::to_owned).into(),
        };
        let (told, heard) = tokio::sync::oneshot::channel();
        assert_eq!(
            all.counted(asked.clone(), true, || told.send(()).unwrap()),
            None,
            "nothing is known at once"
        );
        heard.await.unwrap();
        let counted = all.counted(asked, true, || ()).unwrap();
        assert_eq!(counted.operators, ["a", "b"], "c is not there, and d takes no part");
        assert_eq!(counted.shown_ms["4g"], [900, 900, 1500, 1500]);
        assert_eq!(counted.shown_ms["2g"].len(), 2);
    }
}
