//! One model on many devices, several copies on each, for requests from any thread.
//!
//! A [`Pool`] owns sessions, a thread for each, and a bounded queue in front of them. Whoever has
//! inputs makes a [`Request`], submits it and gets a [`Ticket`], which gives the [`Answer`] by
//! [`wait`](Ticket::wait) or as a future.
//!
//! ```
//! use ascend_rt::{Acl, Pool};
//! use ascend_rt::pool::PoolOptions;
//! use ndarray::Array4;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("resnet50.om");
//! # let mut options = ascend_rt::convert::Options::default();
//! # options.network.size = (64, 64);
//! # options.network.batch = Some(2);
//! # let weights = "examples/resnet50/resnet50_slim.safetensors";
//! # ascend_rt::convert::convert(weights.as_ref(), &path, &options)?;
//! let acl = Acl::mock(Default::default())?; // or `Acl::auto()`
//! let pool = Pool::load(&[acl.device(0)?], path, &PoolOptions::new())?;
//! let image = Array4::<f32>::zeros((1, 3, 64, 64));
//!
//! let mut request = pool.request();
//! request.set(&[(&image).into()])?;
//! let ticket = pool.submit(request)?; // from any thread
//! let answer = ticket.wait()?; // or `ticket.await?`
//! println!("{}", answer.outputs().array::<f32>(0)?);
//!
//! let again = answer.into_request(); // its memory serves the next request
//! println!("{}", pool.submit(again)?.wait()?.outputs().array::<f32>(0)?);
//! # Ok(()) }
//! ```
//!
//! A request is not at hand while the pool has it:
//!
//! ```compile_fail,E0382
//! # use ascend_rt::{Input, Pool, Result};
//! # use ascend_rt::pool::Request;
//! fn change_it_meanwhile(pool: &Pool, mut request: Request, other: Input<'_>) -> Result<()> {
//!     let ticket = pool.submit(request)?;
//!     request.set(&[other])
//! }
//! ```
//!
//! and outputs go before the memory that they lie in is used again:
//!
//! ```compile_fail,E0505
//! # use ascend_rt::pool::{Answer, Request};
//! fn keep_the_outputs(answer: Answer) -> usize {
//!     let outputs = answer.outputs();
//!     let request = answer.into_request();
//!     outputs.len()
//! }
//! ```

mod closing;
mod enqueue;
mod in_order;
mod job;
mod options;
mod queue;
mod request;
mod ticket;
mod worker;

use std::collections::VecDeque;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use self::closing::Threads;
pub use self::enqueue::Enqueue;
pub use self::in_order::InOrder;
pub use self::options::PoolOptions;
use self::queue::Queue;
use self::request::Tensors;
pub use self::request::{Answer, Request};
pub use self::ticket::Ticket;
pub use self::worker::CopyStatistics;
use self::worker::{Counters, Worker, devices_of};
use crate::device::Device;
use crate::error::{Error, ErrorKind, Result};
use crate::memory::DeviceBuffer;
use crate::model::{Description, LoadConfig, Model};
use crate::pending::Refused;
use crate::session::{Input, Joint, Session};

/// One model on one or many devices, several copies on each, for requests from any thread.
///
/// Requests are begun in the order of their submission. Each copy has a stream, pinned staging and
/// device memory of its own, so that one uploads or downloads while another one computes.
///
/// **Batches.** A model that takes a batch, fixed, as gears or within limits, is given the samples of
/// several requests at once, up to its largest batch, and each request gets the rows of its own
/// samples. What is missing to the next batch is filled with zeros. A batch without limit is joined up
/// to [`PoolOptions::free_batch`]. Requests are joined if all inputs and outputs
/// of the model have the batch as their first dimension, those of one request agree in it, and the
/// others are the model's; any other request runs alone, as by
/// [`Session::run`](crate::Session::run). [`PoolOptions::wait`] says how long a request waits for
/// others. For a model whose samples depend on each other, as by a mean over the batch, or whose
/// first dimension is no batch, [`PoolOptions::joins`] switches it off.
///
/// **Errors** go to the request that caused them: where a batch fails, its requests are run again,
/// each alone. A device on which one run after the other fails counts as lost, if it is not the last.
///
/// **A device that is lost** takes its copies with it. What was at work there is put back to the
/// front of the queue, for other devices; with the last device, all requests come back with their
/// inputs. A request that was at work on three devices that were lost comes back too. A device that
/// hangs is noticed by a limit to how long a run takes ([`PoolOptions::session`]).
///
/// Shared between threads by reference or [`Arc`]. Dropping it gives back what has not begun
/// and waits for what has, unless one of its own threads drops it, as a waker may; [`Pool::close`]
/// runs all that is queued, and [`Pool::close_within`] waits for no device that hangs.
pub struct Pool {
    queue: Arc<Queue>,
    joint: Option<Joint>,
    description: Arc<Description>,
    /// The number of its device, its counters, and its thread, of each copy.
    copies: Vec<(u32, Arc<Counters>)>,
    threads: Threads,
    capacity: usize,
}

