//! Single-flight: one piece of work, however many tasks wait for its outcome.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;
use tryton_sdk_core::Result;

use crate::task;

/// Work that nobody waits for any more is given up, but not before it has had this time: callers whose patience is
/// shorter than a login takes would never get one.
const SHORTEST: Duration = Duration::from_secs(1);

/// Work in its own task: a caller that is dropped, or no longer polled, blocks nobody else. It ends with its outcome, or
/// soon after the last waiting caller has left.
pub(crate) struct Flight<T>(Arc<Tower<T>>);

/// What everybody who has to do with a flight shares.
struct Tower<T> {
    landing: watch::Receiver<Option<Result<T>>>,
    seats: Mutex<Seats>,
    /// Told when the last of the passengers has left.
    deserted: Notify,
    began: Instant,
}

#[derive(Default)]
struct Seats {
    taken: usize,
    /// Nobody boards any more.
    is_closed: bool,
}

/// A flight that has not begun. Nothing may be locked where it begins: a runtime that is shutting down drops the work at
/// once.
pub(crate) struct Departure<T> {
    tower: Arc<Tower<T>>,
    landing: watch::Sender<Option<Result<T>>>,
}

/// A place in a flight.
pub(crate) struct Seat<T> {
    tower: Arc<Tower<T>>,
    landing: watch::Receiver<Option<Result<T>>>,
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// A flight, the place of whoever begins it, and its beginning.
    pub(crate) fn new() -> (Self, Seat<T>, Departure<T>) {
        let (sender, landing) = watch::channel(None);
        let tower = Arc::new(Tower {
            landing: landing.clone(),
            seats: Mutex::new(Seats { taken: 1, is_closed: false }),
            deserted: Notify::new(),
            began: Instant::now(),
        });
        let seat = Seat { tower: Arc::clone(&tower), landing };
        (Self(Arc::clone(&tower)), seat, Departure { tower, landing: sender })
    }

    /// A place in the flight, unless it has ended.
    pub(crate) fn board(&self) -> Option<Seat<T>> {
        let mut seats = self.0.seats();
        // Its task has ended with its runtime, or has panicked.
        let is_lost = self.0.landing.has_changed().is_err();
        if seats.is_closed || is_lost {
            return None;
        }
        seats.taken += 1;
        Some(Seat { tower: Arc::clone(&self.0), landing: self.0.landing.clone() })
    }
}

impl<T> Flight<T> {
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flight")
    }
}

impl<T> Tower<T> {
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Comes to its end when the work is to be given up.
    async fn is_deserted(&self) {
        self.deserted.notified().await;
        let earliest = self.began + SHORTEST;
        // Even a sleep that is over takes a tick of the clock. Until then this work would wait for other work that is as
        // late, and others would begin to wait with it.
        if earliest > Instant::now() {
            sleep_until(earliest).await;
        }
        self.seats().is_closed = true;
    }
}

impl<T: Clone + Send + Sync + 'static> Departure<T> {
    /// Begins the work.
    pub(crate) fn begin(self, work: impl Future<Output = Result<T>> + Send + 'static) -> JoinHandle<()> {
        let Self { tower, landing } = self;
        let flight = async move {
            let (work, is_deserted) = (std::pin::pin!(work), std::pin::pin!(tower.is_deserted()));
            if let Either::Left((outcome, _)) = select(work, is_deserted).await {
                landing.send_replace(Some(outcome));
            }
        };
        tokio::spawn(flight.in_current_span())
    }
}

impl<T: Clone> Seat<T> {
    /// What the work has come to. None where it has ended without an outcome: its task has panicked, has ended with its
    /// runtime, or was given up just before this place was taken.
    pub(crate) async fn outcome(mut self) -> Option<Result<T>> {
        self.landing.wait_for(Option::is_some).await.ok()?.clone()
    }
}

impl<T> Drop for Seat<T> {
    fn drop(&mut self) {
        let mut seats = self.tower.seats();
        seats.taken -= 1;
        if seats.taken == 0 {
            // Whoever boards at this moment shall not be the next to wait in vain.
            seats.is_closed |= self.tower.began.elapsed() >= SHORTEST;
            self.tower.deserted.notify_one();
        }
    }
}

/// The flights that are under way, by the keys of what they bring.
#[derive(Debug)]
pub(crate) struct Flights<T> {
    under_way: Mutex<HashMap<String, Flight<T>>>,
    ended: AtomicUsize,
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { under_way: Mutex::default(), ended: AtomicUsize::new(0) })
    }

    /// The outcome of the flight that is under way, or of one that `work` makes.
    pub(crate) async fn join<F>(self: &Arc<Self>, key: &str, work: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        task::runtime()?;
        loop {
            let (seat, departure) = self.take_seat(key);
            let task = departure.map(|(departure, entry)| {
                let work = work();
                departure.begin(async move {
                    let _entry = entry;
                    work.await
                })
            });
            match (seat.outcome().await, task) {
                (Some(outcome), _) => return outcome,
                (None, Some(task)) => return Err(task::lost(task).await),
                // Then somebody else flies.
                (None, None) => {}
            }
        }
    }

    /// Whether there is a flight to `key`.
    pub(crate) fn is_under_way(&self, key: &str) -> bool {
        self.lock().contains_key(key)
    }

    /// How many flights have ended, to whatever keys.
    pub(crate) fn ended(&self) -> usize {
        self.ended.load(Ordering::SeqCst)
    }

    /// Lets nobody else board the flights to keys that begin with `prefix`.
    pub(crate) fn forget(&self, prefix: &str) {
        self.lock().retain(|key, _| !key.starts_with(prefix));
    }

    fn take_seat(self: &Arc<Self>, key: &str) -> (Seat<T>, Option<Begun<T>>) {
        let mut flights = self.lock();
        if let Some(seat) = flights.get(key).and_then(Flight::board) {
            return (seat, None);
        }
        let (flight, seat, departure) = Flight::new();
        flights.insert(key.to_owned(), flight.clone());
        (seat, Some((departure, Entry { flights: Arc::clone(self), key: key.to_owned(), flight })))
    }
}

