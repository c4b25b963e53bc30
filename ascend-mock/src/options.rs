//! Options that say how to compute, of a process or of a context.

use std::sync::Mutex;

use ascend_sys::{ACL_ERROR_RT_SYSPARAMOPT_NOT_SET, aclSysParamOpt};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::lock;

/// The options by their numbers; those that nobody set are `None`.
#[derive(Default)]
pub(crate) struct Options(Mutex<[Option<i64>; 4]>);

impl Options {
    fn set(&self, option: usize, value: i64) -> Result<(), Fault> {
        let most = if option == aclSysParamOpt::ACL_OPT_DETERMINISTIC.0 as usize {
            3
        } else {
            1
        };
        if !(0..=most).contains(&value) {
            return Err(Fault::runtime_argument(format!(
                "{value} is no value for option {option}: 0 to {most} are"
            )));
        }
        lock(&self.0)[option] = Some(value);
        Ok(())
    }

    fn get(&self, option: usize) -> Option<i64> {
        lock(&self.0)[option]
    }
}

impl Entry<'_> {
    ///
    pub(crate) fn set_context_option(
        &self,
        option: aclSysParamOpt,
        value: i64,
    ) -> Result<(), Fault> {
        let option = index_of(option)?;
        self.context()?.options.set(option, value)
    }

    ///
    pub(crate) fn context_option(&self, option: aclSysParamOpt) -> Result<i64, Fault> {
        let index = index_of(option)?;
        self.context()?.options.get(index).ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_SYSPARAMOPT_NOT_SET,
                format!("option {index} was never set in the current context"),
            )
        })
    }

    pub(crate) fn set_process_option(
        &self,
        option: aclSysParamOpt,
        value: i64,
    ) -> Result<(), Fault> {
        self.world.system.options.set(index_of(option)?, value)
    }

    /// 0 for an option that was never set.
    pub(crate) fn process_option(&self, option: aclSysParamOpt) -> Result<i64, Fault> {
        let option = index_of(option)?;
        Ok(self.world.system.options.get(option).unwrap_or(0))
    }
}

fn index_of(option: aclSysParamOpt) -> Result<usize, Fault> {
    if option.0 > aclSysParamOpt::ACL_OPT_ENABLE_KERNEL_EARLY_START.0 {
        return Err(Fault::argument(format!("{} is no option", option.0)));
    }
    Ok(option.0 as usize)
}
