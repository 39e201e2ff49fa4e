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

/// Whether an Omani phone shows messages of this identifier: Oman's channels, and earthquake and tsunami warnings.
pub(crate) fn is_shown(identifier: u16) -> bool {
    matches!(identifier, 4352..=4354 | 4356) || provisioned(identifier).is_some_and(|channel| channel.shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_omani_phones_show() {
        let shown: Vec<u16> = (0..=u16::MAX).filter(|&identifier| is_shown(identifier)).collect();
        assert_eq!(shown, [4352, 4353, 4354, 4356, 4370, 4371, 4381]);
    }

    #[test]
    fn is_provisioned_with_four() {
        let found: Vec<u16> =
            (0..=u16::MAX).filter(|&identifier| provisioned(identifier).is_some()).collect();
        assert_eq!(found, [4370, 4371, 4380, 4381]);
    }
}
