//! What the server counts, for Prometheus.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The counters of one server.
pub(super) struct Metrics {
    registry: Registry,
    appended: Counter,
    commits: Counter,
    failed_commits: Counter,
    group_requests: Histogram,
    commit_seconds: Histogram,
    requests: Family<Answered, Counter>,
    request_seconds: Family<Route, Histogram, fn() -> Histogram>,
    head: Gauge,
    views: Gauge,
    lag: Gauge,
    pub(super) subscribers: Gauge,
    pub(super) connections: Gauge,
    turned_away: Family<Reason, Counter>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

fn seconds() -> Histogram {
    Histogram::new([0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])
}

impl Metrics {
    /// All at zero.
    pub(super) fn new() -> Self {
        let mut new = Self {
            registry: Registry::default(),
            appended: Counter::default(),
            commits: Counter::default(),
            failed_commits: Counter::default(),
            group_requests: Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 512.0]),
            commit_seconds: seconds(),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(seconds),
            head: Gauge::default(),
            views: Gauge::default(),
            lag: Gauge::default(),
            subscribers: Gauge::default(),
            connections: Gauge::default(),
            turned_away: Family::default(),
        };
        let mut registry = Registry::with_prefix("stancelog");
        registry.register("events_appended", "Events stored, registrations of new names included", new.appended.clone());
        registry.register("commits", "Commits, each of one group of appends", new.commits.clone());
        registry.register("commits_failed", "Commits that failed", new.failed_commits.clone());
        registry.register("group_requests", "Requests stored by one commit", new.group_requests.clone());
        registry.register("commit_seconds", "How long a commit took, its fsync included", new.commit_seconds.clone());
        registry.register("http_requests", "Requests answered", new.requests.clone());
        registry.register("http_request_seconds", "How long requests took, until the answer began", new.request_seconds.clone());
        registry.register("log_head", "Seq of the last event", new.head.clone());
        registry.register("views_head", "Seq that the views have come to", new.views.clone());
        registry.register("views_lag_events", "How many events the views are behind the log", new.lag.clone());
        registry.register("subscribers", "Streams that are open", new.subscribers.clone());
        registry.register("connections", "Connections that are open", new.connections.clone());
        registry.register("turned_away", "Connections and requests that were turned away", new.turned_away.clone());
        new.registry = registry;
        new
    }

    /// A group of appends was committed.
    pub(super) fn committed(&self, requests: usize, events: u64, took: Duration) {
        self.commits.inc();
        self.appended.inc_by(events);
        self.group_requests.observe(requests as f64);
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// A commit failed.
    pub(super) fn failed(&self) {
        self.failed_commits.inc();
    }

    /// Log and views have come to these places.
    pub(super) fn followed(&self, head: i64, views: i64) {
        self.head.set(head);
        self.views.set(views);
        self.lag.set((head - views).max(0));
    }

    /// A request was answered.
    pub(super) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        self.requests.get_or_create(&Answered { method, route: route.to_owned(), status }).inc();
        self.request_seconds.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Somebody was turned away.
    pub(super) fn turned_away(&self, reason: &'static str) {
        self.turned_away.get_or_create(&Reason { reason }).inc();
    }

    /// All of it in Prometheus's text form.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
