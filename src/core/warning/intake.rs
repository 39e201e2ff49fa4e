//! An alert of another authority as a draft for Oman: what would go on, what stands in its way, what would be lost.
//!
//! Nothing here can be sent: a draft is a document for a person, who submits it as their own, and another approves it.

use super::foreign::Manner;
use super::prepare::{Summary, Terms, prepare};
use super::reshape::reshape;
use super::texts::{kept, one};
use super::understood::{Understood, understood};
use crate::area::Index;
use crate::cap::chain::Message;
use crate::cap::{self, Alert, CapTime, MsgType, National, Profile, Reference, Scope, Status, Version};
use crate::fault::Fault;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

/// Who takes it in: the head of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The draft's identifier.
    pub identifier: String,
    /// The sender of Oman's warnings.
    pub sender: String,
    /// When the draft is made.
    pub sent: CapTime,
}

impl Own {
    /// A draft of a country's own: under its arc, in its time. `number` tells apart what is made in one second.
    pub fn new(profile: &National, sender: &str, now: DateTime<Utc>, number: u32) -> Own {
        Own {
            identifier: profile.identifier(0, now, number),
            sender: sender.to_owned(),
            sent: CapTime::muscat(now),
        }
    }
}

/// What the draft does not carry, or carries otherwise than it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Stable, dotted: `loss.language`, `changed.headline`.
    pub code: &'static str,
    /// Where in the alert that came.
    pub place: String,
    /// In words.
    pub message: String,
}

/// What became of an alert that came.
#[derive(Debug, Clone)]
pub struct Intake {
    /// Whether it was well-formed XML within bounds.
    pub readable: bool,
    /// In whose manner it is written.
    pub manner: Option<Manner>,
    /// Its name, its nature and what it speaks of.
    pub original: Option<Message>,
    /// What it calls itself: the name of its sender, or its source.
    pub source: Option<String>,
    /// Its own faults as CAP, and why it becomes no draft.
    pub faults: Vec<Fault>,
    /// The draft; none if it is nothing that warns the public.
    pub draft: Option<Alert>,
    /// What would refuse the draft today, or what its author should know.
    pub draft_faults: Vec<Fault>,
    /// What phones would show, if nothing refuses the draft.
    pub summary: Option<Summary>,
    /// What would be lost.
    pub losses: Vec<Loss>,
}

impl Intake {
    /// As the API and the command line tell it; the draft as CAP.
    pub fn report(&self) -> Value {
        let draft = self.draft.as_ref().map(|draft| String::from_utf8_lossy(&cap::write(draft)).into_owned());
        json!({
            "readable": self.readable,
            "manner": self.manner,
            "original": self.original.as_ref().map(|message| message.id.to_string()),
            "source": self.source,
            "faults": self.faults,
            "draft": draft,
            "draft_faults": self.draft_faults,
            "losses": self.losses,
            "summary": self.summary,
        })
    }
}

/// Makes a draft of another authority's alert. `now` judges what depends on the clock.
pub fn intake(bytes: &[u8], own: &Own, profile: &National, index: &Index, now: DateTime<Utc>) -> Intake {
    let mut losses = Vec::new();
    let verdict = cap::verdict(bytes, Profile::Cap);
    let (readable, mut faults) = (verdict.readable, verdict.faults.clone());
    let extensions = verdict.extensions.clone();
    let Some(Understood { alert, gaps }) = understood(bytes, verdict, &mut losses) else {
        let (manner, original, draft, draft_faults, summary) = (None, None, None, vec![], None);
        let source = None;
        return Intake {
            readable,
            manner,
            original,
            source,
            faults,
            draft,
            draft_faults,
            summary,
            losses: vec![],
        };
    };
    let unread = faults.iter().filter(|fault| fault.code == "cap.value.feet");
    for fault in unread {
        lose(&mut losses, "loss.altitude", fault.path(), fault.message.as_str());
    }
    for extension in extensions.iter().filter(|extension| extension.name != "Signature") {
        let why = format!(
            "{} is no element of CAP, or stands where CAP has none: it is not carried on",
            extension.name
        );
        lose(&mut losses, "loss.extension", &extension.within, why);
    }
    faults.extend(no_draft(&alert));
    faults.extend(cap::still_current(&alert, profile, now));
    // A document with a fault of level error may still be understood: a person mends the draft. What may not be shown
    // to the public, or is no warning, becomes none.
    let barred = faults.iter().any(|f| f.is_error() && f.code.starts_with("intake."));
    let draft = (!barred).then(|| drafted(&alert, &gaps, own, profile, index, &mut losses));
    if signed(bytes) {
        lose(&mut losses, "loss.signature", "alert", "its signature: it signs what came, not the draft");
    }
    // By the strictest terms; those of whoever submits it are asked then.
    let judge = |d: &Alert| prepare(&cap::write(d), profile, index, now, &Terms::default());
    let (draft_faults, summary) = match draft.as_ref().map(judge) {
        Some(Ok(prepared)) => (prepared.warnings.clone(), Some(prepared.summary())),
        Some(Err(refusal)) => (refusal.faults, None),
        None => (vec![], None),
    };
    Intake {
        readable,
        manner: Some(Manner::of(&alert)),
        original: Some(Message::of(&alert)),
        source: alert.infos.iter().find_map(|info| info.sender_name.clone()).or_else(|| alert.source.clone()),
        faults,
        draft,
        draft_faults,
        summary,
        losses,
    }
}

