//! Exceptions: tasks that failed, as the program is told of them while they are fresh.

use std::collections::BTreeMap;
use std::mem;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, Weak};
use std::thread::{self, JoinHandle};

use ascend_sys::{
    ACL_ERROR_RT_AICORE_OVER_FLOW, ACL_ERROR_RT_AIVEC_OVER_FLOW, ACL_ERROR_RT_DEVICE_MEM_ERROR,
    ACL_ERROR_RT_END_OF_SEQUENCE, ACL_ERROR_RT_HBM_MULTI_BIT_ECC_ERROR, ACL_ERROR_RT_L3_PORT_ERROR,
    ACL_ERROR_RT_LINK_ERROR, ACL_ERROR_RT_MODEL_ABORT_NORMAL, ACL_ERROR_RT_OVER_FLOW,
    ACL_ERROR_RT_SOCKET_CLOSE, ACL_ERROR_RT_SUSPECT_DEVICE_MEM_ERROR,
    ACL_ERROR_RT_SUSPECT_REMOTE_ERROR, aclError, aclrtErrorType,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::kernel::{FailedLaunch, Passed};
use crate::ledger::{Kind, Origin};
use crate::memory::{Holding, Request};
use crate::sync::lock;
use crate::threads;
use crate::world::World;

/// Outcomes that are no faults of the device.
const HARMLESS: [aclError; 6] = [
    ACL_ERROR_RT_END_OF_SEQUENCE,
    ACL_ERROR_RT_MODEL_ABORT_NORMAL,
    ACL_ERROR_RT_AICORE_OVER_FLOW,
    ACL_ERROR_RT_AIVEC_OVER_FLOW,
    ACL_ERROR_RT_OVER_FLOW,
    ACL_ERROR_RT_SOCKET_CLOSE,
];

/// A task that failed. It can be asked about while the program's function runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExceptionInfo {
    /// As `aclrtGetThreadLastTaskId` gave it to the thread.
    pub(crate) task: u32,
    pub(crate) stream: u32,
    /// The thread that asked for the task.
    pub(crate) thread: u32,
    pub(crate) device: u32,
    pub(crate) code: aclError,
    pub(crate) launched: Option<Launched>,
}

/// The launch of a kernel, as an exception tells of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Launched {
    pub(crate) function: u64,
    /// Where the arguments are in device memory, until the program's function returns.
    pub(crate) address: u64,
    pub(crate) bytes: u32,
}

impl Object for ExceptionInfo {
    const KIND: Kind = Kind::ExceptionInfo;

    fn is_owned_by_program(&self) -> bool {
        false
    }
}

/// Gets the handle of an [`ExceptionInfo`].
pub(crate) type ExceptionHook = Arc<dyn Fn(u64) + Send + Sync>;

#[derive(Default)]
pub(crate) struct Exceptions {
    /// The one of `aclrtSetExceptionInfoCallback`.
    single: Mutex<Option<ExceptionHook>>,
    /// The others, by the function's address.
    registered: Mutex<Vec<(usize, ExceptionHook)>>,
    /// The last failure of each device.
    latest: Mutex<BTreeMap<u32, aclError>>,
    /// The threads that call the functions, one for each device that had a failure to tell.
    tellers: Mutex<BTreeMap<u32, Teller>>,
}

/// A task that failed, as its stream leaves it behind.
struct Failure {
    origin: Origin,
    info: ExceptionInfo,
    launch: Option<Arc<FailedLaunch>>,
}

struct Teller {
    failures: Sender<Failure>,
    thread: JoinHandle<()>,
}

impl Teller {
    fn start(world: &Arc<World>) -> Option<Self> {
        let (sender, failures): (_, Receiver<Failure>) = mpsc::channel();
        let world = Arc::downgrade(world);
        let tell = move || {
            for failure in failures {
                let Some(world) = Weak::upgrade(&world) else {
                    return;
                };
                world.call_hooks(&failure);
            }
        };
        let thread = thread::Builder::new().name("ascend-exception".into());
        match thread.spawn(tell) {
            Ok(thread) => Some(Self {
                failures: sender,
                thread,
            }),
            Err(error) => {
                tracing::warn!("no thread is left to tell of an exception: {error}");
                None
            }
        }
    }

    /// Waits until all is told.
    fn end(self) {
        drop(self.failures);
        if self.thread.thread().id() != thread::current().id() && self.thread.join().is_err() {
            tracing::error!("the thread that tells of exceptions panicked");
        }
    }
}

impl Exceptions {
    pub(crate) fn set(&self, hook: Option<ExceptionHook>) {
        *lock(&self.single) = hook;
    }

    /// A function that is registered already stays registered once.
    pub(crate) fn register(&self, function: usize, hook: ExceptionHook) {
        let mut registered = lock(&self.registered);
        if registered.iter().all(|(known, _)| *known != function) {
            registered.push((function, hook));
        }
    }

