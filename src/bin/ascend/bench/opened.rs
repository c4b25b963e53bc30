//! Devices with a model.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use ascend_rt::model::{AippParameters, AippSpec};
use ascend_rt::session::{Padding, SessionOptions};
use ascend_rt::{Device, Model, Session};

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
pub(super) struct Loading<'a> {
    pub(super) model: &'a Path,
    pub(super) sessions: u32,
    pub(super) padding: Padding,
    pub(super) aipp: Option<&'a AippParameters>,
}

impl Opened {
    pub(super) fn new(device: Device, loading: &Loading<'_>) -> Result<Self> {
        let start = Instant::now();
        let before = used(&device)?;
        let options = SessionOptions::new().padding(loading.padding);
        let sessions = (0..loading.sessions).map(|_| {
            let model = Model::load(&device.context(), loading.model)?;
            let mut session = Session::with_options(Arc::new(model), options)?;
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
