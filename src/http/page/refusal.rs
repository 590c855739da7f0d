//! What went wrong, as a page for whoever asked with a browser.

use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::html;

use super::visit::Visit;
use super::{Sheet, frame, sent, text};
use crate::http::access::Caller;
use crate::http::problem::Problem;

/// Turns a problem into a page, where a browser asked for a page.
pub(in crate::http) async fn dress(request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let wants_page = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"));
    if !wants_page || request.uri().path().starts_with("/v1/") {
        return next(request).await;
    }
    let (parts, body) = request.into_parts();
    let mut visit = Visit::read(&parts);
    let mut bare = next(Request::from_parts(parts, body)).await;
    let Some(problem) = bare.extensions_mut().remove::<Problem>() else { return bare };
    // Who is signed in stays so on a page that tells him of a problem.
    if let Some(caller) = bare.extensions().get::<Caller>() {
        (visit.role, visit.name) = (Some(caller.role), caller.name.clone());
    }
    let visit = visit.without(problem.field.as_deref().unwrap_or_default());
    let mut response = page(&problem, &visit);
    for name in [RETRY_AFTER, WWW_AUTHENTICATE] {
        response.headers_mut().extend(bare.headers_mut().remove(&name).map(|value| (name, value)));
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.extensions_mut() = std::mem::take(bare.extensions_mut());
    response
}

/// A problem as a page.
fn page(problem: &Problem, visit: &Visit) -> Response {
    let status = problem.status();
    let view = &visit.view;
    let body = html! {
        h1 { (problem.title) }
        p class="lead" { (text::said(&problem.detail)) }
        @if !problem.nearest.is_empty() {
            p { "Did you mean "
                @for (n, near) in problem.nearest.iter().enumerate() {
                    @if n > 0 { ", " }
                    @let place = match visit.path.split('/').nth(1) {
                        Some("claims") => view.link(&text::path(&["claims", near]), &[]),
                        Some("targets") => view.link(&text::path(&["targets", near]), &[]),
                        Some("actors" | "pairs") => view.link(&text::path(&["actors", near]), &[]),
                        Some(_) | None => view.link("/search", &[("q", near)]),
                    };
                    a href=(place) { (text::said(near)) }
                }
                "?"
            }
        }
        @if status == StatusCode::UNAUTHORIZED {
            (super::sign::form(&visit.with("", "")))
        } @else {
            p { a href=(view.link("/", &[])) { "Back to the overview" } }
        }
    };
    sent(status, frame::whole(&Sheet::of(problem.title, body), visit, None).into_string())
}
