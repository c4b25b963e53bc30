//! Numbers of things that a device has only so many of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::sync::{Signal, lock};

/// The numbers of one kind of thing, on all devices.
pub(crate) struct Numbers {
    /// How many each device has.
    limit: u32,
    devices: Mutex<BTreeMap<u32, Taken>>,
    returned: Signal,
}

#[derive(Default)]
struct Taken {
    /// The lowest number that was never given out.
    next: u32,
    returned: BTreeSet<u32>,
}

impl Taken {
    fn count(&self) -> u32 {
        let returned = u32::try_from(self.returned.len()).unwrap_or(u32::MAX);
        self.next.saturating_sub(returned)
    }

    /// The lowest free number.
    fn take(&mut self, limit: u32) -> Option<u32> {
        if let Some(number) = self.returned.pop_first() {
            return Some(number);
        }
        if self.next >= limit {
            return None;
        }
        self.next += 1;
        Some(self.next - 1)
    }
}

/// A number of a device's, returned when it is dropped.
pub(crate) struct Number {
    numbers: Arc<Numbers>,
    device: u32,
    pub(crate) value: u32,
}

impl Numbers {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
            devices: Mutex::default(),
            returned: Signal::default(),
        })
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// A free number; `None` if all are in use.
    pub(crate) fn take(self: &Arc<Self>, device: u32) -> Option<Number> {
        let mut devices = lock(&self.devices);
        let value = devices.entry(device).or_default().take(self.limit)?;
        drop(devices);
        Some(self.number(device, value))
    }

    /// A free number, as soon as there is one.
    pub(crate) fn wait_for(self: &Arc<Self>, device: u32) -> Number {
        let mut devices = lock(&self.devices);
        loop {
            if let Some(value) = devices.entry(device).or_default().take(self.limit) {
                drop(devices);
                return self.number(device, value);
            }
            devices = self.returned.wait(devices);
        }
    }

    /// How many are free.
    pub(crate) fn available(&self, device: u32) -> u32 {
        let devices = lock(&self.devices);
        self.limit - devices.get(&device).map_or(0, Taken::count)
    }

    fn number(self: &Arc<Self>, device: u32, value: u32) -> Number {
        Number {
            numbers: Arc::clone(self),
            device,
            value,
        }
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        let mut devices = lock(&self.numbers.devices);
        if let Some(taken) = devices.get_mut(&self.device) {
            taken.returned.insert(self.value);
        }
        drop(devices);
        self.numbers.returned.notify();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn the_lowest_free_number_comes_first_and_devices_do_not_share() {
        let numbers = Numbers::new(3);
        let held: Vec<Number> = (0..3).filter_map(|_| numbers.take(0)).collect();
        assert!(numbers.take(0).is_none());
        assert_eq!(numbers.available(0), 0);
        assert_eq!(numbers.available(1), 3);
        assert_eq!(numbers.take(1).unwrap().value, 0);
        let values: Vec<u32> = held.iter().map(|number| number.value).collect();
        assert_eq!(values, [0, 1, 2]);
        let mut held = held.into_iter();
        let kept = (held.next(), held.next_back());
        drop(held);
        assert_eq!(numbers.take(0).unwrap().value, 1);
        drop(kept);
        assert_eq!(numbers.available(0), 3);
    }

    #[test]
    fn who_waits_gets_the_number_that_is_returned() {
        let numbers = Numbers::new(1);
        let held = numbers.take(0).unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| numbers.wait_for(0).value);
            drop(held);
            assert_eq!(waiting.join().unwrap(), 0);
        });
    }
}
