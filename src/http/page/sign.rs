//! Signing in and out: a browser's session is a token in a cookie that no script reads and no other server's page sends.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::filled::Filled;
use super::visit::Visit;
use super::{Sheet, frame, kept_nowhere, sent};
use crate::http::access::{SESSION, came_encrypted};
use crate::http::problem::Problem;
use crate::http::shared::Desk;

/// What a browser forgets when somebody signs out.
const CLEARED: HeaderName = HeaderName::from_static("clear-site-data");

/// The form that asks for a token.
pub(super) fn form(back: &str) -> Markup {
    html! {
        form method="post" action="/sign-in" class="sign-in" {
            input type="hidden" name="back" value=(back);
            label { "Token " input name="token" type="password" autocomplete="current-password" required; }
            button { "Sign in" }
        }
    }
}

/// `/sign-in`.
pub(super) async fn show(visit: Visit) -> Response {
    let body = html! {
        h1 { "Sign in" }
        p class="lead" { "A token says who you are and what you may do. Whoever runs this server makes one with " code { "stancelog token create" } "." }
        (form(visit.get("back").unwrap_or("/")))
    };
    kept_nowhere(sent(StatusCode::OK, frame::whole(&Sheet::of("Sign in", body), &visit, None).into_string()))
}

/// Signs in: what the cookie holds is the token itself, and so ends with it.
pub(super) async fn enter(State(desk): State<Desk>, visit: Visit, headers: HeaderMap, filled: Filled) -> Result<Response, Problem> {
    // Nobody is to be signed in by another server's page, under whose name he would then record.
    desk.access.is_of_own_page(&headers)?;
    let (token, back) = (filled.get("token").unwrap_or_default(), within(filled.get("back").unwrap_or_default()));
    let cookie = cookie(token, came_encrypted(&headers), None);
    let Some(cookie) = cookie.filter(|_| desk.access.opens(token)) else {
        let body = html! {
            h1 { "Sign in" }
            p class="lead" role="alert" { "The token is not valid: it is mistyped, expired or taken back." }
            (form(back))
        };
        let page = frame::whole(&Sheet::of("Sign in", body), &visit, None).into_string();
        return Ok(kept_nowhere(sent(StatusCode::UNAUTHORIZED, page)));
    };
    Ok(gone_on(back, cookie))
}

/// Signs out.
pub(super) async fn leave(State(desk): State<Desk>, headers: HeaderMap) -> Result<Response, Problem> {
    desk.access.is_of_own_page(&headers)?;
    let ended = cookie("", came_encrypted(&headers), Some(0));
    let mut response = ended.map_or_else(|| Redirect::to("/sign-in").into_response(), |cookie| gone_on("/sign-in", cookie));
    // Whoever sits down next finds no page and no source's text of who was here.
    response.headers_mut().insert(CLEARED, HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// The cookie with a token; nothing where the token has what no token has.
fn cookie(token: &str, is_encrypted: bool, seconds: Option<u32>) -> Option<HeaderValue> {
    let is_plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte));
    let secure = if is_encrypted { "; Secure" } else { "" };
    let ends = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{SESSION}={token}; HttpOnly; SameSite=Strict; Path=/{secure}{ends}");
    HeaderValue::from_str(&text).ok().filter(|_| is_plain)
}

fn gone_on(to: &str, cookie: HeaderValue) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().insert(SET_COOKIE, cookie);
    kept_nowhere(response)
}

/// A place on this server; anything else is the first page. Browsers read `//` and `/\` as another server's name, and leave
/// out what is no visible character.
fn within(back: &str) -> &str {
    let is_own = back.starts_with('/') && !back.starts_with("//") && !back.starts_with("/\\");
    let is_visible = back.chars().all(|one| one.is_ascii_graphic());
    if is_own && is_visible { back } else { "/" }
}
