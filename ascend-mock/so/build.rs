//! Compiles the one function that Rust cannot define, names the library as the real one is named,
//! and lays out the folder that programs are linked to and run with.

#![allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]

use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The names that programs link to or open. All of them lead to one file: a program that names
/// several gets one device, as it does from CANN.
const NAMES: [&str; 30] = [
    "libascendcl.so",
    // What libascendcl.so is split into since CANN 8.5.
    "libacl_rt.so",
    "libacl_mdl.so",
    "libacl_op_executor.so",
    // The libraries of one area each.
    "libacl_op_compiler.so",
    "libacl_cblas.so",
    "libacl_tdt_channel.so",
    "libacl_tdt_queue.so",
    "libacl_dvpp.so",
    "libacl_dvpp_mpi.so",
    "libacl_retr.so",
    "libmsprofiler.so",
    "libascend_dump.so",
    "libplatform.so",
    "libascendsk.so",
    "libnnopbase.so",
    // Operators: one library up to CANN 8.x with its parts, and those of 9.x.
    "libopapi.so",
    "libaclnn_math.so",
    "libaclnn_ops_infer.so",
    "libaclnn_ops_train.so",
    "libaclnn_rand.so",
    "libopapi_math.so",
    "libopapi_nn.so",
    "libopapi_cv.so",
    "libopapi_transformer.so",
    // Named by link lines of programs that use nothing of them.
    "libruntime.so",
    "libge_executor.so",
    "libgraph.so",
    "libge_runner.so",
    "libascendalog.so",
];

/// The CANN that the device is like, for those who ask `aclsysGetVersionStr`.
const VERSION: &str = "9.1.0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/app_log.c");
    cc::Build::new()
        .file("src/app_log.c")
        .warnings_into_errors(true)
        .compile("ascend_app_log");
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libascendcl.so");
    lay_out().expect("the build folder is writable");
}

/// Makes `ascend-cpu` with `lib64`, `include` and `share/info` beside the library that cargo is about to build.
fn lay_out() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    // <target>/<profile>/build/<package>/out
    let profile = out.ancestors().nth(3).expect("OUT_DIR lies in a profile");
    let folder = profile.join("ascend-cpu/lib64");
    fs::create_dir_all(&folder)?;
    for name in NAMES {
        let target = match name {
            "libascendcl.so" => "../../libascend_mock_so.so",
            _ => "libascendcl.so",
        };
        link(Path::new(target), &folder.join(name))?;
    }
    for package in ["runtime", "compiler", "toolkit"] {
        let info = profile.join("ascend-cpu/share/info").join(package);
        fs::create_dir_all(&info)?;
        fs::write(info.join("version.info"), format!("Version={VERSION}\n"))?;
    }
    let headers = env::var_os("DEP_ASCENDCL_INCLUDE").expect("ascend-sys tells its headers");
    link(Path::new(&headers), &profile.join("ascend-cpu/include"))
}

fn link(target: &Path, link: &Path) -> io::Result<()> {
    match fs::remove_file(link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => symlink(target, link),
    }
}