impl Pool {
    /// Loads the `.om` file at `path` on `devices`, in as many copies on each as the options say,
    /// which share its weights.
    ///
    /// # Errors
    ///
    /// As for [`Model::load_with`] and [`Pool::new`].
    pub fn load(devices: &[Device], path: impl AsRef<Path>, options: &PoolOptions) -> Result<Self> {
        let config = LoadConfig::file(path.as_ref());
        let mut sessions = Vec::with_capacity(devices.len() * options.copies);
        for device in devices {
            let (context, mut config) = (device.context(), config.clone());
            if options.copies > 1
                && let Ok(need) = config.memory_need(&context)
                && need.weight_bytes > 0
            {
                config = config.weight_memory(DeviceBuffer::new(&context, need.weight_bytes)?);
            }
            for _ in 0..options.copies {
                let model = Arc::new(Model::load_with(&context, &config)?);
                sessions.push(Session::with_options(model, options.session)?);
            }
        }
        Self::new(sessions, options)
    }

    /// A pool of these sessions, which may be of any devices, for the case that [`Pool::load`] is not
    /// enough: each is set up by its maker, preprocessing included. Sessions that share a
    /// [`Model`] take turns; those with a model each work side by side.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] when there is none, or when they take or give different
    /// things; [`ErrorKind::OutOfMemory`] when the system has no thread for each.
    pub fn new(mut sessions: Vec<Session>, options: &PoolOptions) -> Result<Self> {
        let (mut joint, description) = match &mut sessions[..] {
            [] => {
                let message = "a pool without sessions: give it one device at the least";
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            }
            [first, rest @ ..] => {
                let description = first.description();
                let mut rest = rest.iter().map(Session::description);
                if !rest.all(|other| other.has_interface_of(description)) {
                    let message = "the sessions of a pool take or give different things: make them of \
                                   one model";
                    return Err(Error::new(ErrorKind::InvalidArgument, message));
                }
                let description = Arc::new(description.clone());
                let joint = if options.joins {
                    first.joint(options.free_batch)?
                } else {
                    None
                };
                (joint, description)
            }
        };
        if let Some(joint) = &mut joint {
            for session in &mut sessions {
                session.prepare(joint)?;
            }
        }
        let devices = devices_of(&sessions);
        let most = joint.as_ref().map_or(1, Joint::most);
        let queue = Arc::new(Queue::new(options, &devices, most));
        let mut pool = Self {
            capacity: queue.holds(sessions.len()),
            queue,
            joint,
            description,
            copies: Vec::with_capacity(sessions.len()),
            threads: Threads::default(),
        };
        for (session, device) in sessions.into_iter().zip(devices) {
            pool.start(session, device)?;
        }
        Ok(pool)
    }

    /// Starts the thread of a session, which is of the pool's device `device`.
    fn start(&mut self, session: Session, device: usize) -> Result<()> {
        let counters = Arc::<Counters>::default();
        let ordinal = session.context().device().ordinal();
        let worker = Worker {
            session,
            device,
            queue: Arc::clone(&self.queue),
            joint: self.joint.clone(),
            counters: Arc::clone(&counters),
            faults: 0,
        };
        self.threads.start(worker)?;
        self.copies.push((ordinal, counters));
        Ok(())
    }

    /// What the model takes and gives.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The samples that are joined at most; 1 where requests are not joined.
    #[must_use]
    pub fn batch(&self) -> usize {
        self.joint.as_ref().map_or(1, Joint::most)
    }

