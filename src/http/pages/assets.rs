//! Styles and scripts, built into the program. A page names them with a digest of them all, so that browsers may keep them.

use axum::http::header;
use axum::response::IntoResponse;
use nadhir_core::digest::Digest;
use std::sync::LazyLock;

const STYLE: &str = include_str!("../../../console/style.css");
const PUBLIC: &str = include_str!("../../../console/public.css");
const ICON: &str = include_str!("../../../console/static/icon.svg");
const PAGE: &str = include_str!("../../../console/static/page.js");
const HTMX: &str = include_str!("../../../console/static/htmx.min.js");
const MORPH: &str = include_str!("../../../console/static/idiomorph-ext.min.js");
const SSE: &str = include_str!("../../../console/static/sse.min.js");

/// Eight digits that are others as soon as any of them is another.
pub(super) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let all = [STYLE, PUBLIC, ICON, PAGE, HTMX, MORPH, SSE].map(str::as_bytes);
        Digest::of_parts(all).to_string().chars().take(8).collect()
    });
    &VERSION
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, text)
}

fn script(text: &'static str) -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", text)
}

/// `GET /style.css`
pub(super) async fn style() -> impl IntoResponse {
    asset("text/css; charset=utf-8", STYLE)
}

/// `GET /public.css`
pub(super) async fn public() -> impl IntoResponse {
    asset("text/css; charset=utf-8", PUBLIC)
}

/// `GET /icon.svg`
pub(super) async fn icon() -> impl IntoResponse {
    asset("image/svg+xml", ICON)
}

/// `GET /page.js`
pub(super) async fn page() -> impl IntoResponse {
    script(PAGE)
}

/// `GET /htmx.js`
pub(super) async fn htmx() -> impl IntoResponse {
    script(HTMX)
}

/// `GET /morph.js`
pub(super) async fn morph() -> impl IntoResponse {
    script(MORPH)
}

/// `GET /sse.js`
pub(super) async fn sse() -> impl IntoResponse {
    script(SSE)
}
