//! The channels an Omani CBC is provisioned with and an Omani phone shows: this simulator's own copy of the table.

/// Whether a message that was asked for may go out on a channel, and what a phone with an Omani SIM makes of it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// Message identifier (TS 23.041, 9.4.1.2.2).
    pub identifier: u16,
    /// The only CAP `status` that may use it.
    pub status: &'static str,
    /// Whether phones with an Omani SIM (MCC 422) show it as they come from the factory.
    pub shown: bool,
    /// The title over the message, Arabic and English; none where nothing is shown.
    pub title: Option<[&'static str; 2]>,
    /// Whether it cannot be switched off.
    pub always_on: bool,
    /// How many seconds it sounds, where the country's settings say.
    pub tone_s: Option<u8>,
    /// Whether it sounds on a phone that is set to be silent.
    pub overrides_silence: bool,
}

/// What the CBC is provisioned with, and phones of MCC 422 are set to.
pub const PROVISIONED: [Channel; 4] = [
    Channel {
        identifier: 4370,
        status: "Actual",
        shown: true,
        title: Some(["تحذير طارىء", "Emergency Alert"]),
        always_on: true,
        tone_s: Some(30),
        overrides_silence: true,
    },
    Channel {
        identifier: 4371,
        status: "Actual",
        shown: true,
        title: Some(["رسالة تحذيرية", "Warning Alert"]),
        always_on: false,
        tone_s: None,
        overrides_silence: true,
    },
    Channel {
        identifier: 4381,
        status: "Exercise",
        shown: true,
        title: Some(["تمرين", "Exercises Alert"]),
        always_on: false,
        tone_s: None,
        overrides_silence: true,
    },
    Channel {
        identifier: 4380,
        status: "Test",
        shown: false,
        title: None,
        always_on: false,
        tone_s: None,
        overrides_silence: false,
    },
];

/// The channel of an identifier, when the CBC is provisioned with it.
pub(crate) fn provisioned(identifier: u16) -> Option<Channel> {
    PROVISIONED.into_iter().find(|channel| channel.identifier == identifier)
}

/// Whose settings a phone has: those of the country of its SIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// An Omani SIM, MCC 422.
    Oman,
    /// A roamer: it shows what Oman shows, and what its home does.
    Abroad,
}

/// What a roamer's home shows: the public warnings of the standard's table, the test channel among them, as some
/// countries have it (TS 23.041, 9.4.1.2.2, 4370 to 4380). Which countries do is not modelled.
const SHOWN_ABROAD: std::ops::RangeInclusive<u16> = 4370..=4380;

/// Whether a phone shows messages of this identifier, as it comes from the factory: Oman's channels, earthquake and
/// tsunami warnings, and for a roamer its home's.
pub(crate) fn is_shown(identifier: u16, home: Home) -> bool {
    let here = matches!(identifier, 4352..=4354 | 4356)
        || provisioned(identifier).is_some_and(|channel| channel.shown);
    match home {
        Home::Oman => here,
        Home::Abroad => here || SHOWN_ABROAD.contains(&identifier),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_omani_phones_show() {
        let shown =
            |home| (0..=u16::MAX).filter(|&identifier| is_shown(identifier, home)).collect::<Vec<u16>>();
        assert_eq!(shown(Home::Oman), [4352, 4353, 4354, 4356, 4370, 4371, 4381]);
        let abroad =
            [4352, 4353, 4354, 4356, 4370, 4371, 4372, 4373, 4374, 4375, 4376, 4377, 4378, 4379, 4380, 4381];
        assert_eq!(shown(Home::Abroad), abroad);
    }

    #[test]
    fn is_provisioned_with_four() {
        let found: Vec<u16> =
            (0..=u16::MAX).filter(|&identifier| provisioned(identifier).is_some()).collect();
        assert_eq!(found, [4370, 4371, 4380, 4381]);
    }
}
