//! A limit on what decoding a message can cost.
//!
//! Two bytes of a file are enough for an empty message that takes hundreds in memory. So messages are
//! counted before they are decoded; weights, which are bytes and not messages, cost nothing here.

use prost::bytes::Buf;
use prost::decode_length_delimiter;

use crate::{Error, Result};

/// The most messages that a file may hold: many times what the largest known graphs have.
const MOST_MESSAGES: usize = 2_000_000;

/// Deeper nesting is refused by the decoder itself.
const MOST_LEVELS: usize = 100;

/// A kind of message, of which it is known which fields hold which kind of message.
pub(crate) trait MessageKind: Copy {
    /// Gives the kind of message in a field, or `None` if the field holds something else.
    fn field(self, number: usize) -> Option<Self>;
}

/// Refuses a message with more messages inside than any sane file has.
///
/// What is malformed passes: the decoder words it better.
pub(crate) fn check_message_count(file: &[u8], root: impl MessageKind) -> Result<()> {
    let mut rest = file;
    let mut count = 0;
    // The messages around the current place: their kinds and the bytes that follow each.
    let mut levels = vec![(root, 0)];
    while let Some(&(kind, after)) = levels.last() {
        if rest.len() <= after {
            levels.pop();
            continue;
        }
        let Ok(key) = decode_length_delimiter(&mut rest) else {
            break;
        };
        let skipped = match key & 7 {
            0 => decode_length_delimiter(&mut rest).map(|_| 0),
            1 => Ok(8),
            2 => decode_length_delimiter(&mut rest),
            5 => Ok(4),
            _ => break,
        };
        let Some(skipped) = skipped.ok().filter(|&skipped| skipped <= rest.len()) else {
            break;
        };
        match kind.field(key >> 3).filter(|_| key & 7 == 2) {
            Some(inner) if levels.len() < MOST_LEVELS => {
                count += 1;
                levels.push((inner, rest.len() - skipped));
            }
            _ => rest.advance(skipped),
        }
        if count > MOST_MESSAGES {
            return Err(Error::unsupported(format!(
                "has more than {MOST_MESSAGES} parts; no real graph is that large"
            )));
        }
    }
    Ok(())
}
