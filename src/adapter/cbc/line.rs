//! HTTP to one site of a CBC: an address that is allowed, a deadline, a bounded answer. Knows no warning.

use super::{BadCbc, SIMULATED};
use nadhir_core::session::{Answer, pace};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;

/// The longest answer that is read: a national cell list with room to spare.
const MAX_ANSWER: usize = 8 << 20;

/// The most characters of a CBC's own words that are kept: each receipt carries them, and a person reads them.
const MOST_WORDS: usize = 500;

/// One site.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) client: Client,
    base: Url,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug)]
pub(super) enum NoReply {
    /// No connection was made: it certainly did nothing.
    Never(String),
    /// It may have done what it was asked.
    Maybe(String),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Problem {
    code: String,
    title: String,
    detail: String,
}

impl Line {
    /// Prepares to speak to the site at `base`; nothing is sent yet. Every request has the deadline of one attempt.
    pub(super) fn new(base: &str) -> Result<Line, BadCbc> {
        let base: Url = base.parse().map_err(|_| BadCbc::Address(base.to_owned()))?;
        let host = base.host_str().unwrap_or_default();
        let loopback = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if SIMULATED && !loopback {
            return Err(BadCbc::NotLoopback(base.to_string()));
        }
        // No redirect: what answers somewhere else is not the CBC, and a sign-in page is no broadcast.
        let client = Client::builder().timeout(pace::ATTEMPT).no_proxy().redirect(Policy::none()).build()?;
        Ok(Line { client, base })
    }

    /// An address at the site.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }
}

/// Sends a request and reads the whole answer.
pub(super) async fn exchange(request: RequestBuilder) -> Result<Reply, NoReply> {
    let response = match request.send().await {
        Ok(response) => response,
        Err(e) if e.is_connect() => return Err(NoReply::Never(format!("no connection: {}", root(&e)))),
        Err(e) => return Err(NoReply::Maybe(root(&e))),
    };
    let status = response.status();
    read(response).await.map(|body| Reply { status, body }).map_err(NoReply::Maybe)
}

impl Reply {
    /// What an answer means that is no success: a refusal that stays one, or another try of what may have been done.
    pub(super) fn failure(&self) -> Answer {
        let problem: Problem = serde_json::from_slice(&self.body).unwrap_or_default();
        let words = [problem.title, problem.detail].join(": ");
        let words = words.trim_matches([':', ' ']);
        let words =
            if words.is_empty() { self.status.canonical_reason().unwrap_or("no words") } else { words };
        let words = &bounded(words);
        if self.status.is_redirection() {
            return Answer::Unknown(format!(
                "{}: it points elsewhere, and is not followed",
                self.status.as_u16()
            ));
        }
        let retry = self.status.is_server_error()
            || self.status == StatusCode::TOO_MANY_REQUESTS
            || self.status == StatusCode::REQUEST_TIMEOUT;
        if retry {
            return Answer::Failed(format!("{}: {words}", self.status.as_u16()));
        }
        let code =
            if problem.code.is_empty() { self.status.as_u16().to_string() } else { bounded(&problem.code) };
        Answer::Refused { code, words: words.to_owned() }
    }
}

/// A CBC's words, cut to a length that can be kept.
pub(super) fn bounded(words: &str) -> String {
    match words.char_indices().nth(MOST_WORDS) {
        Some((at, _)) => format!("{}…", &words[..at]),
        None => words.to_owned(),
    }
}

impl NoReply {
    /// What silence means for a submission or a stop.
    pub(super) fn answer(self) -> Answer {
        match self {
            NoReply::Never(why) => Answer::Never(why),
            NoReply::Maybe(why) => Answer::Unknown(why),
        }
    }

    /// The cause, in words.
    pub(super) fn why(self) -> String {
        match self {
            NoReply::Never(why) | NoReply::Maybe(why) => why,
        }
    }
}

/// The body, up to the limit. The deadline of the request covers it.
async fn read(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| root(&e))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(format!("its answer is longer than {MAX_ANSWER} octets"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The words of the innermost cause: the outer ones only repeat the address.
fn root(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {:.1} s", pace::ATTEMPT.as_secs_f64());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Answer {
        Reply { status: StatusCode::from_u16(status).unwrap(), body: body.as_bytes().to_vec() }.failure()
    }

    #[test]
    fn keeps_so_many_of_its_words_and_cuts_no_letter_in_two() {
        let long = "خ".repeat(7000);
        let body = format!("{{\"code\":\"{long}\",\"detail\":\"{long}\"}}");
        let Answer::Failed(why) = failure(503, &body) else { panic!("not failed") };
        assert_eq!(why, format!("503: {}…", "خ".repeat(500)));
        let Answer::Refused { code, words } = failure(422, &body) else { panic!("not refused") };
        assert_eq!([code.chars().count(), words.chars().count()], [501, 501]);
        let short = failure(422, "{\"code\":\"a\",\"title\":\"b\",\"detail\":\"c\"}");
        assert_eq!(short, Answer::Refused { code: "a".to_owned(), words: "b: c".to_owned() });
    }

    #[test]
    fn an_answer_that_points_elsewhere_says_nothing_of_what_was_done() {
        for status in [301, 302, 303, 307, 308] {
            assert!(matches!(failure(status, "<html>"), Answer::Unknown(_)), "{status}");
        }
    }
}
