//! Single operators: their attributes, and the checks before one is looked for. None is ever found,
//! because operators are code for AI cores.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CStr, CString, OsStr};
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use ascend_sys::{
    ACL_ERROR_BIN_SELECTOR_ALREADY_REGISTERED, ACL_ERROR_BIN_SELECTOR_NOT_REGISTERED,
    ACL_ERROR_KERNEL_ALREADY_REGISTERED, ACL_ERROR_OP_NOT_FOUND, ACL_ERROR_READ_MODEL_FAILURE,
    ACL_ERROR_REPEAT_INITIALIZE, aclDataType,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Object, Registry};
use crate::ledger::{Kind, Live};
use crate::sync::lock;
use crate::world::World;

/// Folders within folders that are looked through for models.
const MAX_DEPTH: usize = 3;

#[derive(Default)]
pub(crate) struct Operators {
    pub(crate) attrs: Registry<Attr>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    has_models: bool,
    /// How many operators are kept; the CPU device keeps none.
    queue_length: Option<u64>,
    kernels: BTreeSet<CString>,
    selectors: BTreeSet<CString>,
}

/// Attributes of an operator, by name.
#[derive(Default)]
pub(crate) struct Attr(Mutex<BTreeMap<CString, Value>>);

impl Object for Attr {
    const KIND: Kind = Kind::OperatorAttr;
}

impl Attr {
    pub(crate) fn set(&self, name: &CStr, value: Value) {
        lock(&self.0).insert(name.to_owned(), value);
    }
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
#[allow(dead_code, reason = "operators that would read them are never found")]
pub(crate) enum Value {
    Bool(bool),
    Bools(Vec<bool>),
    Int(i64),
    Ints(Vec<i64>),
    IntLists(Vec<Vec<i64>>),
    Float(f32),
    Floats(Vec<f32>),
    Text(CString),
    Texts(Vec<CString>),
    DataType(aclDataType),
    DataTypes(Vec<aclDataType>),
}

/// The tensors of one side of an operator, by handles.
#[derive(Debug, Default)]
pub(crate) struct Tensors {
    pub(crate) descs: Vec<u64>,
    pub(crate) buffers: Vec<u64>,
}

impl Operators {
    pub(crate) fn live(&self) -> Vec<Live> {
        self.attrs.live()
    }

    ///
    pub(crate) fn set_queue_length(&self, length: u64) -> Result<(), Fault> {
        if length == 0 {
            return Err(Fault::argument("a queue for no operator is of no use"));
        }
        lock(&self.state).queue_length = Some(length);
        Ok(())
    }

    ///
    pub(crate) fn set_model_dir(&self, folder: &OsStr) -> Result<(), Fault> {
        let mut state = lock(&self.state);
        if state.has_models {
            return Err(Fault::new(
                ACL_ERROR_REPEAT_INITIALIZE,
                "a folder of operator models was set already",
            ));
        }
        let models = count_models(Path::new(folder), MAX_DEPTH)?;
        if models > 0 {
            tracing::warn!(
                "{} holds {models} operator models; the CPU device runs none of them",
                folder.display()
            );
        }
        state.has_models = true;
        Ok(())
    }

    pub(crate) fn add_kernel(&self, id: &CStr) -> Result<(), Fault> {
        if !lock(&self.state).kernels.insert(id.to_owned()) {
            return Err(Fault::new(
                ACL_ERROR_KERNEL_ALREADY_REGISTERED,
                format!("kernel {id:?} is registered already"),
            ));
        }
        Ok(())
    }

    pub(crate) fn add_selector(&self, operator: &CStr) -> Result<(), Fault> {
        if !lock(&self.state).selectors.insert(operator.to_owned()) {
            return Err(Fault::new(
                ACL_ERROR_BIN_SELECTOR_ALREADY_REGISTERED,
                format!("operator {operator:?} has a function already"),
            ));
        }
        Ok(())
    }

    pub(crate) fn remove_selector(&self, operator: &CStr) -> Result<(), Fault> {
        if !lock(&self.state).selectors.remove(operator) {
            return Err(no_selector(operator));
        }
        Ok(())
    }

    pub(crate) fn check_selector(&self, operator: &CStr) -> Result<(), Fault> {
        if !lock(&self.state).selectors.contains(operator) {
            return Err(no_selector(operator));
        }
        Ok(())
    }
}

fn no_selector(operator: &CStr) -> Fault {
    Fault::new(
        ACL_ERROR_BIN_SELECTOR_NOT_REGISTERED,
        format!("operator {operator:?} has no function; call aclopRegisterCompileFunc"),
    )
}

/// How many models a folder holds, those within its folders too.
fn count_models(folder: &Path, depth: usize) -> Result<usize, Fault> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Fault::new(
            ACL_ERROR_READ_MODEL_FAILURE,
            format!("folder of operator models {}: {error}", folder.display()),
        )
    };
    let mut models = 0;
    for entry in fs::read_dir(folder).map_err(|error| unreadable(&error))? {
        let entry = entry.map_err(|error| unreadable(&error))?;
        let kind = entry.file_type().map_err(|error| unreadable(&error))?;
        if kind.is_dir() && depth > 1 {
            models += count_models(&entry.path(), depth - 1)?;
        } else if entry.path().extension() == Some(OsStr::new("om")) {
            models += 1;
        }
    }
    Ok(models)
}

/// The fault of an operator that nobody loaded.
pub(crate) fn not_found(operator: &CStr) -> Fault {
    Fault::new(
        ACL_ERROR_OP_NOT_FOUND,
        format!(
            "no loaded operator is {operator:?} and fits the tensors; the CPU device has no single \
             operators: put them into a model, or run this part on hardware"
        ),
    )
}

impl World {
    /// Checks what an operator is given.
    pub(crate) fn check_tensors(&self, tensors: &Tensors) -> Result<(), Fault> {
        for &desc in &tensors.descs {
            self.tensor_descs.get(desc)?;
        }
        for &buffer in &tensors.buffers {
            self.data_buffers.get(buffer)?;
        }
        Ok(())
    }
}

impl Entry<'_> {
    ///
    pub(crate) fn execute_operator(
        &self,
        operator: &CStr,
        inputs: &Tensors,
        outputs: &Tensors,
    ) -> Result<(), Fault> {
        self.world.check_tensors(inputs)?;
        self.world.check_tensors(outputs)?;
        let mut descs = outputs.descs.iter();
        let is_empty = |desc: &u64| {
            let desc = self.world.tensor_descs.find(*desc);
            desc.is_some_and(|desc| desc.dims.contains(&0))
        };
        if !outputs.descs.is_empty() && descs.all(is_empty) {
            return Ok(());
        }
        Err(not_found(operator))
    }
}
