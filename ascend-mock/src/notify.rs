//! Notifies: marks that one stream sets and one other waits for and takes away; and notifies that
//! count.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ascend_sys::{
    ACL_ERROR_RT_IPC_ERROR, ACL_ERROR_RT_NO_NOTIFY_RESOURCE, ACL_ERROR_RT_NO_PERMISSION,
};

use crate::counter::{Condition, Counter, CounterWait};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::numbers::Number;
use crate::shared_page::{Purpose, SharedPage, WORDS};

/// Words of a notify's page, after its value.
const ID: usize = 1;
/// Nonzero if any process may import.
const IS_OPEN: usize = 2;
/// How many processes may; their numbers follow.
const IMPORTERS: usize = 3;
const FIRST_IMPORTER: usize = 4;
const MAX_IMPORTERS: usize = WORDS - FIRST_IMPORTER;

pub(crate) struct Notify {
    id: Id,
    value: Arc<Counter>,
}

enum Id {
    Own(Number),
    OfExporter(u32),
}

impl Object for Notify {
    const KIND: Kind = Kind::Notify;
}

impl Notify {
    fn id(&self) -> u32 {
        match &self.id {
            Id::Own(number) => number.value,
            Id::OfExporter(id) => *id,
        }
    }
}

/// A notify that counts.
pub(crate) struct CountNotify {
    id: Number,
    value: Arc<Counter>,
}

impl Object for CountNotify {
    const KIND: Kind = Kind::CountNotify;
}

/// How a record changes a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Set(u32),
    Add(u32),
    Or(u32),
    And(u32),
}

impl Change {
    fn apply(self, value: u32) -> u32 {
        match self {
            Self::Set(other) => other,
            Self::Add(other) => value.wrapping_add(other),
            Self::Or(other) => value | other,
            Self::And(other) => value & other,
        }
    }
}

/// Waits of notifies are limited in seconds; 0 stands for no limit.
fn limit(seconds: u32) -> Option<Duration> {
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
}

