//! The state machine of logins: one at a time, never again for a known failure, and rarely with a rejected password.

use std::time::Duration;

use tokio::time::Instant;
use tryton_sdk_core::Error;

use super::Session;
use crate::flight::{Departure, Flight, Seat};

/// The pause before a rejected password is tried again. Each further rejection doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// The state of the logins.
#[derive(Debug, Default)]
pub(super) enum Gate {
    /// No login is in progress, and nothing prevents one.
    #[default]
    Idle,
    /// A login is in progress. A flight that has ended without an outcome counts as none.
    LoggingIn { flight: Flight<Session>, refusals: Refusals },
    /// The latest login, to replace these sessions, failed. A task that learns only now that one of them was rejected
    /// gets the same error.
    Failed { error: Error, refused: Vec<Session> },
    /// The server rejected the password, which is not sent again for a while.
    Refused { error: Error, until: Instant, refusals: Refusals },
}

/// The number of consecutive rejections of the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusals(u32);

/// The action for a task that needs a session.
pub(super) enum Entrance {
    /// Wait for the login in progress.
    Wait(Seat<Session>),
    /// Log in, for all tasks that arrive meanwhile.
    LogIn(Seat<Session>, Departure<Session>),
    /// Fail with this error.
    Fail(Error),
}

/// The reason why a task needs a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A call needs a session.
    Call,
    /// The application logs in explicitly, regardless of earlier failures.
    Login,
}

impl Gate {
    /// Enters the gate to get a session instead of these rejected ones.
    pub(super) fn enter(&mut self, refused: &[Session], reason: Reason, now: Instant) -> Entrance {
        if let Some(error) = self.objection(refused, reason, now) {
            return Entrance::Fail(error);
        }
        let refusals = match self {
            Self::LoggingIn { flight, refusals } => match flight.board() {
                Some(seat) => return Entrance::Wait(seat),
                None => *refusals,
            },
            Self::Refused { refusals, .. } => *refusals,
            Self::Idle | Self::Failed { .. } => Refusals::default(),
        };
        let (flight, seat, departure) = Flight::new();
        *self = Self::LoggingIn { flight, refusals };
        Entrance::LogIn(seat, departure)
    }

    /// Returns the known error that prevents sending the password, if there is one.
    pub(super) fn objection(&self, refused: &[Session], reason: Reason, now: Instant) -> Option<Error> {
        match self {
            Self::Failed { error, refused: before } if refused.iter().any(|session| session.is_among(before)) => {
                Some(error.clone())
            }
            Self::Refused { error, until, .. } if reason == Reason::Call && now < *until => Some(error.clone()),
            Self::Idle | Self::LoggingIn { .. } | Self::Failed { .. } | Self::Refused { .. } => None,
        }
    }

    /// Records that a login has succeeded.
    pub(super) fn open(&mut self) {
        *self = Self::Idle;
    }

