//! The path inside one process held to what every path must do. The one over RabbitMQ is held to it in broker.rs.

#![expect(clippy::expect_used, reason = "a test whose ground is broken must fail")]

#[macro_use]
#[path = "transport/suite.rs"]
mod suite;

use nadhir::transport::loopback::Loopback;
use std::future::{Ready, ready};
use std::sync::Arc;

fn empty() -> Ready<(suite::Under, ())> {
    ready((Arc::new(Loopback::default()), ()))
}

conformance!(empty);
