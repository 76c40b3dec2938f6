//! Compressed responses, on the wire and in the cache.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// Compresses `plain`, optimised for speed.
pub(crate) fn compress(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}

/// Decompresses the data. Returns `None` if the result exceeds `limit`, because little data may expand to very much.
pub(crate) fn inflate(compressed: impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut plain = Vec::new();
    MultiGzDecoder::new(compressed).take((limit as u64).saturating_add(1)).read_to_end(&mut plain)?;
    Ok(Some(plain).filter(|plain| plain.len() <= limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_broken() {
        let whole = compress(b"{}").expect("writing to memory");
        assert_eq!(inflate(&*whole, 2).expect("whole").as_deref(), Some(&b"{}"[..]));
        assert!(inflate(&whole[..whole.len() - 9], 2).is_err());
    }

    #[test]
    fn inflating_ends_at_the_limit() {
        /// The same gzip member, repeated endlessly.
        struct Bomb(io::Cursor<Vec<u8>>);

        impl Read for Bomb {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.0.position() == self.0.get_ref().len() as u64 {
                    self.0.set_position(0);
                }
                self.0.read(buffer)
            }
        }

        let bomb = Bomb(io::Cursor::new(compress(&[0; 1 << 16]).expect("writing to memory")));
        assert_eq!(inflate(bomb, 10 << 20).expect("gzip"), None);
    }
}
