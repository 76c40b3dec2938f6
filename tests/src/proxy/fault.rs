//! What goes wrong, and when.

use std::time::Duration;

use super::message::Message;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The answer comes so much later.
    Delay(Duration),
    /// The connection is reset before anything reaches the server.
    ResetBefore,
    /// The connection is reset in the place of the answer: the server has done what it was asked to.
    ResetAfter,
    /// The connection ends in the middle of the answer's body.
    Truncated,
    /// In the middle of the answer's body nothing comes any more.
    Stalled,
    /// The answer says that it is so much longer than it is, and ends.
    WrongLength(isize),
    /// The proxy itself answers with a status, and a header line or none.
    Status(u16, &'static str),
    /// The same after the server has done what it was asked to.
    StatusAfter(u16),
    /// The proxy answers 200 with a page of HTML.
    Page,
    /// The answer says that its plain body is compressed.
    FalseGzip,
    /// Behind a whole answer, which lets the connection go on, the connection is closed.
    ClosedAfter,
}

/// Which requests fail, and how. The choice is the same in every run.
#[derive(Clone, Debug)]
pub struct Faults {
    kinds: Vec<Fault>,
    word: &'static str,
    one_in: u64,
    times: usize,
    state: u64,
}

impl Faults {
    /// Every request passes.
    pub fn none() -> Self {
        Self::any([])
    }

    /// Every request fails.
    pub fn always(fault: Fault) -> Self {
        Self::any([fault])
    }

    /// Every request fails in one of these ways, chosen at random.
    pub fn any(kinds: impl IntoIterator<Item = Fault>) -> Self {
        Self { kinds: kinds.into_iter().collect(), word: "", one_in: 1, times: usize::MAX, state: 0x7472_7974_6f6e }
    }

    /// Only requests that hold this word fail, such as the name of a method.
    #[must_use]
    pub fn of(mut self, word: &'static str) -> Self {
        self.word = word;
        self
    }

    /// Of so many requests one fails, at random.
    #[must_use]
    pub fn one_in(mut self, requests: u64) -> Self {
        self.one_in = requests;
        self
    }

    /// No more than so many requests fail.
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

    /// Knuth's linear congruential generator, without its low bits, which repeat soon.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }
}
