//! Which alert may go on which channel: rows for the reasons, every combination for the promise.

mod desk;

use nadhir_core::cap::{Alert, Certainty, MsgType, ResponseType, Scope, Severity, Status, Urgency};
use nadhir_core::cbs::channel::{DoNotDisturb, OptOut, TABLE, Tone};
use nadhir_core::cbs::{Authority, Channel, Class, Given, channel_of};
use proptest::prelude::*;
use proptest::sample::select;

const PREDECESSORS: [Option<Channel>; 5] =
    [None, Some(Channel::Emergency), Some(Channel::Warning), Some(Channel::Exercise), Some(Channel::Test)];

const AUTHORITIES: [Authority; 2] = [Authority::Table, Authority::Warning];

/// The verdict on an alert after `change`: a channel, or the codes of the faults.
fn check(given: Given, change: impl Fn(&mut Alert), want: Result<Channel, &[&str]>) {
    let mut alert = desk::alert(&["ar", "en"]);
    change(&mut alert);
    let got =
        channel_of(&alert, given).map_err(|faults| faults.into_iter().map(|f| f.code).collect::<Vec<_>>());
    assert_eq!(
        got.as_ref().map_err(|codes| codes.iter().map(String::as_str).collect()),
        want.as_ref().map_err(|c| c.to_vec())
    );
}

fn follows(channel: Channel) -> Given {
    Given { predecessor: Some(channel), ..Given::default() }
}

fn severity(alert: &mut Alert, severity: Severity) {
    alert.infos.iter_mut().for_each(|info| info.severity = severity);
}

fn all_clear(alert: &mut Alert) {
    for info in &mut alert.infos {
        info.response_types = vec![ResponseType::AllClear];
        info.urgency = Urgency::Past;
        info.severity = Severity::Minor;
    }
}

#[test]
fn the_whitelist_row_by_row() {
    let plain = Given::default();
    let ordered = Given { test_ordered: true, ..plain };
    check(plain, |_| {}, Ok(Channel::Emergency));
    check(plain, |a| severity(a, Severity::Severe), Ok(Channel::Warning));
    check(plain, |a| severity(a, Severity::Moderate), Err(&["cbs.channel.severity"]));
    check(plain, |a| a.infos.iter_mut().for_each(|i| i.urgency = Urgency::Expected), Ok(Channel::Emergency));
    check(
        plain,
        |a| a.infos.iter_mut().for_each(|i| i.urgency = Urgency::Future),
        Err(&["cbs.channel.urgency"]),
    );
    check(
        plain,
        |a| a.infos.iter_mut().for_each(|i| i.certainty = Certainty::Likely),
        Ok(Channel::Emergency),
    );
    check(
        plain,
        |a| {
            severity(a, Severity::Minor);
            a.infos.iter_mut().for_each(|i| i.certainty = Certainty::Possible);
        },
        Err(&["cbs.channel.severity", "cbs.channel.certainty"]),
    );
    check(plain, |a| a.msg_type = MsgType::Update, Ok(Channel::Emergency));
    check(plain, |a| a.msg_type = MsgType::Cancel, Err(&["cbs.channel.msg_type"]));
    check(plain, |a| a.scope = Scope::Restricted, Err(&["cbs.channel.scope"]));
    check(plain, |a| a.status = Status::Exercise, Ok(Channel::Exercise));
    check(plain, |a| a.status = Status::Test, Err(&["cbs.channel.status"]));
    check(ordered, |a| a.status = Status::Test, Ok(Channel::Test));
    check(ordered, |a| a.status = Status::System, Err(&["cbs.channel.status"]));
    check(ordered, |_| {}, Ok(Channel::Emergency));
    check(plain, |a| a.infos.clear(), Err(&["cbs.channel.no_info"]));
    check(plain, |a| a.infos[1].severity = Severity::Severe, Err(&["cbs.channel.disagree"]));
    check(
        plain,
        |a| {
            a.status = Status::Draft;
            a.msg_type = MsgType::Ack;
            a.scope = Scope::Private;
            a.infos[1].urgency = Urgency::Past;
        },
        Err(&["cbs.channel.msg_type", "cbs.channel.scope", "cbs.channel.disagree", "cbs.channel.status"]),
    );
}