    /// Records that a login to replace these sessions has failed. Later calls get this error.
    pub(super) fn fail(&mut self, error: Error, refused: Vec<Session>, now: Instant) {
        let Refusals(before) = match self {
            Self::LoggingIn { refusals, .. } | Self::Refused { refusals, .. } => *refusals,
            Self::Idle | Self::Failed { .. } => Refusals::default(),
        };
        // After several rejections of the password, a server only responds that there were too many requests.
        let is_about_the_password = error.is_bad_credentials() || (before > 0 && error.is_rate_limited());
        *self = if is_about_the_password {
            let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(before)).min(LONGEST_PAUSE);
            Self::Refused { error, until: now + pause, refusals: Refusals(before.saturating_add(1)) }
        } else {
            Self::Failed { error, refused }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(token: &str) -> Session {
        Session::new("ada", 7, token)
    }

    fn refusal() -> Error {
        Error::bad_credentials("ada", "erp")
    }

    fn begin(gate: &mut Gate, now: Instant) -> (Seat<Session>, Departure<Session>) {
        match gate.enter(&[], Reason::Call, now) {
            Entrance::LogIn(seat, departure) => (seat, departure),
            Entrance::Wait(_) | Entrance::Fail(_) => panic!("nothing is in the way of a login: {gate:?}"),
        }
    }

    #[tokio::test]
    async fn the_first_logs_in_and_the_next_wait() {
        let (mut gate, now) = (Gate::Idle, Instant::now());
        let (_seat, _departure) = begin(&mut gate, now);
        for reason in [Reason::Call, Reason::Login] {
            assert!(matches!(gate.enter(&[], reason, now), Entrance::Wait(_)));
        }
        gate.open();
        assert!(matches!(gate, Gate::Idle));
    }

    #[tokio::test]
    async fn a_login_that_ended_without_an_outcome_is_begun_anew() {
        let (mut gate, now) = (Gate::Idle, Instant::now());
        drop(begin(&mut gate, now).1);
        let _login = begin(&mut gate, now);
        assert!(matches!(gate, Gate::LoggingIn { .. }));
    }

    #[tokio::test]
    async fn a_failure_is_told_to_those_whose_session_it_was_to_replace() {
        let (mut gate, now) = (Gate::Idle, Instant::now());
        let _login = begin(&mut gate, now);
        gate.fail(Error::status(503, None), vec![session("old")], now);
        let late = gate.enter(&[session("old")], Reason::Call, now);
        assert!(matches!(late, Entrance::Fail(error) if error.is_unavailable()));
        assert!(matches!(gate.enter(&[session("other")], Reason::Call, now), Entrance::LogIn(..)), "{gate:?}");
    }

    #[tokio::test]
    async fn a_password_that_was_refused_rests_longer_each_time() {
        let (mut gate, mut now) = (Gate::Idle, Instant::now());
        for pause in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            let _login = begin(&mut gate, now);
            gate.fail(refusal(), Vec::new(), now);
            let pause = Duration::from_secs(pause);
            let soon = gate.enter(&[], Reason::Call, now + pause - Duration::from_secs(1));
            assert!(matches!(soon, Entrance::Fail(error) if error.is_bad_credentials()), "{pause:?}");
            now += pause;
        }
    }

    #[tokio::test]
    async fn an_explicit_login_waits_for_no_pause() {
        let (mut gate, now) = (Gate::Idle, Instant::now());
        let _first = begin(&mut gate, now);
        gate.fail(refusal(), Vec::new(), now);
        assert!(matches!(gate.enter(&[], Reason::Login, now), Entrance::LogIn(..)));
        gate.fail(refusal(), Vec::new(), now);
        assert!(matches!(&gate, Gate::Refused { until, .. } if *until == now + 2 * FIRST_PAUSE), "{gate:?}");
        assert!(matches!(gate.enter(&[], Reason::Login, now), Entrance::LogIn(..)));
        gate.open();
        assert!(gate.objection(&[], Reason::Call, now).is_none());
    }

    #[tokio::test]
    async fn a_server_that_is_asked_too_often_still_means_the_password() {
        let (mut gate, now) = (Gate::Idle, Instant::now());
        let _first = begin(&mut gate, now);
        gate.fail(refusal(), Vec::new(), now);
        let _second = begin(&mut gate, now + FIRST_PAUSE);
        gate.fail(Error::status(429, None), Vec::new(), now);
        assert!(matches!(gate.enter(&[], Reason::Call, now), Entrance::Fail(error) if error.is_rate_limited()));
    }

    #[tokio::test]
    async fn another_failure_ends_the_pause() {
        let (mut gate, now) = (Gate::Idle, Instant::now());
        let _first = begin(&mut gate, now);
        gate.fail(refusal(), Vec::new(), now);
        assert!(matches!(gate.enter(&[], Reason::Login, now), Entrance::LogIn(..)));
        gate.fail(Error::status(503, None), Vec::new(), now);
        let _next = begin(&mut gate, now);
        assert!(matches!(gate, Gate::LoggingIn { .. }));
    }
}
