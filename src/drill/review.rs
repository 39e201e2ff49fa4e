//! A drill's evidence from the hub's own record, at any time after it: the same report, whoever ran the drill.

use super::evidence::{Evidence, Person, Phones, Record};
use super::mode::Mode;
use super::plan::UNNAMED;
use super::run::Ended;
use super::tell::tell;
use crate::dispatch::Hub;
use crate::store::{DrillSigned, StoreError};
use nadhir_core::cap::{self, Limits};
use nadhir_core::cbs::Class;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NoReport {
    /// It never was, or is a live warning.
    #[error("{0} is no drill known here")]
    NotADrill(String),
    /// Nobody approved it, or operators still answer.
    #[error(
        "{0} is not over: its report is there once every operator has answered or its ten seconds are over"
    )]
    NotOver(String),
    /// The record.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the hub says of it is not understood.
    #[error("the drill cannot be read from the record: {0}")]
    Form(#[from] serde_json::Error),
}

/// The evidence of a drill and, if there was one, of the drill before it. `phones`: who counted them, if anybody did.
pub async fn review(
    hub: &Hub,
    id: &str,
    mode: Mode,
    phones: impl Fn(&str) -> Option<Phones>,
) -> Result<Evidence, NoReport> {
    let signed = match hub.store().drill_signed(id).await? {
        Some(signed) => signed,
        None if known(hub, id).await? => return Err(NoReport::NotOver(id.to_owned())),
        None => return Err(NoReport::NotADrill(id.to_owned())),
    };
    let verified = hub.store().verify().await?;
    let record = match verified {
        Ok(whole) => {
            Record { verified: true, events: Some(whole.events), head: Some(whole.head.to_string()) }
        }
        Err(_) => Record { verified: false, events: None, head: None },
    };
    let last = match hub.store().drill_before(id).await? {
        Some((before, by)) => match one(hub, &before, by, mode, record.clone(), &phones).await {
            Ok(before) => Some(before.as_last()),
            Err(NoReport::NotOver(_)) => None,
            Err(e) => return Err(e),
        },
        None => None,
    };
    let evidence = one(hub, id, signed, mode, record, &phones).await?;
    Ok(Evidence { last, ..evidence })
}

async fn known(hub: &Hub, id: &str) -> Result<bool, StoreError> {
    match hub.store().warning(id).await {
        Ok(stored) => Ok(stored.class == Class::Drill),
        Err(StoreError::NoWarning(_)) => Ok(false),
        Err(e) => Err(e),
    }
}

async fn one(
    hub: &Hub,
    id: &str,
    signed: DrillSigned,
    mode: Mode,
    record: Record,
    phones: &impl Fn(&str) -> Option<Phones>,
) -> Result<Evidence, NoReport> {
    let view = hub.view(id).await?;
    if !view.settled {
        return Err(NoReport::NotOver(id.to_owned()));
    }
    let mut view = serde_json::to_value(view)?;
    // A warning that ended since tells who ended it; a report tells who approved it.
    view["by"] = signed.approver.id.clone().into();
    view["at"] = serde_json::to_value(signed.at)?;
    let stored = hub.store().warning(id).await?;
    let note = cap::read(&stored.cap, &Limits::cap()).0.and_then(|alert| alert.note);
    let name = note.filter(|note| note != UNNAMED).unwrap_or_default();
    let ended = Ended::read(view)?;
    let mut evidence = tell(ended, record, &name, hub.index(), mode, hub.clock().now().utc);
    let person = |person: crate::store::Person| Person { id: person.id, name: Some(person.name) };
    evidence.who.author = person(signed.author);
    evidence.who.approver = person(signed.approver);
    evidence.phones = phones(id);
    Ok(evidence)
}
