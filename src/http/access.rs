//! Who may do what: bearer tokens with roles, and a limit on how often each may ask.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{Quota, RateLimiter};

use super::option::Limits;
use super::problem::Problem;
use super::shared::Desk;
use crate::ledger::{Clock, Denied, Role, SystemClock, Tokens};

/// Paths that anybody may ask, for they tell nothing of what is recorded.
const OPEN: [&str; 6] = ["/healthz", "/readyz", "/openapi.json", "/docs", "/sign-in", "/sign-out"];
/// What stands under this is the program's own, the same for everybody.
const ASSETS: &str = "/assets/";
/// The cookie that holds the token of whoever signed in with a browser.
pub(super) const SESSION: &str = "stancelog-token";

/// Who asks.
#[derive(Clone)]
pub(super) struct Caller {
    /// The token's name; nothing where no token is needed.
    pub(super) name: Option<String>,
    /// What he may do.
    pub(super) role: Role,
    /// The token itself, for what goes on long after it was presented.
    presented: Option<Arc<str>>,
}

impl Caller {
    /// Refuses what is beyond the caller's role.
    pub(super) fn must_be(&self, role: Role) -> Result<(), Problem> {
        if self.role >= role {
            return Ok(());
        }
        let said = format!("this takes a token of role {role}; this one's is {}", self.role);
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "The token does not allow this", said))
    }
}

type Rates = governor::DefaultKeyedRateLimiter<String>;

/// The tokens of a log, and how often each was used lately.
pub(super) struct Access {
    tokens: Tokens,
    rates: Rates,
    /// Origins whose pages may ask.
    origins: Vec<String>,
    /// Whether browsers come over TLS alone.
    is_encrypted: bool,
    /// Whether a token was ever needed: who takes the tokens away opens nothing.
    guarded: AtomicBool,
}

impl Access {
    /// The tokens beside a log.
    pub(super) fn to(db: &Path, limits: &Limits, origins: &[String], is_encrypted: bool) -> Self {
        let rate = NonZeroU32::new(limits.requests_per_s).unwrap_or(NonZeroU32::MIN);
        Self {
            tokens: Tokens::beside(db),
            rates: RateLimiter::keyed(Quota::per_second(rate)),
            origins: origins.to_vec(),
            is_encrypted,
            guarded: AtomicBool::new(false),
        }
    }

    /// Whether a token is needed: as soon as there is one, even a revoked one.
    pub(super) fn is_guarded(&self) -> bool {
        let guarded = self.guarded.load(Ordering::Relaxed) || self.tokens.any();
        if guarded {
            self.guarded.store(true, Ordering::Relaxed);
        }
        guarded
    }

    /// Whether a caller may still do what he began: a token that is taken back ends its streams and uploads.
    pub(super) fn still(&self, caller: &Caller) -> Result<(), Problem> {
        match &caller.presented {
            Some(presented) => self.tokens.check(presented, SystemClock.now()).map(|_| ()).map_err(denied),
            None if self.is_guarded() => Err(unauthorized("this takes a token by now")),
            None => Ok(()),
        }
    }

    /// Whether a token does: where there are none, none does.
    pub(super) fn opens(&self, token: &str) -> bool {
        self.tokens.check(token, SystemClock.now()).is_ok()
    }

