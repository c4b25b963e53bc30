//! A subscription to the times of a model's operators.

use std::ffi::c_int;
use std::fmt;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::mem::{self, ManuallyDrop};
use std::os::fd::AsRawFd;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use ascend_sys::{aclprofAicoreMetrics, aclprofSubscribeConfig};

use super::operator_time::OperatorTime;
use super::records::Decoder;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;

/// Records that are kept until they are taken; later ones are counted only.
const MOST_KEPT: usize = 1 << 21;
/// The bytes that are read at once, about.
const BLOCK: usize = 64 << 10;

/// The times of a model's operators, from when it is made until it is dropped or
/// [finished](Subscription::finish).
///
/// Several models may be subscribed to, each once; a session of profiling excludes it. A thread of
/// its own reads the records as the device writes them, so that the device never waits for the
/// program. Usable from any thread.
///
/// C API: `aclprofModelSubscribe`, `aclprofModelUnSubscribe`, `acl_prof.h`.
pub struct Subscription {
    model: Arc<Model>,
    config: *const aclprofSubscribeConfig,
    is_subscribed: bool,
    shared: Arc<Shared>,
    reader: Option<Reader>,
    /// Left to the runtime if it does not end the subscription.
    target: Option<Target>,
}

/// Where the runtime writes records to.
struct Target {
    /// Our end of the pipe, which the runtime writes to by its number.
    writer: PipeWriter,
    /// Where the runtime finds that number, for as long as the configuration is alive.
    _number: Box<c_int>,
}

/// The thread that reads records.
struct Reader {
    /// Gives the other end of the pipe back, so that it is open until the thread is joined: nobody
    /// ever writes to a pipe without a reader, which would be a signal.
    thread: JoinHandle<PipeReader>,
    /// Tells that the thread knows of the end; fails if it ended before that.
    knows_end: Receiver<()>,
}

// SAFETY: a configuration belongs to the process, not to a thread.
unsafe impl Send for Subscription {}
// SAFETY: as above; what changes while it is shared is behind a lock, and the reader's channel is used by
// whoever has the subscription alone.
unsafe impl Sync for Subscription {}

/// What the reader shares with the subscription.
#[derive(Debug, Default)]
struct Shared {
    kept: Mutex<Kept>,
    /// All records were written: what is in the pipe is the rest.
    is_over: AtomicBool,
}

#[derive(Debug, Default)]
struct Kept {
    records: Vec<OperatorTime>,
    lost: u64,
    error: Option<Error>,
}

impl Subscription {
    /// Subscribes to the operators of `model`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when the model is subscribed to already or a session of
    /// profiling is alive in this process, [`ErrorKind::Unsupported`] when the runtime tells nothing
    /// of operators, [`ErrorKind::Library`] when CANN's profiler is not installed,
    /// [`ErrorKind::Io`] when the process may open no more files.
    #[doc(alias = "aclprofModelSubscribe")]
    pub fn new(model: &Arc<Model>) -> Result<Self> {
        Self::begin(model)
            .map_err(|error| error.while_doing("cannot read the times of the model's operators"))
    }

    fn begin(model: &Arc<Model>) -> Result<Self> {
        let acl = model.context().acl();
        let prof = acl.prof()?;
        let record_bytes = Decoder::record_bytes(acl)?;
        let system = |error: io::Error| {
            let message = format!("{error}: close files, or raise the limit (ulimit -n)");
            Error::new(ErrorKind::Io, message)
        };
        let (reader, writer) = io::pipe().map_err(system)?;
        let mut number = Box::new(writer.as_raw_fd());
        let place = (&raw mut *number).cast();
        let metrics = aclprofAicoreMetrics::ACL_AICORE_NONE;
        // SAFETY: the number of a file that is open, at an address that lives as long as the
        // configuration (acl_prof.h).
        let config = unsafe { prof.aclprofCreateSubscribeConfig(1, metrics, place) };
        let config = acl.value(config)?;
        if config.is_null() {
            return Err(acl.refused(
                "aclprofCreateSubscribeConfig",
                "the profiler takes no subscription",
            ));
        }
        // From here on all is given back, also on the error path.
        let mut subscription = Self {
            model: Arc::clone(model),
            config,
            is_subscribed: false,
            shared: Arc::default(),
            reader: None,
            target: Some(Target {
                writer,
                _number: number,
            }),
        };
        let shared = Arc::clone(&subscription.shared);
        let decoder = Decoder::new(acl);
        let (tell_end, knows_end) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("ascend-operators".to_owned())
            .spawn(move || shared.read(reader, record_bytes, decoder, &tell_end))
            .map_err(system)?;
        subscription.reader = Some(Reader { thread, knows_end });
        let current = model.context().bind()?;
        // SAFETY: a model that is loaded, and a configuration that is alive.
        let status = unsafe { prof.aclprofModelSubscribe(model.id(), config) };
        current.check("aclprofModelSubscribe", status)?;
        subscription.is_subscribed = true;
        Ok(subscription)
    }

    /// What came since the last call. The device may write the records of an execution somewhat
    /// later than it ends.
    #[must_use]
    pub fn take(&self) -> Vec<OperatorTime> {
        mem::take(&mut self.shared.kept().records)
    }

