//! `aclAppLog`: formatted in C, written by the device.

use std::arch::naked_asm;
use std::ffi::{CStr, c_char, c_int};
use std::panic;

unsafe extern "C" {
    fn ascend_app_log();
}

type Sink = unsafe extern "C" fn(c_int, *const c_char, *const c_char, u32, *const c_char);

unsafe extern "C" {
    static mut ascend_app_log_sink: Option<Sink>;
}

/// Goes on in C with the arguments as they came, however many they are.
///
/// # Safety
///
/// The arguments are what the format names.
#[unsafe(no_mangle)]
#[unsafe(naked)]
unsafe extern "C" fn aclAppLog() {
    #[cfg(target_arch = "x86_64")]
    naked_asm!("jmp {}", sym ascend_app_log);
    #[cfg(target_arch = "aarch64")]
    naked_asm!("b {}", sym ascend_app_log);
}

/// Has C hand its texts to [`sink`]; called while the library is loaded.
pub(super) fn connect() {
    // SAFETY: the loader runs this alone; nobody reads the place before the library is loaded.
    unsafe { ascend_app_log_sink = Some(sink) };
}

/// Takes a formatted text from C.
///
/// # Safety
///
/// The texts end with zero bytes.
unsafe extern "C" fn sink(
    level: c_int,
    function: *const c_char,
    file: *const c_char,
    line: u32,
    text: *const c_char,
) {
    // SAFETY: the caller vouches for the text.
    let text_at = |text: *const c_char| unsafe { CStr::from_ptr(text) };
    let texts = [function, file, text].map(|text| (!text.is_null()).then(|| text_at(text)));
    let [function, file, text] = texts;
    let level = level.cast_unsigned();
    // A panic must not cross the boundary to C.
    let written = panic::catch_unwind(|| {
        crate::DEVICE
            .lease
            .app_log(level, function, file, line, text);
    });
    if written.is_err() {
        crate::tell("writing to the log failed");
    }
}
