//! The options of the compiler of single operators.

use std::collections::BTreeMap;
use std::ffi::CStr;
use std::sync::Mutex;

use ascend_sys::{aclCompileOpt, aclOpCompileFlag};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Registry, kinds};
use crate::ledger::Live;
use crate::sync::lock;

#[derive(Default)]
pub(crate) struct OpCompiler {
    pub(crate) graph_dumps: Registry<GraphDumpOption>,
    options: Mutex<BTreeMap<u32, String>>,
    flag: Mutex<Option<u32>>,
}

/// Options that have no setters.
pub(crate) struct GraphDumpOption;

kinds! {
    GraphDumpOption => GraphDumpOption;
}

impl OpCompiler {
    pub(crate) fn live(&self) -> Vec<Live> {
        self.graph_dumps.live()
    }

    pub(crate) fn set(&self, option: aclCompileOpt, value: &CStr) -> Result<(), Fault> {
        check(option)?;
        let value = value
            .to_str()
            .map_err(|error| Fault::argument(format!("value is no text: {error}")))?;
        lock(&self.options).insert(option.0, value.to_owned());
        Ok(())
    }

    /// Whether operators are compiled for shapes that may change.
    pub(crate) fn set_flag(&self, flag: aclOpCompileFlag) -> Result<(), Fault> {
        if flag.0 > aclOpCompileFlag::ACL_OP_COMPILE_FUZZ.0 {
            return Err(Fault::argument(format!("there is no flag {}", flag.0)));
        }
        *lock(&self.flag) = Some(flag.0);
        Ok(())
    }
}

fn check(option: aclCompileOpt) -> Result<(), Fault> {
    if option.0 > aclCompileOpt::ACL_OP_DEBUG_OPTION.0 {
        return Err(Fault::argument(format!("there is no option {}", option.0)));
    }
    Ok(())
}

impl Entry<'_> {
    pub(crate) fn create_graph_dump_option(&self) -> u64 {
        let options = &self.world.op_compiler.graph_dumps;
        options.insert(self.origin, |_| GraphDumpOption).0
    }

    /// What an option was set to. One has a default, which the chip decides.
    pub(crate) fn compile_option(&self, option: aclCompileOpt) -> Result<String, Fault> {
        check(option)?;
        if let Some(value) = lock(&self.world.op_compiler.options).get(&option.0) {
            return Ok(value.clone());
        }
        if option == aclCompileOpt::ACL_OP_JIT_COMPILE {
            let name = self.world.profile.name;
            let has_binaries = name.starts_with("Ascend910B") || name.starts_with("Ascend910_93");
            return Ok(if has_binaries { "disable" } else { "enable" }.to_owned());
        }
        Err(Fault::argument(format!("option {} is not set", option.0)))
    }
}
