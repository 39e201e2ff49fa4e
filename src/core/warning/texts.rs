//! The texts of a foreign alert: one info a language that is broadcast, and what of each a draft carries.

use super::foreign::term;
use super::intake::{Loss, lose};
use crate::cap::{Alert, Area, CapTime, Info, Named, National, Severity};

/// One info a language that is broadcast, in the order of the profile: the most severe, then the first. `gaps` are the
/// places that could not be read.
pub(super) fn kept<'a>(
    alert: &'a Alert,
    gaps: &[String],
    profile: &National,
    losses: &mut Vec<Loss>,
) -> Vec<(String, &'a Info)> {
    let ours = || {
        profile.languages_required.iter().chain(&profile.languages_accepted).map(|term| term.code.as_str())
    };
    let at = |n: usize| format!("alert/info[{}]", n + 1);
    let unread = |n: usize| gaps.contains(&format!("{}/severity", at(n)));
    let mut kept: Vec<(String, &Info)> = Vec::new();
    let mut taken = Vec::new();
    for language in ours() {
        let speaks = alert.infos.iter().enumerate().filter(|(_, info)| info.primary_language() == language);
        // What could not be read may be the gravest, and is for a person to judge: so it stands before all that was.
        let best = speaks.min_by_key(|(n, info)| (!unread(*n), rank(info.severity), *n));
        if let Some((n, info)) = best {
            taken.push(n);
            kept.push((at(n), info));
        }
    }
    for (n, info) in alert.infos.iter().enumerate().filter(|(n, _)| !taken.contains(n)) {
        let language = info.primary_language();
        if !ours().any(|code| code == language) {
            lose(losses, "loss.language", &at(n), format!("\"{language}\" is not broadcast in Oman"));
            continue;
        }
        // Whatever is unread comes first: one that is left out for an info that was read, was read itself.
        let first =
            taken.iter().find(|t| alert.infos.get(**t).is_some_and(|i| i.primary_language() == language));
        if let Some(first) = first.filter(|first| unread(**first)) {
            let why = format!(
                "{} in \"{language}\" is taken, with its area: its severity could not be read, so the two cannot be compared",
                at(*first)
            );
            lose(losses, "loss.uncompared", &at(n), why);
            continue;
        }
        let why = match info.severity {
            Severity::Unknown => "is taken: the severity of this one, which is left out, is Unknown",
            Severity::Extreme | Severity::Severe | Severity::Moderate | Severity::Minor => {
                "is as severe or more so: this one is left out"
            }
        };
        lose(losses, "loss.info", &at(n), format!("another info in \"{language}\", with its area, {why}"));
    }
    if let Some((_, first)) = kept.first() {
        for (place, info) in &kept {
            let shapes = |info: &Info| {
                info.areas
                    .iter()
                    .map(|a| (a.polygons.clone(), a.circles.clone(), a.geocodes.clone()))
                    .collect::<Vec<_>>()
            };
            if shapes(info) != shapes(first) {
                let why = "its area differs from the first language's, which is taken";
                lose(losses, "loss.area", place, why);
            }
        }
    }
    kept
}

/// The most severe first.
const fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Extreme => 0,
        Severity::Severe => 1,
        Severity::Moderate => 2,
        Severity::Minor => 3,
        Severity::Unknown => 4,
    }
}

/// An info as the draft carries it, with these areas.
pub(super) fn one(
    info: &Info,
    areas: Vec<Area>,
    place: &str,
    profile: &National,
    losses: &mut Vec<Loss>,
) -> Info {
    let mut kept = info.clone();
    kept.areas = areas;
    kept.parameters = vec![];
    kept.resources = vec![];
    kept.audience = None;
    // The same instants, in Oman's time.
    let times = [("effective", info.effective), ("onset", info.onset), ("expires", info.expires)];
    for (name, time) in times.into_iter().filter_map(|(name, time)| Some((name, time?))) {
        let now = CapTime::muscat(time.utc());
        if now.offset() != time.offset() {
            let why = format!("{time} is told in Oman's time, {now}: the same instant");
            lose(losses, "changed.offset", &format!("{place}/{name}"), why);
        }
    }
    for time in [&mut kept.effective, &mut kept.onset, &mut kept.expires] {
        *time = time.map(|t| CapTime::muscat(t.utc()));
    }
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|t| t.trim().is_empty());
    if blank(&info.headline) && !info.event.trim().is_empty() {
        kept.headline = Some(info.event.clone());
        let why = "there is no headline: the event stands in its place";
        lose(losses, "changed.headline", &format!("{place}/headline"), why);
    }
    kept.event_codes = event_codes(info, place, profile, losses);
    for (n, parameter) in (1..).zip(&info.parameters) {
        let why = format!("{} = {}", parameter.name, parameter.value.chars().take(80).collect::<String>());
        lose(losses, "loss.parameter", &format!("{place}/parameter[{n}]"), why);
    }
    for (n, resource) in (1..).zip(&info.resources) {
        let kind = resource.mime_type.as_deref().unwrap_or("of no told kind");
        let why = format!("\"{}\" ({kind}): phones get text alone", resource.resource_desc);
        lose(losses, "loss.resource", &format!("{place}/resource[{n}]"), why);
    }
    if let Some(audience) = &info.audience {
        let why = format!("the audience, \"{audience}\": a broadcast reaches every phone of its area");
        lose(losses, "loss.audience", &format!("{place}/audience"), why);
    }
    kept
}

/// The codes of the profile's own domain, and, where none of them is of the list in use, one term of it that another code
/// stands for, if the profile has that term.
fn event_codes(info: &Info, place: &str, profile: &National, losses: &mut Vec<Loss>) -> Vec<Named> {
    let at = format!("{place}/eventCode");
    let own = |code: &&Named| code.name.starts_with(profile.event_domain.as_str());
    let listed = |code: &Named| code.name == profile.event_list;
    let known = |term: &&str| profile.events.iter().any(|event| event.code == **term);
    let took = |code: &Named, term: &str| {
        format!("{} {} is taken as the event term {term} of {}", code.name, code.value, profile.event_list)
    };
    let mut codes: Vec<Named> = info.event_codes.iter().filter(own).cloned().collect();
    if !codes.iter().any(listed)
        && let Some(code) = codes.iter_mut().find(|code| known(&code.value.as_str()))
    {
        // Of another edition of the list: the term stays, under the name of the edition that is in use.
        lose(losses, "changed.event_code", &at, took(code, &code.value));
        code.name.clone_from(&profile.event_list);
    }
    for code in info.event_codes.iter().chain(&info.parameters).filter(|c| !own(c)) {
        if let Some(term) = term(code).filter(known).filter(|_| codes.is_empty()) {
            codes.push(Named::new(&profile.event_list, term));
            lose(losses, "changed.event_code", &at, took(code, term));
        }
    }
    for code in info.event_codes.iter().filter(|c| !own(c)) {
        lose(
            losses,
            "loss.event_code",
            &at,
            format!("the code {} {} is not carried on", code.name, code.value),
        );
    }
    codes
}
