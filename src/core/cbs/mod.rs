//! cbs: to come.
