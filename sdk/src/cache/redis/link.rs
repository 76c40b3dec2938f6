//! The connection: created on first use and again when it is lost. It is not used while Redis is out of order.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::{Cmd, FromRedisValue};
use tokio::sync::watch;
use tokio::time::timeout;

use super::connection::{Connection, Holder};
use super::fault::Fault;
use super::place::Place;
use super::set;

/// The timeout of connecting. It may be longer than that of a call, for TLS to a distant host, because no call waits that
/// long.
pub(super) const CONNECTING: Duration = Duration::from_secs(2);

/// The time after a failure during which Redis is not tried again.
const REST: Duration = Duration::from_secs(2);

pub(super) struct Link {
    place: Place,
    /// The maximum time that a call waits for a response.
    patience: Duration,
    state: Mutex<State>,
}

struct State {
    line: Line,
    /// Whether Redis is out of order. Changes are logged.
    is_out: bool,
    /// The number of connections so far.
    count: u64,
}

enum Line {
    Resting { until: Instant },
    Connecting(watch::Receiver<()>),
    Connected(Connection),
}

impl Link {
    pub(super) fn new(place: Place, patience: Duration) -> Self {
        let state = State { line: Line::Resting { until: Instant::now() }, is_out: false, count: 0 };
        Self { place, patience, state: Mutex::new(state) }
    }

    pub(super) fn name(&self) -> &str {
        self.place.name()
    }

    /// Sends a command. Returns `None` if Redis does not respond in time, or is not being tried.
    pub(super) async fn ask<T: FromRedisValue>(self: &Arc<Self>, command: &Cmd) -> Option<T> {
        self.ask_at(None, command).await
    }

    /// Sends a command to one of the servers that hold keys.
    pub(super) async fn ask_at<T: FromRedisValue>(self: &Arc<Self>, at: Option<&Holder>, command: &Cmd) -> Option<T> {
        let fault = match timeout(self.patience, self.try_to_ask(at, command)).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(fault)) => fault?,
            Err(_) => Fault::Slow,
        };
        self.failed(&fault);
        None
    }

    /// Fails without a fault if Redis is not being tried.
    async fn try_to_ask<T: FromRedisValue>(
        self: &Arc<Self>,
        at: Option<&Holder>,
        command: &Cmd,
    ) -> Result<T, Option<Fault>> {
        let (mut connection, number) = self.connection().await.ok_or(None)?;
        match connection.ask(command, at).await {
            // For example, Redis or a network device has closed a connection that was idle for long.
            Err(error) if error.is_connection_dropped() => {
                self.lost(number);
                let (mut connection, _) = self.connection().await.ok_or(None)?;
                connection.ask(command, at).await.map_err(|error| Some(error.into()))
            }
            answer => answer.map_err(|error| Some(error.into())),
        }
    }

    /// Returns the servers that hold keys, and the number of the connection to them.
    pub(super) async fn holders(self: &Arc<Self>) -> Option<(Vec<Holder>, u64)> {
        let holders = match self.place.cluster() {
            Some(cluster) => Holder::each(cluster.primaries(self.ask(&cluster.slots()).await?)),
            None => vec![Holder::Only],
        };
        Some((holders, self.state().count))
    }

    /// Returns the connection and its number. While Redis is out of order, callers do not wait for one.
    async fn connection(self: &Arc<Self>) -> Option<(Connection, u64)> {
        loop {
            let mut attempt = None;
            let mut connecting = {
                let mut state = self.state();
                match &state.line {
                    Line::Connected(connection) => return Some((connection.clone(), state.count)),
                    Line::Resting { until } if Instant::now() < *until => return None,
                    Line::Resting { .. } => attempt = Some(self.begin(&mut state)),
                    Line::Connecting(_) => {}
                }
                match &state.line {
                    Line::Connecting(connecting) if !state.is_out => Some(connecting.clone()),
                    _ => None,
                }
            };
            if let Some(attempt) = attempt {
                attempt.start();
            }
            // The channel closes when the attempt ends.
            while connecting.as_mut()?.changed().await.is_ok() {}
        }
    }

    fn begin(self: &Arc<Self>, state: &mut State) -> Attempt {
        let (sender, receiver) = watch::channel(());
        state.line = Line::Connecting(receiver);
        Attempt { link: Arc::clone(self), outcome: Err(Fault::Slow), _sender: sender }
    }

    async fn open(&self) -> Result<Connection, Fault> {
        let mut connection = self.place.connect().await?;
        let holders = match self.place.cluster() {
            Some(cluster) => Holder::each(cluster.primaries(connection.ask(&cluster.slots(), None).await?)),
            None => vec![Holder::Only],
        };
        for holder in holders {
            // A Redis that is full, or a read-only replica, cannot be used.
            let probe = set(&holder.probe(), b"", Duration::from_secs(1));
            timeout(self.patience, connection.ask::<()>(&probe, None)).await.map_err(|_| Fault::Slow)??;
        }
        Ok(connection)
    }

    fn opened(&self, connection: Connection) {
        let mut state = self.state();
        state.line = Line::Connected(connection);
        state.count += 1;
        if mem::take(&mut state.is_out) {
            tracing::info!(redis = self.name(), "the cache is back");
        }
    }

    /// Records that the connection of this number was lost. Redis may still be running.
    fn lost(&self, number: u64) {
        let mut state = self.state();
        if state.count == number && matches!(state.line, Line::Connected(_)) {
            state.line = Line::Resting { until: Instant::now() };
        }
    }

    fn not_opened(&self, fault: &Fault) {
        self.rest(self.state(), fault);
    }

    fn failed(&self, fault: &Fault) {
        let mut state = self.state();
        if let Line::Connecting(_) = state.line {
            // The attempt continues, but further calls do not wait for it.
            self.warn(&mut state, fault);
        } else {
            self.rest(state, fault);
        }
    }

    fn rest(&self, mut state: MutexGuard<'_, State>, fault: &Fault) {
        state.line = Line::Resting { until: Instant::now() + REST };
        self.warn(&mut state, fault);
    }

    fn warn(&self, state: &mut State, fault: &Fault) {
        if !mem::replace(&mut state.is_out, true) {
            let redis = self.name();
            tracing::warn!(redis, %fault, "the cache is out of order: until it is back, the server answers all calls");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection attempt. It informs the link of its end, even if its task or runtime ends early.
struct Attempt {
    link: Arc<Link>,
    outcome: Result<Connection, Fault>,
    /// Dropped after the link has been informed.
    _sender: watch::Sender<()>,
}

impl Attempt {
    /// Runs in its own task. The caller must hold no lock: a runtime that is shutting down drops the attempt at once.
    fn start(mut self) {
        tokio::spawn(async move {
            if let Ok(outcome) = timeout(CONNECTING.max(self.link.patience), self.link.open()).await {
                self.outcome = outcome;
            }
            drop(self);
        });
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        match mem::replace(&mut self.outcome, Err(Fault::Slow)) {
            Ok(connection) => self.link.opened(connection),
            Err(fault) => self.link.not_opened(&fault),
        }
    }
}
