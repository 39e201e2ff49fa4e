//! How much of a document is read before it is refused as hostile or broken. Counts, not meaning.

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
    /// Polygons, circles and geocodes of the whole document.
    pub shapes: usize,
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
            shapes: 10_000,
            depth: 16,
            attributes: 512,
        }
    }
}
