//! The threads of a job, and what goes between them.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};

use super::options::PipelineOptions;
use super::report::Clocks;
use super::{Record, Stages};
use crate::error::{Error, ErrorKind, Result};
use crate::pool::{Pool, Request, Ticket};

/// What is on its way from one stage to the next.
struct Item<S, V> {
    index: u64,
    source: S,
    value: V,
}

/// The end of a channel that items are put into.
type Sender<S, V> = SyncSender<Item<S, V>>;

/// The end of a channel that several threads take from.
struct Taker<T>(Arc<Mutex<Receiver<T>>>);

impl<T> Taker<T> {
    fn next(&self) -> Option<T> {
        lock(&self.0).recv().ok()
    }
}

/// A channel that holds an item for each of `threads` that take from it.
fn channel<T>(threads: usize) -> (SyncSender<T>, Taker<T>) {
    let (sender, receiver) = sync_channel(threads);
    (sender, Taker(Arc::new(Mutex::new(receiver))))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the threads of a job share.
pub(super) struct Job<'a, W> {
    pool: &'a Pool,
    stages: &'a W,
    clocks: Clocks,
    /// Requests whose memory is free to be used again.
    free: Mutex<Vec<Request>>,
    /// Nothing more of the list is begun.
    is_over: AtomicBool,
    /// Why no device is left, once none is.
    no_device: Mutex<Option<Error>>,
}

impl<'a, W: Stages> Job<'a, W> {
    pub(super) fn new(pool: &'a Pool, stages: &'a W) -> Self {
        Self {
            pool,
            stages,
            clocks: Clocks::default(),
            free: Mutex::default(),
            is_over: AtomicBool::new(false),
            no_device: Mutex::default(),
        }
    }

    /// What its stages took, if its list came to the end.
    pub(super) fn end(self) -> Result<Clocks> {
        let no_device = self.no_device.into_inner();
        match no_device.unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(self.clocks),
        }
    }

    /// Runs all stages; the number of records, and of those with an error.
    pub(super) fn run(
        &self,
        options: &PipelineOptions,
        sources: impl Iterator<Item = W::Source> + Send,
        sink: impl FnMut(Record<W::Source, W::Output>) -> Result<()>,
    ) -> Result<(u64, u64)> {
        let [readers, decoders, preprocessors, postprocessors] = options.threads;
        let ahead = options.ahead(self.pool);
        let clocks = &self.clocks;
        thread::scope(|scope| {
            let (listed, to_read) = channel(readers);
            let (read, to_decode) = channel(decoders);
            let (decoded, to_preprocess) = channel(preprocessors);
            let (queued, to_postprocess) = channel(self.pool.capacity().max(postprocessors));
            let (done, records) = sync_channel(ahead);
            // As many items are on their way as there are permits.
            let (permit, permits) = sync_channel(ahead);
            for _ in 0..ahead {
                let _there_is_room = permit.try_send(());
            }
            spawn(scope, move || self.list(sources, &permits, &listed))?;
            let read_it = move |source: &W::Source, ()| {
                let _span = tracing::trace_span!("pipeline read").entered();
                clocks.read.time(|| self.stages.read(source))
            };
            for_each(scope, readers, &to_read, (&read, &done), read_it)?;
            let decode = move |_: &W::Source, raw| {
                let _span = tracing::trace_span!("pipeline decode").entered();
                clocks.decode.time(|| self.stages.decode(raw))
            };
            for_each(scope, decoders, &to_decode, (&decoded, &done), decode)?;
            let submit = move |_: &W::Source, decoded| self.submit(decoded);
            let to = (&queued, &done);
            for_each(scope, preprocessors, &to_preprocess, to, submit)?;
            let postprocess =
                move |source: &W::Source, ticket| Ok(self.postprocess(source, ticket));
            let to = (&done, &done);
            for_each(scope, postprocessors, &to_postprocess, to, postprocess)?;
            // The threads have ends of their own, so that a stage ends after the one before it.
            drop((read, decoded, queued, done));
            drop((to_read, to_decode, to_preprocess, to_postprocess));
            self.deliver(options.in_order, &records, &permit, sink)
        })
    }

    fn list(
        &self,
        mut sources: impl Iterator<Item = W::Source>,
        permits: &Receiver<()>,
        list: &Sender<W::Source, ()>,
    ) {
        let mut index = 0;
        while permits.recv().is_ok()
            && !self.is_over.load(Ordering::Relaxed)
            && let Some(source) = self.clocks.list.time_next(|| sources.next())
        {
            let value = ();
            let item = Item {
                index,
                source,
                value,
            };
            if list.send(item).is_err() {
                return;
            }
            index += 1;
        }
    }

    /// Fills a request and queues it.
    fn submit(&self, decoded: W::Decoded) -> Result<Ticket> {
        let _span = tracing::trace_span!("pipeline preprocess").entered();
        let free = lock(&self.free).pop();
        let mut request = free.unwrap_or_else(|| self.pool.request());
        let preprocess = || self.stages.preprocess(decoded, &mut request);
        let filled = self.clocks.preprocess.time(preprocess);
        if let Err(error) = filled {
            lock(&self.free).push(request);
            return Err(error);
        }
        let submitted = self.pool.submit(request);
        submitted.map_err(|refused| self.failed(refused.error, refused.value))
    }

    fn postprocess(&self, source: &W::Source, ticket: Ticket) -> Result<W::Output> {
        let answer = ticket
            .wait()
            .map_err(|failed| self.failed(failed.error, failed.value))?;
        let _span = tracing::trace_span!("pipeline postprocess").entered();
        let postprocess = || self.stages.postprocess(source, answer.outputs());
        let output = self.clocks.postprocess.time(postprocess);
        lock(&self.free).push(answer.into_request());
        output
    }

    /// Keeps the request of an error, and ends the job if no device is left.
    fn failed(&self, error: Error, request: Option<Request>) -> Error {
        lock(&self.free).extend(request);
        if error.kind() != ErrorKind::Device || self.pool.devices_left() > 0 {
            return error;
        }
        self.is_over.store(true, Ordering::Relaxed);
        let again = Error::new(ErrorKind::Device, error.to_string());
        lock(&self.no_device).get_or_insert(again);
        error
    }

    /// Gives all records to the sink.
    fn deliver(
        &self,
        in_order: bool,
        records: &Receiver<Item<W::Source, Result<W::Output>>>,
        permit: &SyncSender<()>,
        mut sink: impl FnMut(Record<W::Source, W::Output>) -> Result<()>,
    ) -> Result<(u64, u64)> {
        let (mut all, mut failed, mut written) = (0, 0, Ok(()));
        let mut is_cut = false;
        let mut write = |item: Item<W::Source, Result<W::Output>>| {
            // Inputs that no device was left for have no record.
            let is_record = match &item.value {
                Err(error) => error.kind() != ErrorKind::Device || lock(&self.no_device).is_none(),
                Ok(_) => true,
            };
            // In the order of the list nothing comes behind the first of them.
            is_cut |= in_order && !is_record;
            if is_record && !is_cut && written.is_ok() {
                all += 1;
                failed += u64::from(item.value.is_err());
                let record = Record {
                    index: item.index,
                    source: item.source,
                    result: item.value,
                };
                written = self.clocks.write.time(|| sink(record));
                if written.is_err() {
                    self.is_over.store(true, Ordering::Relaxed);
                }
            }
            // There is room for it; the list may be at its end.
            let _ = permit.try_send(());
        };
        let (mut held, mut next) = (BTreeMap::new(), 0);
        for item in records {
            if !in_order {
                write(item);
                continue;
            }
            held.insert(item.index, item);
            while let Some(item) = held.remove(&next) {
                next += 1;
                write(item);
            }
        }
        written.map(|()| (all, failed))
    }
}

