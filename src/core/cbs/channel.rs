//! The four channels Oman uses and how a phone with an Omani SIM behaves on each. Which alert may use which: whitelist.rs.
//!
//! ETWS identifiers (4352-4356) and every other number cannot be written down in these types.

use serde::{Deserialize, Serialize};

/// A message identifier (TS 23.041, 9.4.1.2.2) that this system may put on air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// 4370: Extreme.
    Emergency,
    /// 4371: Severe.
    Warning,
    /// 4381: exercises; reaches the public, for its switch is on by default.
    Exercise,
    /// 4380: tests; not shown with an Omani SIM, yet it wakes every phone of its cells.
    Test,
}

/// A channel by what people are to do. An Exercise or a Test comes to a `Drill` and never to a `Live`: there is no way across.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// People are to act.
    Live(Live),
    /// Nobody is to act.
    Drill(Drill),
}

/// The channels of status Actual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// 4370.
    Emergency,
    /// 4371.
    Warning,
}

/// The channels of the statuses Exercise and Test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drill {
    /// 4381.
    Exercise,
    /// 4380.
    Test,
}

/// Live and drill never share a queue, a credential or an allocator of serial numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// People are to act.
    Live,
    /// Nobody is to act.
    Drill,
}

impl Class {
    /// The word on the wire, in the store and in queue names.
    pub const fn word(self) -> &'static str {
        match self {
            Class::Live => "live",
            Class::Drill => "drill",
        }
    }

    /// The class of that word.
    pub fn parse(word: &str) -> Option<Class> {
        [Class::Live, Class::Drill].into_iter().find(|class| class.word() == word)
    }
}

/// Whether a user can silence a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOut {
    /// Always on.
    Never,
    /// By the main switch of emergency alerts alone.
    MainSwitch,
    /// By a switch of its own, on by default.
    OwnSwitch,
    /// Omani settings do not list it: it is not shown at all.
    NotShown,
}

/// How long a phone sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The country settings say how many seconds.
    Seconds(u8),
    /// The phone's own length.
    PhoneDefault,
    /// None, where the channel is not shown.
    Silent,
}

/// What a phone set to be silent does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoNotDisturb {
    /// It sounds all the same.
    Overridden,
    /// It stays silent, where the channel is not shown.
    Kept,
}

/// What is fixed about a channel. What phones do is known of Android alone; of iPhones it is not known for 4371 and 4381.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The channel.
    pub channel: Channel,
    /// Its message identifier.
    pub identifier: u16,
    /// Live or drill.
    pub class: Class,
    /// The title over the message in Arabic, as phones write it; our own word where phones show nothing.
    pub title_ar: &'static str,
    /// The same in English.
    pub title_en: &'static str,
    /// Whether a user can silence it.
    pub opt_out: OptOut,
    /// How long it sounds.
    pub tone: Tone,
    /// Whether it sounds on a phone set to be silent.
    pub do_not_disturb: DoNotDisturb,
}

/// One row a channel. Source: Android's country settings for MCC 422 (CellBroadcastReceiver, values-mcc422: the channel
/// ranges with `alert_duration` and `always_on`, and `override_dnd` for all of them).
pub const TABLE: [Row; 4] = [
    Row {
        channel: Channel::Emergency,
        identifier: 4370,
        class: Class::Live,
        title_ar: "تحذير طارىء",
        title_en: "Emergency Alert",
        opt_out: OptOut::Never,
        tone: Tone::Seconds(30),
        do_not_disturb: DoNotDisturb::Overridden,
    },
    Row {
        channel: Channel::Warning,
        identifier: 4371,
        class: Class::Live,
        title_ar: "رسالة تحذيرية",
        title_en: "Warning Alert",
        opt_out: OptOut::MainSwitch,
        tone: Tone::PhoneDefault,
        do_not_disturb: DoNotDisturb::Overridden,
    },
    Row {
        channel: Channel::Exercise,
        identifier: 4381,
        class: Class::Drill,
        title_ar: "تمرين",
        title_en: "Exercises Alert",
        opt_out: OptOut::OwnSwitch,
        tone: Tone::PhoneDefault,
        do_not_disturb: DoNotDisturb::Overridden,
    },
    Row {
        channel: Channel::Test,
        identifier: 4380,
        class: Class::Drill,
        title_ar: "اختبار",
        title_en: "Test",
        opt_out: OptOut::NotShown,
        tone: Tone::Silent,
        do_not_disturb: DoNotDisturb::Kept,
    },
];

impl Channel {
    /// Every channel, in the order of the table.
    pub const ALL: [Channel; 4] = [Channel::Emergency, Channel::Warning, Channel::Exercise, Channel::Test];

    /// Its row of the table.
    pub const fn row(self) -> &'static Row {
        match self {
            Channel::Emergency => &TABLE[0],
            Channel::Warning => &TABLE[1],
            Channel::Exercise => &TABLE[2],
            Channel::Test => &TABLE[3],
        }
    }

    /// The message identifier.
    pub const fn identifier(self) -> u16 {
        self.row().identifier
    }

    /// The channel of an identifier; `None` for every number that is not ours.
    pub fn from_identifier(identifier: u16) -> Option<Channel> {
        TABLE.iter().find(|row| row.identifier == identifier).map(|row| row.channel)
    }

    /// Live or drill.
    pub const fn class(self) -> Class {
        self.row().class
    }

    /// Which of the live ones, or of the drills'.
    pub const fn side(self) -> Side {
        match self {
            Channel::Emergency => Side::Live(Live::Emergency),
            Channel::Warning => Side::Live(Live::Warning),
            Channel::Exercise => Side::Drill(Drill::Exercise),
            Channel::Test => Side::Drill(Drill::Test),
        }
    }
}

impl From<Live> for Channel {
    fn from(live: Live) -> Channel {
        match live {
            Live::Emergency => Channel::Emergency,
            Live::Warning => Channel::Warning,
        }
    }
}

impl From<Drill> for Channel {
    fn from(drill: Drill) -> Channel {
        match drill {
            Drill::Exercise => Channel::Exercise,
            Drill::Test => Channel::Test,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_has_its_own_row_and_no_other_number_has_one() {
        for (channel, row) in Channel::ALL.into_iter().zip(&TABLE) {
            assert_eq!(channel.row(), row);
            assert_eq!(row.channel, channel);
            let (class, back) = match channel.side() {
                Side::Live(live) => (Class::Live, Channel::from(live)),
                Side::Drill(drill) => (Class::Drill, Channel::from(drill)),
            };
            assert_eq!((class, back), (row.class, channel));
        }
        let known: Vec<u16> = (0..=u16::MAX).filter(|i| Channel::from_identifier(*i).is_some()).collect();
        assert_eq!(known, [4370, 4371, 4380, 4381]);
    }

    #[test]
    fn only_4370_and_4371_are_live() {
        let live: Vec<u16> =
            TABLE.iter().filter(|r| r.channel.class() == Class::Live).map(|r| r.identifier).collect();
        assert_eq!(live, [4370, 4371]);
    }
}
