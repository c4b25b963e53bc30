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
use std::thread;
use std::time::Duration;

use ascend_mock::{Lease, MockConfig, lease};
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
        MockConfig::default().strict(!lenient).seed(7)
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

    /// Runs `body` on a thread of its own.
    pub(crate) fn elsewhere<R: Send>(&self, body: impl FnOnce(&Self) -> R + Send) -> R {
        thread::scope(|scope| scope.spawn(|| body(self)).join().unwrap())
    }
}

pub(crate) fn at(base: Raw, offset: usize) -> Raw {
    base.wrapping_byte_add(offset)
}

pub(crate) fn nap() {
    thread::sleep(Duration::from_millis(20));
}
