//! A folder of pictures through the pipeline, on CPU devices that take a fixed time for each batch:
//! `cargo run --release --manifest-path benches/Cargo.toml --bin pipeline`. Prints; asserts nothing
//! about time.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ascend_mock::TimeModel;
use ascend_rt::convert::{self, Options};
use ascend_rt::pipeline::{self, Pictures, PipelineOptions, Report};
use ascend_rt::pool::{Pool, PoolOptions, Request};
use ascend_rt::{Acl, MockConfig};

const BATCH: usize = 8;
/// Of a batch.
const EXECUTION: Duration = Duration::from_millis(400);
/// Batches for each device.
const BATCHES: usize = 60;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir().unwrap();
    let om = folder.path().join("resnet50.om");
    let mut options = Options::default();
    options.network.size = (64, 64);
    options.network.batch = Some(BATCH);
    let weights = root.join("examples/resnet50/resnet50_slim.safetensors");
    convert::convert(&weights, &om, &options).unwrap();
    let picture = root.join("tests/data/vision/gradient.jpg");
    println!(
        "batches of {BATCH} that take {EXECUTION:?} each on a device: {:.2} pictures/s at most",
        BATCH as f64 / EXECUTION.as_secs_f64()
    );
    let mut rates = Vec::new();
    for devices in [1, 8] {
        let count = devices as usize * BATCHES * BATCH;
        let files: Vec<PathBuf> = (0..count)
            .map(|at| folder.path().join(format!("{devices}_{at}.jpg")))
            .collect();
        for file in &files {
            std::fs::copy(&picture, file).unwrap();
        }
        let alone = requests_alone(&pool(devices, &om), count);
        let report = job(&pool(devices, &om), &files);
        let rate = rate(count, report.took);
        println!(
            "{devices} device(s): the pool alone {alone:.2} pictures/s, the folder {rate:.2}: {:.4} of it, \
             {:.4} of what {devices} device(s) can",
            rate / alone,
            rate * EXECUTION.as_secs_f64() / (BATCH * devices as usize) as f64
        );
        for stage in &report.stages {
            println!(
                "    {:12} {:2} thread(s), {:5} items, at work {:.3} of the time",
                stage.name,
                stage.threads,
                stage.items,
                stage.busy.as_secs_f64() / report.took.as_secs_f64() / f64::from(stage.threads)
            );
        }
        rates.push(rate);
    }
    println!("eight devices: {:.3} times one", rates[1] / rates[0]);
}

fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn pool(devices: u32, om: &Path) -> Pool {
    let time = TimeModel::default()
        .execution(EXECUTION)
        .host_to_device(12_000_000_000)
        .device_to_host(12_000_000_000)
        .compute(false);
    let config = MockConfig::default().devices(devices).threads(1).time(time);
    let acl = Acl::mock(config).unwrap();
    let devices: Vec<_> = (0..devices).map(|at| acl.device(at).unwrap()).collect();
    let options = PoolOptions::new()
        .queue(4 * BATCH * devices.len())
        .wait(EXECUTION / 4);
    Pool::load(&devices, om, &options).unwrap()
}

/// Pictures a second of the device's stage alone: requests that are ready.
fn requests_alone(pool: &Pool, count: usize) -> f64 {
    let mut ready: Vec<Request> = Vec::new();
    for _ in 0..count {
        let mut request = pool.request();
        request
            .input_mut::<f32>(0, &[1, 3, 64, 64])
            .unwrap()
            .fill(0.5);
        ready.push(request);
    }
    let start = Instant::now();
    let answers = pool.in_order(ready);
    assert!(answers.map(|answer| answer.unwrap()).count() == count);
    rate(count, start.elapsed())
}

fn job(pool: &Pool, files: &[PathBuf]) -> Report {
    let stages = Pictures::new(pool.description()).unwrap();
    let options = PipelineOptions::new().in_order(true);
    let mut written = 0;
    let report = pipeline::run(pool, &stages, &options, files.to_vec(), |record| {
        record.result.map(|_| written += 1)
    });
    assert_eq!(written, files.len());
    report.unwrap()
}
