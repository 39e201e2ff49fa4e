//! Who signs what is written here, until a deployment names addresses of its own.

/// The desk's warnings.
pub const DESK: &str = "alerts@caa.example.om";
/// Drills.
pub const DRILLS: &str = "drills@regulator.example.om";
