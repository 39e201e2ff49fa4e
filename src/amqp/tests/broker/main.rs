//! The connection against a running RabbitMQ: `deploy/dev/rabbitmq.sh start DIR PORT` prints what these tests read.
//!
//! Without NADHIR_AMQP_URL they fail; they are built only with the feature `broker-tests`.

#![expect(clippy::expect_used, reason = "a test tells a fault by panicking")]

/// Brokers, queues and messages of a test.
mod bench;
/// Publishing and consuming when all is well, and when the broker says no.
mod everyday;
/// Lines that stall, break or are not there yet.
mod lines;
/// A private node a test may kill.
mod node;
/// A node that dies, and one that runs out of disk.
mod nodes;
/// Who may read and write what.
mod permissions;

/// A TCP proxy that can stall, cut and refuse.
mod proxy;
