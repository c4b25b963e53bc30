//! A run of a model that does next to nothing, by a `Session` and by a loop in C, in turns, on one
//! device of one `libascendcl.so`:
//!
//! ```sh
//! cargo build --release -p ascend-mock-so
//! ASCEND_CPU=target/release/ascend-cpu \
//!     cargo run --release --manifest-path benches/Cargo.toml --bin null_run
//! ```
//!
//! Prints; asserts nothing about time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{CString, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ascend_graph::DataType;
use ascend_graph::onnx::Builder;
use ascend_mock::compiler::{CompileOptions, compile_model};
use ascend_rt::{Acl, Session};
use ascend_sys::Libraries;
use ndarray::Array1;

/// Runs between two looks at the clock.
const RUNS: u32 = 200;
const ROUNDS: usize = 301;

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Counts what this program asks for; the library has an allocator of its own.
struct Counting;

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

type Load = unsafe extern "C" fn(*const c_char, usize) -> c_int;
type Run = unsafe extern "C" fn(*const c_void, c_int) -> c_int;

fn main() {
    let cpu = std::env::var_os("ASCEND_CPU").expect("ASCEND_CPU is the folder ascend-cpu");
    let cpu = PathBuf::from(cpu).canonicalize().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("null.om");
    std::fs::write(&om, null_model()).unwrap();
    // SAFETY: the CPU device's library keeps to the C interface.
    let acl = unsafe { Acl::load_from(&cpu.join("lib64")) }.unwrap();
    let device = acl.device(0).unwrap();
    let mut session = Session::load(&device, &om).unwrap();
    let (load, run) = c_loop(&cpu, folder.path());
    let name = CString::new(om.to_str().unwrap()).unwrap();
    // SAFETY: a text that ends with NUL.
    assert_eq!(unsafe { load(name.as_ptr(), 4) }, 0);

    let input = Array1::from_elem(1, 1.5_f32);
    let by_session = |session: &mut Session| {
        for _ in 0..RUNS {
            let outputs = session.run(&[(&input).into()]).unwrap();
            assert_eq!(outputs.iter().next().unwrap().bytes().len(), 4);
        }
    };
    let by_c = || {
        // SAFETY: four bytes, as was said.
        let line = unsafe { run(input.as_ptr().cast(), RUNS as c_int) };
        assert_eq!(line, 0);
    };
    by_session(&mut session);
    by_c();
    let before = COUNT.load(Ordering::Relaxed);
    by_session(&mut session);
    let allocations = COUNT.load(Ordering::Relaxed) - before;

    let clock = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed() / RUNS
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for half in 0..2 {
            if (round + half) % 2 == 0 {
                ours.push(clock(&mut || by_session(&mut session)));
            } else {
                theirs.push(clock(&mut || by_c()));
            }
        }
    }
    let mut ratios: Vec<f64> = ours
        .iter()
        .zip(&theirs)
        .map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64())
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let [(best, middle), (c_best, c_middle)] = [ours, theirs].map(|mut times: Vec<Duration>| {
        times.sort_unstable();
        (times[0], times[ROUNDS / 2])
    });
    println!("a null model, {ROUNDS} rounds of {RUNS} runs each, in turns; the best and the middle");
    println!("Session::run: {best:?}, {middle:?}; {allocations} allocations in {RUNS} runs");
    println!("the loop in C: {c_best:?}, {c_middle:?}");
    println!(
        "of the C loop's time: {:.3} at best, {:.3} in the middle, {:.3} in the middle of the rounds",
        best.as_secs_f64() / c_best.as_secs_f64(),
        middle.as_secs_f64() / c_middle.as_secs_f64(),
        ratios[ROUNDS / 2]
    );
}

/// `y = x` for one number.
fn null_model() -> Vec<u8> {
    let mut graph = Builder::new("null", 13);
    let x = graph.input("x", DataType::F32, &[1.into()]);
    graph.node_to("Identity", "same", &[&x], &["y"], []);
    graph.output("y", DataType::F32, &[1.into()]);
    let mut om = Vec::new();
    let options = CompileOptions::default();
    compile_model(graph.build().unwrap(), &options, &mut om).unwrap();
    om
}

/// The loop in C, compiled here and linked to the library.
fn c_loop(cpu: &Path, folder: &Path) -> (Load, Run) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("null_run.c");
    let object = folder.join("null_run.so");
    let libraries = cpu.join("lib64");
    let done = Command::new("cc")
        .args(["-O2", "-shared", "-fPIC", "-o"])
        .args([&object, &source])
        .arg(format!("-I{}", cpu.join("include").display()))
        .arg(format!("-L{}", libraries.display()))
        .arg(format!("-Wl,-rpath,{}", libraries.display()))
        .arg("-lascendcl")
        .status();
    assert!(done.unwrap().success());
    // SAFETY: our own library.
    let library = unsafe { Libraries::open_path(&object) }.unwrap();
    // SAFETY: the functions have these signatures.
    let load = unsafe { library.symbol::<Load>("null_load\0") };
    // SAFETY: as above.
    let run = unsafe { library.symbol::<Run>("null_run\0") };
    (load.unwrap(), run.unwrap())
}
