//! The rules of the standard's text that its schema does not hold (CAP 1.2, 3.2 and 3.3). Levels are in `codes`.

use super::alert::{Alert, Area, Info, MsgType, ResponseType, Scope, Status};
use super::check::{At, Judge};
use super::shape::{Circle, Point, Ring};
use super::time::CapTime;
use super::{attachment, crossing};
use crate::fault::{Kind, Told};

/// Judges a document by the standard.
pub(super) fn judge(alert: &Alert, judge: &mut Judge<'_>) {
    head(alert, judge);
    references(alert, judge);
    if alert.needs_info() && alert.infos.is_empty() {
        judge.say("cap.info.missing", "alert/info", "the message tells nobody anything: it has no info");
    }
    for (i, info) in alert.infos.iter().enumerate() {
        let place = At::ALERT.nth("info", i);
        texts(alert, info, &place, judge);
        times(alert, info, &place, judge);
        for (i, resource) in info.resources.iter().enumerate() {
            attachment::judge(resource, &place.nth("resource", i), judge);
        }
        if info.areas.is_empty() {
            judge.say("cap.area.missing", place.the("area"), "nothing says where: there is no area");
        }
        for (i, area) in info.areas.iter().enumerate() {
            where_(area, &place.nth("area", i), judge);
        }
    }
}

fn head(alert: &Alert, judge: &mut Judge<'_>) {
    for (name, value, empty, characters) in [
        ("identifier", &alert.identifier, "cap.identifier.empty", "cap.identifier.characters"),
        ("sender", &alert.sender, "cap.sender.empty", "cap.sender.characters"),
    ] {
        let place = At::ALERT.the(name);
        if value.is_empty() {
            let why = Told::new(format!("{name} is empty"), [(Kind::Name, name.to_owned())]);
            judge.say(empty, place, why);
        } else if !value.chars().all(is_name_character) {
            let shown: String = value.chars().take(40).collect();
            let words = format!("{name} may hold no space, comma, < or &: \"{shown}\"");
            judge.say(characters, place, Told::new(words, [(Kind::Found, shown)]));
        }
    }
    let restriction = alert.restriction.as_deref().is_some_and(|r| !r.trim().is_empty());
    match alert.scope {
        Scope::Restricted if !restriction => {
            judge.say(
                "cap.restriction.missing",
                "alert/restriction",
                "the scope is Restricted and no restriction is told",
            );
        }
        Scope::Public | Scope::Private if restriction => judge.say(
            "cap.restriction.unused",
            "alert/restriction",
            Told::new(
                format!("a restriction is told, yet the scope is {}", alert.scope),
                [(Kind::Found, alert.scope.to_string()), (Kind::Wanted, Scope::Restricted.to_string())],
            ),
        ),
        Scope::Public | Scope::Restricted | Scope::Private => {}
    }
    if alert.scope == Scope::Private && alert.addresses.is_empty() {
        judge.say("cap.addresses.missing", "alert/addresses", "the scope is Private and nobody is addressed");
    }
    let note = alert.note.as_deref().is_some_and(|n| !n.trim().is_empty());
    if !note && alert.msg_type == MsgType::Error {
        judge.say("cap.note.missing", "alert/note", "an Error message explains itself in note");
    } else if !note && alert.status == Status::Exercise {
        judge.say("cap.note.missing", "alert/note", "an Exercise names itself in note");
    }
    for (name, items) in [("addresses", &alert.addresses), ("incidents", &alert.incidents)] {
        if items.iter().any(|i| i.contains('"')) {
            judge.say(
                "cap.list.item",
                format!("alert/{name}"),
                "an item of a list cannot hold a double quote",
            );
        }
    }
}

/// Whether a character may stand in an identifier or a sender (3.2.1).
pub(super) fn is_name_character(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, ',' | '<' | '&')
}

fn references(alert: &Alert, judge: &mut Judge<'_>) {
    let place = "alert/references";
    match alert.msg_type {
        MsgType::Alert => {}
        kind @ (MsgType::Update | MsgType::Cancel | MsgType::Ack | MsgType::Error) => {
            if alert.references.is_empty() {
                let why = format!("{kind} needs references: which earlier message it is about");
                judge.say("cap.references.missing", place, Told::new(why, [(Kind::Name, kind.to_string())]));
            }
        }
    }
    for reference in &alert.references {
        if reference.identifier == alert.identifier && reference.sender == alert.sender {
            judge.say(
                "cap.references.self",
                place,
                "the message refers to itself; an Update has a new identifier",
            );
        } else if reference.sent > alert.sent {
            let (identifier, sent) = (&reference.identifier, reference.sent);
            judge.say(
                "cap.references.newer",
                place,
                Told::new(
                    format!("{identifier} was sent at {sent}, after this message"),
                    [
                        (Kind::Name, identifier.clone()),
                        (Kind::Found, sent.to_string()),
                        (Kind::Against, alert.sent.to_string()),
                    ],
                ),
            );
        }
    }
}

