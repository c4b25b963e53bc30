//! The loader before libraries that a C compiler makes here, with few of CANN's functions.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skips, and ends where it fails"
)]

use std::ffi::CStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ascend_sys::{AclApi, Libraries, LoadError, MissingSymbol, ProfApi, aclLogLevel};

const DEVICE: &str = r"
    static int32_t device = -1;
    aclError aclrtSetDevice(int32_t deviceId) { device = deviceId; return 0; }
    aclError aclrtGetDevice(int32_t *deviceId) { *deviceId = device; return 107002; }
";

/// An empty folder of its own for a test; none, with a message, without a C compiler.
fn folder(test: &str) -> Option<PathBuf> {
    if Command::new("cc").arg("--version").output().is_err() {
        println!("skipped: there is no C compiler named cc");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    Some(folder)
}

/// Makes a library whose signatures the compiler checks against our headers.
fn compile(folder: &Path, library: &str, source: &str) -> PathBuf {
    let file = folder.join(library).with_extension("c");
    let library = folder.join(library);
    let headers = "#include <ascendcl.h>\n#include <acl_prof.h>\n#include <stdio.h>\n";
    fs::write(&file, format!("{headers}{source}")).unwrap();
    let name = library.file_name().unwrap().to_str().unwrap();
    let compiler = Command::new("cc")
        .args(["-shared", "-fPIC", "-Wall", "-Werror", "-I"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/include"))
        .arg(format!("-Wl,-soname,{name}"))
        .arg("-o")
        .args([&library, &file])
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&compiler.stderr);
    assert!(compiler.status.success(), "{words}");
    library
}

fn open(path: &Path) -> Result<Libraries, LoadError> {
    // SAFETY: the libraries are those made here; their initialisers do no harm.
    unsafe { Libraries::open_path(path) }
}

fn table(libraries: &Libraries) -> AclApi {
    // SAFETY: the libraries were compiled against the headers that the table comes from.
    unsafe { AclApi::from_libraries(libraries) }
}

fn device(api: &AclApi) -> (i32, i32) {
    let mut device = 0;
    // SAFETY: the pointer is good for the call.
    let code = unsafe { api.aclrtGetDevice(&raw mut device) }.unwrap();
    (code, device)
}

fn set_device(api: &AclApi, device: i32) {
    // SAFETY: takes a number.
    let code = unsafe { api.aclrtSetDevice(device) };
    assert_eq!(code, Ok(0));
}

#[test]
fn present_functions_are_called_and_absent_ones_are_named() {
    let Some(folder) = folder("present_and_absent") else {
        return;
    };
    let library = compile(&folder, "libascendcl.so", DEVICE);
    for path in [&folder, &library] {
        let libraries = open(path).unwrap();
        assert_eq!(libraries.folder(), folder);
        assert!(libraries.paths().eq([library.as_path()]));
        let api = table(&libraries);
        set_device(&api, 3);
        assert_eq!(device(&api), (107_002, 3));

        assert_eq!(api.missing().count(), AclApi::SYMBOLS.len() - 2);
        assert!(!api.missing().any(|name| name == "aclrtSetDevice"));
        // SAFETY: the function is not there, nothing is called.
        let error = unsafe { api.aclrtMemPoolDestroy(std::ptr::null_mut()) }.unwrap_err();
        assert_eq!(error.symbol, "aclrtMemPoolDestroy");
        assert_eq!(
            error.to_string(),
            "the loaded Ascend libraries have no function aclrtMemPoolDestroy (it is in \
             libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1)"
        );
    }
}

#[test]
fn functions_are_found_in_the_libraries_of_later_releases() {
    let Some(folder) = folder("split") else {
        return;
    };
    let runtime = compile(&folder, "libacl_rt.so", DEVICE);
    let unload = "aclError aclmdlUnload(uint32_t modelId) { return (aclError)modelId; }";
    let model = compile(&folder, "libacl_mdl.so", unload);
    let libraries = open(&folder).unwrap();
    assert!(libraries.paths().eq([&runtime, &model]));
    let api = table(&libraries);
    assert_eq!(device(&api), (107_002, -1));
    // SAFETY: takes a number.
    let code = unsafe { api.aclmdlUnload(145_003) };
    assert_eq!(code, Ok(145_003));
    assert_eq!(api.missing().count(), AclApi::SYMBOLS.len() - 3);
}

#[test]
fn the_first_library_that_has_a_function_gives_it() {
    let Some(folder) = folder("first") else {
        return;
    };
    let other = "aclError aclrtSetDevice(int32_t deviceId) { (void)deviceId; return 500000; }
                 aclError aclrtResetDevice(int32_t deviceId) { return deviceId; }";
    compile(&folder, "libacl_rt.so", other);
    compile(&folder, "libascendcl.so", DEVICE);
    let api = table(&open(&folder).unwrap());
    set_device(&api, 1);
    // SAFETY: takes a number.
    let code = unsafe { api.aclrtResetDevice(7) };
    assert_eq!(code, Ok(7));
}

#[test]
fn a_further_table_opens_its_library_when_it_is_asked_for() {
    let Some(folder) = folder("further") else {
        return;
    };
    // Profiling was part of the main library once.
    let main = "aclError aclprofFinalize(void) { return 2; }";
    compile(&folder, "libascendcl.so", main);
    let opened = folder.join("opened");
    let source = format!(
        "__attribute__((constructor)) static void opened(void) {{ fclose(fopen({opened:?}, \"w\")); }}
         aclError aclprofInit(const char *profilerResultPath, size_t length) {{
             return (aclError)length + (profilerResultPath == NULL);
         }}"
    );
    compile(&folder, "libmsprofiler.so", &source);

    let libraries = open(&folder).unwrap();
    assert_eq!(table(&libraries).missing().count(), AclApi::SYMBOLS.len());
    assert!(!opened.exists(), "opened before it was asked for");
    // SAFETY: the library is the one made here.
    let api = unsafe { ProfApi::load(&libraries) }.unwrap();
    assert!(opened.exists());
    // SAFETY: the function looks at the pointer only.
    let code = unsafe { api.aclprofInit(std::ptr::null(), 4) };
    assert_eq!(code, Ok(5));
    // SAFETY: takes nothing.
    let code = unsafe { api.aclprofFinalize() };
    assert_eq!(code, Ok(2));
    // SAFETY: the function is not there, nothing is called.
    let missing = unsafe { api.aclprofCreateStamp() };
    assert_eq!(
        missing,
        Err(MissingSymbol {
            symbol: "aclprofCreateStamp",
            origin: "In libmsprofiler.so; since CANN 8.1 or earlier.",
        })
    );
}

#[test]
fn a_further_table_without_its_library_says_what_to_do() {
    let Some(folder) = folder("without") else {
        return;
    };
    let installed = |folder: PathBuf| folder.join("libmsprofiler.so").exists();
    if Libraries::search_path().into_iter().any(installed) {
        println!("skipped: a CANN with libmsprofiler.so is installed");
        return;
    }
    compile(&folder, "libascendcl.so", DEVICE);
    let libraries = open(&folder).unwrap();
    // SAFETY: there is no library to open.
    let error = unsafe { ProfApi::load(&libraries) }.unwrap_err();
    assert!(
        matches!(&error, LoadError::NoLibrary { names, searched }
            if names == &["libmsprofiler.so"] && searched[0] == folder),
        "{error:?}"
    );
    let text = error.to_string();
    let begin = format!("found no libmsprofiler.so in {},", folder.display());
    assert!(text.starts_with(&begin), "{text}");
    assert!(
        text.ends_with("install the full toolkit, or add its folder to LD_LIBRARY_PATH"),
        "{text}"
    );
}

#[test]
fn the_variadic_function_is_reached_with_its_values() {
    let Some(folder) = folder("variadic") else {
        return;
    };
    let source = r#"
        #include <stdarg.h>
        #include <string.h>
        static char last[64];
        void aclAppLog(aclLogLevel logLevel, const char *func, const char *file, uint32_t line, const char *fmt, ...) {
            (void)func; (void)file;
            int head = snprintf(last, sizeof last, "%d:%u:", (int)logLevel, line);
            va_list values;
            va_start(values, fmt);
            vsnprintf(last + head, sizeof last - head, fmt, values);
            va_end(values);
        }
        const char *aclGetRecentErrMsg(void) { return last; }
    "#;
    let libraries = open(&compile(&folder, "libascendcl.so", source)).unwrap();
    let log = libraries.app_log().unwrap();
    let level = aclLogLevel::ACL_WARNING;
    let [name, format, value] = [c"f", c"%s is %d", c"six"].map(CStr::as_ptr);
    // SAFETY: the strings live for the call, and the values are those of the format.
    unsafe { log(level, name, name, 9, format, value, 6_i32) };
    // SAFETY: takes nothing.
    let last = unsafe { table(&libraries).aclGetRecentErrMsg() }.unwrap();
    // SAFETY: the stub's text is terminated and stays.
    assert_eq!(unsafe { CStr::from_ptr(last) }, c"2:9:six is 6");
}

#[test]
fn what_is_no_library_is_refused() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let error = open(&folder).unwrap_err();
    assert!(matches!(error, LoadError::NotInstalled { .. }), "{error:?}");
    let library = folder.join("libascendcl.so");
    fs::write(&library, "no library").unwrap();
    for path in [&folder, &library] {
        let error = open(path).unwrap_err();
        let begin = format!("cannot open {}:", library.display());
        assert!(matches!(error, LoadError::Broken { .. }), "{error:?}");
        assert!(error.to_string().starts_with(&begin), "{error}");
    }
}
