//! Submit and approve: what a person asks becomes durable here, before anybody sees "approved".

use super::Hub;
use crate::store::{
    Approval, Cancellation, NewWarning, Ordered, Person, SeenDraft, StoreError, StoredWarning, Submitted,
};
use metrics::{counter, gauge};
use nadhir_core::cap::{self, Alert, CapTime, Limits, MsgType};
use nadhir_core::cbs::Channel;
use nadhir_core::cbs::serial;
use nadhir_core::delivery::{Kind, Tally};
use nadhir_core::digest::Digest;
use nadhir_core::fault::Fault;
use nadhir_core::now::Now;
use nadhir_core::warning::{self, Prepared, Refusal, Refused, State, air};
use serde_json::Value;
use tracing::{info, warn};
use uuid::Uuid;

/// A warning after a submission or an approval.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Its id.
    pub warning: String,
    /// Where it stands.
    pub state: State,
    /// What an approval of it binds.
    pub hash: Digest,
    /// What a person is shown of it, as JSON: see `Summary`.
    pub summary: Value,
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

/// More updates of one warning are not named in its cancel: by then the first ones have expired.
const MOST_ANCESTORS: usize = 64;

impl Hub {
    /// What would be submitted: checked, covered and encoded as `submit` does it; nothing is recorded.
    pub async fn look(&self, cap: &[u8]) -> Result<Prepared, IssueError> {
        let predecessor = self.predecessor(cap).await?.map(|(_, channel)| channel);
        Ok(warning::prepare(cap, self.index(), self.clock().now().utc, predecessor)?)
    }

    /// Takes an author's CAP in. It waits for another person; nothing is sent.
    pub async fn submit(&self, author: &Person, cap: Vec<u8>) -> Result<Issued, IssueError> {
        self.hand_in(author, cap, None).await
    }

