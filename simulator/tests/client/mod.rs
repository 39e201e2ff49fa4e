//! The smallest HTTP client: one connection a request, read to its end, so that "no answer at all" can be seen.

use serde_json::Value;
use std::future::Future;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where requests go.
pub(crate) struct Client {
    address: String,
}

/// What came back; an empty head means that the connection closed without an answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.head, self.body))
    }
}

impl Client {
    pub(crate) fn new(url: &str) -> Client {
        Client { address: url.strip_prefix("http://").expect("plain HTTP").to_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "").await
    }

    pub(crate) async fn post(&self, path: &str) -> Answer {
        self.send("POST", path, "", "").await
    }

    pub(crate) async fn cap(&self, path: &str, document: &str) -> Answer {
        self.send("POST", path, "application/cap+xml", document).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        let kind = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{kind}content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let answer = self.raw(request.as_bytes()).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Sends octets, gives everything that came back before the other side closed.
    pub(crate) async fn raw(&self, octets: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).await.expect("it listens");
        // A refusal may come, and the connection close, before all of a large body is written.
        let _ = stream.write_all(octets).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) async fn is_refused(&self) -> bool {
        TcpStream::connect(&self.address).await.is_err()
    }
}

pub(crate) fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// Asks until there is an answer; gives up after a minute.
pub(crate) async fn wait_for<T, F: Future<Output = Option<T>>>(ask: impl Fn() -> F) -> T {
    let asks = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asks).await.expect("it comes within a minute")
}
