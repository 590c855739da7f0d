//! The HTTP door: one log for a newsroom's scripts. All that is asynchronous is in this room.
//!
//! Promises:
//! - http-1: an append is acknowledged when it is on disk; every later answer has seen it.
//! - http-2: appends that wait are stored in one commit, and what is wrong with one does no harm to another.
//! - http-3: a stream shows every event once, in order, from any seq on.
//! - http-4: what callers take is bounded: bodies, lines, heads, time, connections, requests.
//! - http-5: tokens are nowhere but in the hands of their holders; the journal has neither them nor what was asked.
//! - http-6: told to stop, the server ends what is under way and loses nothing.
//!
//! Not here: what a question means; that is one function of [`crate::Ledger`] each.

mod option;
mod error;
mod problem;
mod metrics;
mod follower;
mod writer;
mod reader;
mod access;
mod check;
mod shared;
mod cursor;
mod asking;
mod respond;
mod route;
mod tail;
mod stream;
mod page;
mod watch;
mod openapi;
mod journal;
mod tls;
mod server;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch as signal};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::decompression::RequestDecompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use error::Error;
pub use openapi::openapi;
pub use option::{Journal, Limits, Options, Tls};
pub use writer::Grouping;

use access::Access;
use follower::Follower;
use metrics::Metrics;
use problem::Problem;
use reader::Readers;
use shared::{Desk, Shared};
use stream::Moved;
use tail::Tail;
use writer::Writer;

use crate::Ledger;
use crate::ledger::Key;

/// Serves a log until the process is told to stop (SIGTERM, SIGINT). `ready` hears where.
///
/// # Errors
/// Why the server does not start; [`Error::Unprotected`] beyond this machine without tokens.
pub fn serve(options: Options, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    journal::begin(options.journal);
    let tls = options.tls.as_ref().map(tls::acceptor).transpose()?;
    let origins = origins(&options.origins)?;
    let access = Access::to(&options.db, &options.limits, &options.origins, tls.is_some());
    if !options.listen.ip().is_loopback() && !access.is_guarded() {
        return Err(Error::Unprotected { address: options.listen });
    }
    // Each connection is an open file; what the system would allow is asked for, and less will do.
    let _ = rlimit::increase_nofile_limit(u64::try_from(options.limits.connections + 1024).unwrap_or(u64::MAX));
    let (stop, closing) = signal::channel(false);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::System)?;
    let (desk, threads) = open(options, access, closing.clone(), runtime.handle())?;
    runtime.block_on(async {
        let told = server::told_to_stop().map_err(Error::System)?;
        let address = desk.options.listen;
        let listener = TcpListener::bind(address).await.map_err(|source| Error::Listen { address, source })?;
        ready(listener.local_addr().map_err(Error::System)?);
        tokio::spawn(async move {
            told.await;
            let _ = stop.send(true);
        });
        let (limits, metrics, grace) = (desk.options.limits.clone(), Arc::clone(&desk.metrics), desk.options.grace);
        let following = Arc::clone(&desk);
        tokio::spawn(async move {
            let (follower, readers, closing) = (following.follower.clone(), following.readers.clone(), following.closing.clone());
            following.tail.follow(follower, readers, closing).await;
        });
        let router = router(Arc::clone(&desk), origins);
        server::Server { router, tls, limits, metrics, closing }.run(listener, grace).await;
        Ok::<(), Error>(())
    })?;
    // With the runtime go the last handlers: the threads end when they have done what waits.
    drop(runtime);
    desk.follower.close();
    drop(desk);
    for thread in threads {
        if thread.join().is_err() {
            tracing::error!("a thread panicked");
        }
    }
    tracing::info!("stopped");
    Ok(())
}

