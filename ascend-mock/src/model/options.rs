//! What programs say about how a model is loaded or run.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::sync::Mutex;

use ascend_sys::{
    ACL_MDL_LOAD_FROM_FILE, ACL_MDL_LOAD_FROM_FILE_WITH_MEM, ACL_MDL_LOAD_FROM_FILE_WITH_Q,
    ACL_MDL_LOAD_FROM_MEM, ACL_MDL_LOAD_FROM_MEM_WITH_MEM, ACL_MDL_LOAD_FROM_MEM_WITH_Q,
    aclmdlConfigAttr as Load, aclmdlExecConfigAttr as Exec,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::lock;

use super::host::Span;

/// The priorities of models are those of streams: 0 is the greatest.
const PRIORITIES: std::ops::RangeInclusive<i32> = 0..=7;
/// External weights are as many bytes as a multiple of this.
const WEIGHT_ALIGNMENT: usize = 32;

/// How an attribute's value is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Int,
    Size,
    Address,
    /// An address of a text, which is copied.
    Text,
}

impl Form {
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Int => size_of::<i32>(),
            Self::Size | Self::Address | Self::Text => size_of::<usize>(),
        }
    }
}

/// An attribute's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Int(i32),
    Size(usize),
    Address(usize),
    Text(CString),
}

/// Attributes by number.
type Values = BTreeMap<u32, Value>;

fn known(values: &Values, attribute: Load) -> Option<&Value> {
    values.get(&attribute.0)
}

fn number(values: &Values, attribute: Load) -> Option<usize> {
    match known(values, attribute) {
        Some(Value::Size(number) | Value::Address(number)) => Some(*number).filter(|&n| n != 0),
        _ => None,
    }
}

