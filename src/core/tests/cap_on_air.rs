//! What may go on air, seen from CAP: of all documents that can be written, only those of the table in docs/on-air.md meet a live channel.

use nadhir_core::cap::{
    Alert, Area, CapTime, Category, Certainty, Info, Limits, MsgType, Reference, ResponseType, Scope,
    Severity, Status, Urgency, Version, read, write,
};
use nadhir_core::cbs::whitelist::Authority;
use nadhir_core::cbs::{Channel, Class, Given, channel_of};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const TABLE: &str = include_str!("../../../docs/on-air.md");

fn info(words: (Urgency, Severity, Certainty), response_types: Vec<ResponseType>, language: &str) -> Info {
    Info {
        language: Some(language.to_owned()),
        categories: vec![Category::Met],
        event: "e".to_owned(),
        response_types,
        urgency: words.0,
        severity: words.1,
        certainty: words.2,
        audience: None,
        event_codes: vec![],
        effective: None,
        onset: None,
        expires: None,
        sender_name: None,
        headline: Some("h".to_owned()),
        description: None,
        instruction: None,
        web: None,
        contact: None,
        parameters: vec![],
        resources: vec![],
        areas: vec![Area {
            area_desc: "a".to_owned(),
            polygons: vec![],
            circles: vec![],
            geocodes: vec![],
            altitude: None,
            ceiling: None,
        }],
    }
}

fn words() -> impl Strategy<Value = (Urgency, Severity, Certainty)> {
    (select(Urgency::ALL), select(Severity::ALL), select(Certainty::ALL))
}

/// Any head, and infos that agree or not.
fn alert() -> impl Strategy<Value = Alert> {
    let head =
        (select(Status::ALL), select(MsgType::ALL), select(Scope::ALL), select(Version::ALL), any::<bool>());
    let responses =
        vec(select(&[ResponseType::Evacuate, ResponseType::AllClear, ResponseType::None][..]), 0..2);
    let agreeing = (words(), responses.clone(), 0..4_usize)
        .prop_map(|(words, responses, count)| vec![(words, responses); count]);
    let any_infos = vec((words(), responses), 0..3);
    (head, prop_oneof![3 => agreeing, 1 => any_infos]).prop_map(
        |((status, msg_type, scope, version, refers), infos)| {
            let sent = CapTime::muscat(chrono::DateTime::UNIX_EPOCH);
            let earlier = Reference { sender: "s".to_owned(), identifier: "earlier".to_owned(), sent };
            Alert {
                version,
                identifier: "i".to_owned(),
                sender: "s".to_owned(),
                sent,
                status,
                msg_type,
                source: None,
                scope,
                restriction: (scope == Scope::Restricted).then(|| "r".to_owned()),
                addresses: if scope == Scope::Private { vec!["a".to_owned()] } else { vec![] },
                codes: vec![],
                note: None,
                references: if refers { vec![earlier] } else { vec![] },
                incidents: vec![],
                infos: infos
                    .into_iter()
                    .zip(["ar", "en", "hi", "ur"])
                    .map(|((words, responses), language)| info(words, responses, language))
                    .collect(),
            }
        },
    )
}

/// Whatever a desk could claim beside the document.
fn given() -> impl Strategy<Value = Given> {
    let channels = [Channel::Emergency, Channel::Warning, Channel::Exercise, Channel::Test];
    let authorities = vec![Authority::Table, Authority::Warning];
    (proptest::option::of(select(channels.to_vec())), any::<bool>(), select(authorities))
        .prop_map(|(predecessor, test_ordered, authority)| Given { predecessor, test_ordered, authority })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn nothing_but_an_actual_public_alert_or_update_meets_a_live_channel(alert in alert(), given in given()) {
        // As it would come: written, and read again.
        let bytes = write(&alert);
        let bare = |r: &ResponseType| *r == ResponseType::AllClear;
        let Some(alert) = read(&bytes, &Limits::cap()).0 else {
            // CAP 1.1 has no AllClear; nothing else of these cannot be read.
            prop_assert!(alert.version == Version::V1_1 && alert.infos.iter().any(|i| i.response_types.iter().any(bare)));
            return Ok(());
        };
        let Ok(channel) = channel_of(&alert, given) else { return Ok(()) };
        prop_assert!(matches!(alert.msg_type, MsgType::Alert | MsgType::Update), "{}", alert.msg_type);
        prop_assert_eq!(alert.scope, Scope::Public);
        prop_assert!(!alert.infos.is_empty());
        let own = match alert.status {
            Status::Actual => channel.class() == Class::Live,
            Status::Exercise => channel == Channel::Exercise,
            Status::Test => channel == Channel::Test && given.test_ordered,
            Status::System | Status::Draft => false,
        };
        prop_assert!(own, "{} on {:?}", alert.status, channel);
        // An authority that is trusted with 4371 may say there what the table does not; 4370 stays the table's.
        let trusted = given.authority == Authority::Warning && channel == Channel::Warning;
        if channel.class() == Class::Live && given.predecessor.is_none() && !trusted {
            let first = &alert.infos[0];
            let severe = match channel {
                Channel::Emergency => first.severity == Severity::Extreme,
                Channel::Warning => first.severity == Severity::Severe,
                Channel::Exercise | Channel::Test => false,
            };
            prop_assert!(severe, "{} on {:?}", first.severity, channel);
            prop_assert!(matches!(first.urgency, Urgency::Immediate | Urgency::Expected), "{}", first.urgency);
            prop_assert!(matches!(first.certainty, Certainty::Observed | Certainty::Likely), "{}", first.certainty);
        }
    }
}

/// The table of the page against the code, row by row: status, msgType, scope, severity, urgency, certainty, channel.
#[test]
fn the_table_in_the_docs_is_what_the_code_does() {
    let rows: Vec<Vec<&str>> = TABLE
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---") && !line.starts_with("| status"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() >= 6);
    let mut allowed = 0;
    for status in Status::ALL {
        for msg_type in MsgType::ALL {
            for scope in Scope::ALL {
                for severity in Severity::ALL {
                    for urgency in Urgency::ALL {
                        for certainty in Certainty::ALL {
                            let words = [
                                status.word(),
                                msg_type.word(),
                                scope.word(),
                                severity.word(),
                                urgency.word(),
                                certainty.word(),
                            ];
                            let fits = |row: &&Vec<&str>| {
                                row.iter()
                                    .zip(words)
                                    .all(|(cell, word)| *cell == "any" || cell.split(", ").any(|c| c == word))
                            };
                            // The first row that fits holds.
                            let told = rows.iter().find(fits).map_or("none", |row| row[6]);
                            let is = channel_of(
                                &one(*status, *msg_type, *scope, (*urgency, *severity, *certainty)),
                                Given::default(),
                            );
                            let is = is.map_or("none".to_owned(), |channel| channel.identifier().to_string());
                            assert_eq!(is, told, "{words:?}");
                            allowed += usize::from(is != "none");
                        }
                    }
                }
            }
        }
    }
    assert!(allowed > 0);
}

fn one(status: Status, msg_type: MsgType, scope: Scope, words: (Urgency, Severity, Certainty)) -> Alert {
    Alert {
        version: Version::V1_2,
        identifier: "i".to_owned(),
        sender: "s".to_owned(),
        sent: CapTime::muscat(chrono::DateTime::UNIX_EPOCH),
        status,
        msg_type,
        source: None,
        scope,
        restriction: None,
        addresses: vec![],
        codes: vec![],
        note: None,
        references: vec![],
        incidents: vec![],
        infos: vec![info(words, vec![], "ar")],
    }
}
