//! What the CPU device itself costs, beside the same work without it.
//!
//! `cargo bench -p ascend-mock --bench device`. Prints; asserts nothing about time.

#![allow(
    clippy::cast_precision_loss,
    clippy::macro_metavars_in_unsafe,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program that measures and prints"
)]

use std::ffi::c_void;
use std::fs;
use std::hint::black_box;
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ascend_graph::DataType;
use ascend_graph::onnx::{Builder, Dim};
use ascend_mock::compiler::{CompileOptions, compile};
use ascend_mock::{MockConfig, lease};
use ascend_sys::{AclApi, aclrtMemMallocPolicy, aclrtMemcpyKind};
use rten_tensor::prelude::*;

const POLICY: aclrtMemMallocPolicy = aclrtMemMallocPolicy::ACL_MEM_MALLOC_HUGE_FIRST;
const H2D: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_DEVICE;
const D2H: aclrtMemcpyKind = aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_HOST;
const NULL: *mut c_void = ptr::null_mut();
const PAGE: usize = 4096;

/// Calls a C function, which must succeed.
macro_rules! ok {
    ($api:ident . $symbol:ident ( $($argument:expr),* $(,)? )) => {{
        // SAFETY: every pointer is to memory of this program that outlives the work on it.
        let code = unsafe { $api.$symbol($($argument),*) }.unwrap();
        assert_eq!(code, 0, stringify!($symbol));
    }};
}

/// Calls a C function that makes something.
macro_rules! made {
    ($api:ident . $symbol:ident ( $($argument:expr),* $(,)? )) => {{
        let mut made = NULL;
        ok!($api.$symbol(&raw mut made $(, $argument)*));
        made
    }};
}

/// The middle and the 99th of 100 of what each of `rounds` runs of `body` took for one of its
/// `count` steps; `rest` runs between them, unmeasured.
fn measure(
    rounds: usize,
    count: u32,
    mut body: impl FnMut(),
    mut rest: impl FnMut(),
) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            body();
            let took = start.elapsed() / count;
            rest();
            took
        })
        .collect();
    times.sort_unstable();
    (times[rounds / 2], times[rounds * 99 / 100])
}

fn main() {
    let (api, lease) = lease(MockConfig::default().threads(1)).unwrap();
    ok!(api.aclInit(ptr::null()));
    ok!(api.aclrtSetDevice(0));
    submissions(&api);
    first_uploads(&api);
    copies(&api);
    streams(&api);
    allocations(&api);
    execution(&api);
    ok!(api.aclrtResetDevice(0));
    ok!(api.aclFinalize());
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}

/// An empty task, and the record of an event: 100 at once, so that the clock is not what is
/// measured.
fn submissions(api: &AclApi) {
    let stream = made!(api.aclrtCreateStream());
    let resettable = made!(api.aclrtCreateEventWithFlag(1));
    let event = made!(api.aclrtCreateEvent());
    let settle = || ok!(api.aclrtSynchronizeStream(stream));
    let empty = || (0..100).for_each(|_| ok!(api.aclrtResetEvent(resettable, stream)));
    let record = || (0..100).for_each(|_| ok!(api.aclrtRecordEvent(event, stream)));
    let steps: [(&str, &dyn Fn()); 2] = [
        ("submit an empty task", &empty),
        ("record an event", &record),
    ];
    for (what, body) in steps {
        let (median, worst) = measure(5_000, 100, body, settle);
        println!("{what:36} median {median:?}, 99 % {worst:?}");
    }
    ok!(api.aclrtDestroyEvent(event));
    ok!(api.aclrtDestroyEvent(resettable));
    ok!(api.aclrtDestroyStream(stream));
}

/// Copies against `memcpy` between the same sizes, in turns.
fn copies(api: &AclApi) {
    for mebibytes in [1, 4, 16, 64, 256] {
        let bytes = mebibytes << 20;
        let device = made!(api.aclrtMalloc(bytes, POLICY));
        let mut host = vec![1_u8; bytes];
        // As far into a page as the block on the device: how fast memcpy is depends on that.
        let mut room = vec![2_u8; bytes + 2 * PAGE];
        let start = room.as_ptr().align_offset(PAGE) + device.addr() % PAGE;
        let other = &mut room[start..start + bytes];
        let rounds = (2048 / mebibytes).clamp(9, 301);
        let mut times = [const { Vec::new() }; 4];
        for round in 0..rounds + 2 {
            let mut took = [Duration::ZERO; 4];
            let mut measure = |at: usize, copy: &mut dyn FnMut()| {
                let start = Instant::now();
                copy();
                took[at] = start.elapsed();
            };
            measure(0, &mut || other.copy_from_slice(black_box(&host)));
            measure(1, &mut || {
                ok!(api.aclrtMemcpy(device, bytes, host.as_ptr().cast(), bytes, H2D));
            });
            measure(2, &mut || host.copy_from_slice(black_box(other)));
            measure(3, &mut || {
                ok!(api.aclrtMemcpy(host.as_mut_ptr().cast(), bytes, device, bytes, D2H));
            });
            if round >= 2 {
                for (times, took) in times.iter_mut().zip(took) {
                    times.push(took);
                }
            }
        }
        let [there, up, back, down] = times.map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64()
        });
        let rate = |seconds: f64| bytes as f64 / seconds / 1e9;
        println!(
            "copy {mebibytes:3} MiB: memcpy {:.1} GB/s there, {:.1} back; to the device {:.2}, \
             back {:.2} of that",
            rate(there),
            rate(back),
            there / up,
            back / down
        );
        ok!(api.aclrtFree(device));
    }
}

