//! A path inside one process. It forgets with the process: the relay feeds it again from the durable outbox.

use super::{Address, Delivered, Inbox, NotSent, PathState, Queue, Settle, Transport};
use futures_util::future::BoxFuture;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// More than this in one queue means that nobody reads it; the sender keeps its order and tries again.
const MAX_WAITING: usize = 10_000;

/// Cheap to clone; all clones share the queues.
#[derive(Clone, Default)]
pub struct Loopback {
    queues: Arc<Mutex<HashMap<Queue, Arc<Mailbox>>>>,
}

#[derive(Default)]
struct Mailbox {
    waiting: Mutex<VecDeque<Message>>,
    dead: Mutex<Vec<Vec<u8>>>,
    ready: Notify,
}

struct Message {
    operator: String,
    body: Vec<u8>,
    redelivered: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Loopback {
    /// Messages of a queue that were refused for ever.
    pub fn dead_letters(&self, queue: &Queue) -> Vec<Vec<u8>> {
        lock(&self.mailbox(queue).dead).clone()
    }

    fn mailbox(&self, queue: &Queue) -> Arc<Mailbox> {
        Arc::clone(lock(&self.queues).entry(queue.clone()).or_default())
    }
}

impl Transport for Loopback {
    fn send(
        &self,
        to: Address,
        _id: String,
        body: Vec<u8>,
        _within: Duration,
    ) -> BoxFuture<'_, Result<(), NotSent>> {
        Box::pin(async move {
            let mailbox = self.mailbox(&to.queue());
            {
                let mut waiting = lock(&mailbox.waiting);
                if waiting.len() >= MAX_WAITING {
                    return Err(NotSent::Refused(format!("{MAX_WAITING} messages wait unread")));
                }
                waiting.push_back(Message { operator: to.operator().to_owned(), body, redelivered: false });
            }
            mailbox.ready.notify_one();
            Ok(())
        })
    }

    fn receive(&self, from: Queue) -> BoxFuture<'_, Box<dyn Inbox>> {
        let mailbox = self.mailbox(&from);
        Box::pin(async move { Box::new(LoopbackInbox { mailbox }) as Box<dyn Inbox> })
    }

    fn state(&self) -> PathState {
        PathState::Up
    }

    fn is_durable(&self) -> bool {
        false
    }

    fn name(&self) -> &'static str {
        "loopback"
    }
}

struct LoopbackInbox {
    mailbox: Arc<Mailbox>,
}

impl Inbox for LoopbackInbox {
    fn next(&mut self) -> BoxFuture<'_, Delivered> {
        Box::pin(async move {
            loop {
                let ready = self.mailbox.ready.notified();
                let message = lock(&self.mailbox.waiting).pop_front();
                if let Some(message) = message {
                    let redelivered = message.redelivered;
                    let (operator, body) = (Some(message.operator.clone()), message.body.clone());
                    let held = Held { mailbox: Arc::clone(&self.mailbox), message: Some(message) };
                    return Delivered::new(body, redelivered, operator, Box::new(held));
                }
                ready.await;
            }
        })
    }
}

/// A message read and not yet settled. Dropped unsettled, it goes back to the head of its queue.
struct Held {
    mailbox: Arc<Mailbox>,
    message: Option<Message>,
}

impl Settle for Held {
    fn ack(mut self: Box<Self>) -> BoxFuture<'static, ()> {
        self.message = None;
        Box::pin(async {})
    }

    fn refuse(mut self: Box<Self>) -> BoxFuture<'static, ()> {
        if let Some(message) = self.message.take() {
            lock(&self.mailbox.dead).push(message.body);
        }
        Box::pin(async {})
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(message) = self.message.take() {
            lock(&self.mailbox.waiting).push_front(Message { redelivered: true, ..message });
            self.mailbox.ready.notify_one();
        }
    }
}
