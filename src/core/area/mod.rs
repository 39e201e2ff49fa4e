//! area: to come.
