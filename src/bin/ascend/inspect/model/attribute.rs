//! Values of attributes as text.

use std::fmt::{Display, Write as _};

/// Items that are shown of a list.
const MOST_ITEMS: usize = 64;

/// Bytes that are shown of a text.
const MOST_TEXT: usize = 2_000;

/// A text that may be long or no text at all.
pub(crate) fn text(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(MOST_TEXT)];
    let is_cut = shown.len() < bytes.len();
    match str::from_utf8(shown) {
        Ok(text) if !is_cut => text.to_owned(),
        Ok(text) => format!("{text}… ({} bytes)", bytes.len()),
        // A character may be cut at the end of what is shown.
        Err(error) if is_cut && error.error_len().is_none() => {
            let text = String::from_utf8_lossy(&shown[..error.valid_up_to()]);
            format!("{text}… ({} bytes)", bytes.len())
        }
        Err(_) => format!("{} bytes", bytes.len()),
    }
}

/// A list that may be long.
pub(crate) fn list<T: Display>(len: usize, items: impl Iterator<Item = T>) -> String {
    let mut text = "[".to_owned();
    for (index, item) in items.take(MOST_ITEMS).enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        // Writing to a text cannot fail.
        let _ = write!(text, "{comma}{item}");
    }
    if len > MOST_ITEMS {
        let _ = write!(text, ", … ({len})");
    }
    text.push(']');
    text
}
