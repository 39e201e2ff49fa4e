//! A foreign document as far as it can be understood: the clear is mended, stand-ins are taken out again, and all is said.

use super::intake::{Loss, lose};
use crate::cap::{self, Alert, Mended, Partial, Profile, Verdict};
use crate::fault::Fault;

/// What an alert is cannot be guessed: without one of these it is refused.
const HEAD: [&str; 6] = ["sender", "identifier", "sent", "status", "msgType", "scope"];

/// The language of a text whose language cannot be read: it is nobody's, and never taken for one that is broadcast.
const UNKNOWN: &str = "und";

/// What could be understood.
pub(super) struct Understood {
    /// The values that were read.
    pub(super) alert: Alert,
    /// The places where none could be, for whoever would weigh what stands there.
    pub(super) gaps: Vec<String>,
}

impl Understood {
    const fn whole(alert: Alert) -> Understood {
        Understood { alert, gaps: vec![] }
    }
}

/// The document as far as it can be understood: with what is clear in another form mended, and without what cannot be
/// read. Each of both is said.
pub(super) fn understood(bytes: &[u8], came: Verdict, losses: &mut Vec<Loss>) -> Option<Understood> {
    if came.alert.is_some() || !came.readable {
        return came.alert.map(Understood::whole);
    }
    let (verdict, mended) = match cap::mend(bytes, &came.faults) {
        Some((bytes, mended)) => (cap::verdict(&bytes, Profile::Cap), mended),
        None => (came, vec![]),
    };
    let unread =
        |path: &str| verdict.faults.iter().any(|f| f.path() == path && f.code.starts_with("cap.value."));
    for Mended { path, was, now, what } in mended.into_iter().filter(|mended| !unread(&mended.path)) {
        let code = match what {
            cap::Value::Time => "changed.time",
            cap::Value::Word => "changed.padding",
        };
        lose(losses, code, &path, format!("\"{was}\" is read as \"{now}\""));
    }
    match (verdict.alert, verdict.partial) {
        (Some(alert), _) => Some(Understood::whole(alert)),
        (None, Some(partial)) => filled(partial, &verdict.faults, losses),
        (None, None) => None,
    }
}

/// The alert without what only stands in, and a loss for each gap; none if its head has a gap.
fn filled(partial: Partial, faults: &[Fault], losses: &mut Vec<Loss>) -> Option<Understood> {
    let Partial { mut alert, gaps } = partial;
    if gaps.iter().any(|gap| gap.strip_prefix("alert/").is_some_and(|name| HEAD.contains(&name))) {
        return None;
    }
    // A gap is the value itself, or something in the element.
    let broken = |path: &str| {
        gaps.iter()
            .any(|gap| gap.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    for (n, info) in (1..).zip(&mut alert.infos) {
        let at = format!("alert/info[{n}]");
        let whole = |name: &str, n: usize| !broken(&format!("{at}/{name}[{n}]"));
        keep(&mut info.categories, |n| whole("category", n));
        keep(&mut info.response_types, |n| whole("responseType", n));
        keep(&mut info.event_codes, |n| whole("eventCode", n));
        keep(&mut info.parameters, |n| whole("parameter", n));
        if broken(&format!("{at}/language")) {
            info.language = Some(UNKNOWN.to_owned());
        }
        for (n, area) in (1..).zip(&mut info.areas) {
            let at = format!("{at}/area[{n}]");
            let whole = |name: &str, n: usize| !broken(&format!("{at}/{name}[{n}]"));
            keep(&mut area.polygons, |n| whole("polygon", n));
            keep(&mut area.circles, |n| whole("circle", n));
            keep(&mut area.geocodes, |n| whole("geocode", n));
        }
    }
    for gap in &gaps {
        let why = faults.iter().find(|fault| fault.path() == gap).map(|fault| fault.message.as_str());
        lose(losses, code(gap), gap, why.unwrap_or("it could not be read"));
    }
    Some(Understood { alert, gaps })
}

/// A shape that is not warned weighs more than any other gap.
fn code(gap: &str) -> &'static str {
    let leaf = gap.rsplit('/').next().unwrap_or_default();
    match leaf.split('[').next() {
        Some("polygon" | "circle") => "loss.shape",
        Some(_) | None => "loss.unreadable",
    }
}

fn keep<T>(items: &mut Vec<T>, whole: impl Fn(usize) -> bool) {
    let mut n = 0;
    items.retain(|_| {
        n += 1;
        whole(n)
    });
}
