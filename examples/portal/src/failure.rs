//! What a browser is told when something fails.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tryton_sdk::Error;

/// An error of Tryton as the answer of a route.
#[derive(Debug)]
pub struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// The body of the answer.
#[derive(Serialize)]
struct Told<'a> {
    error: &'a str,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let status = StatusCode::from_u16(error.category().response_status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // What the server says to a user is for users. The rest is for whoever runs the portal.
        let told = error.user_message().or(status.canonical_reason()).unwrap_or("failed");
        if status.is_server_error() {
            eprintln!("{error:#}");
        }
        (status, Json(Told { error: told })).into_response()
    }
}
