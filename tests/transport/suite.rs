//! What every path must do, as one suite over `Transport`: each case is handed a path with empty queues.

use nadhir::transport::{Address, Delivered, Inbox, NotSent, PathState, Queue, Settle, Transport};
use nadhir_core::cbs::Class;
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A path under test.
pub(crate) type Under = Arc<dyn Transport>;
/// What the trait returns.
type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

const WITHIN: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const OPERATORS: [&str; 3] = ["omantel", "ooredoo", "vodafone"];

/// Makes a test of each case. `$start` lays a path with empty queues, and what keeps it so until the test ends.
macro_rules! conformance {
    ($start:path) => {
        conformance! { $start:
            what_is_sent_is_received_unchanged
            what_is_not_acknowledged_comes_again
            what_was_acknowledged_never_comes_again
            a_lost_acknowledgement_brings_it_again
            what_was_refused_never_comes_again
            live_and_drill_do_not_mix
            operators_do_not_mix
            receipts_of_all_operators_arrive_in_one_queue
            messages_of_one_address_keep_their_order
            of_many_at_once_none_is_lost
            a_reader_may_come_first
        }
    };
    ($start:path: $($case:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            let (path, _kept) = $start().await;
            suite::$case(path).await;
        })*
    };
}

pub(crate) fn orders(operator: &str, class: Class) -> (Address, Queue) {
    let to = Address::Order { operator: operator.to_owned(), class };
    let queue = to.queue();
    (to, queue)
}

pub(crate) fn receipt(operator: &str) -> Address {
    Address::Receipt { operator: operator.to_owned(), grade: "taken" }
}

pub(crate) async fn send(path: &Under, to: &Address, body: &str) {
    path.send(to.clone(), body.to_owned(), body.as_bytes().to_vec(), WITHIN).await.expect("it is taken");
}

async fn next(inbox: &mut Box<dyn Inbox>) -> Delivered {
    tokio::time::timeout(PATIENCE, inbox.next()).await.expect("a message comes")
}

fn text(delivered: &Delivered) -> String {
    String::from_utf8_lossy(&delivered.body).into_owned()
}

/// Reads and acknowledges as many.
async fn read(inbox: &mut Box<dyn Inbox>, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    for _ in 0..count {
        let delivered = next(inbox).await;
        texts.push(text(&delivered));
        delivered.ack().await;
    }
    texts
}

/// Sends a last message and reads up to it: everything that was still there.
pub(crate) async fn drain(path: &Under, to: &Address) -> Vec<String> {
    let end = format!("end {:?}", std::time::Instant::now());
    send(path, to, &end).await;
    let mut inbox = path.receive(to.queue()).await;
    let mut texts = Vec::new();
    loop {
        let text = read(&mut inbox, 1).await.remove(0);
        if text == end {
            return texts;
        }
        texts.push(text);
    }
}

/// Ends a reader while it holds a message: what a process that dies does.
fn end(inbox: Box<dyn Inbox>, held: Delivered) {
    drop(inbox);
    drop(held);
}

pub(crate) async fn what_is_sent_is_received_unchanged(path: Under) {
    let (to, queue) = orders("omantel", Class::Live);
    let body: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let again = to.clone();
    path.send(to, "ord_1".to_owned(), body.clone(), WITHIN).await.expect("it is taken");
    let mut inbox = path.receive(queue).await;
    let delivered = next(&mut inbox).await;
    assert_eq!((delivered.body == body, delivered.redelivered), (true, false));
    assert_eq!(delivered.operator.as_deref(), Some("omantel"), "the path says whose it is");
    delivered.ack().await;
    drop(inbox);
    assert!(drain(&path, &again).await.is_empty());
    assert_eq!(path.state(), PathState::Up);
}

pub(crate) async fn what_is_not_acknowledged_comes_again(path: Under) {
    let (to, queue) = orders("omantel", Class::Live);
    send(&path, &to, "a").await;
    for redelivered in [false, true, true] {
        let mut inbox = path.receive(queue.clone()).await;
        let delivered = next(&mut inbox).await;
        assert_eq!((text(&delivered).as_str(), delivered.redelivered), ("a", redelivered));
        end(inbox, delivered);
    }
    assert_eq!(read(&mut path.receive(queue).await, 1).await, ["a"]);
}

pub(crate) async fn what_was_acknowledged_never_comes_again(path: Under) {
    let (to, queue) = orders("omantel", Class::Live);
    send(&path, &to, "a").await;
    send(&path, &to, "b").await;
    let mut inbox = path.receive(queue.clone()).await;
    assert_eq!(read(&mut inbox, 1).await, ["a"]);
    let b = next(&mut inbox).await;
    end(inbox, b);
    assert_eq!(read(&mut path.receive(queue).await, 1).await, ["b"]);
    assert!(drain(&path, &to).await.is_empty());
}

pub(crate) async fn a_lost_acknowledgement_brings_it_again(path: Under) {
    let (to, queue) = orders("omantel", Class::Live);
    send(&path, &to, "a").await;
    let losing: Under = Arc::new(LosesAcks(Arc::clone(&path)));
    let mut inbox = losing.receive(queue.clone()).await;
    let delivered = next(&mut inbox).await;
    assert!(!delivered.redelivered);
    delivered.ack().await;
    drop(inbox);
    let mut inbox = path.receive(queue).await;
    let again = next(&mut inbox).await;
    assert_eq!((text(&again).as_str(), again.redelivered), ("a", true));
    again.ack().await;
    drop(inbox);
    assert!(drain(&path, &to).await.is_empty());
}

