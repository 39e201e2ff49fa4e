//! Who asks: a bearer token becomes a person, or the request ends here. Nothing that can broadcast is ever unauthenticated.

use super::problem::Problem;
use crate::dispatch::Hub;
use crate::people::{self, Role};
use crate::store::Person;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};

/// The person who asks, whatever they may do.
pub(super) struct Known(pub(super) Person);

/// The person who asks and may. To hold one is the proof that a valid token came with the request, and that its person
/// sees everything; whoever changes nothing by their role only reads.
pub(super) struct SignedIn(pub(super) Person);

/// The person who asks and works at the desk: drafts are theirs alone, to read as well.
pub(super) struct Desk(pub(super) Person);

impl<S: Send + Sync> FromRequestParts<S> for Desk
where
    Hub: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Desk, Problem> {
        let Known(person) = Known::from_request_parts(parts, state).await?;
        if Role::of(&person).may_act() { Ok(Desk(person)) } else { Err(not_theirs(&person)) }
    }
}

fn not_theirs(person: &Person) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "role", "Not yours to do", format!("{} may not do that", person.name))
}

impl<S: Send + Sync> FromRequestParts<S> for Known
where
    Hub: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Known, Problem> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(Problem::unauthenticated)?;
        let person = people::by_token(Hub::from_ref(state).store(), token.trim()).await?;
        person.map(Known).ok_or_else(Problem::unauthenticated)
    }
}

impl FromRequestParts<Hub> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<SignedIn, Problem> {
        let Known(person) = Known::from_request_parts(parts, hub).await?;
        let role = Role::of(&person);
        if role.may_act() || (role.sees_all() && parts.method == Method::GET) {
            Ok(SignedIn(person))
        } else {
            Err(not_theirs(&person))
        }
    }
}
