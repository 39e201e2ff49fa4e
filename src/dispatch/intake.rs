//! Alerts of other authorities in: seen once, made a draft, shown with faults and losses. Nothing here can send.

use super::Hub;
use super::issue::IssueError;
use crate::store::{Came, CameMessage, DraftContent, DraftKind, Person, StoreError, Title};
use chrono::{DateTime, Utc};
use nadhir_core::cap::chain::Message;
use nadhir_core::cap::{self, Alert, CapTime, Chains, MsgType, Reference};
use nadhir_core::fault::Fault;
use nadhir_core::warning::{Intake, Loss, Own, intake};
use std::collections::HashSet;
use tracing::info;
use uuid::Uuid;

/// So many earlier messages of a sender are held against its new one.
const REMEMBERED: u32 = 512;

/// So many others of the same name are told, the newest.
const NAMESAKES: u32 = 8;

/// What ids begin with: of what came, and of the draft that was made of it.
const INTAKE: &str = "int_";
const DRAFT: &str = "drf_";

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
    /// to itself or to what was sent later, and a cancel or an answer that names nothing that came. A name that its sender
    /// gave before is told, and refuses nothing: a fault of form is no reason to miss a neighbour's warning.
    pub async fn take_alert_in(&self, by: &Person, bytes: Vec<u8>) -> Result<TakenIn, IssueError> {
        let now = self.clock().now().utc;
        let id = format!("{INTAKE}{}", Uuid::now_v7());
        let (made, bytes) = self.made(id.clone(), bytes).await?;
        let Some(original) = made.original.clone() else {
            return Err(IssueError::Invalid(made.faults, false));
        };
        if self.store().by_triple(&original.id).await?.is_some() {
            let words = format!("{} is a warning of this hub", original.id);
            let fault = Fault::error("intake.own", "alert/identifier", words);
            return Err(IssueError::Invalid(vec![fault], false));
        }
        self.store().name_is_free(&original.id).await?;
        let names = self.linked(original.clone()).await?;
        let came = Came { id: id.clone(), by: by.id.clone(), cap: bytes, at: now };
        let draft = made.draft.as_ref().map(|draft| {
            let content = DraftContent { kind: DraftKind::Cap, body: cap::write(draft), title: title(draft) };
            (draft_of(&id), content)
        });
        let kept = draft.as_ref().map(|(id, _)| id.clone());
        self.store().take_in(came, original.clone(), draft).await?;
        self.board().tell();
        let losses = made.losses.len();
        info!(intake = id, by = by.id, original = %original.id, draft = kept, losses, "an alert of another authority came");
        Ok(TakenIn { id, intake: made, names, kept })
    }

    /// One that was taken in, judged as of now.
    pub async fn taken_in(&self, id: &str) -> Result<Option<TakenIn>, IssueError> {
        let Some(came) = self.store().came(id).await? else { return Ok(None) };
        let (intake, _) = self.made(came.id, came.cap).await?;
        Ok(Some(TakenIn { id: id.to_owned(), intake, names: vec![], kept: None }))
    }

    /// What a draft was made of, judged as of now, and its octets; none if it was begun at the desk.
    pub async fn origin(&self, draft: &str) -> Result<Option<(TakenIn, Vec<u8>)>, IssueError> {
        let Some(number) = draft.strip_prefix(DRAFT) else { return Ok(None) };
        let Some(came) = self.store().came(&format!("{INTAKE}{number}")).await? else { return Ok(None) };
        let (intake, cap) = self.made(came.id.clone(), came.cap).await?;
        Ok(Some((TakenIn { id: came.id, intake, names: vec![], kept: None }, cap)))
    }

    /// Off the runtime's threads: a large area takes its time. The draft's identifier is the intake's own, for ever.
    async fn made(&self, id: String, bytes: Vec<u8>) -> Result<(Intake, Vec<u8>), IssueError> {
        let (hub, now) = (self.clone(), self.clock().now().utc);
        let (mut made, bytes) = aside(move || {
            let own = Own::new(hub.profile(), &hub.profile().desk_sender, now, number(&id));
            (intake(&bytes, &own, hub.profile(), hub.index(), now), bytes)
        })
        .await?;
        if let Some(original) = &made.original {
            let others = self.store().namesakes(&original.id, NAMESAKES).await?;
            made.losses.extend(others.iter().map(name_again));
        }
        Ok((made, bytes))
    }

    /// What it names of what came before, or why it cannot be.
    async fn linked(&self, original: Message) -> Result<Vec<String>, IssueError> {
        let now = self.clock().now().utc;
        let before = self.store().came_from(Some(&original.id.sender), REMEMBERED).await?;
        aside(move || link(original, before, now)).await?
    }
}

/// Another message has its sender and identifier: whoever reads it has to see whether the one takes the other's place.
fn name_again(other: &CameMessage) -> Loss {
    let message = format!(
        "{} has the same sender and identifier, was sent {} and came {}: an identifier is given once, so see whether \
         one of them takes the other's place",
        other.id,
        other.message.id.sent,
        CapTime::muscat(other.at)
    );
    Loss { code: "changed.name_again", place: "alert/identifier".to_owned(), message }
}

/// The draft of an intake bears its number: from the one to the other there is no search.
fn draft_of(intake: &str) -> String {
    format!("{DRAFT}{}", intake.trim_start_matches(INTAKE))
}

/// Runs what takes its time off the runtime's threads.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, IssueError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed.into())
}

/// What a message names of what came before it, newest first.
fn link(message: Message, before: Vec<CameMessage>, now: DateTime<Utc>) -> Result<Vec<String>, IssueError> {
    let named: HashSet<&Reference> = message.references.iter().collect();
    let known = before.iter().rev();
    let names = known.filter(|came| named.contains(&came.message.id)).map(|came| came.id.clone()).collect();
    if let Some(came) = before.iter().find(|came| came.message.id == message.id) {
        return Err(StoreError::CameBefore { intake: came.id.clone() }.into());
    }
    let (msg_type, references) = (message.msg_type, message.references.clone());
    // A sender that gives a name twice names by it what was sent before; only what was not sent before is itself.
    let same = |r: &&Reference| r.sender == message.id.sender && r.identifier == message.id.identifier;
    let names_itself = references.iter().filter(same).any(|r| r.sent >= message.id.sent);
    let mut chains = Chains::default();
    for came in before.into_iter().rev() {
        chains.keep(came.message);
    }
    let mut faults = chains.admit(message, now).err().unwrap_or_default();
    // An update whose beginning never came warns all the same; so does one of what has ended here.
    faults.retain(|f| {
        let begins =
            msg_type == MsgType::Update && ["chain.unknown", "chain.over"].contains(&f.code.as_str());
        let earlier = f.code == "chain.reference.self" && !names_itself;
        f.is_error() && !begins && !earlier
    });
    if faults.iter().any(|f| f.code == "chain.unknown") {
        return Err(IssueError::UnknownAlert(references.iter().map(Reference::to_string).collect()));
    }
    if faults.is_empty() { Ok(names) } else { Err(IssueError::Invalid(faults, false)) }
}

/// What lists call an alert: its headline in each language, or the first there is.
fn title(alert: &Alert) -> Title {
    let of = |language| alert.headline(language).unwrap_or_default().to_owned();
    Title { ar: of("ar"), en: of("en") }
}

/// Digits of the intake's own id, so that two of one second differ.
fn number(id: &str) -> u32 {
    id.bytes().rev().take(9).fold(0, |n, octet| n.wrapping_mul(36).wrapping_add(u32::from(octet)))
}
