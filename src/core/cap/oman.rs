//! The rules Oman's cell broadcast adds to the standard; every figure and list is the table's. Channels and places are judged elsewhere: by the channel table, by the regions.

use super::alert::{Alert, Info, MsgType, Scope, Status};
use super::check::{At, Judge};
use super::profile::{National, Parameter};
use crate::fault::{Kind, Told};

/// Judges a document by Oman's profile; the standard's rules are run before.
pub(super) fn judge(alert: &Alert, national: &National, judge: &mut Judge<'_>) {
    head(alert, national, judge);
    if alert.infos.is_empty() {
        // A cancel, an answer and a link test need no text; an alert and its update are nothing without one.
        let tells = matches!(alert.msg_type, MsgType::Alert | MsgType::Update)
            && matches!(alert.status, Status::Actual | Status::Exercise | Status::Draft);
        if tells {
            judge.say("oman.info.missing", "alert/info", "there is nothing to broadcast: no info");
        }
        return;
    }
    languages(alert, national, judge);
    for (i, info) in alert.infos.iter().enumerate() {
        let place = At::ALERT.nth("info", i);
        one(alert, info, national, &place, judge);
        codes(alert, info, national, &place, judge);
    }
    parity(alert, judge);
}

fn head(alert: &Alert, national: &National, judge: &mut Judge<'_>) {
    if alert.scope != Scope::Public {
        judge.say(
            "oman.scope",
            "alert/scope",
            Told::new(
                format!("{} cannot be broadcast; the scope is Public", alert.scope),
                [(Kind::Found, alert.scope.to_string()), (Kind::Wanted, Scope::Public.to_string())],
            ),
        );
    }
    let arc = alert
        .identifier
        .strip_prefix(national.identifier_arc.as_str())
        .map(|rest| rest.split('.').collect::<Vec<_>>());
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !arc.is_some_and(|parts| parts.len() >= 3 && parts.iter().all(digits)) {
        let form = format!("{}<authority>.<time>.<number>", national.identifier_arc);
        let found: String = alert.identifier.chars().take(80).collect();
        let why = Told::new(
            format!("the identifier \"{found}\" is not {form}"),
            [(Kind::Found, found), (Kind::Wanted, form)],
        );
        judge.say("oman.identifier.arc", "alert/identifier", why);
    }
    if !national.senders.contains(&alert.sender) {
        let found: String = alert.sender.chars().take(80).collect();
        let why = format!("the sender \"{found}\" is not on the list of those who warn");
        judge.say("oman.sender.unknown", "alert/sender", Told::new(why, [(Kind::Found, found)]));
    }
    if !national.offsets.contains(&alert.sent.offset()) {
        judge.say(
            "oman.sent.offset",
            "alert/sent",
            Told::new(
                format!("sent is written in Muscat time, +04:00, or in UTC, -00:00: {}", alert.sent),
                [(Kind::Found, alert.sent.to_string())],
            ),
        );
    }
}

fn languages(alert: &Alert, national: &National, judge: &mut Judge<'_>) {
    let spoken: Vec<String> = alert.infos.iter().map(Info::primary_language).collect();
    for language in national.languages_required.iter().filter(|l| !spoken.contains(&l.code)) {
        let why = format!("no info is in {}, which every warning speaks", language.en);
        judge.say(
            "oman.language.missing",
            "alert/info",
            Told::new(why, [(Kind::Wanted, language.code.clone())]),
        );
    }
    let known = || national.languages_required.iter().chain(&national.languages_accepted);
    for (i, language) in spoken.iter().enumerate() {
        let info = At::ALERT.nth("info", i);
        if !known().any(|known| known.code == *language) {
            let names: Vec<&str> = known().map(|known| known.en.as_str()).collect();
            let codes: Vec<&str> = known().map(|known| known.code.as_str()).collect();
            let why = Told::new(
                format!("\"{language}\" is not broadcast; these are: {}", names.join(", ")),
                [(Kind::Found, language.clone()), (Kind::Wanted, codes.join(", "))],
            );
            judge.say("oman.language.other", info.the("language"), why);
        }
        if let Some(first) = spoken[..i].iter().position(|s| s == language) {
            let first = format!("info[{}]", first + 1);
            let why = Told::new(
                format!("\"{language}\" is spoken by {first} already"),
                [(Kind::Found, language.clone()), (Kind::Against, first)],
            );
            judge.say("oman.language.repeated", info.the("language"), why);
        }
    }
}

