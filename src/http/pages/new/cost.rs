//! What a warning would cost on phones while its form is still filled in. Decides nothing and keeps nothing; the preview says the same.

use super::super::failed::Failed;
use super::super::frame::Frame;
use super::super::sheet::{self, FaultRow, LayoutRow, Phone};
use super::super::visit::Post;
use super::super::{Console, render};
use super::{compose, no_hazard};
use crate::dispatch::IssueError;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

#[derive(Template)]
#[template(path = "cost.html")]
struct Cost {
    f: Frame,
    phones: Vec<Phone>,
    layouts: Vec<LayoutRow>,
    /// What the author should know; or, where nothing can be counted yet, why.
    faults: Vec<FaultRow>,
}

/// `POST /new/{hazard}/cost`: units, pages and seconds on 2G of each message, as a part of the page that asks. A form that
/// is not whole yet is no error here: the answer says what is missing.
pub(in super::super) async fn cost(
    State(console): State<Console>,
    Path(id): Path<String>,
    post: Post,
) -> Result<Response, Failed> {
    let f = post.signed.frame;
    let Some(hazard) = console.hazards.get(&id) else {
        return Err(Failed::new(f, no_hazard(&id)));
    };
    let unknown = |f, faults| Cost { f, phones: vec![], layouts: vec![], faults };
    let composed = compose::compose(hazard, &console.hazards, &post.fields, console.country(), f.now);
    let cap = match composed {
        Ok(cap) => cap,
        Err(faults) => {
            let rows = sheet::rows(&faults, f.lang);
            return Ok(render(&unknown(f, rows)));
        }
    };
    match console.hub.look(&post.signed.session.person.id, &cap).await {
        Ok(prepared) => {
            let summary = serde_json::to_value(prepared.summary()).unwrap_or_default();
            let faults = sheet::rows(&sheet::late(&summary), f.lang);
            let (phones, layouts) = (sheet::phones(&summary), sheet::layouts(&summary));
            Ok(render(&Cost { f, phones, layouts, faults }))
        }
        Err(IssueError::Invalid(faults, _)) => {
            let rows = sheet::rows(&faults, f.lang);
            Ok(render(&unknown(f, rows)))
        }
        Err(e) => Err(Failed::new(f, e)),
    }
}
