//! Submit and approve: what a person asks becomes durable here, before anybody sees "approved".

use super::Hub;
use super::references::alert_of;
use crate::store::{
    Approval, Cancellation, NewWarning, Ordered, Person, SeenDraft, StoreError, StoredWarning, Submitted,
};
use metrics::{counter, gauge};
use nadhir_core::cap::{CapTime, Reference};
use nadhir_core::cbs::{self, Authority, Channel, Choice, Class, Given, Rules, Text, serial};
use nadhir_core::delivery::{Kind, Tally};
use nadhir_core::digest::Digest;
use nadhir_core::fault::Fault;
use nadhir_core::now::Now;
use nadhir_core::warning::{self, Prepared, Refusal, Refused, State, Terms};
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
    /// A cancel of alerts that nobody here knows.
    #[error("nobody here knows {}: nothing was stopped", .0.join(" "))]
    UnknownAlert(Vec<String>),
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

/// The CAP parameter of a drill that names the operators who take part, spaces between; without it all do. A live warning
/// goes to every operator whatever it says.
pub const PARTICIPANTS: &str = "nadhir:operators";

impl Hub {
    /// What would be submitted: checked, covered and encoded as `submit` does it; nothing is recorded.
    pub async fn look(&self, author: &str, cap: &[u8]) -> Result<Prepared, IssueError> {
        let predecessor = self.predecessor(cap).await?;
        let terms = self.terms(author, predecessor.as_ref().map(|p| p.channel));
        let mut prepared =
            warning::prepare(cap, self.profile(), self.index(), self.clock().now().utc, &terms)?;
        prepared.warnings.extend(predecessor.into_iter().flat_map(|p| p.warnings));
        self.store().name_is_free(&Reference::of(&prepared.alert)).await?;
        Ok(prepared)
    }

    /// What each layout of these texts would cost, while they are written.
    pub fn layouts(&self, texts: &[Text], rules: &Rules) -> Vec<Choice> {
        let allowed = self.parts.settings.house.allowed.clone();
        cbs::choices(texts, &Rules { allowed, ..rules.clone() })
    }

    /// What is known of an author's warning beside its document.
    fn terms(&self, author: &str, predecessor: Option<Channel>) -> Terms {
        let house = &self.parts.settings.house;
        let trusted = house.trusted.iter().any(|person| person == author);
        let authority = if trusted { Authority::Warning } else { Authority::Table };
        let given = Given { predecessor, authority, test_ordered: false };
        Terms { given, allowed: house.allowed.clone() }
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
        let predecessor = self.predecessor(&cap).await?;
        let terms = self.terms(&author.id, predecessor.as_ref().map(|p| p.channel));
        let mut prepared = warning::prepare(&cap, self.profile(), self.index(), now.utc, &terms)
            .inspect_err(|_| {
                counter!("nadhir_submissions_total", "outcome" => "refused").increment(1);
            })?;
        let updates = predecessor.map(|p| {
            prepared.warnings.extend(p.warnings);
            p.id
        });
        let class = prepared.channel.class();
        if !self.sends(class) {
            return Err(IssueError::NotLive);
        }
        if self.participants(&prepared).is_empty() {
            let words =
                format!("none of the operators it names is one here: {}", self.operators().join(", "));
            return Err(IssueError::Invalid(
                vec![Fault::error("drill.operator.unknown", PARTICIPANTS, words)],
                false,
            ));
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
        if !self.sends(stored.class) {
            // Submitted while live was on: it does not leave while live is off.
            return Err(IssueError::NotLive);
        }
        let now = self.clock().now();
        let again = matches!(&stored.warning.state, State::Approved { by: who, .. } if *who == by.id);
        let mut prepared = self.prepare_again(&stored).await?;
        if prepared.hash != stored.warning.hash {
            // The regions or the rules are others than when it was submitted: what was seen is not what would be sent.
            return Err(StoreError::Refused(Refused::StaleHash).into());
        }
        let summary = shown(&stored)?;
        if again && hash == stored.warning.hash {
            let (warning, state) = (warning.to_owned(), stored.warning.state);
            return Ok(Issued { warning, state, hash, summary });
        }
        if let Some(old) = &stored.warning.updates {
            // Whoever missed the newest still knows an older one: an update names them all (CAP 1.2, 3.2.1).
            let named = &mut prepared.alert.references;
            let more = self.references_to(old).await?.into_iter().filter(|r| !named.contains(r));
            named.extend(more.collect::<Vec<_>>());
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
            operators: self.participants(&prepared),
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
        let terms = self.terms(&stored.warning.author, predecessor);
        Ok(warning::prepare(&stored.cap, self.profile(), self.index(), stored.submitted_at, &terms)?)
    }

    /// Stops a warning, by one person. When it returns, the orders to all who were told are durable and on their way.
    pub async fn cancel(&self, by: &Person, warning: &str) -> Result<Issued, IssueError> {
        let stored = self.store().warning(warning).await?;
        if !self.sends(stored.class) {
            // Nothing live leaves where live is off, a stop neither: nobody is told it was cancelled while it is on air.
            return Err(IssueError::NotLive);
        }
        let now = self.clock().now();
        let alert = alert_of(&stored)?;
        let named = self.references_to(warning).await?;
        let own = format!("{}.0", alert.identifier);
        let cap = warning::cancel_cap(&alert, named, own, CapTime::muscat(now.utc));
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

    /// Whom an approval orders from: everybody, but for a drill that names those who take part.
    fn participants(&self, prepared: &Prepared) -> Vec<(String, String)> {
        let named = prepared.alert.infos.first().and_then(|info| info.parameter(PARTICIPANTS));
        let takes_part = |name: &str| match (prepared.channel.class(), named) {
            (Class::Live, _) | (Class::Drill, None) => true,
            (Class::Drill, Some(named)) => named.split_whitespace().any(|own| own == name),
        };
        self.deliveries().into_iter().filter(|(name, _)| takes_part(name)).collect()
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
            if let Some(wake) = self.wake(&order.operator, order.class) {
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
