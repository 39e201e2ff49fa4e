//! Whatever alert is written, reading gives it back, and writing again gives the same octets.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use nadhir_core::cap::{
    Alert, Area, CapTime, Category, Certainty, Circle, Info, Limits, MsgType, Named, Point, Profile,
    Reference, Resource, ResponseType, Ring, Scope, Severity, Status, Urgency, Version, check, read, write,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Any text XML can hold, heavy with what XML treats specially.
fn text() -> impl Strategy<Value = String> {
    let special =
        select(vec!['<', '>', '&', '"', '\'', '\r', '\n', '\t', ' ', ']', ';', '\u{FEFF}', 'ع', 'व', '🌊']);
    let any = any::<char>().prop_filter("XML holds it", |c| {
        matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
    });
    vec(prop_oneof![special, any], 0..12).prop_map(String::from_iter)
}

fn word() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9.@:_ء-ي-]{1,20}"
}

fn uri() -> impl Strategy<Value = String> {
    "https://[a-z.]{1,12}(/[a-zء-ي]{0,6}){0,3}(\\?[a-z&=]{0,6})?(#[a-z]{0,4})?"
}

fn item() -> impl Strategy<Value = String> {
    "[a-z<&>' \r\n\tء-ي]{0,12}"
}

fn time() -> impl Strategy<Value = CapTime> {
    (1900..2200, 1..13, 1..29, 0..24, 0..60, 0..60, -14..15, 0..60).prop_map(
        |(y, mo, d, h, mi, s, oh, om)| {
            let om = if oh == -14 || oh == 14 { 0 } else { om };
            CapTime::parse(&format!("{y}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}{oh:+03}:{om:02}")).unwrap()
        },
    )
}

fn named() -> impl Strategy<Value = Named> {
    (text(), text()).prop_map(|(name, value)| Named { name, value })
}

fn point() -> impl Strategy<Value = Point> {
    (-90.0..=90.0, -180.0..=180.0).prop_map(|(lat, lon)| Point { lat, lon })
}

fn feet() -> impl Strategy<Value = f64> {
    prop_oneof![-1e4..1e6, Just(0.0), Just(-0.1), Just(1e-7)]
}

fn area() -> impl Strategy<Value = Area> {
    let ring = vec(point(), 0..6).prop_map(|points| Ring { points });
    let circle = (point(), 0.0..2e4).prop_map(|(centre, radius_km)| Circle { centre, radius_km });
    (text(), vec(ring, 0..3), vec(circle, 0..3), vec(named(), 0..3), of(feet()), of(feet())).prop_map(
        |(area_desc, polygons, circles, geocodes, altitude, ceiling)| Area {
            area_desc,
            polygons,
            circles,
            geocodes,
            altitude,
            ceiling,
        },
    )
}

fn resource() -> impl Strategy<Value = Resource> {
    (text(), text(), of(any::<u64>()), of(uri()), of(text()), of(text())).prop_map(
        |(resource_desc, mime_type, size, uri, deref_uri, digest)| Resource {
            resource_desc,
            mime_type: Some(mime_type),
            size,
            uri,
            deref_uri,
            digest,
        },
    )
}

fn info(version: Version) -> impl Strategy<Value = Info> {
    let responses: Vec<ResponseType> = ResponseType::ALL
        .iter()
        .copied()
        .filter(|r| version == Version::V1_2 || !matches!(r, ResponseType::Avoid | ResponseType::AllClear))
        .collect();
    let codes = (
        of("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8}){0,2}"),
        vec(select(Category::ALL), 1..4),
        text(),
        vec(select(responses), 0..4),
        select(Urgency::ALL),
        select(Severity::ALL),
        select(Certainty::ALL),
    );
    let texts = (of(text()), of(text()), of(text()), of(text()), of(text()), of(uri()), of(text()));
    let times = (of(time()), of(time()), of(time()));
    let lists = (vec(named(), 0..3), vec(named(), 0..3), vec(resource(), 0..2), vec(area(), 0..3));
    (codes, texts, times, lists).prop_map(|(codes, texts, times, lists)| Info {
        language: codes.0,
        categories: codes.1,
        event: codes.2,
        response_types: codes.3,
        urgency: codes.4,
        severity: codes.5,
        certainty: codes.6,
        audience: texts.0,
        event_codes: lists.0,
        effective: times.0,
        onset: times.1,
        expires: times.2,
        sender_name: texts.1,
        headline: texts.2,
        description: texts.3,
        instruction: texts.4,
        web: texts.5,
        contact: texts.6,
        parameters: lists.1,
        resources: lists.2,
        areas: lists.3,
    })
}