impl<T> Flights<T> {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Flight<T>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What begins a flight, and what ends with it.
type Begun<T> = (Departure<T>, Entry<T>);

/// The flight's entry among the flights, for as long as its work goes on.
struct Entry<T> {
    flights: Arc<Flights<T>>,
    key: String,
    flight: Flight<T>,
}

impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        self.flights.ended.fetch_add(1, Ordering::SeqCst);
        let mut flights = self.flights.lock();
        // Another one may have begun after this one was forgotten.
        if flights.get(&self.key).is_some_and(|flight| flight.is(&self.flight)) {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::{join, join_all, pending};
    use tokio::time::timeout;

    use super::*;

    const LONG: Duration = Duration::from_millis(50);

    /// Counts how often it is flown. The first flight may take for ever.
    struct Airline {
        flights: Arc<Flights<usize>>,
        flown: Arc<AtomicUsize>,
        first_hangs: bool,
    }

    impl Airline {
        fn new() -> Self {
            Self { flights: Flights::new(), flown: Arc::default(), first_hangs: false }
        }

        async fn fly(&self) -> Result<usize> {
            let work = || {
                let (flown, first_hangs) = (Arc::clone(&self.flown), self.first_hangs);
                async move {
                    let number = flown.fetch_add(1, Ordering::SeqCst);
                    if first_hangs && number == 0 {
                        pending::<()>().await;
                    }
                    tokio::time::sleep(LONG).await;
                    Ok(number)
                }
            };
            self.flights.join("key", work).await
        }
    }

    #[tokio::test]
    async fn many_share_one_flight_and_later_ones_take_the_next() {
        let airline = Airline::new();
        let outcomes = join_all((0..100).map(|_| airline.fly())).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(0))), "{outcomes:?}");
        assert_eq!(airline.fly().await.expect("landed"), 1);
        assert!(airline.flights.lock().is_empty());
    }

    #[tokio::test]
    async fn who_asked_first_may_be_dropped_or_never_polled_again() {
        let airline = Airline::new();
        let mut first = Box::pin(airline.fly());
        assert!((&mut first).now_or_never().is_none());
        assert_eq!(airline.fly().await.expect("landed"), 0, "the first is alive, but nobody polls it");
        let mut second = Box::pin(airline.fly());
        assert!((&mut second).now_or_never().is_none());
        drop(second);
        assert_eq!(airline.fly().await.expect("landed"), 1, "the work of the second has not had its time yet");
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waits_for_ends_and_the_next_begins_anew() {
        let airline = Airline { first_hangs: true, ..Airline::new() };
        for _ in 0..2 {
            let half = timeout(SHORTEST / 2, airline.fly()).await;
            assert!(half.is_err(), "a short patience joins the work that is under way");
        }
        assert_eq!(airline.flown.load(Ordering::SeqCst), 1);
        assert_eq!(airline.fly().await.expect("landed"), 1);

        let airline = Airline { first_hangs: true, ..Airline::new() };
        let (first, second) = join(timeout(3 * SHORTEST, airline.fly()), timeout(2 * SHORTEST, airline.fly())).await;
        assert!(first.is_err() && second.is_err(), "it goes on while one of them waits");
        // Nobody else has run since: the next does not board the flight that was left.
        assert_eq!(airline.fly().await.expect("landed"), 1);
    }

    #[tokio::test]
    async fn a_flight_that_is_forgotten_takes_nobody_else() {
        let airline = Airline::new();
        let mut first = Box::pin(airline.fly());
        assert!((&mut first).now_or_never().is_none());
        tokio::task::yield_now().await;
        airline.flights.forget("ke");
        let (second, third) = join(airline.fly(), airline.fly()).await;
        assert_eq!((second.expect("landed"), third.expect("landed")), (1, 1));
        assert_eq!(first.await.expect("landed"), 0);
    }

    #[tokio::test]
    async fn a_panic_leaves_nobody_waiting() {
        let flights: Arc<Flights<usize>> = Flights::new();
        let panicking = || async {
            tokio::time::sleep(LONG).await;
            panic!("wanted")
        };
        let mut first = Box::pin(flights.join("key", panicking));
        assert!((&mut first).now_or_never().is_none());
        let second = flights.join("key", || async { Ok(7) }).await;
        assert_eq!(second.expect("flown by itself"), 7);
    }
}
