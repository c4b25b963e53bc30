//! Devices with a model.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use ascend_graph::text;
use ascend_rt::model::{AippParameters, AippSpec};
use ascend_rt::session::{Padding, SessionOptions};
use ascend_rt::{Device, Error, ErrorKind, Model, Session};

use super::options::{Args, Pad};
use crate::progress::Progress;

/// Between two words on how far loading is.
const PAUSE: Duration = Duration::from_millis(100);

/// A device's memory in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    pub(super) total: u64,
    /// In use before the model was loaded, then after that, then at most.
    pub(super) before: u64,
    pub(super) loaded: u64,
    pub(super) peak: u64,
}

/// A device with sessions on its model.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) device: Device,
    pub(super) sessions: Vec<Session>,
    pub(super) load: Duration,
    pub(super) memory: Memory,
}

/// How the models of a device are loaded.
#[derive(Clone, Copy)]
struct Loading<'a> {
    model: &'a Path,
    sessions: u32,
    options: SessionOptions,
    aipp: Option<&'a AippParameters>,
}

/// Refuses what is to be compiled first, which the device would call damaged.
fn refuse_onnx(model: &Path) -> Result<(), Error> {
    let extension = model.extension();
    if extension.is_none_or(|extension| !extension.eq_ignore_ascii_case("onnx")) {
        return Ok(());
    }
    let om = model.with_extension("om");
    let message = text!(
        "{model} is an ONNX file, which runs once it is compiled; run `ascend convert {model} {om}`, and then give {om}",
        model = model.display(),
        om = om.display()
    );
    Err(Error::new(ErrorKind::Format, message))
}

/// Loads the model on all devices at once.
pub(super) fn all(
    args: &Args,
    devices: Vec<Device>,
    aipp: Option<&AippParameters>,
) -> Result<Vec<Opened>> {
    refuse_onnx(args.model())?;
    let padding = match args.pad {
        None => Padding::None,
        Some(Pad::Cut) => Padding::NextGear,
        Some(Pad::Uncut) => Padding::NextGearUncut,
    };
    let options = SessionOptions::new().padding(padding);
    let loading = &Loading {
        model: args.model(),
        sessions: args.sessions(),
        options: options.run_limit(args.run_limit),
        aipp,
    };
    let (total, start) = (devices.len(), Instant::now());
    let mut progress = Progress::new("loading the model:");
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        let workers: Vec<_> = devices
            .into_iter()
            .map(|device| {
                let sender = sender.clone();
                scope.spawn(move || {
                    let opened = Opened::new(device, loading);
                    // Nobody listens after a panic, which is told below.
                    let _ = sender.send(());
                    opened
                })
            })
            .collect();
        drop(sender);
        let mut loaded = 0;
        while loaded < total {
            match receiver.recv_timeout(PAUSE) {
                Ok(()) => loaded += 1,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                // A worker panicked.
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            let seconds = start.elapsed().as_secs();
            progress.say(format_args!("device {loaded} of {total}, {seconds} s"));
        }
        drop(progress);
        let opened = workers.into_iter().map(|worker| {
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        opened.collect()
    })
}

impl Opened {
    fn new(device: Device, loading: &Loading<'_>) -> Result<Self> {
        let start = Instant::now();
        let before = used(&device)?;
        let sessions = (0..loading.sessions).map(|_| {
            let model = Model::load(&device.context(), loading.model)?;
            let mut session = Session::with_options(Arc::new(model), loading.options)?;
            session.set_timing(true)?;
            if let Some(aipp) = loading.aipp {
                let inputs = session.description().inputs.iter();
                let dynamic =
                    inputs.filter(|spec| matches!(spec.aipp, Some(AippSpec::Dynamic { .. })));
                let names: Vec<String> = dynamic.map(|spec| spec.name.clone()).collect();
                for name in names {
                    session.set_aipp(&name, aipp.clone())?;
                }
            }
            Ok(session)
        });
        let sessions = sessions.collect::<Result<Vec<_>>>()?;
        let loaded = used(&device)?;
        let total = device.memory()?.total_bytes as u64;
        Ok(Self {
            sessions,
            load: start.elapsed(),
            memory: Memory {
                total,
                before,
                loaded,
                peak: loaded.max(before),
            },
            device,
        })
    }
}

/// The bytes of a device's memory that are in use.
pub(super) fn used(device: &Device) -> Result<u64> {
    let memory = device.memory()?;
    Ok((memory.total_bytes as u64).saturating_sub(memory.free_bytes as u64))
}
