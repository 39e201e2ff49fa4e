//! Which alert may go on which channel: a whitelist of status, msgType, scope, severity, urgency, certainty and response type.
//!
//! What is not named here has no channel, and the faults say which field and value are to blame.

use super::channel::{Channel, Drill, Live, Side};
use crate::cap::{Alert, Certainty, Info, MsgType, ResponseType, Scope, Severity, Status, Urgency};
use crate::fault::Fault;

/// What the alert itself cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    /// The channel of the message this one follows: an all-clear and a downgrade go where the warning went.
    pub predecessor: Option<Channel>,
    /// Two persons have ordered this test to go on air. Without it a Test has no channel.
    pub test_ordered: bool,
    /// What the author's authority may put on air.
    pub authority: Authority,
}

/// How far an authority may go beyond the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Authority {
    /// Not at all.
    #[default]
    Table,
    /// An Actual alert that the table gives no channel may use 4371: the regulator trusts this authority with it.
    Warning,
}

/// The channel of an alert, or every reason why it has none.
///
/// | status | severity, urgency, certainty | channel |
/// | --- | --- | --- |
/// | Actual | Extreme, Immediate or Expected, Observed or Likely | 4370 |
/// | Actual | Severe, likewise | 4371 |
/// | Actual | `AllClear`, or an Update whose values are lower | the predecessor's |
/// | Actual | any other, by an authority that may | 4371 |
/// | Exercise | any | 4381 |
/// | Test, ordered | any | 4380 |
///
/// Always: msgType Alert or Update, scope Public, at least one info, and infos that agree.
pub fn channel_of(alert: &Alert, given: Given) -> Result<Channel, Vec<Fault>> {
    let mut faults = Vec::new();
    match alert.msg_type {
        MsgType::Alert | MsgType::Update => {}
        MsgType::Cancel | MsgType::Ack | MsgType::Error => faults.push(none(
            "msg_type",
            "alert/msgType",
            format!("msgType {} has no channel: only Alert and Update are broadcast", alert.msg_type),
        )),
    }
    match alert.scope {
        Scope::Public => {}
        Scope::Restricted | Scope::Private => faults.push(none(
            "scope",
            "alert/scope",
            format!("scope {} has no channel: only Public is broadcast", alert.scope),
        )),
    }
    faults.extend(disagreements(&alert.infos));
    let channel = match alert.status {
        Status::Actual => actual(alert, given).map(Channel::from),
        Status::Exercise => after(Drill::Exercise, given.predecessor).map(Channel::from),
        Status::Test if given.test_ordered => after(Drill::Test, given.predecessor).map(Channel::from),
        Status::Test => Err(vec![none(
            "status",
            "alert/status",
            "status Test has no channel unless two persons order it".to_owned(),
        )]),
        Status::System | Status::Draft => Err(vec![none(
            "status",
            "alert/status",
            format!("status {} has no channel: it never goes on air", alert.status),
        )]),
    };
    match channel {
        Ok(channel) if faults.is_empty() => Ok(channel),
        Ok(_) => Err(faults),
        Err(more) => {
            faults.extend(more);
            Err(faults)
        }
    }
}

/// The channel of an Actual alert by the values of its first info; the others must agree with it.
fn actual(alert: &Alert, given: Given) -> Result<Live, Vec<Fault>> {
    let predecessor = match given.predecessor.map(Channel::side) {
        None => None,
        Some(Side::Live(live)) => Some(live),
        Some(Side::Drill(drill)) => return Err(vec![misplaced(alert.status, drill.into())]),
    };
    let Some(info) = alert.infos.first() else { return Err(Vec::new()) };
    if info.response_types.contains(&ResponseType::AllClear) {
        return predecessor.ok_or_else(|| {
            vec![none(
                "all_clear",
                "alert/info[1]/responseType",
                "responseType AllClear has no channel of its own: it goes where the warning went that it ends, and none is named"
                    .to_owned(),
            )]
        });
    }
    let (severity, faults) = judged(info);
    if let (Some(channel), true) = (severity, faults.is_empty()) {
        return Ok(channel);
    }
    match (predecessor, given.authority) {
        (Some(channel), _) if alert.msg_type == MsgType::Update && downgrades(info, channel) => Ok(channel),
        (_, Authority::Warning) => Ok(Live::Warning),
        (_, Authority::Table) => Err(faults),
    }
}

