//! Ctrl-C: the first asks for an end, the second is one.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// What a shell adds to the number of the signal that ended its program.
const BY_SIGNAL: u8 = 128;

/// Whether the work is to end; one that does not listen never says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt {
    is_asked: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
    /// Something failed, and what runs beside it ends too.
    failure: Arc<AtomicBool>,
}

impl Interrupt {
    /// From now on the first Ctrl-C, or SIGTERM as Kubernetes sends it, asks for the end, and the
    /// second one ends the program.
    pub(crate) fn listen() -> Result<Self> {
        let is_asked = Arc::new(AtomicBool::new(false));
        let signal = Arc::new(AtomicUsize::new(0));
        for number in [SIGINT, SIGTERM] {
            let code = i32::from(BY_SIGNAL) + number;
            let word = usize::try_from(number)?;
            // They act in this order: what the first signal sets is seen by the second alone.
            flag::register_conditional_shutdown(number, code, Arc::clone(&is_asked))
                .and_then(|_| flag::register_usize(number, Arc::clone(&signal), word))
                .and_then(|_| flag::register(number, Arc::clone(&is_asked)))
                .context("cannot listen for Ctrl-C")?;
        }
        let failure = Arc::new(AtomicBool::new(false));
        Ok(Self {
            is_asked,
            signal,
            failure,
        })
    }

    /// Ends the work of all threads.
    pub(crate) fn stop(&self) {
        self.failure.store(true, Ordering::Relaxed);
    }

    /// Takes up work again after something failed.
    pub(crate) fn go_on(&self) {
        self.failure.store(false, Ordering::Relaxed);
    }

    /// Whether the work is to end.
    pub(crate) fn is_over(&self) -> bool {
        self.is_interrupted() || self.failure.load(Ordering::Relaxed)
    }

    /// Whether a signal came.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.is_asked.load(Ordering::Relaxed)
    }

    /// What a line of progress says at its end.
    pub(crate) fn ending(&self) -> &'static str {
        if self.is_interrupted() {
            "; ending, Ctrl-C again ends at once"
        } else {
            ""
        }
    }

    /// The exit code that tells of the signal: 130 of Ctrl-C, 143 of SIGTERM.
    pub(crate) fn code(&self) -> ExitCode {
        let signal = u8::try_from(self.signal.load(Ordering::Relaxed)).unwrap_or(0);
        ExitCode::from(BY_SIGNAL.saturating_add(signal))
    }
}