fn one(alert: &Alert, info: &Info, national: &National, place: &At<'_>, judge: &mut Judge<'_>) {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|t| t.trim().is_empty());
    if blank(&info.headline) {
        judge.say("oman.headline.missing", place.the("headline"), "there is no headline to show");
    }
    if blank(&info.description) && blank(&info.instruction) {
        let why = "there is no text to show: neither description nor instruction";
        judge.say("oman.text.missing", place.the("description"), why);
    }
    if blank(&info.sender_name) {
        judge.say(
            "oman.sender_name.missing",
            place.the("senderName"),
            "nobody is named as the one who warns",
        );
    }
    if info.expires.is_some_and(|e| e.utc() - alert.sent.utc() > national.life) {
        let most = national.life.num_hours();
        let why = Told::new(
            format!(
                "expires lies more than {most} h after sent; a broadcast lives no longer, an Update carries on"
            ),
            [(Kind::Most, format!("{most} h")), (Kind::Against, format!("sent {}", alert.sent))],
        );
        judge.say("oman.expires.long", place.the("expires"), why);
    }
}

/// Categories, event terms and parameters against the table's lists.
fn codes(alert: &Alert, info: &Info, national: &National, place: &At<'_>, judge: &mut Judge<'_>) {
    for (i, category) in info.categories.iter().enumerate().filter(|(_, c)| !national.categories.contains(c))
    {
        let words: Vec<&str> = national.categories.iter().map(|category| category.word()).collect();
        let why = Told::new(
            format!("{category} is not among the categories warned of in Oman: {}", words.join(", ")),
            [(Kind::Found, category.to_string()), (Kind::Wanted, words.join(", "))],
        );
        judge.say("oman.category.unknown", place.nth("category", i), why);
    }
    for (i, parameter) in info.parameters.iter().enumerate() {
        let mut uses = national.parameters.iter().filter(|p| p.name == parameter.name).peekable();
        let lawful = |p: &Parameter| {
            p.value.as_ref().is_none_or(|v| *v == parameter.value) && p.statuses.contains(&alert.status)
        };
        if uses.peek().is_some() && !uses.any(lawful) {
            let value: String = parameter.value.chars().take(80).collect();
            let why = Told::new(
                format!("{} may not be \"{value}\" in status {}", parameter.name, alert.status),
                [
                    (Kind::Name, parameter.name.clone()),
                    (Kind::Found, value),
                    (Kind::Against, format!("status {}", alert.status)),
                ],
            );
            judge.say("oman.parameter.value", place.nth("parameter", i), why);
        }
    }
    let terms: Vec<_> = info
        .event_codes
        .iter()
        .enumerate()
        .filter(|(_, c)| c.name.starts_with(national.event_domain.as_str()))
        .collect();
    if terms.is_empty() {
        judge.say("oman.event_code.missing", place.the("eventCode"), "no term of the OASIS event terms list");
    }
    for (i, term) in terms {
        if !national.events.iter().any(|known| known.code == term.value) {
            let value: String = term.value.chars().take(80).collect();
            let why = Told::new(
                format!("\"{value}\" is not among the event terms used in Oman"),
                [(Kind::Found, value)],
            );
            judge.say("oman.event_code.unknown", place.nth("eventCode", i), why);
        }
    }
}

/// The languages of one alert describe one event: each is held against the first.
fn parity(alert: &Alert, judge: &mut Judge<'_>) {
    let Some((first, others)) = alert.infos.split_first() else { return };
    for (i, other) in others.iter().enumerate() {
        let mut same = |same: bool, code: &str, name: &'static str| {
            if !same {
                let why = Told::new(
                    format!("{name} differs from info[1]; all languages tell of one event"),
                    [(Kind::Name, name.to_owned()), (Kind::Against, "info[1]".to_owned())],
                );
                judge.say(code, At::ALERT.nth("info", i + 1).the(name), why);
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
