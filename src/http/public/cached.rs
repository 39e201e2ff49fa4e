//! Answers with ETag and Last-Modified: what a client has already is not sent again (RFC 9110, 13).

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use nadhir_core::digest::Digest;

/// How old an answer is and may become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fresh {
    /// When it changed last.
    pub(super) modified: DateTime<Utc>,
    /// For so many seconds a copy may be used without asking.
    pub(super) seconds: i64,
}

/// The answer, or 304 if the client has it. The tag is a digest of the octets: the same at every hub.
pub(super) fn respond(asked: &HeaderMap, kind: &'static str, body: Vec<u8>, fresh: Fresh) -> Response {
    let digest = Digest::of(&body).to_string();
    let tag = format!("\"{}\"", digest.get(..32).unwrap_or(&digest));
    answer(asked, kind, &tag, body.into(), fresh)
}

/// The same with a tag that is known already.
pub(super) fn answer(
    asked: &HeaderMap,
    kind: &'static str,
    tag: &str,
    body: Bytes,
    fresh: Fresh,
) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::ETAG, tag.to_owned()),
        (header::LAST_MODIFIED, fresh.modified.format(HTTP_DATE).to_string()),
        (header::CACHE_CONTROL, format!("public, max-age={}", fresh.seconds)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        // Maps and readers of others may show it.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'".to_owned(),
        ),
    ];
    if Known::of(asked).has(tag, fresh.modified) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, body).into_response()
}

/// RFC 9110, 5.6.7.
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// What a client says it has.
#[derive(Debug)]
pub(super) struct Known {
    tags: Vec<String>,
    since: Option<String>,
}

impl Known {
    /// Of its headers.
    pub(super) fn of(asked: &HeaderMap) -> Known {
        let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
        let tags = asked.get_all(header::IF_NONE_MATCH).into_iter().filter_map(text).collect();
        Known { tags, since: asked.get(header::IF_MODIFIED_SINCE).and_then(text) }
    }

    /// If-None-Match decides where it is there, If-Modified-Since where it is not.
    pub(super) fn has(&self, tag: &str, modified: DateTime<Utc>) -> bool {
        if !self.tags.is_empty() {
            let mut tags = self.tags.iter().flat_map(|line| line.split(',')).map(str::trim);
            return tags.any(|known| known == "*" || known.trim_start_matches("W/") == tag);
        }
        let since = self.since.as_deref();
        let since = since.and_then(|text| chrono::NaiveDateTime::parse_from_str(text, HTTP_DATE).ok());
        since.is_some_and(|since| modified.timestamp() <= since.and_utc().timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_answer_is_not_sent_again() {
        let fresh = Fresh { modified: "2026-11-22T02:30:00.7Z".parse().unwrap(), seconds: 60 };
        let ask = |name: header::HeaderName, value: &str| {
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())]);
            respond(&headers, "text/plain", b"abc".to_vec(), fresh).status().as_u16()
        };
        let first = respond(&HeaderMap::new(), "text/plain", b"abc".to_vec(), fresh);
        let told = |name: header::HeaderName| first.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(first.status(), 200);
        assert_eq!(told(header::LAST_MODIFIED), "Sun, 22 Nov 2026 02:30:00 GMT");
        assert_eq!(ask(header::IF_NONE_MATCH, &told(header::ETAG)), 304);
        assert_eq!(ask(header::IF_NONE_MATCH, &format!("\"x\", W/{}", told(header::ETAG))), 304);
        assert_eq!(ask(header::IF_NONE_MATCH, "\"other\""), 200);
        assert_eq!(ask(header::IF_MODIFIED_SINCE, "Sun, 22 Nov 2026 02:30:00 GMT"), 304);
        assert_eq!(ask(header::IF_MODIFIED_SINCE, "Sun, 22 Nov 2026 02:29:59 GMT"), 200);
        assert_eq!(ask(header::IF_MODIFIED_SINCE, "yesterday"), 200);
    }
}
