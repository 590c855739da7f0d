//! A form as it was filled in.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;

use crate::http::problem::Problem;

/// The fields of a form that are not empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled(pub(super) BTreeMap<String, String>);

impl Filled {
    /// A field, without the space around it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Filled {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            _ => Problem::bad(error.body_text()),
        })?;
        // Browsers end the lines of a text as mail does.
        let plain = |(name, value): (String, String)| (name, value.replace("\r\n", "\n"));
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().map(plain).collect()))
    }
}
