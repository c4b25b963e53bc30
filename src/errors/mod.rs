//! The error book: what the codes of CANN say, what is usually behind each, and what to do.
//!
//! [`lookup`] takes one code, [`find`] a text that holds some, and [`Search`] whole logs. The same
//! words stand in the [`Error`](crate::Error) of a C function that failed and in those of `atc`.
//!
//! ```
//! use ascend_rt::errors;
//!
//! let entry = errors::lookup("507015").unwrap();
//! assert_eq!(entry.name, Some("ACL_ERROR_RT_AICORE_EXCEPTION"));
//! println!("{}: {}; {}", entry.meaning, entry.cause, entry.remedy);
//!
//! let found = errors::find("rtStreamSynchronize failed, retCode=0x7150026");
//! assert_eq!(found, [entry]);
//! ```

mod context;
mod driver;
mod entry;
mod find;
mod finding;
mod lines;
pub(crate) mod messages;
mod numbers;
pub(crate) mod operators;
mod plog;
mod processes;
mod search;
mod texts;
mod torch;
mod versions;

pub use entry::{Entry, Set, entries};
pub use finding::{Finding, Place};
pub use processes::Process;
pub use search::Search;
pub use versions::Versions;

use self::find::{Found, Source};

/// Gives what the book says of a code: a number (`507011`, `0x07150026`), one of the driver (`drvRet=87`), a
/// message's code (`EE1018`), a name in C (`ACL_ERROR_RT_CONTEXT_NULL`), or the name of a failure without a code.
///
/// A code that is not in the book, in a range that is, gives an entry that is not
/// [known](Entry::is_known).
#[must_use]
pub fn lookup(code: &str) -> Option<Entry> {
    let code = code.trim();
    if let Some(code) = driver::code_of(code) {
        return Entry::of_driver(&code);
    }
    let is_digits = !code.is_empty() && code.bytes().all(|c| c.is_ascii_digit());
    if let Some(number) = numbers::from_hex(code) {
        return of_runtime(number);
    }
    if is_digits {
        let number: u32 = code.parse().ok()?;
        return match ascend_sys::code(i32::try_from(number).ok()?) {
            Some(known) => Some(Entry::of_number(known)),
            None if code.len() == 9 => of_runtime(number).filter(|entry| entry.is_known),
            None => Entry::of_range(code),
        };
    }
    if let Some(text) = texts::named(code) {
        return Entry::of_text(text);
    }
    let code = code.to_ascii_uppercase();
    let named = || ascend_sys::codes().iter().find(|known| known.name == code);
    match messages::message(&code) {
        Some(known) => Some(Entry::of_message(known, &code)),
        None => Entry::of_range(&code)
            .or_else(|| named().map(Entry::of_number))
            .or_else(|| Entry::of_driver(driver::named(&code)?.code)),
    }
}

/// An inner number of the runtime, as the code that it becomes.
fn of_runtime(number: u32) -> Option<Entry> {
    match numbers::code_of(number).and_then(ascend_sys::code) {
        Some(known) => Some(Entry::of_number(known)),
        None => Entry::of_range(&format!("0x{number:08X}")),
    }
}

/// Finds what a pasted text holds: each code and each known failure once, in their order.
#[must_use]
pub fn find(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        for Found { entry, .. } in find::in_line(line, Source::Pasted) {
            if !entries.iter().any(|known| known.code == entry.code) {
                entries.push(entry);
            }
        }
    }
    entries
}
