//! The tasks of a process, each of which runs until it is told to stop: one that ends before takes the whole process with it.

use futures_util::FutureExt as _;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::error;

/// Tasks that stand and fall together: half a hub that takes approvals and sends nothing is worse than none, which
/// systemd starts again.
#[derive(Default)]
pub(super) struct Tasks {
    set: JoinSet<()>,
    stop: CancellationToken,
    fell: Arc<OnceLock<String>>,
}

impl Tasks {
    /// Tells every task to stop.
    pub(super) fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Starts a task that runs until it is told to stop. If it ends, fails or panics before, all are told to.
    pub(super) fn spawn<E: ToString>(
        &mut self,
        name: impl Into<String>,
        work: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        let (name, stop, fell) = (name.into(), self.stop.clone(), Arc::clone(&self.fell));
        self.set.spawn(async move {
            let ended = AssertUnwindSafe(work).catch_unwind().await;
            if stop.is_cancelled() {
                return;
            }
            let why = match ended {
                Ok(Ok(())) => "it ended".to_owned(),
                Ok(Err(e)) => e.to_string(),
                Err(panic) => format!("it panicked: {}", said(&*panic)),
            };
            error!(task = name, why, "ALARM: a task ended, and the process with it");
            // The first is the reason; what falls after it may fall because of it.
            let _ = fell.set(format!("{name}: {why}"));
            stop.cancel();
        });
    }

    /// Starts work that ends when it is told to stop, whatever it is at.
    pub(super) fn keep(&mut self, name: impl Into<String>, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.spawn(name, async move {
            tokio::select! { () = work => {}, () = stop.cancelled() => {} }
            Ok::<(), &str>(())
        });
    }

    /// Starts work that no order and no receipt waits for, until it is told to stop. If it ends or panics, the others go on.
    pub(super) fn aside(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.keep(name, async move {
            let ended = AssertUnwindSafe(work).catch_unwind().await;
            let why = ended.err().map_or_else(|| "it ended".to_owned(), |panic| said(&*panic).to_owned());
            error!(task = name, why, "ALARM: a task ended; the process goes on without it");
            std::future::pending::<()>().await;
        });
    }

    /// Waits until a task has ended that nobody told to: which, and why.
    pub(super) async fn fell(&self) -> String {
        self.stop.cancelled().await;
        match self.fell.get() {
            Some(why) => why.clone(),
            None => std::future::pending().await,
        }
    }

    /// Waits until all have ended.
    pub(super) async fn join(mut self) {
        while self.set.join_next().await.is_some() {}
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without words")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A task that serves until it is told to stop, beside one that ends for its own reason.
    async fn told(other: impl Future<Output = Result<(), String>> + Send + 'static) -> String {
        let mut tasks = Tasks::default();
        tasks.keep("the server", std::future::pending());
        tasks.spawn("the relay", other);
        let why = tasks.fell().await;
        assert!(tasks.stop().is_cancelled());
        tasks.join().await;
        why
    }

    #[tokio::test]
    async fn a_task_that_ends_before_it_is_told_to_stops_the_others_and_says_why() {
        assert_eq!(told(async { Ok(()) }).await, "the relay: it ended");
        assert_eq!(told(async { Err("no disk".to_owned()) }).await, "the relay: no disk");
        let panics = async { std::panic::panic_any("a receipt") };
        assert_eq!(told(panics).await, "the relay: it panicked: a receipt");
    }

    #[tokio::test]
    async fn tasks_that_are_told_to_stop_have_no_reason_nor_has_one_that_only_looks_on() {
        let mut tasks = Tasks::default();
        tasks.keep("the server", std::future::pending());
        let (ended, has_ended) = tokio::sync::oneshot::channel::<()>();
        tasks.aside("the figures", async move {
            let _held = ended;
            std::panic::panic_any("a figure")
        });
        assert!(has_ended.await.is_err(), "it panicked, and let go of what it held");
        let stop = tasks.stop();
        tasks.spawn("the relay", async move {
            stop.cancelled().await;
            Ok::<(), String>(())
        });
        tasks.stop().cancel();
        assert!(tasks.fell().now_or_never().is_none());
        tasks.join().await;
    }
}
