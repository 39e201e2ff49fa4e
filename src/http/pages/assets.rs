//! Styles and the one script, built into the program.

use axum::http::header;
use axum::response::IntoResponse;

const STYLE: &str = include_str!("../../../console/style.css");
const PUBLIC: &str = include_str!("../../../console/public.css");
const SCRIPT: &str = include_str!("../../../console/static/live.js");
const ICON: &str = include_str!("../../../console/static/icon.svg");

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], text)
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

/// `GET /live.js`
pub(super) async fn script() -> impl IntoResponse {
    asset("text/javascript; charset=utf-8", SCRIPT)
}