#[test]
fn what_ends_or_lowers_a_warning_goes_where_the_warning_went() {
    let update = |a: &mut Alert| a.msg_type = MsgType::Update;
    check(Given::default(), all_clear, Err(&["cbs.channel.all_clear"]));
    check(follows(Channel::Emergency), all_clear, Ok(Channel::Emergency));
    check(follows(Channel::Warning), all_clear, Ok(Channel::Warning));
    check(follows(Channel::Exercise), all_clear, Err(&["cbs.channel.predecessor"]));
    let lower = |a: &mut Alert| {
        update(a);
        severity(a, Severity::Moderate);
    };
    check(follows(Channel::Emergency), lower, Ok(Channel::Emergency));
    check(Given::default(), lower, Err(&["cbs.channel.severity"]));
    // Lower is known to be lower: Unknown is not, and a new alert follows nothing.
    let unknown = |a: &mut Alert| {
        update(a);
        severity(a, Severity::Unknown);
    };
    check(follows(Channel::Emergency), unknown, Err(&["cbs.channel.severity"]));
    // Extreme is not lower than Severe, whatever its urgency.
    let later = |a: &mut Alert| {
        update(a);
        a.infos.iter_mut().for_each(|i| i.urgency = Urgency::Future);
    };
    check(follows(Channel::Emergency), later, Ok(Channel::Emergency));
    check(follows(Channel::Warning), later, Err(&["cbs.channel.urgency"]));
    check(follows(Channel::Emergency), |a| severity(a, Severity::Moderate), Err(&["cbs.channel.severity"]));
    // Severe after Extreme has a channel of its own: another identifier, so a new code, and the old one is stopped.
    let severe = |a: &mut Alert| {
        update(a);
        severity(a, Severity::Severe);
    };
    check(follows(Channel::Emergency), severe, Ok(Channel::Warning));
    check(follows(Channel::Emergency), |a| a.status = Status::Exercise, Err(&["cbs.channel.predecessor"]));
    check(follows(Channel::Exercise), |a| a.status = Status::Exercise, Ok(Channel::Exercise));
}

#[test]
fn a_fault_names_field_and_value() {
    let mut alert = desk::alert(&["ar"]);
    severity(&mut alert, Severity::Moderate);
    let faults = channel_of(&alert, Given::default()).unwrap_err();
    assert_eq!(faults[0].place, "alert/info[1]/severity");
    assert_eq!(faults[0].message, "severity Moderate has no channel: only Extreme and Severe are broadcast");
}

#[test]
fn an_authority_may_use_4371_for_what_the_table_leaves_out() {
    let trusted = Given { authority: Authority::Warning, ..Given::default() };
    let each =
        |change: fn(&mut nadhir_core::cap::Info)| move |a: &mut Alert| a.infos.iter_mut().for_each(change);
    check(trusted, |a| severity(a, Severity::Moderate), Ok(Channel::Warning));
    check(trusted, |a| severity(a, Severity::Unknown), Ok(Channel::Warning));
    check(trusted, each(|i| i.urgency = Urgency::Future), Ok(Channel::Warning));
    check(trusted, each(|i| i.certainty = Certainty::Possible), Ok(Channel::Warning));
    // What the table names keeps its channel, and nothing else is lent.
    check(trusted, |_| {}, Ok(Channel::Emergency));
    check(trusted, all_clear, Err(&["cbs.channel.all_clear"]));
    check(trusted, |a| a.status = Status::Exercise, Ok(Channel::Exercise));
    check(trusted, |a| a.status = Status::Test, Err(&["cbs.channel.status"]));
    check(trusted, |a| a.msg_type = MsgType::Cancel, Err(&["cbs.channel.msg_type"]));
    check(trusted, |a| a.scope = Scope::Private, Err(&["cbs.channel.scope"]));
    let lower = |a: &mut Alert| {
        a.msg_type = MsgType::Update;
        severity(a, Severity::Moderate);
    };
    check(Given { predecessor: Some(Channel::Emergency), ..trusted }, lower, Ok(Channel::Emergency));
}

/// The row of the table as the docs show it.
fn row_in_the_docs(row: &nadhir_core::cbs::channel::Row) -> String {
    let shown = match row.opt_out {
        OptOut::NotShown => "not shown with an Omani SIM".to_owned(),
        OptOut::Never | OptOut::MainSwitch | OptOut::OwnSwitch => {
            format!("{} / {}", row.title_ar, row.title_en)
        }
    };
    let status = match row.channel {
        Channel::Emergency => "Actual | Extreme",
        Channel::Warning => "Actual | Severe, or any by an authority that may",
        Channel::Exercise => "Exercise | any",
        Channel::Test => "Test, ordered by two persons | any",
    };
    let silence = match row.opt_out {
        OptOut::Never => "impossible",
        OptOut::MainSwitch => "the main switch",
        OptOut::OwnSwitch => "its own switch, on by default",
        OptOut::NotShown => "",
    };
    let tone = match row.tone {
        Tone::Seconds(seconds) => format!("{seconds} s"),
        Tone::PhoneDefault => "the phone's own".to_owned(),
        Tone::Silent => "none".to_owned(),
    };
    let quiet = match row.do_not_disturb {
        DoNotDisturb::Overridden => "sounds",
        DoNotDisturb::Kept => "silent",
    };
    let hex = format!("0x{:04X}", row.identifier);
    format!("| {} | {hex} | {shown} | {status} | {silence} | {tone} | {quiet} |", row.identifier)
        .replace("|  |", "| |")
}

