//! What `aclGetRecentErrMsg` tells: a text for every code, and the store of what went wrong.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex};

use ascend_sys::aclError;

use crate::sync::lock;

/// One code a line: its message code, what it means, what causes it and what helps.
const TABLE: &str = include_str!("messages.tsv");

/// Texts that are kept until they are read; older ones are dropped.
const MAX_KEPT: usize = 64;

static EXPLANATIONS: LazyLock<BTreeMap<aclError, Explanation>> = LazyLock::new(|| {
    TABLE
        .lines()
        .skip(1)
        .filter_map(Explanation::parse)
        .collect()
});

/// What is said of every failure with one code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explanation {
    /// The message code that users search for, such as `EE1018`.
    pub(crate) label: &'static str,
    pub(crate) title: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) remedy: &'static str,
}

impl Explanation {
    /// Codes that the table lacks are injected or of a callback.
    const UNKNOWN: Self = Self {
        label: "EZ9999",
        title: "a code that no header knows",
        cause: "a callback or an injected fault answered it",
        remedy: "look up where it comes from",
    };

    pub(crate) fn of(code: aclError) -> &'static Self {
        EXPLANATIONS.get(&code).unwrap_or(&Self::UNKNOWN)
    }

    fn parse(line: &'static str) -> Option<(aclError, Self)> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        let code = next()?.parse().ok()?;
        let explanation = Self {
            label: next()?,
            title: next()?,
            cause: next()?,
            remedy: next()?,
        };
        Some((code, explanation))
    }
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
    fn every_line_of_the_table_explains_a_code_of_its_own() {
        assert_eq!(EXPLANATIONS.len(), TABLE.lines().count() - 1);
        for (code, text) in EXPLANATIONS.iter() {
            let Explanation {
                label,
                title,
                cause,
                remedy,
            } = text;
            assert!(label.starts_with('E'), "{code}");
            assert!(!title.is_empty() && !cause.is_empty() && !remedy.is_empty());
        }
        let classes = [
            (100_000, "EH0001"),
            (107_002, "EE1018"),
            (107_017, "EE1017"),
            (145_013, "E10001"),
            (500_000, "EZ9999"),
            (507_015, "EE9999"),
        ];
        for (code, label) in classes {
            assert_eq!(Explanation::of(code).label, label);
        }
        assert_eq!(Explanation::of(7).label, "EZ9999");
    }
}
