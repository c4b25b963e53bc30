//! Functions that initialisation, devices and streams call.

use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::Mutex;
use std::thread::{self, ThreadId};
use std::{fs, ptr};

use ascend_mock::MockConfig;
use ascend_sys::{
    aclError, aclRegisterCallbackType, aclrtDeviceState, aclrtDeviceTaskAbortStage,
    aclrtStreamState,
};

use crate::common::{NULL, Raw, Rig};

const MODEL: aclRegisterCallbackType = aclRegisterCallbackType::ACL_REG_TYPE_ACL_MODEL;
const OTHER: aclRegisterCallbackType = aclRegisterCallbackType::ACL_REG_TYPE_OTHER;

/// What the callbacks of a test are called with, and what they answer.
#[derive(Default)]
struct Notes {
    texts: Mutex<Vec<String>>,
    threads: Mutex<Vec<ThreadId>>,
    answer: Mutex<aclError>,
}

impl Notes {
    fn raw(&self) -> Raw {
        (&raw const *self).cast_mut().cast()
    }

    fn add(&self, text: String) -> aclError {
        self.texts.lock().unwrap().push(text);
        self.threads.lock().unwrap().push(thread::current().id());
        *self.answer.lock().unwrap()
    }

    fn texts(&self) -> Vec<String> {
        self.texts.lock().unwrap().clone()
    }

    /// # Safety
    ///
    /// The argument is that of [`raw`](Self::raw), of notes that live.
    unsafe fn of<'a>(argument: *mut c_void) -> &'a Self {
        // SAFETY: the caller vouches for it.
        unsafe { &*argument.cast::<Self>() }
    }
}

unsafe extern "C" fn at_init(config: *const c_char, size: usize, notes: *mut c_void) -> aclError {
    // SAFETY: a text that ends with a zero byte.
    let text = unsafe { CStr::from_ptr(config) }.to_str().unwrap();
    assert_eq!(text.len(), size);
    // SAFETY: the tests pass notes.
    unsafe { Notes::of(notes) }.add(format!("init {text}"))
}

unsafe extern "C" fn at_finalize(notes: *mut c_void) -> aclError {
    // SAFETY: the tests pass notes.
    unsafe { Notes::of(notes) }.add("finalize".into())
}

unsafe extern "C" fn at_stream(stream: *mut c_void, state: aclrtStreamState, notes: *mut c_void) {
    // SAFETY: the tests pass notes.
    unsafe { Notes::of(notes) }.add(format!("{stream:?} {}", state.0));
}

unsafe extern "C" fn at_device(device: i32, state: aclrtDeviceState, notes: *mut c_void) {
    // SAFETY: the tests pass notes.
    unsafe { Notes::of(notes) }.add(format!("{device} {}", state.0));
}

unsafe extern "C" fn at_abort(
    device: i32,
    stage: aclrtDeviceTaskAbortStage,
    timeout: u32,
    notes: *mut c_void,
) -> i32 {
    // SAFETY: the tests pass notes.
    unsafe { Notes::of(notes) }.add(format!("{device} {} {timeout}", stage.0))
}

unsafe extern "C" fn without_notes(
    _: i32,
    _: aclrtDeviceTaskAbortStage,
    _: u32,
    notes: *mut c_void,
) -> i32 {
    i32::from(!notes.is_null())
}

fn bare() -> Rig {
    Rig::bare(MockConfig::default())
}

fn register(rig: &Rig, component: aclRegisterCallbackType, notes: &Notes) -> aclError {
    acl!(rig.aclInitCallbackRegister(component, Some(at_init), notes.raw()))
}

/// S
#[test]
fn r_039_init_callbacks_are_registered_once_a_component() {
    let (rig, notes) = (bare(), Notes::default());
    assert_eq!(
        acl!(rig.aclInitCallbackRegister(MODEL, None, NULL)),
        100_000
    );
    let odd = aclRegisterCallbackType(9);
    assert_eq!(register(&rig, odd, &notes), 100_000);
    assert_eq!(register(&rig, MODEL, &notes), 0);
    assert_eq!(register(&rig, MODEL, &notes), 500_000);
    assert_eq!(register(&rig, OTHER, &notes), 0);
    assert_eq!(register(&rig, OTHER, &notes), 0);
    assert!(notes.texts().is_empty());
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert_eq!(notes.texts(), ["init ", "init ", "init "]);
    assert_eq!(acl!(rig.aclInit(ptr::null())), 100_002);
    assert_eq!(notes.texts().len(), 3);
}

