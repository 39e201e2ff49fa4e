//! One supervised connection to RabbitMQ: publish confirmed bytes, consume, acknowledge. Knows no warnings.