    /// How many requests the pool holds at most: those that wait, and those at work.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many requests wait to be begun.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// How many devices are not lost, and have a copy whose thread is there.
    #[must_use]
    pub fn devices_left(&self) -> usize {
        self.queue.devices_left()
    }

    /// What each copy of the model did so far.
    pub fn statistics(&self) -> impl Iterator<Item = CopyStatistics> {
        let copies = self.copies.iter();
        copies.map(|(device, counters)| counters.statistics(*device))
    }

    /// A request without inputs, to be filled by [`Request::set`] or [`Request::input_mut`].
    #[must_use]
    pub fn request(&self) -> Request {
        Request::new(&self.description)
    }

    /// Queues a request; waits while the queue is full.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Device`] when no device is left, [`ErrorKind::InvalidArgument`] when the request is
    /// another model's or not all of its inputs were set. It comes back with the error.
    pub fn submit(&self, request: Request) -> Result<Ticket, Refused<Request>> {
        let _span = tracing::trace_span!("submit").entered();
        let Request { tensors, slip } = self.own(request)?;
        let rows = self.rows(&tensors);
        match self.queue.push((tensors, rows), &slip.cell) {
            Ok(number) => Ok(Ticket::new(&self.queue, number, slip)),
            Err(full) => Err(full.refused(slip)),
        }
    }

    /// Queues a request if there is space.
    ///
    /// # Errors
    ///
    /// As for [`Pool::submit`], and [`ErrorKind::OutOfMemory`] when the queue is full.
    pub fn try_submit(&self, request: Request) -> Result<Ticket, Refused<Request>> {
        let Request { tensors, slip } = self.own(request)?;
        let rows = self.rows(&tensors);
        match self.queue.try_push((tensors, rows), &slip.cell) {
            Ok(number) => Ok(Ticket::new(&self.queue, number, slip)),
            Err(full) => Err(full.refused(slip)),
        }
    }

    /// Queues a request once there is space, for callers that must not block: a future that gives the
    /// ticket, which is a future in its turn.
    ///
    /// # Errors
    ///
    /// As for [`Pool::submit`], when it is awaited.
    pub fn enqueue(&self, request: Request) -> Enqueue<'_> {
        Enqueue {
            pool: self,
            request: Some(request),
            place: None,
        }
    }

    /// Runs the model on `inputs`, in the model's order or by name, and waits.
    ///
    /// # Errors
    ///
    /// As for [`Request::set`], [`Pool::submit`] and [`Ticket::wait`].
    pub fn run(&self, inputs: &[Input<'_>]) -> Result<Answer> {
        let mut request = self.request();
        request.set(inputs)?;
        Ok(self.submit(request)?.wait()?)
    }

    /// The answers to `requests` in their order, each with its own error. Requests are asked for as
    /// the pool has room for them.
    pub fn in_order<I>(&self, requests: I) -> InOrder<'_, I::IntoIter>
    where
        I: IntoIterator<Item = Request>,
    {
        InOrder {
            pool: self,
            requests: requests.into_iter().fuse(),
            tickets: VecDeque::with_capacity(self.capacity),
            ahead: self.capacity,
        }
    }

    /// The samples that a request is of, if it can be joined with others.
    fn rows(&self, tensors: &Tensors) -> Option<usize> {
        let joint = self.joint.as_ref()?;
        joint.rows(|index| tensors.inputs.get(index).map_or(&[], |held| held.shape()))
    }

    /// Refuses the request of a pool of another model, and one without all of its inputs.
    fn own(&self, request: Request) -> Result<Request, Refused<Request>> {
        let (other, own) = (&request.slip.description, &self.description);
        let is_own = Arc::ptr_eq(other, own) || other.has_interface_of(own);
        let message = if is_own {
            let Some(spec) = request.unset() else {
                return Ok(request);
            };
            format!("input {spec} was not set: fill all inputs of the request first")
        } else {
            "the request is of a pool of another model: make it with this pool".to_owned()
        };
        Err(Refused {
            error: Error::new(ErrorKind::InvalidArgument, message),
            value: Some(request),
        })
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("copies", &self.copies.len())
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}
