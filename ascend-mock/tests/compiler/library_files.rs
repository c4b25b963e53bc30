//! Files that are named as a library of ONNX Runtime and are none, or too old.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use ascend_mock::Engine;

use super::onnxruntime::{compiled_by, pool3d};

/// Names the library for a child of the next test.
const CHILD: &str = "ASCEND_TEST_LIBRARY";

/// Each in a process of its own, as whose first library it is.
#[test]
fn files_that_are_no_such_library_are_refused_with_the_way_out() {
    if let Some(library) = env::var_os(CHILD) {
        let engine = Engine::OnnxRuntime(Some(library.into()));
        let error = compiled_by(&engine, &pool3d()).expect_err("it is none");
        println!("{error}");
        return;
    }
    let folder = env::temp_dir().join(format!("ascend-mock-{}-library", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("the file can be written");
        path
    };
    let mut cases = vec![
        (folder.join("missing.so"), "it cannot be read: No such file"),
        (write("empty.so", b""), "it is damaged or no library"),
        (
            write("text.so", b"not at all"),
            "it is damaged or no library",
        ),
        (
            env::current_exe().expect("there is one"),
            "it has no OrtGetApiBase; name a libonnxruntime.so",
        ),
        (
            "libno-such-runtime.so".into(),
            "the system's loader refuses it",
        ),
    ];
    let whole = env::var_os("ORT_DYLIB_PATH").map(|path| std::fs::read(path).expect("it is there"));
    if let Some(whole) = &whole {
        cases.push((
            write("half.so", &whole[..whole.len() / 2]),
            "it is damaged or no library: Invalid ELF section header",
        ));
    }
    let version = r#"static const char *v(void) { return "1.10.2"; }"#;
    for (name, code, words) in [
        (
            "old",
            format!(
                "{version} static const void *const b[2] = {{0, (void *)v}};
                 const void *OrtGetApiBase(void) {{ return b; }}"
            ),
            "it is of version 1.10.2, 1.17.0 or newer is needed",
        ),
        (
            "null",
            "const void *OrtGetApiBase(void) { return 0; }".to_owned(),
            "the CPU engine failed",
        ),
    ] {
        match built(&folder, name, &code) {
            Some(path) => cases.push((path, words)),
            None => eprintln!("skipped: no C compiler for the library {name}"),
        }
    }
    for (library, words) in cases {
        let output = Command::new(env::current_exe().expect("there is one"))
            .args([
                "--exact",
                "--nocapture",
                "library_files::files_that_are_no_such_library_are_refused_with_the_way_out",
            ])
            .env(CHILD, &library)
            .output()
            .expect("a process can be started");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{library:?}: {output:?}");
        assert!(told.contains(words), "{library:?}: {told}");
        let named = library.file_name().unwrap_or_default().to_string_lossy();
        assert!(told.contains(&*named), "{library:?}: {told}");
    }
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

fn built(folder: &Path, name: &str, code: &str) -> Option<PathBuf> {
    let (source, library) = (
        folder.join(format!("{name}.c")),
        folder.join(format!("{name}.so")),
    );
    std::fs::write(&source, code).expect("the file can be written");
    let mut compiler = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
    let status = compiler
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .status();
    status
        .is_ok_and(|status| status.success())
        .then_some(library)
}
