//! The time model: how long copies and models take on the device that is pretended.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::config::units::{Rate, Time};
use crate::sync::lock;
use crate::world::World;

/// A thread that sleeps wakes this much late, so the end of a wait is looked out for.
const OVERSLEEP: Duration = Duration::from_micros(100);

/// How long copies and models take, whatever the host needs for them. What is left out takes as
/// long as the host takes, and what takes the host longer is not made faster.
///
/// Each device has one engine for copies to it, one for copies from it, one for copies on it, and
/// one that computes. An engine does one thing at a time, in the order in which streams get there;
/// the engines of a device, and devices, work side by side.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeModel {
    launch: Time,
    host_to_device: Option<Rate>,
    device_to_host: Option<Rate>,
    device_to_device: Option<Rate>,
    execution: Option<Time>,
    models: BTreeMap<String, Time>,
    compute: bool,
}

impl Default for TimeModel {
    fn default() -> Self {
        Self {
            launch: Time(Duration::ZERO),
            host_to_device: None,
            device_to_host: None,
            device_to_device: None,
            execution: None,
            models: BTreeMap::new(),
            compute: true,
        }
    }
}

impl TimeModel {
    /// What passes before a copy or a model begins, on its stream only. Default: nothing.
    #[must_use]
    pub fn launch(mut self, latency: Duration) -> Self {
        self.launch = Time(latency);
        self
    }

    /// The bytes that are copied to a device in a second.
    #[must_use]
    pub fn host_to_device(mut self, bytes_per_second: u64) -> Self {
        self.host_to_device = Some(Rate(bytes_per_second));
        self
    }

    /// The bytes that are copied from a device in a second.
    #[must_use]
    pub fn device_to_host(mut self, bytes_per_second: u64) -> Self {
        self.device_to_host = Some(Rate(bytes_per_second));
        self
    }

    /// The bytes that are copied or set on a device in a second.
    #[must_use]
    pub fn device_to_device(mut self, bytes_per_second: u64) -> Self {
        self.device_to_device = Some(Rate(bytes_per_second));
        self
    }

    /// The time of one run of a model that [`model`](Self::model) does not name.
    #[must_use]
    pub fn execution(mut self, time: Duration) -> Self {
        self.execution = Some(Time(time));
        self
    }

    /// The time of one run of the model of this name: its file's name without the extension.
    #[must_use]
    pub fn model(mut self, name: impl Into<String>, time: Duration) -> Self {
        self.models.insert(name.into(), Time(time));
        self
    }

    /// Whether models compute. Those that have a time and outputs of a fixed size need not: the
    /// outputs are zeros then, and the host has nothing to do. Default: yes.
    #[must_use]
    pub fn compute(mut self, compute: bool) -> Self {
        self.compute = compute;
        self
    }
}

/// The engines of the devices, which follow a time model.
pub(crate) struct Timing {
    model: TimeModel,
    devices: Vec<Engines>,
}

#[derive(Default)]
struct Engines {
    upload: Engine,
    download: Engine,
    copy: Engine,
    compute: Engine,
}

/// Does one thing at a time: when the last of what it was given is done.
#[derive(Default)]
struct Engine(Mutex<Option<Instant>>);

impl Engine {
    /// Takes the next `duration` of the engine that is free `latency` after `now`; says when that
    /// is over.
    fn reserve(&self, now: Instant, latency: Duration, duration: Duration) -> Turn {
        let mut free = lock(&self.0);
        let ready = now + latency;
        let start = free.map_or(ready, |free| free.max(ready));
        let end = start + duration;
        *free = Some(end);
        Turn(end)
    }
}

/// A place in the work of an engine. It is over, at the earliest, when its time has passed: dropping
/// it waits for that.
#[must_use = "dropping it waits for its end"]
#[derive(Debug)]
pub(crate) struct Turn(Instant);

impl Drop for Turn {
    fn drop(&mut self) {
        let left = |end: Instant| end.saturating_duration_since(Instant::now());
        thread::sleep(left(self.0).saturating_sub(OVERSLEEP));
        while !left(self.0).is_zero() {
            std::hint::spin_loop();
        }
    }
}

impl Timing {
    pub(crate) fn new(model: &TimeModel, devices: u32) -> Self {
        Self {
            model: model.clone(),
            devices: (0..devices).map(|_| Engines::default()).collect(),
        }
    }

