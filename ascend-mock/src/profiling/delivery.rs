//! The records of a subscription on their way to its reader.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::record::Record;
use crate::descriptor::{Descriptor, block_broken_pipes};
use crate::sync::{lock, wait};

/// Records that wait for the reader; what comes when there are more is lost.
const MOST_WAITING: usize = 1_000_000;

/// How long one look for room takes.
const LOOK: Duration = Duration::from_millis(50);

/// How long the end of a subscription waits for a reader that reads nothing.
const LAST_PATIENCE: Duration = Duration::from_secs(1);

/// A thread that writes records, so that no run of a model waits for the reader.
pub(super) struct Delivery {
    /// Whether times are told.
    pub(super) has_times: bool,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Record>,
    is_over: bool,
    /// Nobody reads any more.
    is_lost: bool,
    dropped: u64,
}

impl Delivery {
    pub(super) fn start(file: Descriptor, has_times: bool) -> std::io::Result<Self> {
        let shared: Arc<Shared> = Arc::default();
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("ascend-subscription".into())
            .spawn(move || theirs.serve(file))?;
        Ok(Self {
            has_times,
            shared,
            thread: Some(thread),
        })
    }

    pub(super) fn send(&self, records: impl IntoIterator<Item = Record>) {
        let mut state = lock(&self.shared.state);
        if state.is_lost {
            return;
        }
        for record in records {
            if state.waiting.len() < MOST_WAITING {
                state.waiting.push_back(record);
            } else {
                state.dropped += 1;
            }
        }
        self.shared.changed.notify_all();
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        lock(&self.shared.state).is_over = true;
        self.shared.changed.notify_all();
        let thread = self.thread.take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread of a subscription panicked");
        }
        let dropped = lock(&self.shared.state).dropped;
        if dropped > 0 {
            tracing::warn!("{dropped} records of operators were lost, for nobody read them");
        }
    }
}

impl Shared {
    fn serve(&self, mut file: Descriptor) {
        block_broken_pipes();
        while let Some(records) = self.next() {
            let bytes: Vec<u8> = records
                .iter()
                .flat_map(|record| record.to_bytes())
                .collect();
            if !self.write(&mut file, &bytes) {
                let mut state = lock(&self.state);
                state.is_lost = true;
                state.waiting.clear();
                return;
            }
        }
    }

    /// Waits for records; `None` once there are none and none will come.
    fn next(&self) -> Option<VecDeque<Record>> {
        let mut state = lock(&self.state);
        while state.waiting.is_empty() {
            if state.is_over {
                return None;
            }
            state = wait(&self.changed, state);
        }
        Some(mem::take(&mut state.waiting))
    }

    /// Writes all, and tells whether somebody may read on.
    fn write(&self, file: &mut Descriptor, mut bytes: &[u8]) -> bool {
        let mut last_look = None;
        while !bytes.is_empty() {
            match file.write(bytes, LOOK) {
                Ok(0) => {}
                Ok(written) => {
                    bytes = &bytes[written..];
                    // Somebody reads, however slowly.
                    last_look = None;
                }
                Err(error) => {
                    tracing::warn!("a subscription cannot be written to: {error}");
                    return false;
                }
            }
            if lock(&self.state).is_over {
                let end = *last_look.get_or_insert_with(|| Instant::now() + LAST_PATIENCE);
                if Instant::now() >= end {
                    tracing::warn!(
                        "a subscription ends with {} bytes that nobody read",
                        bytes.len()
                    );
                    return false;
                }
            }
        }
        true
    }
}