impl Entry<'_> {
    fn take_notify_number(&self) -> Result<Number, Fault> {
        let device = self.context()?.device;
        let numbers = &self.world.notify_numbers;
        numbers.take(device).ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_NO_NOTIFY_RESOURCE,
                format!(
                    "all {} notifies of device {device} are in use",
                    numbers.limit()
                ),
            )
        })
    }

    ///
    pub(crate) fn create_notify(&self) -> Result<u64, Fault> {
        let id = Id::Own(self.take_notify_number()?);
        let value = Arc::default();
        let notify = Notify { id, value };
        Ok(self.world.notifies.insert(self.origin, |_| notify).0)
    }

    pub(crate) fn destroy_notify(&self, notify: u64) -> Result<(), Fault> {
        self.world.notifies.remove(notify).map(|_| ())
    }

    pub(crate) fn notify_id(&self, notify: u64) -> Result<u32, Fault> {
        self.world.notifies.get(notify).map(|notify| notify.id())
    }

    pub(crate) fn record_notify(&self, notify: u64, stream: u64) -> Result<(), Fault> {
        let notify = self.world.notifies.get(notify)?;
        let stream = self.own_stream(stream)?;
        self.submit_work(&stream, move |_| {
            notify.value.change(|_| 1);
            Ok(())
        })
    }

    pub(crate) fn wait_for_notify(
        &self,
        notify: u64,
        stream: u64,
        seconds: u32,
    ) -> Result<(), Fault> {
        let notify = self.world.notifies.get(notify)?;
        let stream = self.own_stream(stream)?;
        let wait = CounterWait {
            counter: Arc::clone(&notify.value),
            condition: Condition::Equal(1),
            clears: true,
        };
        self.submit_wait(&stream, Arc::new(wait), limit(seconds))
    }

    /// Resets notifies at once, whatever streams are about to do.
    pub(crate) fn reset_notifies(&self, notifies: &[u64]) -> Result<(), Fault> {
        self.context()?;
        let notifies = notifies
            .iter()
            .map(|notify| self.world.notifies.get(*notify));
        let notifies: Vec<Arc<Notify>> = notifies.collect::<Result<_, _>>()?;
        for notify in notifies {
            notify.value.change(|_| 0);
        }
        Ok(())
    }

    /// Shares a notify with other processes, and gives the key. Unless it is open, only
    /// [admitted](Self::admit_to_notify) processes may import it.
    pub(crate) fn export_notify(&self, notify: u64, is_open: bool) -> Result<String, Fault> {
        let notify = self.world.notifies.get(notify)?;
        self.context()?;
        let page = notify.value.share(|| {
            let page = SharedPage::create(Purpose::Notify)?;
            page.word(ID).store(notify.id().into(), Ordering::Release);
            Ok(page)
        })?;
        let is_open = u64::from(is_open);
        page.word(IS_OPEN).store(is_open, Ordering::Release);
        Ok(page.key().to_owned())
    }

    /// Adds processes that may import an exported notify.
    pub(crate) fn admit_to_notify(&self, notify: u64, processes: &[i32]) -> Result<(), Fault> {
        let notify = self.world.notifies.get(notify)?;
        let page = notify.value.page().ok_or_else(|| {
            Fault::runtime_argument("the notify has no key yet: call aclrtNotifyGetExportKey first")
        })?;
        for process in processes {
            let process = u64::try_from(*process)
                .map_err(|_| Fault::runtime_argument(format!("{process} is no process id")))?;
            let count = usize::try_from(page.word(IMPORTERS).load(Ordering::Acquire));
            let count = count.unwrap_or(MAX_IMPORTERS);
            if count >= MAX_IMPORTERS {
                return Err(Fault::runtime_argument(format!(
                    "more than {MAX_IMPORTERS} processes cannot import one notify"
                )));
            }
            let place = page.word(FIRST_IMPORTER + count);
            place.store(process, Ordering::Release);
            let count = count as u64 + 1;
            page.word(IMPORTERS).store(count, Ordering::Release);
        }
        Ok(())
    }

    pub(crate) fn import_notify(&self, key: &str) -> Result<u64, Fault> {
        self.context()?;
        let page = Arc::new(SharedPage::open(key, Purpose::Notify)?);
        if !may_import(&page) {
            return Err(Fault::new(
                ACL_ERROR_RT_NO_PERMISSION,
                "the exporter has not admitted this process: it has to call \
                 aclrtNotifySetImportPid",
            ));
        }
        let id = u32::try_from(page.word(ID).load(Ordering::Acquire))
            .map_err(|_| Fault::new(ACL_ERROR_RT_IPC_ERROR, "the notify's page is damaged"))?;
        let notify = Notify {
            id: Id::OfExporter(id),
            value: Arc::new(Counter::of_page(page)),
        };
        Ok(self.world.notifies.insert(self.origin, |_| notify).0)
    }

    pub(crate) fn create_count_notify(&self) -> Result<u64, Fault> {
        let id = self.take_notify_number()?;
        let value = Arc::default();
        let notify = CountNotify { id, value };
        Ok(self.world.count_notifies.insert(self.origin, |_| notify).0)
    }

    pub(crate) fn destroy_count_notify(&self, notify: u64) -> Result<(), Fault> {
        self.world.count_notifies.remove(notify).map(|_| ())
    }

    pub(crate) fn count_notify_id(&self, notify: u64) -> Result<u32, Fault> {
        let notify = self.world.count_notifies.get(notify)?;
        Ok(notify.id.value)
    }

    /// A record, or a reset.
    pub(crate) fn change_count(
        &self,
        notify: u64,
        stream: u64,
        change: Change,
    ) -> Result<(), Fault> {
        let notify = self.world.count_notifies.get(notify)?;
        let stream = self.own_stream(stream)?;
        self.submit_work(&stream, move |_| {
            notify.value.change(|value| change.apply(value));
            Ok(())
        })
    }

    pub(crate) fn wait_for_count(
        &self,
        notify: u64,
        stream: u64,
        condition: Condition,
        clears: bool,
        seconds: u32,
    ) -> Result<(), Fault> {
        let notify = self.world.count_notifies.get(notify)?;
        let stream = self.own_stream(stream)?;
        let wait = CounterWait {
            counter: Arc::clone(&notify.value),
            condition,
            clears,
        };
        self.submit_wait(&stream, Arc::new(wait), limit(seconds))
    }
}

fn may_import(page: &SharedPage) -> bool {
    if page.word(IS_OPEN).load(Ordering::Acquire) != 0 {
        return true;
    }
    let count = page.word(IMPORTERS).load(Ordering::Acquire);
    let count = usize::try_from(count).map_or(MAX_IMPORTERS, |count| count.min(MAX_IMPORTERS));
    let own = u64::from(std::process::id());
    (0..count).any(|index| page.word(FIRST_IMPORTER + index).load(Ordering::Acquire) == own)
}
