//! The rules Oman's cell broadcast adds to the standard; every figure and list is the table's. Channels and places are judged elsewhere: by the channel table, by the regions.

use super::alert::{Alert, Info, Scope, Version};
use super::check::{At, Judge};
use super::parity;
use super::profile::{National, Parameter};
use crate::fault::{Kind, Told};

/// Judges a document by Oman's profile; the standard's rules are run before.
pub(super) fn judge(alert: &Alert, national: &National, judge: &mut Judge<'_>) {
    head(alert, national, judge);
    if alert.infos.is_empty() {
        if alert.needs_info() {
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
    parity::judge(alert, judge);
}

fn head(alert: &Alert, national: &National, judge: &mut Judge<'_>) {
    match alert.version {
        Version::V1_2 => {}
        Version::V1_1 => judge.say(
            "oman.version",
            "alert",
            Told::new(
                "CAP 1.1 is read, and goes to operators as 1.2; write 1.2".to_owned(),
                [
                    (Kind::Found, Version::V1_1.word().to_owned()),
                    (Kind::Wanted, Version::V1_2.word().to_owned()),
                ],
            ),
        ),
    }
    // A document need not name its profile; one that names another was written by other rules.
    let family = national.name.trim_end_matches(|c: char| c.is_ascii_digit());
    for (i, code) in alert.codes.iter().enumerate() {
        let version = code.strip_prefix(family).filter(|rest| !rest.is_empty());
        if version.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())) && *code != national.name {
            let found: String = code.chars().take(80).collect();
            let why = Told::new(
                format!("written by the profile \"{found}\"; it is judged by \"{}\"", national.name),
                [(Kind::Found, found), (Kind::Wanted, national.name.clone())],
            );
            judge.say("oman.code.other", At::ALERT.nth("code", i), why);
        }
    }
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
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|t| !t.contains(is_seen));
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
        if uses.peek().is_none() && parameter.name.starts_with(national.parameter_prefix.as_str()) {
            let found: String = parameter.name.chars().take(80).collect();
            let why = Told::new(
                format!("\"{found}\" is no parameter that an author writes: it says nothing here"),
                [(Kind::Found, found)],
            );
            judge.say("oman.parameter.unknown", place.nth("parameter", i), why);
        }
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
    event(info, national, place, judge);
}

/// One term of the list, named by the list's own name.
fn event(info: &Info, national: &National, place: &At<'_>, judge: &mut Judge<'_>) {
    let terms: Vec<_> =
        info.event_codes.iter().enumerate().filter(|(_, c)| c.name == national.event_list).collect();
    if terms.is_empty() {
        let list = &national.event_list;
        let why = Told::new(
            format!("no term of the OASIS event terms list, whose valueName is \"{list}\""),
            [(Kind::Wanted, list.clone())],
        );
        judge.say("oman.event_code.missing", place.the("eventCode"), why);
    }
    if let [_, .., (last, _)] = terms[..] {
        let found = terms.len().to_string();
        let why = Told::new(format!("{found} event terms; one event has one"), [(Kind::Found, found)]);
        judge.say("oman.event_code.several", place.nth("eventCode", last), why);
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

/// Whether a character shows on a screen: marks of direction, joiners and the like do not (Unicode, `Default_Ignorable_Code_Point`).
fn is_seen(c: char) -> bool {
    let ignorable = matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}');
    !c.is_whitespace() && !c.is_control() && !ignorable
}