/// Uploads to blocks that were taken just before: what the first one costs, whose memory the
/// system has to find, and what the later ones do, which get what the first one gave back.
fn first_uploads(api: &AclApi) {
    let bytes = 256 << 20;
    let host = vec![1_u8; bytes];
    let mut times = (0..5).map(|_| {
        let device = made!(api.aclrtMalloc(bytes, POLICY));
        let start = Instant::now();
        ok!(api.aclrtMemcpy(device, bytes, host.as_ptr().cast(), bytes, H2D));
        let took = start.elapsed();
        ok!(api.aclrtFree(device));
        took
    });
    let first = times.next().unwrap();
    let best = times.min().unwrap();
    println!("upload to a new block of 256 MiB: the first {first:?}, later ones {best:?} at best");
}

/// A thousand streams at work.
fn streams(api: &AclApi) {
    let start = Instant::now();
    let device = made!(api.aclrtMalloc(1000, POLICY));
    let streams: Vec<_> = (0..1000).map(|_| made!(api.aclrtCreateStream())).collect();
    for (place, stream) in streams.iter().enumerate() {
        let byte = device.wrapping_byte_add(place);
        ok!(api.aclrtMemsetAsync(byte, 1, 7, 1, *stream));
    }
    ok!(api.aclrtSynchronizeDevice());
    let mut host = vec![0_u8; 1000];
    ok!(api.aclrtMemcpy(host.as_mut_ptr().cast(), 1000, device, 1000, D2H));
    assert!(host.iter().all(|byte| *byte == 7));
    let worked = start.elapsed();
    for stream in streams {
        ok!(api.aclrtDestroyStream(stream));
    }
    ok!(api.aclrtFree(device));
    let all = start.elapsed();
    println!("1,000 streams: made and done {worked:?}, with their end {all:?}");
}

/// A million small blocks, no more than 64 at once.
fn allocations(api: &AclApi) {
    let before = resident_kib();
    let start = Instant::now();
    let mut blocks = [NULL; 64];
    for turn in 0..1_000_000 {
        let block = &mut blocks[turn * 31 % 64];
        if !block.is_null() {
            ok!(api.aclrtFree(*block));
        }
        *block = made!(api.aclrtMalloc(1 + turn % 4096, POLICY));
    }
    for block in blocks {
        ok!(api.aclrtFree(block));
    }
    let each = start.elapsed() / 1_000_000;
    let grown = resident_kib().saturating_sub(before);
    println!("10⁶ small blocks taken and freed: {each:?} a pair, {grown} KiB more resident");
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A model of one operator, against its engine alone.
fn execution(api: &AclApi) {
    let mut graph = Builder::new("one", 13);
    let input = graph.input("x", DataType::F32, &[Dim::Fixed(64)]);
    graph.node_to("Relu", "relu", &[&input], &["y"], []);
    graph.output("y", DataType::F32, &[Dim::Fixed(64)]);
    let onnx = graph.build().unwrap().to_rope().to_bytes();
    let mut om = Vec::new();
    compile(&onnx, &CompileOptions::default(), &mut om).unwrap();

    let mut model = 0;
    ok!(api.aclmdlLoadFromMem(om.as_ptr().cast(), om.len(), &raw mut model));
    let blocks = [(); 2].map(|()| made!(api.aclrtMalloc(256, POLICY)));
    let datasets = blocks.map(|block| {
        // SAFETY: takes nothing.
        let dataset = unsafe { api.aclmdlCreateDataset() }.unwrap();
        // SAFETY: the address is only kept.
        let buffer = unsafe { api.aclCreateDataBuffer(block, 256) }.unwrap();
        ok!(api.aclmdlAddDatasetBuffer(dataset, buffer));
        (dataset, buffer)
    });
    ok!(api.aclrtMemset(blocks[0], 256, 0, 256));
    let (inputs, outputs) = (datasets[0].0, datasets[1].0);
    let execute = || (0..100).for_each(|_| ok!(api.aclmdlExecute(model, inputs, outputs)));
    let (through, _) = measure(500, 100, execute, || ());

    let engine = rten::Model::load(onnx.to_vec()).unwrap();
    let x = rten_tensor::Tensor::<f32>::zeros(&[64]);
    let threads = Arc::new(rten::ThreadPool::with_num_threads(1));
    let alone = || {
        for _ in 0..100 {
            let options = rten::RunOptions::default().with_thread_pool(Some(Arc::clone(&threads)));
            black_box(engine.run_one(x.view().into(), Some(options)).unwrap());
        }
    };
    let (alone, _) = measure(500, 100, alone, || ());
    println!(
        "execute a model of one operator      median {through:?}, its engine alone {alone:?}: {:?} \
         more",
        through.saturating_sub(alone)
    );
    ok!(api.aclmdlUnload(model));
    for ((dataset, buffer), block) in datasets.into_iter().zip(blocks) {
        ok!(api.aclmdlDestroyDataset(dataset));
        ok!(api.aclDestroyDataBuffer(buffer));
        ok!(api.aclrtFree(block));
    }
}
