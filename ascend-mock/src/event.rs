//! Events: marks in streams that other streams and the host wait for.

mod progress;
mod record;

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_RT_NO_EVENT_RESOURCE, ACL_ERROR_RT_PARAM_INVALID,
    ACL_EVENT_CAPTURE_STREAM_PROGRESS, ACL_EVENT_DEVICE_USE_ONLY, ACL_EVENT_EXTERNAL,
    ACL_EVENT_IPC, ACL_EVENT_SYNC, ACL_EVENT_TIME_LINE,
};

pub(crate) use self::record::Record;
use self::record::{ExternalWait, RecordWait};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::graph::not_captured;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::numbers::Number;
use crate::shared_event::SharedEvent;
use crate::stream::Stream;
use crate::sync::lock;
use crate::world::World;

const SYNC: u32 = ACL_EVENT_SYNC.cast_unsigned();
const PROGRESS: u32 = ACL_EVENT_CAPTURE_STREAM_PROGRESS.cast_unsigned();
const TIME_LINE: u32 = ACL_EVENT_TIME_LINE.cast_unsigned();
const DEVICE_USE_ONLY: u32 = ACL_EVENT_DEVICE_USE_ONLY.cast_unsigned();
const EXTERNAL: u32 = ACL_EVENT_EXTERNAL.cast_unsigned();
const IPC: u32 = ACL_EVENT_IPC.cast_unsigned();

/// All bits that `aclrtCreateEventWithFlag` takes; one of them is the runtime's own.
const ALL_PLAIN: u32 = 0x3F;

/// The call that made an event; what may be done with it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// `aclrtCreateEvent`
    Plain,
    /// `aclrtCreateEventWithFlag`
    Flagged,
    /// `aclrtCreateEventExWithFlag`
    Extended,
}

pub(crate) struct Event {
    maker: Maker,
    flags: u32,
    device: u32,
    /// Its number on the device, which only some makers take at once.
    number: OnceLock<Arc<Number>>,
    /// What it is to other processes, if it may be shared.
    shared: Option<Arc<SharedEvent>>,
    /// Held by every wait that is not over.
    waits: Arc<()>,
    state: Mutex<EventState>,
}

struct EventState {
    /// The latest record, or the one that the first record will complete.
    record: Arc<Record>,
    /// The stream of the latest record; `None` if there was none, or if it was reset.
    recorded_on: Option<u64>,
    /// Whether a graph records it for what is outside.
    is_external: bool,
}

impl Object for Event {
    const KIND: Kind = Kind::Event;
}

impl Event {
    fn is_extended(&self) -> bool {
        self.maker == Maker::Extended
    }

    fn new(maker: Maker, flags: u32, device: u32, shared: Option<Arc<SharedEvent>>) -> Self {
        Self {
            maker,
            flags,
            device,
            number: OnceLock::new(),
            shared,
            waits: Arc::default(),
            state: Mutex::new(EventState {
                record: Arc::default(),
                recorded_on: None,
                is_external: false,
            }),
        }
    }

    /// Its number; the first one to need it waits until there is one.
    fn number(&self, world: &World) -> &Arc<Number> {
        let take = || Arc::new(world.event_numbers.wait_for(self.device));
        self.number.get_or_init(take)
    }