/// Why an alert is none that warns the public.
fn no_draft(alert: &Alert) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut bar = |code: &str, place: &str, why: String| faults.push(Fault::error(code, place, why));
    match alert.msg_type {
        MsgType::Alert | MsgType::Update => {}
        MsgType::Cancel | MsgType::Ack | MsgType::Error => bar(
            "intake.msg_type",
            "alert/msgType",
            format!("a {} warns of nothing: look at what it names, and decide yourself", alert.msg_type),
        ),
    }
    match alert.status {
        Status::Actual | Status::Exercise => {}
        Status::System | Status::Test | Status::Draft => bar(
            "intake.status",
            "alert/status",
            format!("status {}: it is not meant for the public", alert.status),
        ),
    }
    match alert.scope {
        Scope::Public => {}
        Scope::Restricted | Scope::Private => {
            bar("intake.scope", "alert/scope", format!("scope {}: it may not be published", alert.scope));
        }
    }
    if alert.infos.is_empty() {
        bar("intake.empty", "alert/info", "there is no info: nothing to warn of".to_owned());
    }
    faults
}

pub(super) fn lose(losses: &mut Vec<Loss>, code: &'static str, place: &str, message: impl Into<String>) {
    losses.push(Loss { code, place: place.to_owned(), message: message.into() });
}

fn drafted(
    alert: &Alert,
    gaps: &[String],
    own: &Own,
    profile: &National,
    index: &Index,
    losses: &mut Vec<Loss>,
) -> Alert {
    head(alert, losses);
    let kept = kept(alert, gaps, profile, losses);
    // All languages of a warning speak of one place: the first's.
    let areas = kept
        .first()
        .map(|(place, info)| reshape(&info.areas, place, profile, index, losses))
        .unwrap_or_default();
    let infos = kept
        .iter()
        .map(|(place, info)| {
            let mut areas = areas.clone();
            for (n, area) in areas.iter_mut().enumerate() {
                if let Some(words) = info.areas.get(n) {
                    area.area_desc.clone_from(&words.area_desc);
                }
            }
            one(info, areas, place, profile, losses)
        })
        .collect();
    Alert {
        version: Version::V1_2,
        identifier: own.identifier.clone(),
        sender: own.sender.clone(),
        sent: own.sent,
        status: alert.status,
        msg_type: MsgType::Alert,
        source: None,
        scope: Scope::Public,
        restriction: None,
        addresses: vec![],
        codes: vec![],
        note: alert.note.clone().filter(|_| alert.status == Status::Exercise),
        references: vec![],
        incidents: vec![],
        infos,
    }
}

fn head(alert: &Alert, losses: &mut Vec<Loss>) {
    let from = format!("sender, identifier and sent: they were {}", Reference::of(alert));
    lose(losses, "changed.name", "alert", from);
    if alert.version == Version::V1_1 {
        lose(losses, "changed.version", "alert", "CAP 1.1 becomes CAP 1.2");
    }
    if alert.msg_type == MsgType::Update {
        lose(losses, "changed.msg_type", "alert/msgType", "an Update of theirs begins a warning of ours");
    }
    for (what, there) in [
        ("source", alert.source.is_some()),
        ("restriction", alert.restriction.is_some()),
        ("note", alert.note.is_some() && alert.status != Status::Exercise),
        ("code", !alert.codes.is_empty()),
        ("references", !alert.references.is_empty()),
        ("incidents", !alert.incidents.is_empty()),
        ("addresses", !alert.addresses.is_empty()),
    ] {
        if there {
            lose(losses, "loss.head", &format!("alert/{what}"), format!("{what} is not carried on"));
        }
    }
}

/// Whether it carries an XML signature.
fn signed(bytes: &[u8]) -> bool {
    let mark = b"http://www.w3.org/2000/09/xmldsig#";
    bytes.windows(mark.len()).any(|window| window == mark)
}