/// Starts `threads` that do `work` on what they take, and send it on, or the error to the records.
fn for_each<'scope, S, A, B, T>(
    scope: &'scope Scope<'scope, '_>,
    threads: usize,
    from: &Taker<Item<S, A>>,
    (to, records): (&Sender<S, B>, &Sender<S, Result<T>>),
    work: impl Fn(&S, A) -> Result<B> + Copy + Send + 'scope,
) -> Result<()>
where
    S: Send + 'scope,
    A: Send + 'scope,
    B: Send + 'scope,
    T: Send + 'scope,
{
    for _ in 0..threads {
        let from = Taker(Arc::clone(&from.0));
        let (to, records) = (to.clone(), records.clone());
        spawn(scope, move || {
            while let Some(Item {
                index,
                source,
                value,
            }) = from.next()
            {
                let done = catch_unwind(AssertUnwindSafe(|| work(&source, value)));
                let sent = match done.unwrap_or_else(|panic| Err(broke_off(&*panic))) {
                    Ok(value) => to
                        .send(Item {
                            index,
                            source,
                            value,
                        })
                        .is_ok(),
                    Err(error) => records
                        .send(Item {
                            index,
                            source,
                            value: Err(error),
                        })
                        .is_ok(),
                };
                if !sent {
                    return;
                }
            }
        })?;
    }
    Ok(())
}

fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() + Send + 'scope,
) -> Result<()> {
    let thread = thread::Builder::new().name("ascend-pipeline".to_owned());
    match thread.spawn_scoped(scope, work) {
        Ok(_) => Ok(()),
        Err(error) => {
            let message = format!(
                "no thread for a stage of the pipeline: {error}; take fewer threads, or raise `ulimit -u`"
            );
            Err(Error::new(ErrorKind::OutOfMemory, message).with_source(error))
        }
    }
}

/// The error of a stage that panicked.
fn broke_off(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let message = format!(
        "a stage broke off on this input: {}; this is a fault of the program, leave the input out",
        text.unwrap_or("it does not say why")
    );
    Error::new(ErrorKind::Internal, message)
}