    /// Has the latest record submitted. The event shows it before, and is not locked meanwhile: a
    /// submission may wait for room, and others may ask about the event or record it again.
    fn submit_latest(
        &self,
        mut state: MutexGuard<'_, EventState>,
        latest: EventState,
        submit: impl FnOnce(&Arc<Record>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let record = Arc::clone(&latest.record);
        let before = mem::replace(&mut *state, latest);
        drop(state);
        let outcome = submit(&record);
        if let Err(fault) = &outcome {
            self.take_back(&record, before, fault);
        }
        outcome
    }

    /// Forgets a record that was not submitted, unless there is a later one. Who waits for it by
    /// then is told, but not who waits for the first record, which may still come.
    fn take_back(&self, record: &Arc<Record>, before: EventState, why: &Fault) {
        let mut state = lock(&self.state);
        let is_latest = Arc::ptr_eq(&state.record, record);
        let may_come = is_latest && Arc::ptr_eq(&before.record, record);
        if is_latest {
            *state = before;
        }
        drop(state);
        if !may_come {
            record.abandon(why.clone());
        }
    }

    /// What external records and waits take: an extended event that orders streams and no more.
    fn check_external(&self) -> Result<(), Fault> {
        if self.is_extended() && self.flags == SYNC {
            return Ok(());
        }
        Err(unsupported(
            "external records and waits take events of aclrtCreateEventExWithFlag with \
             ACL_EVENT_SYNC alone",
        ))
    }

    /// The latest record, if there is one.
    fn recorded(&self) -> Option<Arc<Record>> {
        let state = lock(&self.state);
        state.recorded_on.map(|_| Arc::clone(&state.record))
    }
}

/// Refuses what a kind of event does not support (207000).
fn unsupported(what: &str) -> Fault {
    Fault::new(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, what)
}

/// The flags that each maker takes (R-148…R-150).
fn check_flags(maker: Maker, flags: u32) -> Result<u32, Fault> {
    let refused = || {
        Err(Fault::runtime_argument(format!(
            "{flags:#x} is no set of event flags"
        )))
    };
    match maker {
        Maker::Plain => Ok(SYNC | PROGRESS | TIME_LINE),
        Maker::Flagged => {
            let alone = [DEVICE_USE_ONLY, EXTERNAL];
            let combined = alone.iter().any(|bit| flags & bit != 0 && flags != *bit);
            if flags == 0 || flags > ALL_PLAIN || combined {
                return refused();
            }
            Ok(flags)
        }
        Maker::Extended if flags == IPC => Ok(flags),
        Maker::Extended => {
            if flags == 0 || flags & !(SYNC | PROGRESS | TIME_LINE) != 0 {
                return refused();
            }
            Ok(flags)
        }
    }
}

impl Entry<'_> {
    /// R-147…R-151.
    pub(crate) fn create_event(&self, maker: Maker, flags: u32) -> Result<u64, Fault> {
        let flags = check_flags(maker, flags)?;
        let device = self.context()?.device;
        let shared = match flags {
            IPC => Some(SharedEvent::create()?),
            _ => None,
        };
        let event = Event::new(maker, flags, device, shared);
        if maker == Maker::Flagged {
            let numbers = &self.world.event_numbers;
            let number = numbers.take(device).ok_or_else(|| {
                Fault::new(
                    ACL_ERROR_RT_NO_EVENT_RESOURCE,
                    format!(
                        "all {} events of device {device} are in use",
                        numbers.limit()
                    ),
                )
            })?;
            event.number.get_or_init(|| Arc::new(number));
        }
        Ok(self.world.events.insert(self.origin, |_| event).0)
    }

    /// How many events the current device can still number.
    pub(crate) fn events_left(&self) -> Result<u32, Fault> {
        let device = self.context()?.device;
        Ok(self.world.event_numbers.available(device))
    }

    /// An event's number on its device.
    pub(crate) fn event_id(&self, event: u64) -> Result<u32, Fault> {
        let event = self.world.events.get(event)?;
        Ok(event.number(self.world).value)
    }

    /// What another process opens an event by.
    pub(crate) fn event_key(&self, event: u64) -> Result<String, Fault> {
        let event = self.world.events.get(event)?;
        let shared = event.shared.as_ref();
        shared.map(|shared| shared.key().to_owned()).ok_or_else(|| {
            Fault::runtime_argument("only events with the flag ACL_EVENT_IPC have a handle")
        })
    }

    pub(crate) fn open_event(&self, key: &str) -> Result<u64, Fault> {
        let device = self.context()?.device;
        let shared = Some(SharedEvent::open(key)?);
        let event = Event::new(Maker::Extended, IPC, device, shared);
        Ok(self.world.events.insert(self.origin, |_| event).0)
    }

    ///
    pub(crate) fn destroy_event(&self, handle: u64) -> Result<(), Fault> {
        self.world.events.remove(handle).map(|_| ())
    }

