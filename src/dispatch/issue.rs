//! Submit and approve: what a person asks becomes durable here, before anybody sees "approved".

use super::Hub;
use crate::store::{Approval, Approved, NewWarning, Person, StoreError, Submitted};
use metrics::{counter, gauge};
use nadhir_core::cbs::serial;
use nadhir_core::delivery::Tally;
use nadhir_core::digest::Digest;
use nadhir_core::fault::Fault;
use nadhir_core::now::Now;
use nadhir_core::warning::prepare::Summary;
use nadhir_core::warning::{self, Prepared, Refusal, Refused, State};
use tracing::{info, warn};
use uuid::Uuid;

/// A warning after a submission or an approval.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Its id.
    pub warning: String,
    /// Where it stands.
    pub state: State,
    /// What a person is shown of it.
    pub summary: Summary,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The alert cannot be broadcast.
    #[error("the alert cannot be broadcast: {}", words(.0))]
    Invalid(Vec<Fault>, bool),
    /// The record refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// This hub does not send that class.
    #[error(
        "this hub is not set up to send live warnings: `live` needs a key and a deployment name in its configuration"
    )]
    NotLive,
}

fn words(faults: &[Fault]) -> String {
    faults.iter().filter(|f| f.is_error()).map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl From<Refusal> for IssueError {
    fn from(refusal: Refusal) -> IssueError {
        let area = refusal.is_area();
        IssueError::Invalid(refusal.faults, area)
    }
}

impl Hub {
    /// Takes an author's CAP in. It waits for another person; nothing is sent.
    pub async fn submit(&self, author: &Person, cap: Vec<u8>) -> Result<Issued, IssueError> {
        let now = self.clock().now();
        let prepared = warning::prepare(&cap, self.index(), now.utc).inspect_err(|_| {
            counter!("nadhir_submissions_total", "outcome" => "refused").increment(1);
        })?;
        let class = prepared.channel.class();
        if !self.parts.settings.classes.contains(&class) {
            return Err(IssueError::NotLive);
        }
        let summary = prepared.summary();
        let shown = serde_json::to_string(&summary)
            .map_err(|e| StoreError::Damaged { what: "summary", why: e.to_string() })?;
        let alert = &prepared.alert;
        let id = format!("wrn_{}", Uuid::now_v7());
        let new = NewWarning {
            id: id.clone(),
            author: author.id.clone(),
            class,
            triple: (alert.sender.clone(), alert.identifier.clone(), alert.sent.to_string()),
            cap,
            hash: prepared.hash,
            prepared: shown,
            expires: prepared.expires,
            at: now.utc,
        };
        let (warning, state) = match self.store().submit(new).await? {
            Submitted::New => (id, State::Waiting),
            Submitted::Before(id) => {
                let state = self.store().warning(&id).await?.warning.state;
                (id, state)
            }
        };
        counter!("nadhir_submissions_total", "outcome" => "accepted").increment(1);
        self.board().tell();
        info!(warning, author = author.id, hash = %summary.hash, "a warning waits for another person");
        Ok(Issued { warning, state, summary })
    }

    /// Approves exactly what the hash binds. When it returns, the orders are durable and the relay is awake. The same
    /// person with the same hash again is answered as before.
    pub async fn approve(&self, by: &Person, warning: &str, hash: Digest) -> Result<Issued, IssueError> {
        let stored = self.store().warning(warning).await?;
        let now = self.clock().now();
        let again = matches!(&stored.warning.state, State::Approved { by: who, .. } if *who == by.id);
        // Judged as of the submission: what was right then is right now, except what the approval itself decides.
        let prepared = warning::prepare(&stored.cap, self.index(), stored.submitted_at)?;
        if prepared.hash != stored.warning.hash {
            // The regions or the rules are others than when it was submitted: what was seen is not what would be sent.
            return Err(StoreError::Refused(Refused::StaleHash).into());
        }
        let summary = prepared.summary();
        if again && hash == stored.warning.hash {
            return Ok(Issued { warning: warning.to_owned(), state: stored.warning.state, summary });
        }
        let committed = self.store().approve(self.approval(by, warning, hash, prepared, now)).await?;
        let zero = Now { utc: now.utc, tick: self.clock().tick(committed.at) };
        self.issued(warning, &committed.value, zero);
        let state = State::Approved { by: by.id.clone(), at: now.utc };
        info!(warning, by = by.id, orders = committed.value.orders.len(), "approved and durable");
        Ok(Issued { warning: warning.to_owned(), state, summary })
    }

    /// Everything the record needs to approve in one transaction.
    fn approval(
        &self,
        by: &Person,
        warning: &str,
        hash: Digest,
        prepared: Prepared,
        now: Now,
    ) -> Approval<impl FnOnce(&[serial::Serial]) -> Vec<u8> + Send + 'static> {
        let deliveries =
            self.operators().iter().map(|name| (name.clone(), format!("ord_{}", Uuid::now_v7())));
        Approval {
            warning: warning.to_owned(),
            by: by.id.clone(),
            hash,
            messages: prepared.encoded.messages.len(),
            extreme: prepared.is_extreme(),
            operators: deliveries.collect(),
            area: prepared.area_sha256,
            now,
            air: move |serials: &[serial::Serial]| {
                warning::air_cap(
                    &prepared.alert,
                    &prepared.rings,
                    prepared.channel,
                    &prepared.encoded,
                    serials,
                )
            },
        }
    }

    /// After the commit: the clock runs, the relays wake.
    fn issued(&self, warning: &str, approved: &Approved, zero: Now) {
        let operators = approved.orders.iter().map(|order| order.operator.as_str());
        self.board().put(warning, Tally::start(operators, zero));
        for order in &approved.orders {
            if let Some(wake) = self.wake(&order.operator) {
                wake.notify_one();
            }
        }
        let hub = self.clone();
        let id = warning.to_owned();
        tokio::spawn(async move { hub.keep_time(&id).await });
        counter!("nadhir_warnings_approved_total").increment(1);
        if let Some(order) = approved.orders.first() {
            let left = u32::try_from(approved.codes_left).unwrap_or(u32::MAX);
            gauge!("nadhir_message_codes_left", "class" => order.class.word()).set(left);
            if approved.codes_left <= serial::ALARM {
                warn!(left, class = order.class.word(), "message codes run out");
            }
        }
    }
}