fn alert() -> impl Strategy<Value = Alert> {
    select(Version::ALL).prop_flat_map(|version| {
        let reference = (word(), word(), time()).prop_map(|(sender, identifier, sent)| Reference {
            sender,
            identifier,
            sent,
        });
        let head = (word(), word(), time(), select(Status::ALL), select(MsgType::ALL), select(Scope::ALL));
        let texts = (of(text()), of(text()), of(text()));
        let lists = (vec(item(), 0..4), vec(text(), 0..3), vec(reference, 0..4), vec(item(), 0..4));
        (head, texts, lists, vec(info(version), 0..4)).prop_map(move |(head, texts, lists, infos)| Alert {
            version,
            identifier: head.0,
            sender: head.1,
            sent: head.2,
            status: head.3,
            msg_type: head.4,
            source: texts.0,
            scope: head.5,
            restriction: texts.1,
            addresses: lists.0,
            codes: lists.1,
            note: texts.2,
            references: lists.2,
            incidents: lists.3,
            infos,
        })
    })
}

proptest! {
    #[test]
    fn reading_gives_back_what_was_written(alert in alert()) {
        let written = write(&alert);
        let (again, faults) = read(&written, &Limits::cap());
        prop_assert_eq!(again.as_ref(), Some(&alert), "{:?}", faults);
        prop_assert!(faults.iter().all(|f| !f.is_error()), "{:?}", faults);
        prop_assert_eq!(write(&alert), written);
    }

    #[test]
    fn what_the_rules_let_pass_can_be_written_and_read(mut alert in alert(), at in 0..14, wild in ".{0,3}", n in any::<f64>()) {
        // One value put out of its form, as a desk's own mistake would.
        if let Some(info) = alert.infos.first_mut() {
            match at {
                0 => info.language = Some(wild),
                1 => info.categories.clear(),
                2 => info.web = Some(wild),
                3 => info.headline = Some(wild + "\u{0}"),
                4 => alert.version = Version::V1_1,
                5 => info.resources.iter_mut().for_each(|r| r.mime_type = None),
                6 => info.resources.iter_mut().for_each(|r| r.uri = Some(wild.clone())),
                7 => info.areas.iter_mut().for_each(|a| a.altitude = Some(n)),
                8 => info.areas.iter_mut().for_each(|a| a.circles.iter_mut().for_each(|c| c.radius_km = n)),
                9 => alert.references.iter_mut().for_each(|r| r.sender.clone_from(&wild)),
                10 => alert.incidents = vec![wild + "\""],
                11 => info.parameters = vec![Named::new(wild, "\u{FFFF}")],
                12 => info.areas.iter_mut().for_each(|a| a.polygons = vec![Ring { points: vec![Point { lat: n, lon: n }; 4] }]),
                _ => alert.identifier = wild,
            }
        }
        // Rings and references at random break rules of their own; those do not bear on writing.
        let bears = |f: &nadhir_core::fault::Fault| f.is_error()
            && !matches!(f.code.as_str(), "cap.polygon.points" | "cap.polygon.open" | "cap.references.missing"
                | "cap.references.self" | "cap.ceiling.alone" | "cap.restriction.missing" | "cap.addresses.missing");
        if !check(&alert, Profile::Cap).iter().any(bears) {
            let (again, faults) = read(&write(&alert), &Limits::cap());
            prop_assert_eq!(again, Some(alert), "{:?}", faults);
        }
    }
}