/// S
#[test]
fn r_039_a_library_that_is_initialised_calls_at_once() {
    let (rig, notes) = (bare(), Notes::default());
    let path = std::env::temp_dir().join(format!("ascend-mock-{}-hook", std::process::id()));
    fs::write(&path, r#"{"dump": {}}"#).unwrap();
    let text = CString::new(path.to_str().unwrap()).unwrap();
    assert_eq!(acl!(rig.aclInit(text.as_ptr())), 0);
    fs::remove_file(&path).unwrap();
    assert_eq!(register(&rig, MODEL, &notes), 0);
    assert_eq!(notes.texts(), [r#"init {"dump": {}}"#]);
}

/// S
#[test]
fn r_040_an_unknown_init_callback_is_500000() {
    let (rig, notes) = (bare(), Notes::default());
    let unregister = |component| acl!(rig.aclInitCallbackUnRegister(component, Some(at_init)));
    assert_eq!(unregister(MODEL), 500_000);
    assert_eq!(register(&rig, MODEL, &notes), 0);
    assert_eq!(unregister(OTHER), 500_000);
    assert_eq!(unregister(MODEL), 0);
    assert_eq!(unregister(MODEL), 500_000);
    assert_eq!(acl!(rig.aclInit(ptr::null())), 0);
    assert!(notes.texts().is_empty());
}

/// S
#[test]
fn r_041_init_fails_with_what_a_callback_answers() {
    let (rig, notes) = (bare(), Notes::default());
    assert_eq!(register(&rig, MODEL, &notes), 0);
    *notes.answer.lock().unwrap() = 4_711;
    assert_eq!(acl!(rig.aclInit(ptr::null())), 4_711);
    *notes.answer.lock().unwrap() = 0;
    assert_eq!(
        acl!(rig.aclInit(ptr::null())),
        0,
        "the failure left no count"
    );
}

#[test]
fn finalize_callbacks_run_when_the_library_ends() {
    let (rig, notes) = (bare(), Notes::default());
    let register = |function| acl!(rig.aclFinalizeCallbackRegister(MODEL, function, notes.raw()));
    assert_eq!(register(None), 100_000);
    assert_eq!(register(Some(at_finalize)), 0);
    assert_eq!(register(Some(at_finalize)), 500_000);
    acl!(rig.aclInit(ptr::null()));
    acl!(rig.aclInit(ptr::null()));
    assert_eq!(acl!(rig.aclFinalizeReference(ptr::null_mut())), 0);
    assert!(notes.texts().is_empty());
    assert_eq!(acl!(rig.aclFinalizeReference(ptr::null_mut())), 0);
    assert_eq!(notes.texts(), ["finalize"]);
    acl!(rig.aclInit(ptr::null()));
    assert_eq!(acl!(rig.aclFinalize()), 0);
    assert_eq!(notes.texts().len(), 2);
    let unregister = || acl!(rig.aclFinalizeCallbackUnRegister(MODEL, Some(at_finalize)));
    assert_eq!((unregister(), unregister()), (0, 500_000));
}

/// SD
#[test]
fn r_134_stream_callbacks_are_called_where_streams_come_and_go() {
    let (rig, notes) = (Rig::new(), Notes::default());
    let set = |name: *const c_char, function| {
        acl!(rig.aclrtRegStreamStateCallback(name, function, notes.raw()))
    };
    let name = c"tests".as_ptr();
    assert_eq!(set(ptr::null(), Some(at_stream)), 100_000);
    assert_eq!(set(name, None), 107_000, "not registered");
    assert_eq!(set(name, Some(at_stream)), 0);
    assert_eq!(set(name, Some(at_stream)), 107_000, "registered already");
    let stream = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclrtDestroyStream(stream)), 0);
    assert_eq!(
        notes.texts(),
        [format!("{stream:?} 1"), format!("{stream:?} 2")]
    );
    let here = thread::current().id();
    assert_eq!(*notes.threads.lock().unwrap(), [here; 2]);
    assert_eq!(set(name, None), 0);
    made!(rig.aclrtCreateStream());
    assert_eq!(notes.texts().len(), 2);
}

/// SD
#[test]
fn r_134_device_callbacks_are_called_around_the_first_set_and_the_last_reset() {
    let (rig, notes) = (bare(), Notes::default());
    let set = |name: *const c_char, function| {
        acl!(rig.aclrtRegDeviceStateCallback(name, function, notes.raw()))
    };
    assert_eq!(set(ptr::null(), Some(at_device)), 100_000);
    assert_eq!(set(c"tests".as_ptr(), Some(at_device)), 0);
    for _ in 0..2 {
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
    }
    assert_eq!(notes.texts(), ["0 0", "0 1"]);
    for _ in 0..2 {
        assert_eq!(acl!(rig.aclrtResetDevice(0)), 0);
    }
    assert_eq!(notes.texts(), ["0 0", "0 1", "0 2", "0 3"]);
}

#[test]
fn abort_callbacks_are_called_around_the_abort_of_a_device() {
    let (rig, notes) = (Rig::new(), Notes::default());
    let set = |name: *const c_char, function, args| {
        acl!(rig.aclrtSetDeviceTaskAbortCallback(name, function, args))
    };
    let name = c"tests".as_ptr();
    assert_eq!(set(ptr::null(), Some(at_abort), notes.raw()), 100_000);
    assert_eq!(set(name, None, NULL), 107_000, "not registered");
    assert_eq!(set(c"other".as_ptr(), Some(without_notes), NULL), 0);
    assert_eq!(set(name, Some(at_abort), notes.raw()), 0);
    assert_eq!(set(name, Some(at_abort), notes.raw()), 107_000, "twice");
    assert_eq!(acl!(rig.aclrtDeviceTaskAbort(7, 100)), 107_001);
    assert!(notes.texts().is_empty());
    assert_eq!(acl!(rig.aclrtDeviceTaskAbort(0, 100)), 0);
    assert_eq!(notes.texts(), ["0 0 100", "0 1 100"]);
    *notes.answer.lock().unwrap() = 4_711;
    assert_eq!(acl!(rig.aclrtDeviceTaskAbort(0, 100)), 4_711);
    assert_eq!(notes.texts().len(), 3, "the abort was refused");
    assert_eq!(set(name, None, NULL), 0);
    assert_eq!(acl!(rig.aclrtDeviceTaskAbort(0, 100)), 0);
    assert_eq!(notes.texts().len(), 3);
}
