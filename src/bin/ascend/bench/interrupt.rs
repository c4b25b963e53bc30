//! Ctrl-C, which ends the work between two runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit::INTERRUPTED;

/// Whether the work is to end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    signal: Arc<AtomicBool>,
    /// Something failed, and what runs beside it ends too.
    failure: Arc<AtomicBool>,
}

impl Interrupt {
    /// From now on the first Ctrl-C asks for the end, and the second one ends the program.
    pub(crate) fn listen() -> Result<Self> {
        let signal = Arc::new(AtomicBool::new(false));
        for number in [SIGINT, SIGTERM] {
            // In this order: the second signal finds the flag of the first one.
            flag::register_conditional_shutdown(number, INTERRUPTED.into(), Arc::clone(&signal))
                .and_then(|_| flag::register(number, Arc::clone(&signal)))
                .context("cannot listen for Ctrl-C")?;
        }
        let failure = Arc::new(AtomicBool::new(false));
        Ok(Self { signal, failure })
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
        self.signal.load(Ordering::Relaxed)
    }
}
