//! A CPU device of a test's own, and its C functions without the ceremony.

#![allow(dead_code, reason = "every test file uses a part")]

/// Calls a C function: `acl!(rig.aclrtSetDevice(0))`.
macro_rules! acl {
    ($rig:ident . $symbol:ident ( $($argument:expr),* $(,)? )) => {
        // SAFETY: every pointer that the tests pass is valid, or is one that the device must refuse.
        unsafe { $rig.api.$symbol($($argument),*) }.unwrap()
    };
}

/// Calls a C function that makes something, and gives what it made.
macro_rules! made {
    ($rig:ident . $symbol:ident ( $($argument:expr),* )) => {{
        let mut made = $crate::common::NULL;
        assert_eq!(acl!($rig.$symbol(&raw mut made $(, $argument)*)), 0);
        assert!(!made.is_null());
        made
    }};
}

pub(crate) mod compiled;
pub(crate) mod models;

use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use ascend_mock::{Engine, Lease, MockConfig, lease};
use ascend_sys::{AclApi, aclError, aclrtMemMallocPolicy, aclrtMemcpyKind};

pub(crate) const H2H: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_HOST;
pub(crate) const H2D: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_DEVICE;
pub(crate) const D2H: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_HOST;
pub(crate) const D2D: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_DEVICE;
pub(crate) const POLICY: aclrtMemMallocPolicy = aclrtMemMallocPolicy::ACL_MEM_MALLOC_HUGE_FIRST;

/// Any pointer of C.
pub(crate) type Raw = *mut c_void;
pub(crate) const NULL: Raw = ptr::null_mut();

/// A handle or address that C was given, as other threads may use it.
#[derive(Clone, Copy)]
pub(crate) struct Shared(pub(crate) Raw);

// SAFETY: handles are numbers to the host; what may be done with them is the device's to check.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    pub(crate) fn raw(self) -> Raw {
        self.0
    }
}

/// The engine that models are compiled for and run on: another where `ASCEND_TEST_ENGINE` names one.
pub(crate) fn engine() -> Engine {
    let name = std::env::var("ASCEND_TEST_ENGINE");
    name.map_or(Engine::Rten, |name| name.parse().unwrap())
}

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Rig {
    pub(crate) api: AclApi,
    pub(crate) lease: Lease,
}

/// The C functions of a library beside `libascendcl`: `acl!(tdt.acltdtCreateDataset())`.
pub(crate) struct Library<A> {
    pub(crate) api: A,
}

impl Rig {
    /// A CPU device that nothing was called on.
    pub(crate) fn bare(config: MockConfig) -> Self {
        let (api, lease) = lease(config).unwrap();
        Self { api, lease }
    }

    /// A strict CPU device that is initialised, with device 0 set on this thread.
    pub(crate) fn new() -> Self {
        Self::with(Self::strict())
    }

    /// What tests run on: late work in an order that is the same every time. With
    /// `ASCEND_TEST_LENIENT` set, as hardware does it.
    pub(crate) fn strict() -> MockConfig {
        let lenient = std::env::var_os("ASCEND_TEST_LENIENT").is_some();
        let config = MockConfig::default().strict(!lenient).seed(7);
        config.engine(engine())
    }

    pub(crate) fn with(config: MockConfig) -> Self {
        let rig = Self::bare(config);
        assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        rig
    }

    pub(crate) fn malloc(&self, bytes: usize) -> Raw {
        made!(self.aclrtMalloc(bytes, POLICY))
    }

