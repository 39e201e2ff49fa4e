//! Who asks: a bearer token becomes a person, or the request ends here. Nothing that can broadcast is ever unauthenticated.

use super::problem::Problem;
use crate::dispatch::Hub;
use crate::people;
use crate::store::Person;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

/// The person who asks. To hold one is the proof that a valid token came with the request.
pub(super) struct SignedIn(pub(super) Person);

impl FromRequestParts<Hub> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<SignedIn, Problem> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(Problem::unauthenticated)?;
        let person = people::by_token(hub.store(), token.trim()).await?;
        person.map(SignedIn).ok_or_else(Problem::unauthenticated)
    }
}
