//! Alerts of other authorities in: seen once, made a draft, shown with faults and losses. Nothing here can send.

use super::Hub;
use super::issue::IssueError;
use crate::people::senders;
use crate::store::{Came, Person};
use nadhir_core::cap::chain::Message;
use nadhir_core::cap::{self, CapTime, Chains, Limits, MsgType, Reference};
use nadhir_core::fault::Fault;
use nadhir_core::warning::{Intake, Own, intake};
use tracing::info;
use uuid::Uuid;

/// So many earlier messages of a sender are held against its new one.
const REMEMBERED: u32 = 512;

/// An alert that was taken in.
#[derive(Debug)]
pub struct TakenIn {
    /// Its id here.
    pub id: String,
    /// What it came to.
    pub intake: Intake,
    /// The intakes it updates, cancels or answers.
    pub names: Vec<String>,
    /// The draft that is kept for the desk, where one came of it just now.
    pub kept: Option<String>,
}

impl Hub {
    /// Takes in an alert of another authority. It is kept as it came, and seen once; its draft is kept among the desk's
    /// drafts, and waits for a person.
    ///
    /// Refused, and not kept: what cannot be read, a message that was seen before, one whose references go in a circle,
    /// to itself or to what was sent later, and a cancel or an answer that names nothing that came.
    pub async fn take_alert_in(&self, by: &Person, bytes: Vec<u8>) -> Result<TakenIn, IssueError> {
        let now = self.clock().now().utc;
        let id = format!("int_{}", Uuid::now_v7());
        let (made, bytes) = self.made(id.clone(), bytes).await?;
        let Some(original) = made.original.clone() else {
            return Err(IssueError::Invalid(made.faults, false));
        };
        if self.store().by_triple(&original).await?.is_some() {
            let words = format!("{original} is a warning of this hub");
            let fault = Fault::error("intake.own", "alert/identifier", words);
            return Err(IssueError::Invalid(vec![fault], false));
        }
        let names = self.linked(&bytes, &original).await?;
        let came = Came { id: id.clone(), by: by.id.clone(), cap: bytes, at: now };
        let draft = made.draft.as_ref().map(|draft| (format!("drf_{}", Uuid::now_v7()), cap::write(draft)));
        let kept = draft.as_ref().map(|(id, _)| id.clone());
        self.store().take_in(came, original.clone(), draft).await?;
        self.board().tell();
        let losses = made.losses.len();
        info!(intake = id, by = by.id, original = %original, draft = kept, losses, "an alert of another authority came");
        Ok(TakenIn { id, intake: made, names, kept })
    }

    /// One that was taken in, judged as of now.
    pub async fn taken_in(&self, id: &str) -> Result<Option<TakenIn>, IssueError> {
        let Some(came) = self.store().came(id).await? else { return Ok(None) };
        let (intake, _) = self.made(came.id, came.cap).await?;
        Ok(Some(TakenIn { id: id.to_owned(), intake, names: vec![], kept: None }))
    }

    /// Off the runtime's threads: a large area takes its time. The draft's identifier is the intake's own, for ever.
    async fn made(&self, id: String, bytes: Vec<u8>) -> Result<(Intake, Vec<u8>), IssueError> {
        let (hub, now) = (self.clone(), self.clock().now().utc);
        let work = move || {
            let arc = &hub.profile().identifier_arc;
            let own = Own {
                identifier: draft_identifier(arc, &id, now.format("%Y%m%d%H%M%S").to_string().as_str()),
                sender: senders::DESK.to_owned(),
                sent: CapTime::muscat(now),
            };
            (intake(&bytes, &own, hub.profile(), hub.index(), now), bytes)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| crate::store::StoreError::Closed.into())
    }

    /// What it names of what came before, or why it cannot be.
    async fn linked(&self, bytes: &[u8], original: &Reference) -> Result<Vec<String>, IssueError> {
        let now = self.clock().now().utc;
        let (Some(alert), _) = cap::read(bytes, &Limits::cap()) else { return Ok(vec![]) };
        let mut before = self.store().came_from(Some(&original.sender), REMEMBERED).await?;
        before.reverse();
        let mut chains = Chains::default();
        let mut known: Vec<(Reference, String)> = Vec::new();
        for came in before {
            if let (Some(earlier), _) = cap::read(&came.cap, &Limits::cap()) {
                known.push((Reference::of(&earlier), came.id));
                chains.keep(Message::of(&earlier));
            }
        }
        let named = known.iter().filter(|(id, _)| alert.references.contains(id)).map(|(_, id)| id.clone());
        let names: Vec<String> = named.collect();
        let faults = chains.admit(Message::of(&alert), now).err().unwrap_or_default();
        // An update whose beginning never came warns all the same; so does one of what has ended here.
        let grave = |f: &&Fault| {
            f.is_error()
                && !(alert.msg_type == MsgType::Update
                    && ["chain.unknown", "chain.over"].contains(&f.code.as_str()))
        };
        let grave: Vec<Fault> = faults.iter().filter(grave).cloned().collect();
        if let Some(intake) = known.iter().find(|(id, _)| id == original).map(|(_, id)| id.clone()) {
            return Err(crate::store::StoreError::CameBefore { intake }.into());
        }
        if grave.iter().any(|f| f.code == "chain.unknown") {
            return Err(IssueError::UnknownAlert(alert.references.iter().map(ToString::to_string).collect()));
        }
        if grave.is_empty() { Ok(names) } else { Err(IssueError::Invalid(grave, false)) }
    }
}

/// Under the country's arc: the time, and digits of the intake's own id so that two of one second differ.
fn draft_identifier(arc: &str, id: &str, time: &str) -> String {
    let tail: u32 =
        id.bytes().rev().take(9).fold(0, |n, octet| n.wrapping_mul(36).wrapping_add(u32::from(octet)));
    format!("{arc}0.{time}.{tail}")
}
