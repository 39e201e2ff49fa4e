//! The channels an Omani CBC is provisioned with and an Omani phone shows: this simulator's own copy of the table.

/// Whether a message that was asked for may go out on a channel, and who sees it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Channel {
    /// Message identifier (TS 23.041, 9.4.1.2.2).
    pub(crate) identifier: u16,
    /// The only CAP `status` that may use it.
    pub(crate) status: &'static str,
    /// Whether phones with an Omani SIM (MCC 422) show it as they come from the factory.
    pub(crate) shown: bool,
}

/// What the CBC is provisioned with. 4370 cannot be switched off; 4371 and 4381 are on by default; 4380 is not shown.
pub(crate) const PROVISIONED: [Channel; 4] = [
    Channel { identifier: 4370, status: "Actual", shown: true },
    Channel { identifier: 4371, status: "Actual", shown: true },
    Channel { identifier: 4381, status: "Exercise", shown: true },
    Channel { identifier: 4380, status: "Test", shown: false },
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
