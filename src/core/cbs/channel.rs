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

/// What is fixed about a channel.
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
}

/// One row a channel. Source: Android's country settings for MCC 422 (CellBroadcastReceiver, values-mcc422).
pub const TABLE: [Row; 4] = [
    Row {
        channel: Channel::Emergency,
        identifier: 4370,
        class: Class::Live,
        title_ar: "تحذير طارىء",
        title_en: "Emergency Alert",
        opt_out: OptOut::Never,
        tone: Tone::Seconds(30),
    },
    Row {
        channel: Channel::Warning,
        identifier: 4371,
        class: Class::Live,
        title_ar: "رسالة تحذيرية",
        title_en: "Warning Alert",
        opt_out: OptOut::MainSwitch,
        tone: Tone::PhoneDefault,
    },
    Row {
        channel: Channel::Exercise,
        identifier: 4381,
        class: Class::Drill,
        title_ar: "تمرين",
        title_en: "Exercises Alert",
        opt_out: OptOut::OwnSwitch,
        tone: Tone::PhoneDefault,
    },
    Row {
        channel: Channel::Test,
        identifier: 4380,
        class: Class::Drill,
        title_ar: "اختبار",
        title_en: "Test",
        opt_out: OptOut::NotShown,
        tone: Tone::Silent,
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_has_its_own_row_and_no_other_number_has_one() {
        for (channel, row) in Channel::ALL.into_iter().zip(&TABLE) {
            assert_eq!(channel.row(), row);
            assert_eq!(row.channel, channel);
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
