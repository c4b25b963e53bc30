//! What `aclGetRecentErrMsg` tells: a text for every code, and the store of what went wrong.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use ascend_sys::{Code, aclError};

use crate::sync::lock;

/// Texts that are kept until they are read; older ones are dropped.
const MAX_KEPT: usize = 64;

/// What is said of codes that no header knows: they are injected, or a callback's.
const UNKNOWN: Code = Code {
    number: -1,
    digits: "-1",
    name: "",
    family: "",
    message: "EZ9999",
    meaning: "a code that no header knows",
    cause: "a callback or an injected fault answered it",
    remedy: "look up where it comes from",
};

/// What is said of every failure with one code.
pub(crate) fn explanation(code: aclError) -> &'static Code {
    ascend_sys::code(code).unwrap_or(&UNKNOWN)
}

/// Texts that nobody has read yet, newest first.
#[derive(Default)]
pub(crate) struct Unread(VecDeque<String>);

impl Unread {
    pub(crate) fn add(&mut self, text: String) {
        self.0.truncate(MAX_KEPT - 1);
        self.0.push_front(text);
    }

    /// Everything as one text; `None` if there is nothing.
    pub(crate) fn take(&mut self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let texts: Vec<String> = self.0.drain(..).collect();
        Some(texts.join("\n"))
    }
}

/// What all threads share if the configuration says so.
#[derive(Default)]
pub(crate) struct SharedMessages {
    are_shared: AtomicBool,
    unread: Mutex<Unread>,
}

impl SharedMessages {
    /// Makes the texts belong to all threads, or to each its own.
    pub(crate) fn share(&self, are_shared: bool) {
        self.are_shared.store(are_shared, Ordering::Relaxed);
    }

    /// The store of all threads, if there is one.
    pub(crate) fn shared(&self) -> Option<&Mutex<Unread>> {
        self.are_shared
            .load(Ordering::Relaxed)
            .then_some(&self.unread)
    }

    pub(crate) fn take(&self) -> Option<String> {
        lock(self.shared()?).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_carry_the_message_codes_of_their_layers() {
        let layers = [
            (100_000, "EH0001"),
            (107_002, "EE1018"),
            (107_017, "EE1017"),
            (145_013, "E10001"),
            (500_000, "EZ9999"),
            (507_015, "EE9999"),
            (7, "EZ9999"),
        ];
        for (code, message) in layers {
            assert_eq!(explanation(code).message, message);
        }
    }
}