fn texts(alert: &Alert, info: &Info, place: &At<'_>, judge: &mut Judge<'_>) {
    if info.event.trim().is_empty() {
        judge.say("cap.event.empty", place.the("event"), "the event has no name");
    }
    let public = alert.status == Status::Actual && alert.scope == Scope::Public;
    if let Some(at) = info.response_types.iter().position(|r| *r == ResponseType::Assess).filter(|_| public) {
        let place = place.nth("responseType", at);
        judge.say("cap.response.assess", place, "Assess is not meant for public warnings");
    }
    let headline = info.headline.as_deref().map_or(0, |h| h.chars().count());
    let most = judge.profile.headline_characters();
    if headline > most {
        let why = Told::new(
            format!("{headline} characters; at most {most} are shown whole"),
            [(Kind::Found, headline.to_string()), (Kind::Most, most.to_string())],
        );
        judge.say("cap.headline.long", place.the("headline"), why);
    }
    if info.web.as_deref().is_some_and(|web| !absolute(web)) {
        judge.say(
            "cap.web.relative",
            place.the("web"),
            "web is a full address, such as https://example.om/now",
        );
    }
}

fn times(alert: &Alert, info: &Info, place: &At<'_>, judge: &mut Judge<'_>) {
    let place = place.the("expires");
    let Some(expires) = info.expires else {
        judge.say("cap.expires.missing", place, "nothing says until when it holds: there is no expires");
        return;
    };
    let bounds = [("sent", Some(alert.sent)), ("effective", info.effective), ("onset", info.onset)];
    let behind = |(_, time): &(&str, Option<CapTime>)| time.is_some_and(|t| expires <= t);
    if bounds.iter().any(behind) {
        let behind: Vec<String> = bounds
            .into_iter()
            .filter(behind)
            .filter_map(|(name, time)| time.map(|t| format!("{name} ({t})")))
            .collect();
        let why = Told::new(
            format!("expires ({expires}) does not lie after {}", behind.join(" and ")),
            [(Kind::Found, expires.to_string()), (Kind::Against, behind.join(", "))],
        );
        judge.say("cap.expires.order", place, why);
    }
}

fn where_(area: &Area, place: &At<'_>, judge: &mut Judge<'_>) {
    if area.area_desc.trim().is_empty() {
        judge.say("cap.area.undescribed", place.the("areaDesc"), "the area is not told in words");
    }
    if area.polygons.is_empty() && area.circles.is_empty() && area.geocodes.is_empty() {
        judge.say("cap.area.empty", place, "the area has words only: no polygon, no circle, no geocode");
    }
    for (i, ring) in area.polygons.iter().enumerate() {
        polygon(ring, &place.nth("polygon", i), judge);
    }
    for (i, circle) in area.circles.iter().enumerate() {
        let place = place.nth("circle", i);
        let Circle { centre, radius_km } = *circle;
        if radius_km < 0.0 {
            judge.say(
                "cap.circle.radius",
                place,
                Told::new(
                    format!("the radius is {radius_km} km; it cannot be below zero"),
                    [(Kind::Found, format!("{radius_km} km"))],
                ),
            );
        }
        range(&[centre], &place, judge);
    }
    match (area.altitude, area.ceiling) {
        (None, Some(_)) => {
            judge.say("cap.ceiling.alone", place.the("ceiling"), "a ceiling needs an altitude to stand on");
        }
        (Some(altitude), Some(ceiling)) if ceiling < altitude => judge.say(
            "cap.ceiling.below",
            place.the("ceiling"),
            Told::new(
                format!("the ceiling ({ceiling} ft) lies below the altitude ({altitude} ft)"),
                [(Kind::Found, format!("{ceiling} ft")), (Kind::Against, format!("altitude {altitude} ft"))],
            ),
        ),
        (Some(_), _) | (None, None) => {}
    }
}

fn polygon(ring: &Ring, place: &At<'_>, judge: &mut Judge<'_>) {
    let points = &ring.points;
    let count = points.len();
    range(points, place, judge);
    if count < 4 {
        judge.say(
            "cap.polygon.points",
            place,
            Told::new(
                format!("{count} points; a polygon has four or more, the last equal to the first"),
                [(Kind::Found, count.to_string())],
            ),
        );
        return;
    }
    let most = judge.profile.polygon_points();
    if count > most {
        let why = Told::new(
            format!("{count} points; simplify outward to {most} or fewer"),
            [(Kind::Found, count.to_string()), (Kind::Most, most.to_string())],
        );
        judge.say("cap.polygon.long", place, why);
    }
    if points.first() != points.last() {
        judge.say("cap.polygon.open", place, "the ring is open: its last point is not its first");
        return;
    }
    if let Some(point) = crossing::search(ring) {
        let why = format!("the ring crosses or touches itself near {point}");
        judge.say("cap.polygon.crossing", place, Told::new(why, [(Kind::Near, point.to_string())]));
    } else if flat(ring) {
        judge.say("cap.polygon.flat", place, "the ring encloses no area");
    }
}

/// Whether a ring that does not meet itself has fewer than three corners: any other goes around something.
fn flat(ring: &Ring) -> bool {
    let mut points = ring.points.clone();
    points.dedup();
    points.len() < 4
}

/// Says the first point off the globe; one is enough to find a swapped pair.
fn range(points: &[Point], place: &At<'_>, judge: &mut Judge<'_>) {
    let off = |p: &&Point| !(-90.0..=90.0).contains(&p.lat) || !(-180.0..=180.0).contains(&p.lon);
    if let Some(point) = points.iter().find(off) {
        let why = Told::new(
            format!("{point} is off the globe: latitude first, -90 to 90, then longitude, -180 to 180"),
            [(Kind::Found, point.to_string()), (Kind::Wanted, "-90..90,-180..180".to_owned())],
        );
        judge.say("cap.point.range", place, why);
    }
}

/// A scheme, a colon and something after it (RFC 3986, 4.3).
pub(super) fn absolute(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}
