//! Faults, and the requests that they affect.

use std::time::Duration;

use super::message::Message;

/// A fault of one request.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The response is delayed by this time.
    Delay(Duration),
    /// The connection is reset before anything reaches the server.
    ResetBefore,
    /// The connection is reset instead of the response: the server has executed the request.
    ResetAfter,
    /// The connection ends in the middle of the response body.
    Truncated,
    /// The response stalls in the middle of its body.
    Stalled,
    /// The response states a length that differs from its own by this much, and ends.
    WrongLength(isize),
    /// The proxy itself responds with a status, and a header line if not empty.
    Status(u16, &'static str),
    /// The proxy responds with a status after the server has executed the request.
    StatusAfter(u16),
    /// The proxy responds with 200 and an HTML page.
    Page,
    /// The response announces compression for its plain body.
    FalseGzip,
    /// The connection is closed after a complete response that allows it to stay open.
    ClosedAfter,
}

/// The requests that fail, and how. The choice is the same in every run.
#[derive(Clone, Debug)]
pub struct Faults {
    kinds: Vec<Fault>,
    word: &'static str,
    one_in: u64,
    times: usize,
    state: u64,
}

impl Faults {
    /// Returns faults with which every request passes.
    pub fn none() -> Self {
        Self::any([])
    }

    /// Returns faults with which every request fails.
    pub fn always(fault: Fault) -> Self {
        Self::any([fault])
    }

    /// Returns faults with which every request fails in one of these ways, chosen at random.
    pub fn any(kinds: impl IntoIterator<Item = Fault>) -> Self {
        Self { kinds: kinds.into_iter().collect(), word: "", one_in: 1, times: usize::MAX, state: 0x7472_7974_6f6e }
    }

    /// Limits the faults to requests that contain this word, such as the name of a method.
    #[must_use]
    pub fn of(mut self, word: &'static str) -> Self {
        self.word = word;
        self
    }

    /// Makes one in this many requests fail, at random.
    #[must_use]
    pub fn one_in(mut self, requests: u64) -> Self {
        self.one_in = requests;
        self
    }

    /// Limits the number of requests that fail.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    pub(super) fn next(&mut self, request: &Message) -> Option<Fault> {
        let concerns = !self.kinds.is_empty() && self.times > 0 && request.contains(self.word);
        if !concerns || !self.random().is_multiple_of(self.one_in) {
            return None;
        }
        self.times -= 1;
        let kind = self.random() % self.kinds.len() as u64;
        self.kinds.get(kind as usize).copied()
    }

    /// Returns the next number of Knuth's linear congruential generator, without its low bits, which repeat soon.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }
}