    /// Who asks, by the headers of the request.
    fn caller(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        if !self.is_guarded() {
            is_of_this_machine(headers)?;
            self.is_of_no_other_page(headers)?;
            return Ok(Caller { name: None, role: Role::Admin, presented: None });
        }
        let Some(presented) = presented(headers) else { return Err(unauthorized("this takes a token: `Authorization: Bearer …`")) };
        let now = SystemClock.now();
        let token = self.tokens.check(presented, now).map_err(denied)?;
        if let Err(too_soon) = self.rates.check_key(&token.id.to_string()) {
            let wait = too_soon.wait_time_from(DefaultClock::default().now());
            let slow = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests", "this token asks too often");
            return Err(Problem { retry_after_s: Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1)), ..slow });
        }
        // That the last use is not noted is no reason to turn anybody away.
        let _ = self.tokens.used(&token.id, now);
        Ok(Caller { name: Some(token.name), role: token.role, presented: Some(presented.into()) })
    }

    /// Refuses what a browser sends on behalf of another server's page: a change that a session vouches for must come from a
    /// page of this server, and browsers say where every form comes from. A page that came in the clear, where this server
    /// speaks TLS, was somebody else's.
    pub(super) fn is_of_own_page(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let own = text(ORIGIN).and_then(|origin| origin.split_once("://")).is_some_and(|(scheme, host)| {
            let is_ours = scheme == "https" || (scheme == "http" && !self.is_encrypted);
            is_ours && text(HOST) == Some(host)
        });
        if own {
            return Ok(());
        }
        let said = "a change with a browser's session must come from a page of this server";
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "Another page", said))
    }

    /// Without tokens, a page of another server cannot have its reader's browser append here: a browser says whose page asks,
    /// and asks without permission where the body has no type.
    fn is_of_no_other_page(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().unwrap_or_default();
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        if is_local(host) || self.origins.iter().any(|known| known == origin) {
            return Ok(());
        }
        let said = "pages of other origins ask only where `--cors` lets them";
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "Another page", said))
    }
}

/// The token of a request: the header's, else the session's.
fn presented(headers: &HeaderMap) -> Option<&str> {
    match headers.get(AUTHORIZATION) {
        Some(given) => given.to_str().ok().and_then(bearer),
        None => session(headers),
    }
}

/// The token in a browser's cookie.
pub(super) fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(SESSION)?.strip_prefix('='))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Why a token does not do is nobody's business who does not have one that does.
fn denied(denied: Denied) -> Problem {
    match denied {
        Denied::Malformed | Denied::Unknown | Denied::WrongSecret | Denied::Revoked | Denied::Expired => {
            unauthorized("the token is not valid")
        }
        Denied::Unreadable(bad) => {
            tracing::error!(file = %bad.file.display(), "a token does not read");
            Problem::busy("the token cannot be looked up just now")
        }
    }
}

fn unauthorized(said: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "A token is needed", said)
}

/// Without tokens, the log is open to this machine's own programs, and not to a page in its browser that had another
/// server's name point here.
fn is_of_this_machine(headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_local(host) || host.is_empty() {
        return Ok(());
    }
    let said = "without tokens this server answers to localhost alone; `stancelog token create` makes one";
    Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", "Another host's name", said))
}

/// Whether a host, with or without a port, is this machine.
fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether a browser came over TLS to the page that asks, here or at a proxy before this server.
pub(super) fn came_encrypted(headers: &HeaderMap) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

/// Lets a request through that its caller may make, and notes who that is.
pub(super) async fn check(desk: &Desk, mut request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let path = request.uri().path();
    if OPEN.contains(&path) || path.starts_with(ASSETS) {
        return next(request).await;
    }
    let is_reading = request.method() == Method::GET || request.method() == Method::HEAD;
    let needed = if is_reading { Role::Read } else { Role::Append };
    let by_session = !request.headers().contains_key(AUTHORIZATION) && session(request.headers()).is_some();
    let of_own_page =
        if by_session && !is_reading && desk.access.is_guarded() { desk.access.is_of_own_page(request.headers()) } else { Ok(()) };
    let caller = of_own_page.and_then(|()| desk.access.caller(request.headers()));
    let caller = caller.and_then(|caller| caller.must_be(needed).map(|()| caller));
    match caller {
        Ok(caller) => {
            request.extensions_mut().insert(caller.clone());
            let mut response = next(request).await;
            // The journal tells whose request it was.
            response.extensions_mut().insert(caller);
            response
        }
        Err(problem) => {
            desk.metrics.turned_away(if problem.status == 429 { "rate" } else { "token" });
            problem.into_response()
        }
    }
}
