//! How much of a document is read before it is refused as hostile or broken. Counts, not meaning.

use super::Profile;

/// The bounds of one document. Beyond any of them reading stops and the document is unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of the whole document.
    pub octets: usize,
    /// Points of all its polygons together.
    pub points: usize,
    /// `info` blocks.
    pub infos: usize,
    /// `area` blocks of one `info`.
    pub areas: usize,
    /// Polygons of one `area`.
    pub polygons: usize,
    /// Elements inside one another, `alert` counted as 1.
    pub depth: usize,
    /// Attributes of the whole document, namespace declarations and a signature's included.
    pub attributes: usize,
}

impl Limits {
    /// What any CAP document may have: 2 MB and 50,000 points; 41,009 were seen in a published alert.
    pub const fn cap() -> Limits {
        Limits {
            octets: 2_000_000,
            points: 50_000,
            infos: 32,
            areas: 64,
            polygons: 100,
            depth: 16,
            attributes: 512,
        }
    }

    /// What a document for Oman's cell broadcast may have: 256 kB and 10,000 points.
    pub const fn oman() -> Limits {
        Limits { octets: 256_000, points: 10_000, ..Limits::cap() }
    }

    /// The bounds that go with a profile.
    pub const fn of(profile: Profile) -> Limits {
        match profile {
            Profile::Cap => Limits::cap(),
            Profile::Oman => Limits::oman(),
        }
    }
}
