//! `aclAppLog`: formatted in C, written by the device.

use std::arch::naked_asm;
use std::ffi::{c_char, c_int};

unsafe extern "C" {
    fn ascend_app_log();
}

type Sink = unsafe extern "C" fn(c_int, *const c_char, *const c_char, u32, *const c_char, c_int);

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

/// Run by the loader, before any function of the library can be called.
#[used]
#[unsafe(link_section = ".init_array")]
static CONNECT: extern "C" fn() = {
    extern "C" fn connect() {
        // SAFETY: the loader runs this alone; nobody reads the place before the library is loaded.
        unsafe { ascend_app_log_sink = Some(sink) };
    }
    connect
};

unsafe extern "C" fn sink(
    _level: c_int,
    _function: *const c_char,
    _file: *const c_char,
    _line: u32,
    _text: *const c_char,
    _length: c_int,
) {
}