/// Opens the log for one writer, one follower and some readers.
fn open(options: Options, access: Access, closing: signal::Receiver<bool>, runtime: &Handle) -> Result<(Desk, Vec<JoinHandle<()>>), Error> {
    let db = options.db.clone();
    let metrics = Arc::new(Metrics::new());
    let ledger = Ledger::open(&db)?;
    let tail = Tail::new(ledger.head()?);
    let (follower, following) = Follower::start(Ledger::open(&db)?, Arc::clone(&metrics))?;
    let (writer, writing) = Writer::start(ledger, options.grouping, follower.clone(), Arc::clone(&metrics), runtime.clone());
    let each = std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8));
    let (readers, mut threads) = Readers::start(each, &follower, || Ledger::open_read_only(&db))?;
    threads.extend([writing, following]);
    let key = key(&options, &db)?;
    let requests = Semaphore::new(options.limits.requests);
    let streams = Arc::new(Semaphore::new(options.limits.streams));
    Ok((
        Arc::new(Shared {
            options,
            writer,
            readers,
            follower,
            metrics,
            tail,
            moved: Moved::default(),
            access,
            key,
            checks: check::Checks::default(),
            requests,
            streams,
            closing,
        }),
        threads,
    ))
}

/// The signing key: the one that is named, or the one beside the log where there is one.
fn key(options: &Options, db: &Path) -> Result<Option<Key>, Error> {
    let beside = Ledger::open_read_only(db)?.key_path();
    match &options.key {
        Some(path) => Ok(Some(Key::open_or_make(path)?)),
        None if beside.exists() => Ok(Some(Key::open_or_make(&beside)?)),
        None => Ok(None),
    }
}

/// All routes, with their documentation.
fn routes() -> OpenApiRouter<Desk> {
    use route::{audit, claims, diff, events, flips, gaps, history, registry, review, stances, upkeep, why};
    OpenApiRouter::with_openapi(openapi::Whole::openapi())
        .routes(routes!(events::append, events::list))
        .routes(routes!(stream::events))
        .routes(routes!(stream::changes))
        .routes(routes!(events::show))
        .routes(routes!(stances::list))
        .routes(routes!(history::list))
        .routes(routes!(why::why))
        .routes(routes!(flips::list))
        .routes(routes!(gaps::list))
        .routes(routes!(why::compare))
        .routes(routes!(why::allies))
        .routes(routes!(diff::list))
        .routes(routes!(claims::list))
        .routes(routes!(claims::show))
        .routes(routes!(registry::entities))
        .routes(routes!(registry::actions))
        .routes(routes!(registry::search))
        .routes(routes!(review::list))
        .routes(routes!(audit::checkpoint))
        .routes(routes!(audit::inclusion))
        .routes(routes!(audit::consistency))
        .route("/v1/audit/tile/{*tile}", get(audit::tile))
        .route("/openapi.json", get(openapi::description))
        .route("/docs", get(openapi::page))
        .routes(routes!(upkeep::status))
        .routes(routes!(upkeep::health))
        .routes(routes!(upkeep::readiness))
        .routes(routes!(upkeep::metrics))
}

fn router(desk: Desk, origins: Vec<HeaderValue>) -> Router {
    let (router, _) = routes().split_for_parts();
    let router = router.merge(page::routes());
    let limit = desk.options.limits.body_bytes;
    let missing = |uri: Uri| async move { Problem::no_route(uri.path()) };
    // From the inside out: what is packed is unpacked within a limit; who may do what is settled before anything is read.
    let no_method = |method: Method, uri: Uri| async move { Problem::no_method(&method, uri.path()) };
    let router = router
        .fallback(missing)
        .method_not_allowed_fallback(no_method)
        .layer(DefaultBodyLimit::max(limit))
        .layer(RequestDecompressionLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), watch::around))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(panicked));
    let router = if origins.is_empty() { router } else { router.layer(cors(origins)) };
    router.with_state(desk)
}

/// What is told where a handler has found a bug of ours.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", "The server is at fault", "the request met a fault of the server")
        .into_response()
}

fn origins(given: &[String]) -> Result<Vec<HeaderValue>, Error> {
    let read = |origin: &String| {
        let is_origin = origin.starts_with("http://") || origin.starts_with("https://");
        HeaderValue::from_str(origin).ok().filter(|_| is_origin).ok_or_else(|| Error::Origin { origin: origin.clone() })
    };
    given.iter().map(read).collect()
}

/// What pages of other servers may do, where that is wanted at all.
fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    let headers = [header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH, header::IF_NONE_MATCH];
    let ours = [HeaderName::from_static("idempotency-key"), HeaderName::from_static("last-event-id")];
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers.into_iter().chain(ours).collect::<Vec<_>>())
        .expose_headers([header::ETAG, header::LINK, respond::KNOWN_AT])
}
