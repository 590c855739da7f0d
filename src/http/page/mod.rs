//! The pages: what the routes under `/v1` answer, for people with a browser; readable without scripts.
//!
//! A page is a function from a [`Ledger`] and a [`Visit`] to a [`Sheet`]; [`answer`] has it written on a reader's thread, puts
//! it into the frame and sends it with a tag. Every address carries `as_of`, `known_at` and `rule`, and so does every link.
//!
//! Not here: what a question means (`ledger`), how a picture is drawn (`chart`).

mod until;
mod visit;
mod text;
mod asset;
mod frame;
mod refusal;
mod filled;
mod field;
mod form;
mod draft;
mod preview;
mod picture;
mod record;
mod correct;
mod retract;
mod sign;
mod overview;
mod timeline;
mod actor;
mod target;
mod pair;
mod claim;
mod event;
mod compare;
mod diff;
mod change;
mod review;
mod audit;
mod search;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::Markup;

pub(super) use refusal::dress;
pub(super) use visit::Visit;

use super::problem::Problem;
use super::reader::Lane;
use super::shared::Desk;
use crate::Ledger;

/// What a page may load and do: its own files, and nothing of anybody else's.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page without its frame.
pub(super) struct Sheet {
    /// What the window is called.
    pub(super) title: String,
    /// What stands under the time control, beginning with the only `h1`.
    pub(super) body: Markup,
    /// The streams that tell of changes, where the page follows them.
    pub(super) follows: Vec<String>,
}

impl Sheet {
    /// A page that stays as it is.
    pub(super) fn of(title: impl Into<String>, body: Markup) -> Self {
        Self { title: title.into(), body, follows: Vec::new() }
    }
}

/// The addresses of the pages.
pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/", get(overview::show))
        .route("/actors/{name}", get(actor::show))
        .route("/targets/{name}", get(target::show))
        .route("/pairs/{actor}/{target}", get(pair::show))
        .route("/claims", get(claim::list))
        .route("/claims/{claim}", get(claim::show))
        .route("/events", get(event::list))
        .route("/events/{id}", get(event::show))
        .route("/compare", get(compare::show))
        .route("/diff", get(diff::show))
        .route("/flips", get(change::flips))
        .route("/gaps", get(change::gaps))
        .route("/review", get(review::show))
        .route("/audit", get(audit::show))
        .route("/audit/verify", post(audit::verify))
        .route("/search", get(search::show))
        .route("/entities", get(search::entities))
        .route("/actions", get(search::actions))
        .route("/record", get(record::show).post(record::save))
        .route("/events/{id}/correct", get(correct::show).post(correct::save))
        .route("/events/{id}/retract", post(retract::save))
        .route("/sign-in", get(sign::show).post(sign::enter))
        .route("/sign-out", post(sign::leave))
        .route("/assets/{name}", get(asset::file))
}

/// Writes a page on a reader's thread, unless the asker has it already.
pub(super) async fn answer(
    desk: &Desk,
    lane: Lane,
    visit: Visit,
    write: impl FnOnce(&Ledger, &Visit) -> Result<Sheet, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    if let Some(address) = visit.plainer() {
        return Ok(Redirect::to(&address).into_response());
    }
    let (body, tag) = desk
        .readers
        .ask(lane, move |ledger| {
            let tag = visit.tag(ledger.head()?, ledger.now().day());
            if visit.has(&tag) {
                return Ok((None, tag));
            }
            Ok((Some(written(ledger, &visit, write)?), tag))
        })
        .await?;
    let mut response = match body {
        Some(body) => sent(StatusCode::OK, body),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (ETAG, tag)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Accept, Authorization, Cookie"));
    Ok(response)
}

/// Writes a page that each tab needs for itself: what it holds is to be sent once.
pub(super) async fn once(
    desk: &Desk,
    lane: Lane,
    visit: Visit,
    write: impl FnOnce(&Ledger, &Visit) -> Result<Sheet, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    if let Some(address) = visit.plainer() {
        return Ok(Redirect::to(&address).into_response());
    }
    let body = desk.readers.ask(lane, move |ledger| written(ledger, &visit, write)).await?;
    Ok(kept_nowhere(sent(StatusCode::OK, body)))
}

/// A whole page, written from one moment: whatever is appended meanwhile, its parts fit together.
fn written(ledger: &Ledger, visit: &Visit, write: impl FnOnce(&Ledger, &Visit) -> Result<Sheet, Problem>) -> Result<String, Problem> {
    ledger.at_one_moment(|ledger| {
        let sheet = write(ledger, visit)?;
        Ok(frame::whole(&sheet, &visit.on(ledger.now().day()), Some(ledger.head()?)).into_string())
    })
}

/// An answer that no browser and nobody between may keep.
pub(super) fn kept_nowhere(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A page as it goes out.
pub(super) fn sent(status: StatusCode, body: String) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Other servers hear nothing of where a reader comes from. This one does: with `no-referrer`, browsers send the origin of
    // a form as `null`, and no form would be taken for one of our own.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    (status, headers, body).into_response()
}
