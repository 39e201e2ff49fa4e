//! warning: to come.
