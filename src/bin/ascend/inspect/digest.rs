//! Checksums.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// Bytes between two words about progress.
const STEP: usize = 16 << 20;

/// The SHA-256 of `bytes` in hexadecimal digits; `progress` hears how many of them are behind us.
pub(crate) fn sha256(bytes: &[u8], mut progress: impl FnMut(u64)) -> String {
    let (mut digest, mut read) = (Sha256::new(), 0);
    for step in bytes.chunks(STEP) {
        digest.update(step);
        read += step.len() as u64;
        progress(read);
    }
    digest
        .finalize()
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