    pub(crate) fn unregister(&self, function: usize) -> Result<(), Fault> {
        let mut registered = lock(&self.registered);
        let position = registered.iter().position(|(known, _)| *known == function);
        let position = position
            .ok_or_else(|| Fault::runtime_argument("this exception callback is not registered"))?;
        registered.remove(position);
        Ok(())
    }

    pub(crate) fn shut_down(&self) {
        let tellers = mem::take(&mut *lock(&self.tellers));
        tellers.into_values().for_each(Teller::end);
    }

    fn tell(&self, world: &Arc<World>, failure: Failure) {
        let device = failure.info.device;
        let mut tellers = lock(&self.tellers);
        if !tellers.contains_key(&device) {
            tellers.extend(Teller::start(world).map(|teller| (device, teller)));
        }
        if let Some(teller) = tellers.get(&device) {
            teller.failures.send(failure).ok();
        }
    }

    fn hooks(&self) -> Vec<ExceptionHook> {
        let single = lock(&self.single).clone();
        let registered = lock(&self.registered);
        let registered = registered.iter().map(|(_, hook)| Arc::clone(hook));
        single.into_iter().chain(registered).collect()
    }
}

impl World {
    /// Has the program told of a task that failed, on a thread for that. The stream goes on
    /// meanwhile.
    pub(crate) fn tell_exception(
        self: &Arc<Self>,
        origin: Origin,
        info: ExceptionInfo,
        launch: Option<Arc<FailedLaunch>>,
    ) {
        if HARMLESS.contains(&info.code) {
            return;
        }
        lock(&self.exceptions.latest).insert(info.device, info.code);
        if self.exceptions.hooks().is_empty() {
            return;
        }
        let failure = Failure {
            origin,
            info,
            launch,
        };
        self.exceptions.tell(self, failure);
    }

    /// Calls the functions that are set by now.
    fn call_hooks(&self, failure: &Failure) {
        let hooks = self.exceptions.hooks();
        if hooks.is_empty() {
            return;
        }
        let (mut info, origin) = (failure.info, failure.origin);
        let launch = failure.launch.as_deref();
        let shown = launch.and_then(|launch| self.show_launch(info.device, origin, launch));
        info.launched = shown.map(|(launched, _)| launched);
        let (handle, _) = self.exception_infos.insert(origin, |_| info);
        threads::as_callback(|| hooks.iter().for_each(|hook| hook(handle)));
        let _gone = self.exception_infos.remove(handle);
        if let Some((_, Some(block))) = shown {
            let _gone = self.space.free(block, origin, &[Holding::Runtime]);
        }
    }

    /// A failed launch with its arguments in device memory, where hardware has them, and the block
    /// that was taken for them. `None` if there is no memory left.
    fn show_launch(
        &self,
        device: u32,
        origin: Origin,
        launch: &FailedLaunch,
    ) -> Option<(Launched, Option<u64>)> {
        let (address, bytes, block) = match &launch.passed {
            Passed::Device { address, bytes } => (*address, *bytes, None),
            Passed::Host(arguments) if arguments.is_empty() => (0, 0, None),
            Passed::Host(arguments) => {
                let bytes = arguments.len();
                let request = Request {
                    device,
                    bytes,
                    booked: bytes as u64,
                    holding: Holding::Runtime,
                    origin,
                };
                let block = self.space.allocate(request).ok()?;
                self.space.span(block, bytes).ok()?.write(arguments);
                (block, bytes, Some(block))
            }
        };
        let launched = Launched {
            function: launch.function,
            address,
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        };
        Some((launched, block))
    }
}

impl Entry<'_> {
    pub(crate) fn exception_info(&self, handle: u64) -> Result<ExceptionInfo, Fault> {
        self.world.exception_infos.get(handle).map(|info| *info)
    }

    /// What is wrong with a device, by its last failure.
    pub(crate) fn device_error(&self, device: i32) -> Result<aclrtErrorType, Fault> {
        let device = self.ordinal(device)?;
        let latest = lock(&self.world.exceptions.latest).get(&device).copied();
        Ok(latest.map_or(aclrtErrorType::ACL_RT_NO_ERROR, error_type))
    }
}

fn error_type(code: aclError) -> aclrtErrorType {
    match code {
        ACL_ERROR_RT_DEVICE_MEM_ERROR
        | ACL_ERROR_RT_HBM_MULTI_BIT_ECC_ERROR
        | ACL_ERROR_RT_SUSPECT_DEVICE_MEM_ERROR => aclrtErrorType::ACL_RT_ERROR_MEMORY,
        ACL_ERROR_RT_LINK_ERROR | ACL_ERROR_RT_SUSPECT_REMOTE_ERROR => {
            aclrtErrorType::ACL_RT_ERROR_LINK
        }
        ACL_ERROR_RT_L3_PORT_ERROR => aclrtErrorType::ACL_RT_ERROR_L3_PORT,
        507_014..=507_016 | 507_034..=507_036 | 507_042..=507_045 => {
            aclrtErrorType::ACL_RT_ERROR_AICORE
        }
        _ => aclrtErrorType::ACL_RT_ERROR_OTHERS,
    }
}
