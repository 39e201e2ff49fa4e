//! `GET /events`: a word to every open page when something changed; the page then asks for itself again.

use super::Console;
use super::visit::Signed;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use std::convert::Infallible;
use std::time::Duration;

/// Even if nothing is heard, what is red or expired by the clock shows within this.
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);

pub(super) async fn stream(
    State(console): State<Console>,
    _: Signed,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watch = console.hub.board().watch();
    let stream = futures_util::stream::unfold((watch, true), |(mut watch, first)| async move {
        // At the start at once: whatever changed since the page was written is not missed.
        let event = if first {
            Event::default().event("change").data("begin")
        } else {
            match tokio::time::timeout(AT_LEAST_EVERY, watch.changed()).await {
                Ok(Ok(())) => Event::default().event("change").data("news"),
                Ok(Err(_)) => return None,
                Err(_) => Event::default().event("tick").data("tick"),
            }
        };
        watch.borrow_and_update();
        Some((Ok(event), (watch, false)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