    /// The same of a draft, which is a draft no more. What is refused leaves the draft as it is.
    pub async fn hand_in(
        &self,
        author: &Person,
        cap: Vec<u8>,
        draft: Option<SeenDraft>,
    ) -> Result<Issued, IssueError> {
        let now = self.clock().now();
        let (updates, predecessor) = self.predecessor(&cap).await?.unzip();
        let prepared = warning::prepare(&cap, self.index(), now.utc, predecessor).inspect_err(|_| {
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
            updates,
            draft,
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
        self.board().tell_life();
        info!(warning, author = author.id, hash = %summary.hash, "a warning waits for another person");
        let summary = serde_json::to_value(&summary)
            .map_err(|e| StoreError::Damaged { what: "summary", why: e.to_string() })?;
        Ok(Issued { warning, state, hash: prepared.hash, summary })
    }

    /// Approves exactly what the hash binds. When it returns, the orders are durable and the relay is awake. The same
    /// person with the same hash again is answered as before.
    pub async fn approve(&self, by: &Person, warning: &str, hash: Digest) -> Result<Issued, IssueError> {
        let stored = self.store().warning(warning).await?;
        if !self.parts.settings.classes.contains(&stored.class) {
            // Submitted while live was on: it does not leave while live is off.
            return Err(IssueError::NotLive);
        }
        let now = self.clock().now();
        let again = matches!(&stored.warning.state, State::Approved { by: who, .. } if *who == by.id);
        let prepared = self.prepare_again(&stored).await?;
        if prepared.hash != stored.warning.hash {
            // The regions or the rules are others than when it was submitted: what was seen is not what would be sent.
            return Err(StoreError::Refused(Refused::StaleHash).into());
        }
        let summary = shown(&stored)?;
        if again && hash == stored.warning.hash {
            let (warning, state) = (warning.to_owned(), stored.warning.state);
            return Ok(Issued { warning, state, hash, summary });
        }
        let committed = self.store().approve(self.approval(by, warning, hash, prepared, now)).await?;
        let zero = Now { utc: now.utc, tick: self.clock().tick(committed.at) };
        self.ordered(warning, &committed.value, zero);
        counter!("nadhir_warnings_approved_total").increment(1);
        let state = State::Approved { by: by.id.clone(), at: now.utc };
        info!(warning, by = by.id, orders = committed.value.orders.len(), "approved and durable");
        Ok(Issued { warning: warning.to_owned(), state, hash, summary })
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
        Approval {
            warning: warning.to_owned(),
            by: by.id.clone(),
            hash,
            channel: prepared.channel,
            messages: prepared.encoded.messages.len(),
            operators: self.deliveries(),
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

    /// Judged as of the submission: what was right then is right now, except what the approval itself decides.
    async fn prepare_again(&self, stored: &StoredWarning) -> Result<Prepared, IssueError> {
        let predecessor = match &stored.warning.updates {
            Some(old) => self.channel_of(old).await?,
            None => None,
        };
        Ok(warning::prepare(&stored.cap, self.index(), stored.submitted_at, predecessor)?)
    }

    /// The warning in force that an update follows, with its channel; nothing for any other alert.
    async fn predecessor(&self, cap: &[u8]) -> Result<Option<(String, Channel)>, IssueError> {
        let (alert, _) = cap::read(cap, &Limits::oman());
        let Some(alert) = alert.filter(|alert| alert.msg_type == MsgType::Update) else { return Ok(None) };
        let mut why = "unknown here";
        for r in &alert.references {
            let sent = r.sent.to_string();
            if let Some(id) = self.store().by_triple(&r.sender, &r.identifier, &sent).await? {
                let state = self.store().warning(&id).await?.warning.state;
                match self.channel_of(&id).await? {
                    Some(channel) if state.is_in_force() => return Ok(Some((id, channel))),
                    Some(_) | None => why = state.word(),
                }
            }
        }
        let words = format!("the alert it updates is {why}: only a warning in force can be updated");
        Err(IssueError::Invalid(vec![Fault::error("warning.references", "alert/references", words)], false))
    }

    /// The channel a warning went out on; nothing if it never went out.
    async fn channel_of(&self, warning: &str) -> Result<Option<Channel>, StoreError> {
        let orders = self.store().orders(warning).await?;
        Ok(orders.first().and_then(|o| {
            let (alert, _) = cap::read(o.order.cap.as_bytes(), &Limits::cap());
            Some(air::messages(&alert?).ok()?.first()?.channel)
        }))
    }

    /// Stops a warning, by one person. When it returns, the orders to all who were told are durable and on their way.
    pub async fn cancel(&self, by: &Person, warning: &str) -> Result<Issued, IssueError> {
        let stored = self.store().warning(warning).await?;
        let now = self.clock().now();
        let (alert, faults) = cap::read(&stored.cap, &Limits::cap());
        let alert = alert.ok_or(IssueError::Invalid(faults, false))?;
        let before = self.ancestors(&stored).await?;
        let own = format!("{}.0", alert.identifier);
        let cap = warning::cancel_cap(&alert, &before, own, CapTime::muscat(now.utc));
        let cap =
            String::from_utf8(cap).map_err(|e| StoreError::Damaged { what: "CAP", why: e.to_string() })?;
        let cancellation = Cancellation {
            warning: warning.to_owned(),
            by: by.id.clone(),
            cap,
            operators: self.deliveries(),
            now,
        };
        let committed = self.store().cancel(cancellation).await?;
        let zero = Now { utc: now.utc, tick: self.clock().tick(committed.at) };
        counter!("nadhir_warnings_cancelled_total").increment(1);
        info!(warning, by = by.id, orders = committed.value.orders.len(), "cancelled and durable");
        self.ordered(warning, &committed.value, zero);
        Ok(Issued {
            warning: warning.to_owned(),
            state: State::Cancelled { by: by.id.clone(), at: now.utc },
            hash: stored.warning.hash,
            summary: shown(&stored)?,
        })
    }

    /// What an update took the place of, and what that did, newest first.
    async fn ancestors(&self, stored: &StoredWarning) -> Result<Vec<Alert>, StoreError> {
        let mut found = Vec::new();
        let mut next = stored.warning.updates.clone();
        while let Some(id) = next.filter(|_| found.len() < MOST_ANCESTORS) {
            let old = self.store().warning(&id).await?;
            found.extend(cap::read(&old.cap, &Limits::cap()).0);
            next = old.warning.updates;
        }
        Ok(found)
    }

    fn deliveries(&self) -> Vec<(String, String)> {
        self.operators().iter().map(|name| (name.clone(), format!("ord_{}", Uuid::now_v7()))).collect()
    }

    /// After the commit: the clock runs, the relays wake.
    fn ordered(&self, warning: &str, ordered: &Ordered, zero: Now) {
        // What nobody was told of has ended without an order: whoever looks at it is told of that too.
        let Some(first) = ordered.orders.first() else { return self.board().tell_life() };
        let (kind, class) = (first.kind, first.class.word());
        let operators = ordered.orders.iter().map(|order| order.operator.as_str());
        self.board().put(warning, Tally::start(kind, operators, zero));
        for order in &ordered.orders {
            if let Some(wake) = self.wake(&order.operator) {
                wake.notify_one();
            }
        }
        let (hub, id) = (self.clone(), warning.to_owned());
        tokio::spawn(async move { hub.keep_time(&id, kind).await });
        if kind != Kind::Cancel {
            let left = u32::try_from(ordered.codes_left).unwrap_or(u32::MAX);
            gauge!("nadhir_message_codes_left", "class" => class).set(left);
            if ordered.codes_left <= serial::ALARM {
                warn!(left, class, "message codes run out");
            }
        }
    }
}

/// What a person was shown when it was submitted.
fn shown(stored: &StoredWarning) -> Result<Value, StoreError> {
    serde_json::from_str(&stored.prepared)
        .map_err(|e| StoreError::Damaged { what: "summary", why: e.to_string() })
}
