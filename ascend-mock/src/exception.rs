//! Exceptions: tasks that failed, as the program is told of them while they are fresh.

use std::collections::BTreeMap;
use std::mem;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender, TrySendError};
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

/// Failures of a device that wait to be told; more are not told.
const MAX_WAITING: usize = 1024;

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

/// What a [`Teller`] gets.
enum Message {
    Failure(Failure),
    /// Dropped when all before it is told.
    Mark(#[allow(dead_code, reason = "its end is what counts")] Sender<()>),
}

struct Teller {
    messages: SyncSender<Message>,
    thread: JoinHandle<()>,
    /// Whether it was said that some are not told.
    is_behind: bool,
}

impl Teller {
    fn start(world: &Arc<World>) -> Option<Self> {
        let (sender, messages): (_, Receiver<Message>) = mpsc::sync_channel(MAX_WAITING);
        let world = Arc::downgrade(world);
        let tell = move || {
            for message in messages {
                let Some(world) = Weak::upgrade(&world) else {
                    return;
                };
                if let Message::Failure(failure) = message {
                    world.call_hooks(&failure);
                }
            }
        };
        let thread = thread::Builder::new().name("ascend-exception".into());
        match thread.spawn(tell) {
            Ok(thread) => Some(Self {
                messages: sender,
                thread,
                is_behind: false,
            }),
            Err(error) => {
                tracing::warn!("no thread is left to tell of an exception: {error}");
                None
            }
        }
    }

    /// Never waits: streams tell of their failures under locks.
    fn tell(&mut self, failure: Failure) {
        let device = failure.info.device;
        let sent = self.messages.try_send(Message::Failure(failure));
        if matches!(sent, Err(TrySendError::Full(_))) && !mem::replace(&mut self.is_behind, true) {
            tracing::warn!(
                device,
                "{MAX_WAITING} failed tasks wait for the exception callback to return; \
                 it is not told of more until then"
            );
        }
    }

    /// Waits until all is told.
    fn end(self) {
        drop(self.messages);
        threads::join(self.thread);
    }
}

impl Exceptions {
    /// The function before is told of what failed until now, and does not run any more then.
    pub(crate) fn set(&self, hook: Option<ExceptionHook>) {
        self.drain();
        *lock(&self.single) = hook;
        self.drain();
    }

    /// A function that is registered already stays registered once.
    pub(crate) fn register(&self, function: usize, hook: ExceptionHook) {
        let mut registered = lock(&self.registered);
        if registered.iter().all(|(known, _)| *known != function) {
            registered.push((function, hook));
        }
    }

    /// As [`set`](Self::set) does.
    pub(crate) fn unregister(&self, function: usize) -> Result<(), Fault> {
        self.drain();
        let mut registered = lock(&self.registered);
        let position = registered.iter().position(|(known, _)| *known == function);
        let position = position
            .ok_or_else(|| Fault::runtime_argument("this exception callback is not registered"))?;
        registered.remove(position);
        drop(registered);
        self.drain();
        Ok(())
    }

    /// Waits until all that failed until now is told. Functions of the program do not wait: it may
    /// be for themselves.
    fn drain(&self) {
        if threads::is_in_callback() {
            return;
        }
        let tellers = lock(&self.tellers);
        let senders: Vec<_> = tellers
            .values()
            .map(|teller| teller.messages.clone())
            .collect();
        drop(tellers);
        for sender in senders {
            let (mark, passed) = mpsc::channel();
            sender.send(Message::Mark(mark)).ok();
            passed.recv().ok();
        }
    }

    /// Tells all that failed on a device, which ends. As with [`drain`](Self::drain), functions of
    /// the program do not wait.
    pub(crate) fn end_device(&self, device: u32) {
        if threads::is_in_callback() {
            return;
        }
        let teller = lock(&self.tellers).remove(&device);
        teller.into_iter().for_each(Teller::end);
    }

    /// The same for all devices.
    pub(crate) fn end_devices(&self) {
        if !threads::is_in_callback() {
            self.shut_down();
        }
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
        if let Some(teller) = tellers.get_mut(&device) {
            teller.tell(failure);
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
    /// Keeps what is known of a task that failed, dumps its operator if that is asked for, and tells the program.
    pub(crate) fn tell_failure(
        self: &Arc<Self>,
        origin: Origin,
        info: ExceptionInfo,
        mut fault: Fault,
    ) -> Fault {
        if let Some(operator) = &fault.operator {
            let task = (info.device, info.stream, info.task);
            self.failed_operators.add(task, Arc::clone(operator));
        }
        if let Some(taken) = fault.taken.take() {
            taken.write(info.device, info.stream, info.task);
        }
        self.tell_exception(origin, info, fault.launch.clone());
        fault
    }

    /// Has the program told of a task that failed, on a thread for that. The stream goes on
    /// meanwhile.
    fn tell_exception(
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
            self.space.end(block, origin, Holding::Runtime);
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