    /// How many records were dropped because too many were not taken.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.shared.kept().lost
    }

    /// Ends the subscription and gives what came since it was last taken: with that, all records
    /// of executions that ended, but for those that were [lost](Subscription::lost).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Execution`] when the runtime fails to end it, and what went wrong when records
    /// were read.
    #[doc(alias = "aclprofModelUnSubscribe")]
    pub fn finish(&mut self) -> Result<Vec<OperatorTime>> {
        let ended = self.end();
        let mut kept = self.shared.kept();
        let records = mem::take(&mut kept.records);
        let failed = kept.error.take().map_or(Ok(()), Err);
        drop(kept);
        ended.and(failed).map_err(|error| {
            error.while_doing("cannot read the times of the model's operators to their end")
        })?;
        Ok(records)
    }

    /// Goes through all steps, whatever one of them says.
    fn end(&mut self) -> Result<()> {
        if mem::take(&mut self.is_subscribed)
            && let Err(error) = self.unsubscribe()
        {
            self.abandon();
            return Err(error);
        }
        let ended = self.destroy();
        ended.and(self.end_reader())
    }

    fn unsubscribe(&self) -> Result<()> {
        let current = self.model.context().bind()?;
        let prof = self.model.context().acl().prof()?;
        // SAFETY: a model that is loaded and subscribed to.
        let status = unsafe { prof.aclprofModelUnSubscribe(self.model.id()) };
        current.check("aclprofModelUnSubscribe", status)
    }

    /// Leaves all that the runtime may still write to, and goes on reading: the number of a pipe
    /// that is closed would soon be that of another file.
    #[allow(clippy::mem_forget, reason = "it has to stay open")]
    fn abandon(&mut self) {
        tracing::error!(
            model = self.model.id(),
            "the runtime did not end a subscription: its pipe stays open until the program ends"
        );
        self.config = ptr::null();
        let _kept = self.target.take().map(ManuallyDrop::new);
        // The thread is not waited for.
        self.reader = None;
    }

    /// Lets the reader read the rest, and waits for it.
    fn end_reader(&mut self) -> Result<()> {
        let (Some(reader), Some(target)) = (self.reader.take(), self.target.take()) else {
            return Ok(());
        };
        self.shared.is_over.store(true, Ordering::Release);
        // The runtime may hold a copy of our end of the pipe, so that closing it is no sign of the
        // end; bytes behind the last whole record are. The first wakes a reader that does not know
        // of the end, and the second ends its next read. More would add up to a record.
        let sign = || (&target.writer).write_all(&[0]).is_ok();
        if !reader.thread.is_finished() && sign() && reader.knows_end.recv().is_ok() {
            sign();
        }
        if reader.thread.join().is_err() {
            let message = "the thread that reads the records panicked";
            return Err(Error::new(ErrorKind::Internal, message));
        }
        Ok(())
    }

    fn destroy(&mut self) -> Result<()> {
        if self.config.is_null() {
            return Ok(());
        }
        let acl = self.model.context().acl();
        // SAFETY: ours, and no model is subscribed to with it any more.
        let status = unsafe { acl.prof()?.aclprofDestroySubscribeConfig(self.config) };
        self.config = ptr::null();
        acl.check("aclprofDestroySubscribeConfig", status)
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads until the end. Goes on reading after a fault, so that the device is never stalled.
    fn read(
        &self,
        mut pipe: PipeReader,
        record_bytes: usize,
        mut decoder: Decoder,
        tell_end: &Sender<()>,
    ) -> PipeReader {
        let mut block = vec![0_u8; record_bytes * (BLOCK / record_bytes).max(1)];
        let (mut filled, mut records) = (0, Vec::new());
        loop {
            // All records are in the pipe then, and this read gets the rest of them.
            let is_over = self.is_over.load(Ordering::Acquire);
            if is_over {
                // Nobody listens who knows that already.
                let _ = tell_end.send(());
            }
            let read = match pipe.read(&mut block[filled..]) {
                Ok(0) => return pipe,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let message = format!("the pipe of the records failed: {error}");
                    let error = Error::new(ErrorKind::Io, message);
                    self.kept().error.get_or_insert(error);
                    return pipe;
                }
            };
            filled += read;
            let whole = filled - filled % record_bytes;
            if whole > 0 {
                let result = decoder.decode(&block[..whole], &mut records);
                self.keep(&mut records, result);
                block.copy_within(whole..filled, 0);
                filled -= whole;
            }
            if is_over && filled > 0 {
                return pipe;
            }
        }
    }

    fn keep(&self, records: &mut Vec<OperatorTime>, result: Result<()>) {
        let mut kept = self.kept();
        let room = MOST_KEPT.saturating_sub(kept.records.len());
        kept.lost += records.len().saturating_sub(room) as u64;
        records.truncate(room);
        kept.records.append(records);
        if let Err(error) = result {
            kept.error.get_or_insert(error);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!(%error, "cannot end a subscription");
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("model", &self.model.id())
            .field("is_subscribed", &self.is_subscribed)
            .finish_non_exhaustive()
    }
}
