//! One request for an answer, however many tasks wait for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::task::detached;
use tryton_sdk_core::Result;

type Landing<T> = watch::Receiver<Option<Result<T>>>;

/// The requests that are under way, by the keys of what they ask for.
#[derive(Debug)]
pub(crate) struct Flights<T>(Mutex<HashMap<String, Landing<T>>>);

enum Seat<T> {
    Pilot(Flight<T>),
    Passenger(Landing<T>),
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::default()))
    }

    /// The outcome of the flight that is under way, or of one that `work` makes.
    ///
    /// The work is done by a task of its own: who asked first may stop asking, and the others get their outcome.
    pub(crate) async fn join<F>(self: &Arc<Self>, key: &str, work: impl Fn(Arc<Flight<T>>) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        loop {
            match self.take_seat(key) {
                Seat::Pilot(flight) => {
                    let flight = Arc::new(flight);
                    let work = work(Arc::clone(&flight));
                    return detached(async move {
                        let outcome = work.await;
                        flight.landing.send_replace(Some(outcome.clone()));
                        outcome
                    })
                    .await;
                }
                Seat::Passenger(mut landing) => {
                    // Without an outcome the task has ended with its runtime, or has panicked: then somebody else flies.
                    if let Ok(outcome) = landing.wait_for(Option::is_some).await
                        && let Some(outcome) = &*outcome
                    {
                        return outcome.clone();
                    }
                }
            }
        }
    }

    /// Lets nobody else board the flights to keys that begin with `prefix`.
    pub(crate) fn forget(&self, prefix: &str) {
        self.lock().retain(|key, _| !key.starts_with(prefix));
    }

    fn take_seat(self: &Arc<Self>, key: &str) -> Seat<T> {
        let mut flights = self.lock();
        if let Some(landing) = flights.get(key) {
            return Seat::Passenger(landing.clone());
        }
        let (sender, landing) = watch::channel(None);
        flights.insert(key.to_owned(), landing);
        Seat::Pilot(Flight { flights: Arc::clone(self), key: key.to_owned(), landing: sender })
    }
}

impl<T> Flights<T> {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Landing<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is under way.
pub(crate) struct Flight<T> {
    flights: Arc<Flights<T>>,
    key: String,
    landing: watch::Sender<Option<Result<T>>>,
}

impl<T> Flight<T> {
    /// Whether its answer may be kept: nothing has been declared outdated since it was asked for.
    pub(crate) fn is_valid(&self) -> bool {
        self.is_in(&self.flights.lock())
    }

    /// Whether the flight under this key is this one, and not another that was begun after it was forgotten.
    fn is_in(&self, flights: &HashMap<String, Landing<T>>) -> bool {
        flights.get(&self.key).is_some_and(|landing| landing.same_channel(&self.landing.subscribe()))
    }
}

impl<T> Drop for Flight<T> {
    fn drop(&mut self) {
        let mut flights = self.flights.lock();
        if self.is_in(&flights) {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures_util::FutureExt;
    use futures_util::future::{join, join_all};

    use super::*;

    const LONG: Duration = Duration::from_millis(50);

    /// Counts how often it is flown.
    struct Airline {
        flights: Arc<Flights<usize>>,
        flown: Arc<AtomicUsize>,
    }

    impl Airline {
        fn new() -> Self {
            Self { flights: Flights::new(), flown: Arc::default() }
        }

        async fn fly(&self) -> Result<usize> {
            let work = |flight: Arc<Flight<usize>>| {
                let flown = Arc::clone(&self.flown);
                async move {
                    let _flight = flight;
                    let number = flown.fetch_add(1, Ordering::SeqCst);
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
        assert_eq!(airline.fly().await.expect("landed"), 1);
    }

    #[tokio::test]
    async fn a_flight_that_is_forgotten_takes_nobody_else() {
        let airline = Airline::new();
        let mut first = Box::pin(airline.fly());
        assert!((&mut first).now_or_never().is_none());
        airline.flights.forget("ke");
        let (second, third) = join(airline.fly(), airline.fly()).await;
        assert_eq!((second.expect("landed"), third.expect("landed")), (1, 1));
        assert_eq!(first.await.expect("landed"), 0);
    }

    #[tokio::test]
    async fn a_panic_leaves_nobody_waiting() {
        let flights: Arc<Flights<usize>> = Flights::new();
        let panicking = |_| async {
            tokio::time::sleep(LONG).await;
            panic!("wanted")
        };
        let mut first = Box::pin(flights.join("key", panicking));
        assert!((&mut first).now_or_never().is_none());
        let second = flights.join("key", |_| async { Ok(7) }).await;
        assert_eq!(second.expect("flown by itself"), 7);
    }
}
