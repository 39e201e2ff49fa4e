//! The path inside one process held to what every path must do. The one over RabbitMQ is held to it in broker.rs.

#[macro_use]
#[path = "transport/suite.rs"]
mod suite;

use nadhir::transport::loopback::Loopback;
use std::sync::Arc;

async fn empty() -> (suite::Under, ()) {
    (Arc::new(Loopback::default()), ())
}

conformance!(empty);
