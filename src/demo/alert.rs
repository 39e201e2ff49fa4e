//! The demonstration's alert, and its update: written as if now, texts included.

use chrono::{DateTime, TimeDelta, Utc};
use nadhir_core::cap::{self, Alert, CapTime, Limits, MsgType, Reference};

/// The template of the demonstration's warning; its times are made new at each run.
const TEMPLATE: &[u8] = include_bytes!("../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml");
/// How long the demonstration's warning is in force.
const LASTS: TimeDelta = TimeDelta::hours(6);

/// The demonstration's warning as if it were written now, or another one as it is.
pub fn warning(cap: Option<&[u8]>, now: DateTime<Utc>) -> Vec<u8> {
    if let Some(given) = cap {
        return given.to_vec();
    }
    let (alert, _) = cap::read(TEMPLATE, &Limits::cap());
    let (Some(mut alert), Ok(profile)) = (alert, crate::run::profile()) else { return TEMPLATE.to_vec() };
    let sent = CapTime::muscat(now);
    alert.identifier = profile.identifier(0, now, 1);
    retime(&mut alert, sent, CapTime::muscat(now + LASTS));
    cap::write(&alert)
}

/// An update of a CAP that was sent: the same warning, an hour longer.
pub fn update(cap: &[u8], now: DateTime<Utc>) -> Vec<u8> {
    let (alert, _) = cap::read(cap, &Limits::cap());
    let Some(mut alert) = alert else { return cap.to_vec() };
    let expires = alert.infos.first().and_then(|info| info.expires).map_or(now, CapTime::utc);
    alert.references = vec![Reference {
        sender: alert.sender.clone(),
        identifier: alert.identifier.clone(),
        sent: alert.sent,
    }];
    alert.identifier = format!("{}.2", alert.identifier);
    alert.msg_type = MsgType::Update;
    retime(&mut alert, CapTime::muscat(now), CapTime::muscat(expires + TimeDelta::hours(1)));
    cap::write(&alert)
}

/// Moves an alert to other times, those in its texts included: a second SIM drops a body it has shown within a day.
fn retime(alert: &mut Alert, begin: CapTime, end: CapTime) {
    let was_end = alert.infos.first().and_then(|info| info.expires).unwrap_or(alert.sent);
    let words = [(day(alert.sent), day(begin)), (hour(alert.sent), hour(begin)), (hour(was_end), hour(end))];
    alert.sent = begin;
    for info in &mut alert.infos {
        info.effective = info.effective.map(|_| begin);
        info.onset = info.onset.map(|_| begin);
        info.expires = Some(end);
        for text in [&mut info.headline, &mut info.description, &mut info.instruction].into_iter().flatten() {
            // By way of marks, so that a new time that equals an old one is not replaced again.
            for (mark, (old, _)) in ('\u{1}'..).zip(&words) {
                *text = text.replace(old, &mark.to_string());
            }
            for (mark, (_, new)) in ('\u{1}'..).zip(&words) {
                *text = text.replace(mark, new);
            }
        }
    }
}

/// `06:30`
fn hour(at: CapTime) -> String {
    at.to_string().get(11..16).unwrap_or_default().to_owned()
}

/// `22/11`
fn day(at: CapTime) -> String {
    let text = at.to_string();
    format!("{}/{}", text.get(8..10).unwrap_or_default(), text.get(5..7).unwrap_or_default())
}