/// The channel its severity would have, and what in its values stands against being broadcast.
fn judged(info: &Info) -> (Option<Live>, Vec<Fault>) {
    let mut faults = Vec::new();
    let channel = match info.severity {
        Severity::Extreme => Some(Live::Emergency),
        Severity::Severe => Some(Live::Warning),
        Severity::Moderate | Severity::Minor | Severity::Unknown => {
            faults.push(none(
                "severity",
                "alert/info[1]/severity",
                format!("severity {} has no channel: only Extreme and Severe are broadcast", info.severity),
            ));
            None
        }
    };
    match info.urgency {
        Urgency::Immediate | Urgency::Expected => {}
        Urgency::Future | Urgency::Past | Urgency::Unknown => faults.push(none(
            "urgency",
            "alert/info[1]/urgency",
            format!("urgency {} has no channel: only Immediate and Expected are broadcast", info.urgency),
        )),
    }
    match info.certainty {
        Certainty::Observed | Certainty::Likely => {}
        Certainty::Possible | Certainty::Unlikely | Certainty::Unknown => faults.push(none(
            "certainty",
            "alert/info[1]/certainty",
            format!("certainty {} has no channel: only Observed and Likely are broadcast", info.certainty),
        )),
    }
    (channel, faults)
}

/// Whether values that would not be broadcast by themselves are known to be lower than those of a message on `before`.
/// Unknown is not lower: it is unknown; nor is Extreme after Severe.
fn downgrades(info: &Info, before: Live) -> bool {
    !(info.severity == Severity::Extreme && before == Live::Warning)
        && info.severity != Severity::Unknown
        && info.urgency != Urgency::Unknown
        && info.certainty != Certainty::Unknown
}

/// A drill's channel, unless it claims to follow a message of another channel.
fn after(own: Drill, predecessor: Option<Channel>) -> Result<Drill, Vec<Fault>> {
    let status = match own {
        Drill::Exercise => Status::Exercise,
        Drill::Test => Status::Test,
    };
    match predecessor {
        Some(other) if other != Channel::from(own) => Err(vec![misplaced(status, other)]),
        Some(_) | None => Ok(own),
    }
}

/// Infos are one event told in several languages: what chooses the channel is the same in all.
fn disagreements(infos: &[Info]) -> Vec<Fault> {
    let Some(first) = infos.first() else {
        return vec![none(
            "no_info",
            "alert",
            "an alert without info says nothing that could be broadcast".to_owned(),
        )];
    };
    let mut faults = Vec::new();
    for (i, info) in infos.iter().enumerate().skip(1) {
        let mut differs = |field: &str, here: &str, there: &str| {
            if here != there {
                faults.push(none(
                    "disagree",
                    &format!("alert/info[{}]/{field}", i + 1),
                    format!("{field} is {here} here and {there} in info[1]: languages tell of one event"),
                ));
            }
        };
        differs("severity", info.severity.word(), first.severity.word());
        differs("urgency", info.urgency.word(), first.urgency.word());
        differs("certainty", info.certainty.word(), first.certainty.word());
        differs("responseType", &responses(info), &responses(first));
    }
    faults
}

/// Response types in the order of the standard, each once.
fn responses(info: &Info) -> String {
    let mut words: Vec<ResponseType> = info.response_types.clone();
    words.sort_unstable();
    words.dedup();
    let words: Vec<&str> = words.into_iter().map(ResponseType::word).collect();
    if words.is_empty() { "absent".to_owned() } else { words.join(" ") }
}

fn misplaced(status: Status, predecessor: Channel) -> Fault {
    none(
        "predecessor",
        "alert/references",
        format!("status {status} cannot follow a message on {}", predecessor.identifier()),
    )
}

fn none(code: &str, place: &str, message: String) -> Fault {
    Fault::error(&format!("cbs.channel.{code}"), place, message)
}
