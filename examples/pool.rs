//! A pool that serves requests from many threads, for a time: of one sample and of several, some of
//! them withdrawn.
//!
//! ```sh
//! cargo run --release --example pool -- net.om --seconds 10
//! ```
#![allow(clippy::print_stdout, reason = "an example's output")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use ascend_rt::pool::{PoolOptions, Request};
use ascend_rt::{Acl, Input, Pool};
use clap::Parser;

/// Serve requests for a model from many threads
#[derive(Debug, Parser)]
struct Args {
    /// The model
    model: PathBuf,
    /// How long to go on
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// The threads that make requests
    #[arg(long, default_value_t = 8)]
    threads: u64,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let acl = Acl::auto()?;
    let devices = (0..acl.device_count()?).map(|number| acl.device(number));
    let devices = devices.collect::<Result<Vec<_>, _>>()?;
    let options = PoolOptions::new().wait(Duration::from_millis(1));
    let pool = &Pool::load(&devices, &args.model, &options)?;
    println!(
        "{} device(s), batches of {}",
        pool.devices_left(),
        pool.batch()
    );

    let (answered, withdrawn) = &(AtomicU64::new(0), AtomicU64::new(0));
    let end = Instant::now() + Duration::from_secs(args.seconds);
    let serve = |thread: u64| -> Result<()> {
        let mut request = pool.request();
        for number in thread.. {
            if Instant::now() >= end {
                break;
            }
            fill(pool, &mut request, number)?;
            let ticket = pool.submit(request)?;
            if number.is_multiple_of(16) {
                // What has not begun comes back.
                request = ticket.cancel().unwrap_or_else(|| pool.request());
                withdrawn.fetch_add(1, Ordering::Relaxed);
            } else {
                request = ticket.wait()?.into_request();
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..args.threads)
            .map(|thread| scope.spawn(move || serve(thread)))
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| match thread.join() {
                Ok(served) => served,
                Err(_) => bail!("a thread broke off"),
            })
    })?;

    let (answered, withdrawn) = (
        answered.load(Ordering::Relaxed),
        withdrawn.load(Ordering::Relaxed),
    );
    println!("{answered} requests answered, {withdrawn} withdrawn");
    for copy in pool.statistics() {
        let joined = copy.samples.checked_div(copy.runs).unwrap_or(0);
        println!(
            "device {}: {} runs of {joined} samples",
            copy.device, copy.runs
        );
    }
    Ok(())
}

/// Sets inputs of zeros: of one to four samples where the pool joins them.
fn fill(pool: &Pool, request: &mut Request, number: u64) -> Result<()> {
    let description = pool.description();
    let most = u64::try_from(pool.batch())?.min(4);
    let samples = usize::try_from(1 + number % most)?;
    let mut tensors = Vec::new();
    for (index, spec) in description.inputs.iter().enumerate() {
        let gears = description.gears.as_ref();
        let gear = gears.and_then(|gears| gears.gears.first()?.shapes.get(index));
        let least = |axis: usize| spec.ranges.get(axis).map_or(1, |range| range.least.max(1));
        let dims = spec.dims.iter().enumerate();
        let own = dims.map(|(axis, dim)| dim.unwrap_or_else(|| least(axis)));
        let mut shape = gear.cloned().unwrap_or_else(|| own.collect());
        if let Some(first) = shape.first_mut().filter(|_| pool.batch() > 1) {
            *first = samples;
        }
        let elements = shape.iter().product::<usize>();
        let bytes = spec.dtype.bytes_of(u64::try_from(elements)?);
        let zeros = vec![0; usize::try_from(bytes.unwrap_or(0))?];
        tensors.push((spec.dtype, shape, zeros));
    }
    let inputs = tensors
        .iter()
        .map(|(dtype, shape, bytes)| Input::from_bytes(*dtype, shape, bytes));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    Ok(request.set(&inputs)?)
}
