//! The rules Oman's cell broadcast adds to the standard. Channels and places are judged elsewhere: by the channel table, by the regions.

use super::alert::{Alert, Info, MsgType, Scope, Status};
use super::check::Judge;
use super::profile;
use chrono::Duration;

/// Judges a document by Oman's profile; the standard's rules are run before.
pub(super) fn judge(alert: &Alert, judge: &mut Judge) {
    head(alert, judge);
    if alert.infos.is_empty() {
        // A cancel, an answer and a link test need no text; an alert and its update are nothing without one.
        let tells = matches!(alert.msg_type, MsgType::Alert | MsgType::Update)
            && matches!(alert.status, Status::Actual | Status::Exercise | Status::Draft);
        if tells {
            judge.say("oman.info.missing", "alert/info", "there is nothing to broadcast: no info");
        }
        return;
    }
    languages(alert, judge);
    for (i, info) in alert.infos.iter().enumerate() {
        one(alert, info, &format!("alert/info[{}]", i + 1), judge);
    }
    parity(alert, judge);
}

fn head(alert: &Alert, judge: &mut Judge) {
    if alert.scope != Scope::Public {
        judge.say(
            "oman.scope",
            "alert/scope",
            format!("{} cannot be broadcast; the scope is Public", alert.scope),
        );
    }
    let arc = alert
        .identifier
        .strip_prefix(profile::IDENTIFIER_ARC)
        .map(|rest| rest.split('.').collect::<Vec<_>>());
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !arc.is_some_and(|parts| parts.len() >= 3 && parts.iter().all(digits)) {
        let why = format!("the identifier is not {}<authority>.<time>.<number>", profile::IDENTIFIER_ARC);
        judge.say("oman.identifier.arc", "alert/identifier", why);
    }
    if ![Duration::zero(), Duration::hours(4)].contains(&alert.sent.offset()) {
        judge.say(
            "oman.sent.offset",
            "alert/sent",
            "sent is written in Muscat time, +04:00, or in UTC, -00:00",
        );
    }
}

fn languages(alert: &Alert, judge: &mut Judge) {
    let spoken: Vec<String> = alert.infos.iter().map(Info::primary_language).collect();
    for (language, code) in [("ar", "oman.arabic.missing"), ("en", "oman.english.missing")] {
        if !spoken.iter().any(|s| s == language) {
            let name =
                profile::LANGUAGES_REQUIRED.iter().find(|(l, _)| *l == language).map_or("", |(_, name)| name);
            judge.say(code, "alert/info", format!("no info is in {name}, which every warning speaks"));
        }
    }
    for (i, language) in spoken.iter().enumerate() {
        let place = format!("alert/info[{}]/language", i + 1);
        let known = |(code, _): &(&str, &str)| code == language;
        if !profile::LANGUAGES_REQUIRED.iter().chain(profile::LANGUAGES_ACCEPTED).any(known) {
            let why = format!("\"{language}\" is not broadcast; Arabic, English, Hindi and Urdu are");
            judge.say("oman.language.other", &place, why);
        }
        if let Some(first) = spoken[..i].iter().position(|s| s == language) {
            let why = format!("\"{language}\" is spoken by info[{}] already", first + 1);
            judge.say("oman.language.repeated", &place, why);
        }
    }
}

fn one(alert: &Alert, info: &Info, place: &str, judge: &mut Judge) {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|t| t.trim().is_empty());
    if blank(&info.headline) {
        judge.say("oman.headline.missing", format!("{place}/headline"), "there is no headline to show");
    }
    if blank(&info.description) && blank(&info.instruction) {
        let why = "there is no text to show: neither description nor instruction";
        judge.say("oman.text.missing", format!("{place}/description"), why);
    }
    if blank(&info.sender_name) {
        judge.say(
            "oman.sender_name.missing",
            format!("{place}/senderName"),
            "nobody is named as the one who warns",
        );
    }
    if info.expires.is_some_and(|e| e.utc() - alert.sent.utc() > profile::BROADCAST_LIFE) {
        let why = "expires lies more than 24 h after sent; a broadcast lives no longer, an Update carries on";
        judge.say("oman.expires.long", format!("{place}/expires"), why);
    }
    let terms: Vec<_> = info
        .event_codes
        .iter()
        .enumerate()
        .filter(|(_, c)| c.name.starts_with(profile::EVENT_DOMAIN))
        .collect();
    if terms.is_empty() {
        judge.say(
            "oman.event_code.missing",
            format!("{place}/eventCode"),
            "no term of the OASIS event terms list",
        );
    }
    for (i, term) in terms {
        if !profile::EVENT_TERMS.iter().any(|(code, _)| *code == term.value) {
            let why = format!("\"{}\" is not among the event terms used in Oman", term.value);
            judge.say("oman.event_code.unknown", format!("{place}/eventCode[{}]", i + 1), why);
        }
    }
}

/// The languages of one alert describe one event: each is held against the first.
fn parity(alert: &Alert, judge: &mut Judge) {
    let Some((first, others)) = alert.infos.split_first() else { return };
    for (i, other) in others.iter().enumerate() {
        let mut same = |same: bool, code: &str, name: &str| {
            if !same {
                let place = format!("alert/info[{}]/{name}", i + 2);
                let why = format!("{name} differs from info[1]; all languages tell of one event");
                judge.say(code, place, why);
            }
        };
        same(set(&other.categories) == set(&first.categories), "oman.parity.category", "category");
        same(
            set(&other.response_types) == set(&first.response_types),
            "oman.parity.response",
            "responseType",
        );
        same(other.urgency == first.urgency, "oman.parity.urgency", "urgency");
        same(other.severity == first.severity, "oman.parity.severity", "severity");
        same(other.certainty == first.certainty, "oman.parity.certainty", "certainty");
        let codes = |info: &Info| {
            let mut codes: Vec<_> =
                info.event_codes.iter().map(|c| (c.name.clone(), c.value.clone())).collect();
            codes.sort();
            codes
        };
        same(codes(other) == codes(first), "oman.parity.event_code", "eventCode");
        same(other.effective == first.effective, "oman.parity.effective", "effective");
        same(other.onset == first.onset, "oman.parity.onset", "onset");
        same(other.expires == first.expires, "oman.parity.expires", "expires");
        // Descriptions are translated; shapes and codes are not.
        let areas = |info: &Info| {
            info.areas
                .iter()
                .map(|a| (a.polygons.clone(), a.circles.clone(), a.geocodes.clone(), a.altitude, a.ceiling))
                .collect::<Vec<_>>()
        };
        same(areas(other) == areas(first), "oman.parity.area", "area");
    }
}

fn set<T: Ord + Copy>(items: &[T]) -> std::collections::BTreeSet<T> {
    items.iter().copied().collect()
}
