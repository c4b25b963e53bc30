//! What streams are made with: `aclrtCreateStreamV2`.

use std::sync::{Arc, Mutex};

use ascend_sys::aclrtStreamConfigAttr;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::lock;

/// The memory for work is the program's own affair: it is not needed here.
#[derive(Default)]
pub(crate) struct StreamConfig(Mutex<Options>);

#[derive(Default)]
struct Options {
    flags: u32,
    priority: u32,
}

impl Object for StreamConfig {
    const KIND: Kind = Kind::StreamConfig;
}

impl StreamConfig {
    pub(crate) fn flags(&self) -> u32 {
        lock(&self.0).flags
    }

    pub(crate) fn priority(&self) -> u32 {
        lock(&self.0).priority
    }

    pub(crate) fn set(
        &self,
        attribute: aclrtStreamConfigAttr,
        value: u64,
        bytes: usize,
    ) -> Result<(), Fault> {
        let expected = match attribute {
            aclrtStreamConfigAttr::ACL_RT_STREAM_PRIORITY => 4,
            aclrtStreamConfigAttr::ACL_RT_STREAM_WORK_ADDR_PTR
            | aclrtStreamConfigAttr::ACL_RT_STREAM_WORK_SIZE
            | aclrtStreamConfigAttr::ACL_RT_STREAM_FLAG => 8,
            other => {
                let text = format!("{} is no option of a stream", other.0);
                return Err(Fault::argument(text));
            }
        };
        if bytes != expected {
            return Err(Fault::argument(format!(
                "the option takes a value of {expected} bytes, {bytes} are given"
            )));
        }
        let mut options = lock(&self.0);
        let number = u32::try_from(value).unwrap_or(u32::MAX);
        match attribute {
            aclrtStreamConfigAttr::ACL_RT_STREAM_PRIORITY => options.priority = number,
            aclrtStreamConfigAttr::ACL_RT_STREAM_FLAG => options.flags = number,
            _ => {}
        }
        Ok(())
    }
}

impl Entry<'_> {
    pub(crate) fn create_stream_config(&self) -> u64 {
        let configs = &self.world.stream_configs;
        configs.insert(self.origin, |_| StreamConfig::default()).0
    }

    pub(crate) fn stream_config(&self, handle: u64) -> Result<Arc<StreamConfig>, Fault> {
        self.world.stream_configs.get(handle)
    }

    pub(crate) fn destroy_stream_config(&self, handle: u64) -> Result<(), Fault> {
        self.world.stream_configs.remove(handle).map(|_| ())
    }
}
