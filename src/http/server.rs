//! The server: listens, keeps connections within bounds, and stops without dropping what is under way.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

use super::metrics::Metrics;
use super::option::Limits;

/// Bytes that a connection keeps of what it reads.
const BUFFER_BYTES: usize = 64 << 10;
/// What is told to a connection that there is no place for.
const NO_PLACE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
/// How long to wait when the system gives no more connections.
const BREATH: Duration = Duration::from_millis(50);

/// What a connection is read from and written to.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// What the connections of a server share.
pub(super) struct Server {
    pub(super) router: Router,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) limits: Limits,
    pub(super) metrics: Arc<Metrics>,
    pub(super) closing: watch::Receiver<bool>,
}

impl Server {
    /// Serves connections until the server is told to stop; then waits for those under way, but not longer than `grace`.
    pub(super) async fn run(self, listener: TcpListener, grace: Duration) {
        let places = Arc::new(Semaphore::new(self.limits.connections));
        let connections = TaskTracker::new();
        let mut closing = self.closing.clone();
        let server = Arc::new(self);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = closing.wait_for(|closing| *closing) => break,
            };
            match accepted {
                Ok((stream, peer)) => match Arc::clone(&places).try_acquire_owned() {
                    Ok(place) => {
                        connections.spawn(Arc::clone(&server).connection(stream, peer, place));
                    }
                    Err(_) => {
                        server.metrics.turned_away("connections");
                        connections.spawn(turn_away(stream));
                    }
                },
                // No more files, or a connection that is gone already: others may end meanwhile.
                Err(error) => {
                    tracing::warn!(error = %error, "a connection was not accepted");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
        drop(listener);
        connections.close();
        if tokio::time::timeout(grace, connections.wait()).await.is_err() {
            tracing::warn!("connections were cut off that did not end in time");
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        let _place = place;
        self.metrics.connections.inc();
        // Answers are written whole: waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.limits.stall_time));
        let stream = Box::pin(stream);
        match &self.tls {
            None => self.http(Box::new(stream)).await,
            Some(acceptor) => match tokio::time::timeout(self.limits.head_time, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => self.http(Box::new(stream)).await,
                Ok(Err(error)) => tracing::debug!(%peer, error = %error, "no TLS"),
                Err(_) => tracing::debug!(%peer, "TLS took too long"),
            },
        }
        self.metrics.connections.dec();
    }

    async fn http(&self, stream: Box<dyn Stream>) {
        let service = TowerToHyperService::new(self.router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head_time)
            .max_buf_size(BUFFER_BYTES)
            .half_close(false)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let mut closing = self.closing.clone();
        // A connection ends for its client's reasons as a rule, and nothing is to be done about it.
        tokio::select! {
            _ = &mut connection => return,
            _ = closing.wait_for(|closing| *closing) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn turn_away(mut stream: TcpStream) {
    let told = async {
        stream.write_all(NO_PLACE).await?;
        stream.shutdown().await
    };
    let _ = tokio::time::timeout(BREATH, told).await;
}

/// Returns when the process is told to stop.
pub(super) fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