fn text(values: &Values, attribute: Load) -> Option<CString> {
    match known(values, attribute) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// The form of an attribute of loading.
pub(crate) fn load_form(attribute: Load) -> Option<Form> {
    Some(match attribute {
        Load::ACL_MDL_PRIORITY_INT32 | Load::ACL_MDL_WITHOUT_GRAPH_INT32 => Form::Int,
        Load::ACL_MDL_PATH_PTR | Load::ACL_MDL_WEIGHT_PATH_PTR => Form::Text,
        Load::ACL_MDL_LOAD_TYPE_SIZET
        | Load::ACL_MDL_MEM_SIZET
        | Load::ACL_MDL_WEIGHT_SIZET
        | Load::ACL_MDL_WORKSPACE_SIZET
        | Load::ACL_MDL_INPUTQ_NUM_SIZET
        | Load::ACL_MDL_OUTPUTQ_NUM_SIZET
        | Load::ACL_MDL_WORKSPACE_MEM_OPTIMIZE
        | Load::ACL_MDL_MODEL_DESC_SIZET
        | Load::ACL_MDL_KERNEL_SIZET
        | Load::ACL_MDL_KERNEL_ARGS_SIZET
        | Load::ACL_MDL_STATIC_TASK_SIZET
        | Load::ACL_MDL_DYNAMIC_TASK_SIZET
        | Load::ACL_MDL_MEM_MALLOC_POLICY_SIZET
        | Load::ACL_MDL_FIFO_SIZET => Form::Size,
        Load::ACL_MDL_MEM_ADDR_PTR
        | Load::ACL_MDL_WEIGHT_ADDR_PTR
        | Load::ACL_MDL_WORKSPACE_ADDR_PTR
        | Load::ACL_MDL_INPUTQ_ADDR_PTR
        | Load::ACL_MDL_OUTPUTQ_ADDR_PTR
        | Load::ACL_MDL_MODEL_DESC_PTR
        | Load::ACL_MDL_KERNEL_PTR
        | Load::ACL_MDL_KERNEL_ARGS_PTR
        | Load::ACL_MDL_STATIC_TASK_PTR
        | Load::ACL_MDL_DYNAMIC_TASK_PTR
        | Load::ACL_MDL_FIFO_PTR => Form::Address,
        _ => return None,
    })
}

/// The form of an attribute of running.
pub(crate) fn exec_form(attribute: Exec) -> Option<Form> {
    Some(match attribute {
        Exec::ACL_MDL_STREAM_SYNC_TIMEOUT
        | Exec::ACL_MDL_EVENT_SYNC_TIMEOUT
        | Exec::ACL_MDL_EXEC_PRIORITY_INT32
        | Exec::ACL_MDL_NPU_PERF_MODE => Form::Int,
        Exec::ACL_MDL_WORK_ADDR_PTR => Form::Address,
        Exec::ACL_MDL_WORK_SIZET
        | Exec::ACL_MDL_MPAIMID_SIZET
        | Exec::ACL_MDL_AICQOS_SIZET
        | Exec::ACL_MDL_AICOST_SIZET
        | Exec::ACL_MDL_MEC_TIMETHR_SIZET => Form::Size,
        _ => return None,
    })
}

/// What `aclmdlCreateConfigHandle` makes.
#[derive(Default)]
pub(crate) struct LoadConfig(Mutex<LoadValues>);

#[derive(Clone, Default)]
struct LoadValues {
    values: Values,
    external: BTreeMap<String, Span>,
}

impl Object for LoadConfig {
    const KIND: Kind = Kind::LoadConfig;
}

/// What `aclmdlCreateExecConfigHandle` makes.
#[derive(Default)]
pub(crate) struct ExecConfig(Mutex<Values>);

impl Object for ExecConfig {
    const KIND: Kind = Kind::ExecConfig;
}

/// Where a configured model comes from.
pub(crate) enum Origin {
    File(CString),
    Memory(usize, usize),
}

/// A configuration in the words of loading.
pub(crate) struct Configured {
    pub(crate) origin: Origin,
    /// The work of a loaded model comes by queues.
    pub(crate) by_queues: bool,
    /// The number of queues for inputs and outputs.
    pub(crate) queues: [usize; 2],
    pub(crate) common: Common,
}

/// What also holds for a model of a bundle.
pub(crate) struct Common {
    pub(crate) work: Option<Span>,
    pub(crate) weights: Option<Span>,
    pub(crate) weight_folder: Option<CString>,
    pub(crate) external: BTreeMap<String, Span>,
    pub(crate) priority: i32,
}

impl LoadValues {
    fn common(&self, with_memory: bool) -> Common {
        let span = |address, bytes| {
            let address = number(&self.values, address).filter(|_| with_memory)?;
            let bytes = number(&self.values, bytes).unwrap_or(0);
            Some(Span { address, bytes })
        };
        let priority = match known(&self.values, Load::ACL_MDL_PRIORITY_INT32) {
            Some(Value::Int(priority)) => *priority,
            _ => 0,
        };
        Common {
            work: span(
                Load::ACL_MDL_WORKSPACE_ADDR_PTR,
                Load::ACL_MDL_WORKSPACE_SIZET,
            ),
            weights: span(Load::ACL_MDL_WEIGHT_ADDR_PTR, Load::ACL_MDL_WEIGHT_SIZET),
            weight_folder: text(&self.values, Load::ACL_MDL_WEIGHT_PATH_PTR),
            external: self.external.clone(),
            priority,
        }
    }

    /// What the type of loading needs is there.
    fn configured(&self) -> Result<Configured, Fault> {
        let values = &self.values;
        let missing = |what: &str| Fault::argument(format!("the configuration lacks {what}"));
        let kind = match known(values, Load::ACL_MDL_LOAD_TYPE_SIZET) {
            Some(Value::Size(kind)) => i32::try_from(*kind).unwrap_or(0),
            _ => return Err(missing("ACL_MDL_LOAD_TYPE_SIZET")),
        };
        let from_file = match kind {
            ACL_MDL_LOAD_FROM_FILE
            | ACL_MDL_LOAD_FROM_FILE_WITH_MEM
            | ACL_MDL_LOAD_FROM_FILE_WITH_Q => true,
            ACL_MDL_LOAD_FROM_MEM
            | ACL_MDL_LOAD_FROM_MEM_WITH_MEM
            | ACL_MDL_LOAD_FROM_MEM_WITH_Q => false,
            other => return Err(Fault::argument(format!("{other} is no type of loading"))),
        };
        let origin = if from_file {
            let path = text(values, Load::ACL_MDL_PATH_PTR);
            let path = path.ok_or_else(|| missing("ACL_MDL_PATH_PTR"))?;
            if known(values, Load::ACL_MDL_WEIGHT_PATH_PTR).is_some() {
                return Err(Fault::argument(
                    "ACL_MDL_WEIGHT_PATH_PTR is for models from memory; those from a file have their \
                     weights beside it",
                ));
            }
            Origin::File(path)
        } else {
            let address = number(values, Load::ACL_MDL_MEM_ADDR_PTR);
            let bytes = number(values, Load::ACL_MDL_MEM_SIZET);
            Origin::Memory(
                address.ok_or_else(|| missing("ACL_MDL_MEM_ADDR_PTR"))?,
                bytes.ok_or_else(|| missing("ACL_MDL_MEM_SIZET"))?,
            )
        };
        let by_queues = matches!(
            kind,
            ACL_MDL_LOAD_FROM_FILE_WITH_Q | ACL_MDL_LOAD_FROM_MEM_WITH_Q
        );
        let mut queues = [0; 2];
        if by_queues {
            for (attribute, what) in [
                (Load::ACL_MDL_INPUTQ_ADDR_PTR, "ACL_MDL_INPUTQ_ADDR_PTR"),
                (Load::ACL_MDL_OUTPUTQ_ADDR_PTR, "ACL_MDL_OUTPUTQ_ADDR_PTR"),
            ] {
                number(values, attribute).ok_or_else(|| missing(what))?;
            }
            queues = [
                number(values, Load::ACL_MDL_INPUTQ_NUM_SIZET)
                    .ok_or_else(|| missing("ACL_MDL_INPUTQ_NUM_SIZET"))?,
                number(values, Load::ACL_MDL_OUTPUTQ_NUM_SIZET)
                    .ok_or_else(|| missing("ACL_MDL_OUTPUTQ_NUM_SIZET"))?,
            ];
        }
        let with_memory = matches!(
            kind,
            ACL_MDL_LOAD_FROM_FILE_WITH_MEM | ACL_MDL_LOAD_FROM_MEM_WITH_MEM
        );
        Ok(Configured {
            origin,
            by_queues,
            queues,
            common: self.common(with_memory),
        })
    }
}

impl Entry<'_> {
    pub(crate) fn create_load_config(&self) -> u64 {
        let configs = &self.world.load_configs;
        configs.insert(self.origin, |_| LoadConfig::default()).0
    }

    pub(crate) fn create_exec_config(&self) -> u64 {
        let configs = &self.world.exec_configs;
        configs.insert(self.origin, |_| ExecConfig::default()).0
    }

    ///
    pub(crate) fn set_load_option(
        &self,
        handle: u64,
        attribute: Load,
        value: Value,
    ) -> Result<(), Fault> {
        let config = self.world.load_configs.get(handle)?;
        let refused = |why: &str| Err(Fault::argument(format!("{value:?} is {why}")));
        match (attribute, &value) {
            (Load::ACL_MDL_PRIORITY_INT32, Value::Int(priority))
                if !PRIORITIES.contains(priority) =>
            {
                return refused("no priority, which are 0 to 7");
            }
            (Load::ACL_MDL_WORKSPACE_MEM_OPTIMIZE, Value::Size(2..))
            | (Load::ACL_MDL_WITHOUT_GRAPH_INT32, Value::Int(..0 | 2..)) => {
                return refused("no switch, which are 0 or 1");
            }
            _ => {}
        }
        lock(&config.0).values.insert(attribute.0, value);
        Ok(())
    }

    ///
    pub(crate) fn set_exec_option(
        &self,
        handle: u64,
        attribute: Exec,
        value: Value,
    ) -> Result<(), Fault> {
        let config = self.world.exec_configs.get(handle)?;
        let is_timeout = matches!(
            attribute,
            Exec::ACL_MDL_STREAM_SYNC_TIMEOUT | Exec::ACL_MDL_EVENT_SYNC_TIMEOUT
        );
        if let (true, Value::Int(time @ ..-1)) = (is_timeout, &value) {
            return Err(Fault::argument(format!(
                "timeout {time} ms is below -1, which stands for no limit"
            )));
        }
        lock(&config.0).insert(attribute.0, value);
        Ok(())
    }

    ///
    pub(crate) fn set_external_weight(
        &self,
        handle: u64,
        name: &str,
        span: Span,
    ) -> Result<(), Fault> {
        let config = self.world.load_configs.get(handle)?;
        if span.bytes == 0 || !span.bytes.is_multiple_of(WEIGHT_ALIGNMENT) {
            return Err(Fault::argument(format!(
                "size {} is not a multiple of {WEIGHT_ALIGNMENT} above 0",
                span.bytes
            )));
        }
        lock(&config.0).external.insert(name.to_owned(), span);
        Ok(())
    }

    pub(crate) fn configured(&self, handle: u64) -> Result<Configured, Fault> {
        let config = self.world.load_configs.get(handle)?;
        let values = lock(&config.0).clone();
        values.configured()
    }

    /// For a model of a bundle, which has a source of its own.
    pub(crate) fn configured_in_bundle(&self, handle: u64) -> Result<Common, Fault> {
        let config = self.world.load_configs.get(handle)?;
        let values = lock(&config.0).clone();
        Ok(values.common(true))
    }

    /// How long a run may wait for its stream, in ms; -1 for ever.
    pub(crate) fn stream_timeout(&self, handle: u64) -> Result<i32, Fault> {
        let config = self.world.exec_configs.get(handle)?;
        let values = lock(&config.0);
        Ok(match values.get(&Exec::ACL_MDL_STREAM_SYNC_TIMEOUT.0) {
            Some(Value::Int(time)) => *time,
            _ => -1,
        })
    }
}