pub(crate) async fn what_was_refused_never_comes_again(path: Under) {
    let (to, queue) = orders("omantel", Class::Live);
    send(&path, &to, "poison").await;
    send(&path, &to, "good").await;
    let mut inbox = path.receive(queue).await;
    let poison = next(&mut inbox).await;
    assert_eq!(text(&poison), "poison");
    poison.refuse().await;
    // The queue goes on behind it.
    assert_eq!(read(&mut inbox, 1).await, ["good"]);
    drop(inbox);
    assert!(drain(&path, &to).await.is_empty());
}

pub(crate) async fn live_and_drill_do_not_mix(path: Under) {
    let [(live, from_live), (drill, from_drill)] =
        [Class::Live, Class::Drill].map(|class| orders("omantel", class));
    assert_ne!(from_live, from_drill);
    send(&path, &live, "live").await;
    send(&path, &drill, "drill").await;
    assert_eq!(drain(&path, &drill).await, ["drill"]);
    assert_eq!(drain(&path, &live).await, ["live"]);
}

pub(crate) async fn operators_do_not_mix(path: Under) {
    for name in OPERATORS {
        send(&path, &orders(name, Class::Live).0, name).await;
    }
    for name in OPERATORS {
        assert_eq!(drain(&path, &orders(name, Class::Live).0).await, [name]);
    }
}

pub(crate) async fn receipts_of_all_operators_arrive_in_one_queue(path: Under) {
    for name in OPERATORS {
        send(&path, &receipt(name), name).await;
    }
    let mut inbox = path.receive(Queue::Receipts).await;
    assert_eq!(read(&mut inbox, 3).await, OPERATORS);
}

pub(crate) async fn messages_of_one_address_keep_their_order(path: Under) {
    let (to, queue) = orders("ooredoo", Class::Live);
    let bodies: Vec<String> = (0..40).map(|n| format!("{n:02}")).collect();
    for body in &bodies {
        send(&path, &to, body).await;
    }
    let mut inbox = path.receive(queue.clone()).await;
    assert_eq!(read(&mut inbox, 30).await, bodies[..30]);
    // A reader that dies with one in hand loses none; that one may come behind others that were not read yet.
    let held = next(&mut inbox).await;
    assert_eq!(text(&held), bodies[30]);
    end(inbox, held);
    let mut rest = read(&mut path.receive(queue).await, 10).await;
    rest.sort();
    assert_eq!(rest, bodies[30..]);
}

pub(crate) async fn of_many_at_once_none_is_lost(path: Under) {
    let bodies: BTreeSet<String> = (0..300).map(|n| format!("{n:03}")).collect();
    let sends = bodies.iter().zip(OPERATORS.into_iter().cycle()).map(|(body, name)| {
        let (path, to) = (Arc::clone(&path), orders(name, Class::Live).0);
        async move { send(&path, &to, body).await }
    });
    futures_util::future::join_all(sends).await;
    let mut came = Vec::new();
    for name in OPERATORS {
        came.extend(drain(&path, &orders(name, Class::Live).0).await);
    }
    assert_eq!(came.len(), bodies.len());
    assert_eq!(came.into_iter().collect::<BTreeSet<_>>(), bodies);
}

pub(crate) async fn a_reader_may_come_first(path: Under) {
    let (to, queue) = orders("vodafone", Class::Drill);
    let mut inbox = path.receive(queue).await;
    let reading = tokio::spawn(async move { read(&mut inbox, 1).await });
    send(&path, &to, "later").await;
    assert_eq!(reading.await.expect("read"), ["later"]);
}

/// A path on which every acknowledgement is lost.
struct LosesAcks(Under);

struct LosingInbox(Box<dyn Inbox>);

struct Lost(Delivered);

impl Transport for LosesAcks {
    fn send(
        &self,
        to: Address,
        id: String,
        body: Vec<u8>,
        within: Duration,
    ) -> Later<'_, Result<(), NotSent>> {
        self.0.send(to, id, body, within)
    }

    fn receive(&self, from: Queue) -> Later<'_, Box<dyn Inbox>> {
        let inbox = self.0.receive(from);
        Box::pin(async move { Box::new(LosingInbox(inbox.await)) as Box<dyn Inbox> })
    }

    fn state(&self) -> PathState {
        self.0.state()
    }

    fn is_durable(&self) -> bool {
        self.0.is_durable()
    }

    fn name(&self) -> &'static str {
        self.0.name()
    }
}

impl Inbox for LosingInbox {
    fn next(&mut self) -> Later<'_, Delivered> {
        Box::pin(async move {
            let delivered = self.0.next().await;
            let (body, operator) = (delivered.body.clone(), delivered.operator.clone());
            Delivered::new(body, delivered.redelivered, operator, Box::new(Lost(delivered)))
        })
    }
}

impl Settle for Lost {
    fn ack(self: Box<Self>) -> Later<'static, ()> {
        drop(self.0);
        Box::pin(async {})
    }

    fn refuse(self: Box<Self>) -> Later<'static, ()> {
        drop(self.0);
        Box::pin(async {})
    }
}