#[test]
fn the_docs_show_the_table() {
    let docs = include_str!("../../../docs/pages.md");
    let rows: Vec<&str> = docs.lines().filter(|line| line.starts_with("| 43")).collect();
    assert_eq!(rows, TABLE.iter().map(row_in_the_docs).collect::<Vec<_>>());
}

/// Whether an alert may meet a live channel at all, said once more and shorter than the whitelist says it.
fn may_be_live(alert: &Alert) -> bool {
    alert.status == Status::Actual
        && alert.scope == Scope::Public
        && matches!(alert.msg_type, MsgType::Alert | MsgType::Update)
}

fn keeps_the_promise(alert: &Alert, given: Given) {
    let Ok(channel) = channel_of(alert, given) else { return };
    let about = || format!("{:?} {:?} {:?} -> {channel:?}", alert.status, alert.msg_type, alert.scope);
    assert!(!alert.infos.is_empty(), "{}", about());
    match channel {
        Channel::Emergency | Channel::Warning => assert!(may_be_live(alert), "{}", about()),
        Channel::Exercise => assert_eq!(alert.status, Status::Exercise, "{}", about()),
        Channel::Test => assert!(alert.status == Status::Test && given.test_ordered, "{}", about()),
    }
    assert!(matches!(alert.msg_type, MsgType::Alert | MsgType::Update) && alert.scope == Scope::Public);
    let own = alert.infos.iter().all(|info| {
        matches!(info.severity, Severity::Extreme | Severity::Severe)
            && matches!(info.urgency, Urgency::Immediate | Urgency::Expected)
            && matches!(info.certainty, Certainty::Observed | Certainty::Likely)
            && !info.response_types.contains(&ResponseType::AllClear)
    });
    if channel.class() == Class::Live && !own {
        let trusted = given.authority == Authority::Warning && channel == Channel::Warning;
        assert!(
            trusted || given.predecessor == Some(channel),
            "only a predecessor or an authority lends a channel: {}",
            about()
        );
    }
}

#[test]
fn no_combination_of_words_meets_a_channel_it_must_not() {
    let mut alert = desk::alert(&["ar"]);
    let mut live = 0;
    for status in Status::ALL {
        for msg_type in MsgType::ALL {
            for scope in Scope::ALL {
                (alert.status, alert.msg_type, alert.scope) = (*status, *msg_type, *scope);
                for severity in Severity::ALL {
                    for urgency in Urgency::ALL {
                        for certainty in Certainty::ALL {
                            for response in [ResponseType::Shelter, ResponseType::AllClear] {
                                let info = &mut alert.infos[0];
                                (info.severity, info.urgency, info.certainty) =
                                    (*severity, *urgency, *certainty);
                                info.response_types = vec![response];
                                for predecessor in PREDECESSORS {
                                    for (test_ordered, authority) in
                                        [false, true].into_iter().flat_map(|t| AUTHORITIES.map(|a| (t, a)))
                                    {
                                        let given = Given { predecessor, test_ordered, authority };
                                        keeps_the_promise(&alert, given);
                                        live += usize::from(
                                            channel_of(&alert, given).is_ok_and(|c| c.class() == Class::Live),
                                        );
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    // Alert: 2 x 2 x 2 values, without or after one of two live predecessors: 24; AllClear: 125 after two: 250.
    // Update: the same 24, 250, and 4 x 4 x 4 known values less the 8 of the table after 4370: 56; after 4371 also less the
    // 12 that are Extreme: 44. Each with and without the order.
    let table = 24 + 250 + 24 + 250 + 56 + 44;
    // By an authority that may: every of the 125 values without AllClear, without or after one of two; AllClear as before.
    let trusted = 2 * (3 * 125 + 250);
    assert_eq!(live, (table + trusted) * 2);
}

proptest! {
    #[test]
    fn no_generated_alert_meets_a_channel_it_must_not(
        status in select(Status::ALL), msg_type in select(MsgType::ALL), scope in select(Scope::ALL),
        infos in proptest::collection::vec(
            (select(Severity::ALL), select(Urgency::ALL), select(Certainty::ALL),
             proptest::collection::vec(select(ResponseType::ALL), 0..3)), 0..4),
        predecessor in select(&PREDECESSORS[..]), test_ordered: bool, authority in select(&AUTHORITIES[..]),
    ) {
        let mut alert = desk::alert(&["ar", "en", "hi", "ur"][..infos.len()]);
        (alert.status, alert.msg_type, alert.scope) = (status, msg_type, scope);
        for (info, (severity, urgency, certainty, responses)) in alert.infos.iter_mut().zip(infos) {
            (info.severity, info.urgency, info.certainty) = (severity, urgency, certainty);
            info.response_types = responses;
        }
        keeps_the_promise(&alert, Given { predecessor, test_ordered, authority });
    }
}
