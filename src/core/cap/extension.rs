//! What a document holds that CAP does not have, a signature included: kept by its octets, never understood here.

use std::ops::Range;

/// An element that is not CAP's, or that stands where CAP has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The path of the element that holds it.
    pub within: String,
    /// Its local name.
    pub name: String,
    /// Its octets among those received, from `<` of its start to `>` of its end.
    pub octets: Range<usize>,
}
