//! Brokers, queues and messages of a test: each test has queues of its own, which the broker forgets after a minute.

use nadhir_amqp::topology::Argument;
use nadhir_amqp::{Broker, Consumer, Delivery, NotConfirmed, Publish, Settings, Standing, State, Topology};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Long enough for a loaded machine; no test asserts how quick something was.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn url(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: deploy/dev/rabbitmq.sh start DIR PORT"))
}

pub(crate) async fn connect(uri: &str) -> Broker {
    let broker = dial(&[uri.to_owned()]);
    assert!(broker.up_within(PATIENCE).await, "{:?}", *broker.state().borrow());
    broker
}

pub(crate) fn dial(uris: &[String]) -> Broker {
    Broker::start(Settings::new(uris.to_vec(), "test")).expect("settings")
}

/// The same credentials and vhost at another port.
pub(crate) fn at_port(uri: &str, port: u16) -> String {
    let (head, tail) = uri.rsplit_once(':').expect("a port");
    let (_, vhost) = tail.split_once('/').expect("a vhost");
    format!("{head}:{port}/{vhost}")
}

pub(crate) fn port_of(uri: &str) -> u16 {
    uri.rsplit_once(':')
        .and_then(|(_, tail)| tail.split_once('/'))
        .expect("a port")
        .0
        .parse()
        .expect("a number")
}

/// A topic exchange and queues of this test alone.
pub(crate) struct Place {
    pub(crate) exchange: String,
    pub(crate) queue: String,
    pub(crate) key: String,
}

impl Place {
    /// `extra`: more arguments of the queue, as JSON members.
    pub(crate) async fn declare(broker: &Broker, extra: &str) -> Self {
        let place = Self::name();
        let topology = place.topology(extra);
        broker.declare(&topology, PATIENCE).await.expect("declared");
        place
    }

    pub(crate) fn name() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("nadhir.test.{}.{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self { exchange: format!("{name}.x"), queue: format!("{name}.q"), key: "order.test".to_owned() }
    }

    pub(crate) fn topology(&self, extra: &str) -> Topology {
        let Self { exchange, queue, key } = self;
        Topology::parse(&format!(
            r#"{{"exchanges":[{{"name":"{exchange}","type":"topic","durable":true,"auto_delete":true}},
                            {{"name":"nadhir.dead","type":"fanout","durable":true,"auto_delete":false}}],
                "queues":[{{"name":"{queue}","durable":true,"auto_delete":false,
                           "arguments":{{"x-queue-type":"quorum","x-expires":60000{extra}}}}}],
                "bindings":[{{"source":"{exchange}","destination":"{queue}","destination_type":"queue","routing_key":"{key}"}}]}}"#
        ))
        .expect("topology")
    }

    /// A delivery limit of five, as the order queues have, and the dead letters go to `dead`.
    pub(crate) fn topology_with_dead_letters(&self, dead: &Self) -> Topology {
        let mut topology = self.topology(r#","x-delivery-limit":5"#);
        for (key, value) in
            [("x-dead-letter-exchange", &dead.exchange), ("x-dead-letter-routing-key", &dead.key)]
        {
            topology.queues[0].arguments.insert(key.to_owned(), Argument::Text(value.clone()));
        }
        topology
    }

    pub(crate) async fn publish(&self, broker: &Broker, body: &str) -> Result<(), NotConfirmed> {
        broker.publish(self.message(body), PATIENCE).await
    }

    pub(crate) fn message<'a>(&'a self, body: &'a str) -> Publish<'a> {
        Publish { exchange: &self.exchange, routing_key: &self.key, body: body.as_bytes(), message_id: body }
    }
}

pub(crate) async fn next(consumer: &mut Consumer) -> Delivery {
    tokio::time::timeout(PATIENCE, consumer.next()).await.expect("a delivery in time").expect("not stopped")
}

pub(crate) fn text(delivery: &Delivery) -> String {
    String::from_utf8(delivery.body.clone()).expect("text")
}

pub(crate) async fn state_within(broker: &Broker, what: &str, wanted: impl FnMut(&State) -> bool) {
    let mut states = broker.state();
    let reached = tokio::time::timeout(PATIENCE, states.wait_for(wanted)).await.is_ok();
    assert!(reached, "never {what}, but {:?}", *broker.state().borrow());
}

pub(crate) async fn consuming(consumer: &Consumer) {
    let mut standing = consumer.standing();
    let reached =
        tokio::time::timeout(PATIENCE, standing.wait_for(|standing| *standing == Standing::Consuming))
            .await
            .is_ok();
    assert!(reached, "{:?}", *consumer.standing().borrow());
}

pub(crate) async fn waiting(consumer: &Consumer, words: &str) {
    let mut standing = consumer.standing();
    let wanted =
        |standing: &Standing| matches!(standing, Standing::Waiting { reason } if reason.contains(words));
    let reached = tokio::time::timeout(PATIENCE, standing.wait_for(wanted)).await.is_ok();
    assert!(reached, "no `{words}` in {:?}", *consumer.standing().borrow());
}