    ///
    pub(crate) fn record_event(&self, event: u64, stream: u64) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        if let Some(shared) = &event.shared {
            return self.record_shared(shared, &stream);
        }
        let number = event.number(self.world);
        let state = lock(&event.state);
        if state.is_external {
            return Err(mixed_records());
        }
        let record = match state.recorded_on {
            None if !stream.is_captured() => Arc::clone(&state.record),
            _ => Arc::default(),
        };
        record.number.get_or_init(|| Arc::clone(number));
        let latest = EventState {
            record,
            recorded_on: Some(stream.handle),
            is_external: false,
        };
        event.submit_latest(state, latest, |record| self.submit_record(&stream, record))
    }

    fn record_shared(&self, shared: &Arc<SharedEvent>, stream: &Stream) -> Result<(), Fault> {
        if stream.is_captured() {
            return Err(unsupported("events of several processes are not captured"));
        }
        let shared = shared.record(self.world, stream)?;
        let record = Arc::new(Record::of_shared(shared.clone()));
        let outcome = self.submit_record(stream, &record);
        if outcome.is_err() {
            shared.end(true);
        }
        outcome
    }

    /// Makes a graph that is captured record an event for what is outside of it.
    pub(crate) fn record_event_externally(&self, event: u64, stream: u64) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        event.check_external()?;
        let state = lock(&event.state);
        if state.recorded_on.is_some() && !state.is_external {
            return Err(mixed_records());
        }
        check_captured(&stream)?;
        let record = match state.recorded_on {
            None => Arc::clone(&state.record),
            Some(_) => Arc::default(),
        };
        let latest = EventState {
            record,
            recorded_on: Some(0), // no stream
            is_external: true,
        };
        event.submit_latest(state, latest, |record| {
            let record = Arc::clone(record);
            self.submit_work(&stream, move |_| {
                record.complete();
                Ok(())
            })
        })
    }

    /// Makes a graph that is captured wait for an event of what is outside of it.
    pub(crate) fn wait_for_external_event(&self, stream: u64, event: u64) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        event.check_external()?;
        check_captured(&stream)?;
        let limit = self.world.time_limits.wait();
        self.submit_wait(&stream, Arc::new(ExternalWait(event)), limit)
    }

    /// R-160…R-164. Without a limit of its own the wait has that of all waits.
    pub(crate) fn wait_for_event(
        &self,
        stream: u64,
        event: u64,
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        let limit = limit.or_else(|| self.world.time_limits.wait());
        if let Some(shared) = &event.shared {
            return match shared.latest() {
                Some(record) => self.submit_wait(&stream, Arc::new(record), limit),
                None => Ok(()),
            };
        }
        let state = lock(&event.state);
        match state.recorded_on {
            None if event.is_extended() => Ok(()),
            None if event.flags & SYNC == 0 => Err(Fault::new(
                ACL_ERROR_RT_PARAM_INVALID,
                "the event was never recorded, and is not one that streams can wait for ahead",
            )),
            Some(recorded_on) if recorded_on == stream.handle => Ok(()),
            _ => {
                let record = Arc::clone(&state.record);
                drop(state); // a submission may wait for room
                let on = Arc::new(RecordWait {
                    record: Arc::clone(&record),
                    _counted: Arc::clone(&event.waits),
                });
                self.submit_wait_for_record(&stream, &record, on, limit)
            }
        }
    }

    ///
    pub(crate) fn reset_event(&self, event: u64, stream: u64) -> Result<(), Fault> {
        let event = self.world.events.get(event)?;
        let stream = self.own_stream(stream)?;
        if event.maker != Maker::Flagged || event.flags & SYNC == 0 {
            return Err(unsupported(
                "only events of aclrtCreateEventWithFlag with ACL_EVENT_SYNC are reset",
            ));
        }
        self.submit_work(&stream, |_| Ok(()))?;
        let mut state = lock(&event.state);
        state.record = Arc::default();
        state.recorded_on = None;
        Ok(())
    }
}

/// External records are made in captures only (107029).
fn check_captured(stream: &Stream) -> Result<(), Fault> {
    if stream.is_captured() {
        return Ok(());
    }
    Err(not_captured(stream.id))
}

fn mixed_records() -> Fault {
    Fault::runtime_argument("an event is recorded with one flag only, and was with another one")
}