    fn execution(&self, name: &str) -> Option<Duration> {
        let own = self.model.models.get(name).copied();
        own.or(self.model.execution).map(|Time(time)| time)
    }

    fn turn(&self, engine: &Engine, duration: Duration) -> Turn {
        engine.reserve(Instant::now(), self.model.launch.0, duration)
    }
}

/// How long `bytes` take at `rate`.
fn duration(bytes: usize, rate: Rate) -> Duration {
    let nanoseconds = bytes as u128 * 1_000_000_000 / u128::from(rate.0.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

impl World {
    /// The turn of a copy by `device`, from and to its memory or that of the host; a fill is a copy
    /// on the device. To be held while the bytes move.
    pub(crate) fn copy_turn(
        &self,
        device: u32,
        is_from_device: bool,
        is_to_device: bool,
        bytes: usize,
    ) -> Option<Turn> {
        let timing = self.timing.as_ref()?;
        let engines = timing.devices.get(device as usize)?;
        let model = &timing.model;
        let (rate, engine) = match (is_from_device, is_to_device) {
            (false, false) => return None,
            (false, true) => (model.host_to_device, &engines.upload),
            (true, false) => (model.device_to_host, &engines.download),
            (true, true) => (model.device_to_device, &engines.copy),
        };
        Some(timing.turn(engine, duration(bytes, rate?)))
    }

    /// The turn of a run of the model `name`. To be held while it computes.
    pub(crate) fn execution_turn(&self, device: u32, name: &str) -> Option<Turn> {
        let timing = self.timing.as_ref()?;
        let engines = timing.devices.get(device as usize)?;
        Some(timing.turn(&engines.compute, timing.execution(name)?))
    }

    /// Whether the time of the model `name` is all that its run is about.
    pub(crate) fn skips_computing(&self, name: &str) -> bool {
        let timing = self.timing.as_ref();
        timing.is_some_and(|timing| !timing.model.compute && timing.execution(name).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MockConfig;

    const fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    #[test]
    fn an_engine_does_one_thing_after_the_other() {
        let engine = Engine::default();
        let start = Instant::now();
        let ends: Vec<Duration> = [(0, 2, 10), (5, 2, 10), (5, 2, 1), (50, 2, 10)]
            .into_iter()
            .map(|(at, latency, time)| {
                engine.reserve(start + ms(at), ms(latency), ms(time)).0 - start
            })
            .collect();
        assert_eq!(ends, [ms(12), ms(22), ms(23), ms(62)]);
    }

    #[test]
    fn bytes_take_their_time() {
        assert_eq!(duration(12_000_000, Rate(12_000_000_000)), ms(1));
        assert_eq!(duration(0, Rate(1)), ms(0));
        assert_eq!(
            duration(usize::MAX, Rate(1)),
            Duration::from_nanos(u64::MAX)
        );
    }

    #[test]
    fn copies_and_models_have_engines_of_their_own_on_each_device() {
        let model = TimeModel::default()
            .host_to_device(1_000_000)
            .device_to_host(1_000_000)
            .execution(ms(7))
            .model("resnet", ms(3))
            .compute(false);
        let world = World::new(0, MockConfig::default().devices(2).time(model)).unwrap();
        let timing = world.timing.as_ref().unwrap();
        let busy = |engine: &Engine| lock(&engine.0).is_some();
        drop(world.copy_turn(1, false, true, 10));
        let engines = &timing.devices[1];
        assert!(busy(&engines.upload) && !busy(&engines.download) && !busy(&engines.compute));
        drop(world.execution_turn(1, "resnet"));
        assert!(busy(&engines.compute) && !busy(&timing.devices[0].compute));
        // What has no time takes the host's.
        assert!(world.copy_turn(1, true, true, 10).is_none());
        assert!(world.copy_turn(1, false, false, 10).is_none());
        assert_eq!(timing.execution("resnet"), Some(ms(3)));
        assert_eq!(timing.execution("another"), Some(ms(7)));
        assert!(world.skips_computing("another"));
        let plain = World::new(0, MockConfig::default()).unwrap();
        assert!(plain.execution_turn(0, "resnet").is_none());
        assert!(!plain.skips_computing("resnet"));
    }
}
