//! Requests to the portal without a network, and their answers.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use tryton_sdk::Client;

pub(crate) struct Portal(Router);

/// An answer of the portal.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// An answer in JSON.
pub(crate) fn asked(status: u16, body: Value) -> Asked {
    Asked { status, content_type: "application/json".to_owned(), body: body.to_string().into_bytes() }
}

impl Asked {
    /// Its body, where that is JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        (self.status, &self.content_type, self.json()) == (other.status, &other.content_type, other.json())
    }
}

impl Portal {
    pub(crate) async fn new(tryton: Client) -> Self {
        Self(tryton_sdk_portal::app(tryton).await.expect("the user's context"))
    }

    pub(crate) async fn get(&self, path: &str) -> Asked {
        self.ask(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Asked {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    async fn ask(&self, request: Request<Body>) -> Asked {
        let response = self.0.clone().oneshot(request).await.expect("it never fails");
        let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.expect("a body").to_bytes().to_vec();
        Asked { status, content_type, body }
    }
}
