//! `GET /events`: a word to every open page when something changed; the page then asks for itself again.

use super::Console;
use super::visit::Signed;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use std::convert::Infallible;
use std::time::Duration;

/// After an order pictures change by the clock alone: what is red, what phones show.
const BY_THE_CLOCK: Duration = Duration::from_secs(1);

pub(super) async fn stream(
    State(console): State<Console>,
    _: Signed,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watch = console.hub.board().watch();
    let stream =
        futures_util::stream::unfold((console, watch, true), |(console, mut watch, first)| async move {
            // At the start at once: whatever changed since the page was written is not missed.
            while !first {
                match tokio::time::timeout(BY_THE_CLOCK, watch.changed()).await {
                    Ok(Ok(())) => break,
                    Ok(Err(_)) => return None,
                    Err(_) if console.hub.board().is_under_way(console.hub.clock().now().tick) => break,
                    Err(_) => {}
                }
            }
            watch.borrow_and_update();
            Some((Ok(Event::default().event("change").data("news")), (console, watch, false)))
        });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
