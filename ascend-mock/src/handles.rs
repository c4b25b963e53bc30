//! Handles: numbers that look like pointers to C and cannot be followed.
//!
//! A handle carries the kind of its object and a serial number that the process never gives out
//! again, so one that is destroyed, of another kind or of another world is always found out.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use crate::fault::Fault;
use crate::ledger::{Kind, Live, Origin};
use crate::sync::{read, write};

/// Set in every handle: not canonical on x86-64, and beyond the 52 address bits of aarch64 (whose
/// top byte would be ignored).
const BASE: u64 = 0x0080_0000_0000_0000;
const KIND_SHIFT: u32 = 48;

static SERIAL: AtomicU64 = AtomicU64::new(1);

/// The first of `count` numbers in a row that are nobody else's.
pub(crate) fn numbers(kind: Kind, count: u64) -> u64 {
    let serial = SERIAL.fetch_add(count, Ordering::Relaxed);
    BASE | (kind as u64) << KIND_SHIFT | serial
}

/// What a [`Registry`] holds.
pub(crate) trait Object {
    const KIND: Kind;

    /// Whether the program made it and has to destroy it.
    fn is_owned_by_program(&self) -> bool {
        true
    }
}

/// Says of which kind objects are that the program makes and destroys.
macro_rules! kinds {
    ($($object:ty => $kind:ident;)*) => {
        $(impl $crate::handles::Object for $object {
            const KIND: $crate::ledger::Kind = $crate::ledger::Kind::$kind;
        })*
    };
}
pub(crate) use kinds;

/// The live objects of one kind, by handle.
pub(crate) struct Registry<T>(RwLock<BTreeMap<u64, (Origin, Arc<T>)>>);

impl<T> Default for Registry<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T: Object> Registry<T> {
    /// Keeps what `make` makes of its own handle.
    pub(crate) fn insert(&self, origin: Origin, make: impl FnOnce(u64) -> T) -> (u64, Arc<T>) {
        let handle = numbers(T::KIND, 1);
        let object = Arc::new(make(handle));
        write(&self.0).insert(handle, (origin, Arc::clone(&object)));
        (handle, object)
    }

    pub(crate) fn find(&self, handle: u64) -> Option<Arc<T>> {
        read(&self.0)
            .get(&handle)
            .map(|(_, object)| Arc::clone(object))
    }

    /// The live object behind `handle`, else 107017.
    pub(crate) fn get(&self, handle: u64) -> Result<Arc<T>, Fault> {
        self.find(handle)
            .ok_or_else(|| Fault::handle(T::KIND, handle))
    }

    pub(crate) fn remove(&self, handle: u64) -> Result<Arc<T>, Fault> {
        let removed = write(&self.0).remove(&handle);
        removed
            .map(|(_, object)| object)
            .ok_or_else(|| Fault::handle(T::KIND, handle))
    }

    /// Changes an object; who holds it already keeps it as it was.
    pub(crate) fn change(&self, handle: u64, change: impl FnOnce(&mut T)) -> Result<(), Fault>
    where
        T: Clone,
    {
        let mut objects = write(&self.0);
        let object = objects.get_mut(&handle);
        let (_, object) = object.ok_or_else(|| Fault::handle(T::KIND, handle))?;
        change(Arc::make_mut(object));
        Ok(())
    }

    /// Takes out every object that `which` names, with its handle.
    pub(crate) fn extract(&self, which: impl Fn(&T) -> bool) -> Vec<(u64, Arc<T>)> {
        let mut objects = write(&self.0);
        let handles: Vec<u64> = objects
            .iter()
            .filter(|(_, (_, object))| which(object))
            .map(|(handle, _)| *handle)
            .collect();
        let removed = handles.into_iter().filter_map(|handle| {
            let (_, object) = objects.remove(&handle)?;
            Some((handle, object))
        });
        removed.collect()
    }

    pub(crate) fn filter(&self, which: impl Fn(&T) -> bool) -> Vec<Arc<T>> {
        let objects = read(&self.0);
        let chosen = objects.values().filter(|(_, object)| which(object));
        chosen.map(|(_, object)| Arc::clone(object)).collect()
    }

    /// The handles of all objects that `which` names, in the order of their making.
    pub(crate) fn find_all(&self, which: impl Fn(&T) -> bool) -> Vec<u64> {
        let objects = read(&self.0);
        let chosen = objects.iter().filter(|(_, (_, object))| which(object));
        chosen.map(|(handle, _)| *handle).collect()
    }

    /// What the program still owns.
    pub(crate) fn live(&self) -> Vec<Live> {
        let objects = read(&self.0);
        let owned = objects
            .values()
            .filter(|(_, object)| object.is_owned_by_program());
        owned
            .map(|&(origin, _)| Live {
                kind: T::KIND,
                origin,
                bytes: 0,
            })
            .collect()
    }
}
