//! The format of an entry: a short header, then the body; compressed if that is worthwhile, and with a checksum if it
//! leaves the process.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crc32fast::Hasher;

use crate::clock::now;
use crate::wire::gzip;

/// The version of the format. Entries in another format are ignored.
const FORMAT: u8 = 1;

const PLAIN: u8 = 0;
const GZIP: u8 = 1;

/// Format, coding, milliseconds since 1970, checksum.
const HEADER: usize = 1 + 1 + 8 + 4;

/// Shorter bodies are not worth compressing.
const COMPRESSED_FROM: usize = 4 << 10;

/// The maximum size of a decompressed body. No client stores larger ones.
const INFLATED_LIMIT: usize = 1 << 30;

/// The tolerated clock difference between machines that share a cache.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// A response and its time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) body: Bytes,
    since: Duration,
}

/// Creates an entry for a response that has just arrived.
impl From<Vec<u8>> for Entry {
    fn from(body: Vec<u8>) -> Self {
        Self { body: body.into(), since: now() }
    }
}

impl Entry {
    pub(crate) fn is_younger_than(&self, age: Duration) -> bool {
        now().saturating_sub(self.since) < age
    }

    /// Returns the entry's bytes. They are valid only under `key`.
    pub(crate) fn pack(&self, key: &str) -> Arc<[u8]> {
        let (coding, payload) = match compress(&self.body) {
            Some(compressed) => (GZIP, compressed.into()),
            None => (PLAIN, self.body.clone()),
        };
        self.write_down(coding, &payload, |head| check_sum(key, head, &payload))
    }

    /// Returns the entry's bytes for a cache in this process's memory, to which nobody else writes.
    pub(crate) fn pack_in_process(&self) -> Arc<[u8]> {
        self.write_down(PLAIN, &self.body, |_| 0)
    }

    fn write_down(&self, coding: u8, payload: &[u8], sum: impl FnOnce(&[u8]) -> u32) -> Arc<[u8]> {
        let mut packed = Vec::with_capacity(HEADER + payload.len());
        packed.extend([FORMAT, coding]);
        packed.extend((self.since.as_millis() as u64).to_be_bytes());
        let sum = sum(&packed);
        packed.extend(sum.to_be_bytes());
        packed.extend_from_slice(payload);
        packed.into()
    }

    /// Reads the bytes from [`pack`](Self::pack). Returns `None` if they are corrupt or belong to another format or key.
    pub(crate) fn unpack(key: &str, packed: Arc<[u8]>) -> Option<Self> {
        let (header, payload) = packed.split_at_checked(HEADER)?;
        let (head, sum) = header.split_at_checked(HEADER - 4)?;
        let is_whole = check_sum(key, head, payload).to_be_bytes() == sum;
        if is_whole { Self::unpack_in_process(&Bytes::from_owner(packed)) } else { None }
    }

    /// Reads the bytes from [`pack_in_process`](Self::pack_in_process) without copying the body.
    pub(crate) fn unpack_in_process(packed: &Bytes) -> Option<Self> {
        let [FORMAT, coding, ref since @ ..] = *packed.get(..HEADER - 4)? else { return None };
        let since = Duration::from_millis(u64::from_be_bytes(since.try_into().ok()?));
        let payload = packed.get(HEADER..)?;
        let body = match coding {
            PLAIN => packed.slice_ref(payload),
            GZIP => gzip::inflate(payload, INFLATED_LIMIT).ok()??.into(),
            _ => return None,
        };
        // The age of an entry from the future is unknown.
        (since <= now() + CLOCKS_DIFFER).then_some(Self { body, since })
    }
}

fn check_sum(key: &str, head: &[u8], payload: &[u8]) -> u32 {
    let mut sum = Hasher::new();
    for part in [key.as_bytes(), head, payload] {
        sum.update(part);
    }
    sum.finalize()
}

fn compress(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < COMPRESSED_FROM {
        return None;
    }
    gzip::compress(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(length: usize) -> Entry {
        // In whole milliseconds, as it is stored.
        Entry { since: Duration::from_millis(now().as_millis() as u64), ..Entry::from(vec![b'7'; length]) }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        for length in [0, 1, COMPRESSED_FROM - 1, COMPRESSED_FROM, 1 << 20] {
            let entry = entry(length);
            let packed = entry.pack("key");
            assert_eq!(Entry::unpack("key", Arc::clone(&packed)).as_ref(), Some(&entry), "{length}");
            let in_process = Entry::unpack_in_process(&Bytes::from_owner(entry.pack_in_process()));
            assert_eq!(in_process, Some(entry), "{length}, in the memory of this process");
            assert!(length < COMPRESSED_FROM || packed.len() < length / 10, "{length}: {}", packed.len());
        }
    }

    #[test]
    fn every_broken_byte_is_found_out() {
        for length in [10, COMPRESSED_FROM] {
            let packed = entry(length).pack("key").to_vec();
            for place in 0..packed.len() {
                let mut broken = packed.clone();
                broken[place] ^= 1;
                assert_eq!(Entry::unpack("key", broken.into()), None, "byte {place}");
                assert_eq!(Entry::unpack("key", packed[..place].into()), None, "the first {place} bytes");
            }
            assert_eq!(Entry::unpack("another key", packed.into()), None);
        }
    }

    #[test]
    fn an_age_counts_from_when_the_answer_came() {
        let minute = Duration::from_secs(60);
        let old = Entry { since: now() - minute, ..entry(1) };
        assert!(old.is_younger_than(2 * minute) && !old.is_younger_than(minute));
        let ahead = Entry { since: now() + minute / 2, ..entry(1) };
        assert!(ahead.is_younger_than(minute), "by a clock that is ahead a little");
        let future = Entry { since: now() + 10 * minute, ..entry(1) };
        assert_eq!(Entry::unpack("key", future.pack("key")), None);
    }
}