    pub(crate) fn pinned(&self, bytes: usize) -> &'static mut [u8] {
        let start = made!(self.aclrtMallocHost(bytes));
        // SAFETY: the block has `bytes` initialised bytes; tests keep it until the lease ends.
        unsafe { std::slice::from_raw_parts_mut(start.cast(), bytes) }
    }

    pub(crate) fn upload(&self, to: Raw, from: &[u8]) {
        let code = acl!(self.aclrtMemcpy(to, from.len(), from.as_ptr().cast(), from.len(), H2D));
        assert_eq!(code, 0);
    }

    pub(crate) fn download(&self, from: Raw, bytes: usize) -> Vec<u8> {
        let mut to = vec![0; bytes];
        let code = acl!(self.aclrtMemcpy(to.as_mut_ptr().cast(), bytes, from, bytes, D2H));
        assert_eq!(code, 0);
        to
    }

    /// The error texts since the last reading.
    pub(crate) fn message(&self) -> Option<String> {
        let text = acl!(self.aclGetRecentErrMsg());
        if text.is_null() {
            return None;
        }
        // SAFETY: the text holds until the thread's next call.
        Some(unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned())
    }

    /// Blocks `stream` until the returned event is recorded (on another stream).
    pub(crate) fn block(&self, stream: Raw) -> Raw {
        let gate = made!(self.aclrtCreateEventWithFlag(1));
        assert_eq!(acl!(self.aclrtStreamWaitEvent(stream, gate)), 0);
        gate
    }

    pub(crate) fn open(&self, gate: Raw) {
        assert_eq!(acl!(self.aclrtRecordEvent(gate, NULL)), 0);
    }

    pub(crate) fn synchronize(&self, stream: Raw) -> aclError {
        acl!(self.aclrtSynchronizeStream(stream))
    }

    /// Starts `body` on a thread that nobody waits for, so that a call which hangs can be told.
    pub(crate) fn start<R: Send + 'static>(
        &self,
        body: impl FnOnce(&Library<AclApi>) -> R + Send + 'static,
    ) -> Answer<R> {
        let (sender, receiver) = mpsc::channel();
        let here = Library { api: self.api };
        thread::spawn(move || {
            assert_eq!(acl!(here.aclrtSetDevice(0)), 0);
            sender.send(body(&here)).ok();
        });
        Answer(receiver)
    }

    /// Runs `body` on a thread that was not made by Rust.
    pub(crate) fn in_c_thread(&self, name: &CStr, body: fn(&Self) -> aclError) -> aclError {
        let mut work = (self, name, body, 0);
        let mut thread = 0;
        let argument = (&raw mut work).cast();
        // SAFETY: the thread is joined before `work` goes.
        let code =
            unsafe { libc::pthread_create(&raw mut thread, ptr::null(), c_thread, argument) };
        assert_eq!(code, 0);
        // SAFETY: the thread was made above and is joined once.
        let code = unsafe { libc::pthread_join(thread, ptr::null_mut()) };
        assert_eq!(code, 0);
        work.3
    }

    /// Runs `body` on a thread of its own.
    pub(crate) fn elsewhere<R: Send>(&self, body: impl FnOnce(&Self) -> R + Send) -> R {
        thread::scope(|scope| scope.spawn(|| body(self)).join().unwrap())
    }
}

/// What [`Rig::in_c_thread`] runs, and its answer.
type CWork<'a> = (&'a Rig, &'a CStr, fn(&Rig) -> aclError, aclError);

extern "C" fn c_thread(work: Raw) -> Raw {
    // SAFETY: it is the one of `Rig::in_c_thread`, which waits.
    let (rig, name, body, answer) = unsafe { &mut *work.cast::<CWork<'_>>() };
    // SAFETY: always answers, for the calling thread.
    let own = unsafe { libc::pthread_self() };
    // SAFETY: the name is a text of C.
    let code = unsafe { libc::pthread_setname_np(own, name.as_ptr()) };
    assert_eq!(code, 0);
    *answer = body(rig);
    NULL
}

/// What a thread answers that was started.
pub(crate) struct Answer<R>(Receiver<R>);

impl<R> Answer<R> {
    pub(crate) fn get(self) -> R {
        self.0.recv_timeout(PATIENCE).expect("a call hangs")
    }
}

/// Waits until `holds`, which must not take for ever.
pub(crate) fn until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "it does not happen");
        thread::sleep(Duration::from_millis(1));
    }
}

pub(crate) fn at(base: Raw, offset: usize) -> Raw {
    base.wrapping_byte_add(offset)
}

pub(crate) fn nap() {
    thread::sleep(Duration::from_millis(20));
}
