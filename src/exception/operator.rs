//! Which operator a task ran.

use std::ffi::{CStr, c_char};
use std::fmt;
use std::path::Path;
use std::ptr;

use ascend_graph::DataType;
use ascend_graph::om::OmModel;
use ascend_sys::aclTensorDesc;

use super::Exception;
use crate::call::Current;
use crate::files;

/// Room for an operator's name.
const MOST_NAME_BYTES: usize = 1024;

/// Tensors of an operator that are told.
const MOST_TENSORS: usize = 64;

/// Dimensions of a tensor that are told.
const MOST_DIMS: usize = 64;

/// The attribute with the names that an operator had before it was fused.
const ORIGINS: &str = "_datadump_original_op_names";

/// An operator of a model that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operator {
    /// Its name in the model.
    pub name: String,
    /// Its type, where the model's file tells it.
    pub kind: Option<String>,
    /// The operators that it was made of, where the model's file tells it: a compiler fuses some.
    pub origins: Vec<String>,
    /// What it read.
    pub inputs: Vec<OperatorTensor>,
    /// What it was to make.
    pub outputs: Vec<OperatorTensor>,
}

/// A tensor of an operator that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperatorTensor {
    /// The type of the elements, where it is known.
    pub dtype: Option<DataType>,
    /// The dimensions; −1 for those that are not known before a run.
    pub dims: Vec<i64>,
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(kind) = &self.kind {
            write!(f, " ({kind})")?;
        }
        match &self.origins[..] {
            [] => Ok(()),
            [only] if *only == self.name => Ok(()),
            origins => write!(f, ", made of {}", origins.join(", ")),
        }
    }
}

impl Exception {
    /// Asks which operator it was. The context that is current is that of the model.
    pub(crate) fn ask_operator(&mut self, current: &Current<'_>) {
        let (Some(device), Some(stream), Some(task)) = (self.device, self.stream, self.task) else {
            return;
        };
        let mut name = vec![0_u8; MOST_NAME_BYTES];
        let (mut inputs, mut outputs) = (Row::EMPTY, Row::EMPTY);
        // SAFETY: a place of the length that is told, and valid pointers.
        let status = unsafe {
            current.api().aclmdlCreateAndGetOpDesc(
                device,
                stream,
                task,
                name.as_mut_ptr().cast::<c_char>(),
                name.len(),
                &raw mut inputs.first,
                &raw mut inputs.count,
                &raw mut outputs.first,
                &raw mut outputs.count,
            )
        };
        // Not every task is of an operator that the runtime still knows.
        if let Err(error) = current.check("aclmdlCreateAndGetOpDesc", status) {
            tracing::debug!(%error, "the operator that failed is not known");
            return;
        }
        let (inputs, outputs) = (inputs.take(current), outputs.take(current));
        let text = CStr::from_bytes_until_nul(&name);
        let name = text.map_or(String::new(), |text| text.to_string_lossy().into_owned());
        if !name.is_empty() {
            self.operator = Some(Operator {
                name,
                kind: None,
                origins: Vec::new(),
                inputs,
                outputs,
            });
        }
    }
}

impl Operator {
    /// Adds what the model's file tells, and tells whether it can have the operator. A file that is
    /// gone or changed tells nothing.
    pub(crate) fn look_up(&mut self, om: &Path) -> bool {
        let Some(model) = files::map(om)
            .ok()
            .and_then(|content| OmModel::open(&content).ok())
        else {
            return true;
        };
        let mut operators = model.model.graph.iter().flat_map(|graph| &graph.op);
        let Some(operator) = operators.find(|operator| operator.name == self.name) else {
            return false;
        };
        self.kind = Some(operator.r#type.clone());
        let origins = operator.attr.get(ORIGINS).and_then(|value| value.as_list());
        let origins = origins.iter().flat_map(|list| &list.s);
        self.origins = origins
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        true
    }
}

/// Descriptions of tensors, as the runtime makes them in a row.
struct Row {
    first: *mut aclTensorDesc,
    count: usize,
}

impl Row {
    const EMPTY: Self = Self {
        first: ptr::null_mut(),
        count: 0,
    };

    /// Reads the row and gives it back.
    fn take(self, current: &Current<'_>) -> Vec<OperatorTensor> {
        if self.first.is_null() {
            return Vec::new();
        }
        let count = self.count.min(MOST_TENSORS);
        let tensors = (0..count).map_while(|index| {
            // SAFETY: a row that the runtime made, which checks the number.
            let desc = unsafe { current.api().aclGetTensorDescByIndex(self.first, index) };
            let desc = desc.ok().filter(|desc| !desc.is_null())?;
            // SAFETY: of the row, which is given back below.
            unsafe { read(current, desc.cast_const()) }
        });
        let tensors = tensors.collect();
        // SAFETY: the row is ours, and nothing of it is used from here on.
        let gone = unsafe { current.api().aclDestroyTensorDesc(self.first) };
        if gone.is_err() {
            tracing::debug!("descriptions of tensors are leaked");
        }
        tensors
    }
}

/// # Safety
///
/// The description is alive.
unsafe fn read(current: &Current<'_>, desc: *const aclTensorDesc) -> Option<OperatorTensor> {
    let api = current.api();
    // SAFETY: the caller vouches for the description.
    let code = unsafe { api.aclGetTensorDescType(desc) }.ok()?;
    // SAFETY: as above.
    let rank = unsafe { api.aclGetTensorDescNumDims(desc) }.ok()?;
    let dims = (0..rank.min(MOST_DIMS)).map(|index| {
        let mut dim = -1;
        // SAFETY: as above, and a valid pointer.
        let status = unsafe { api.aclGetTensorDescDimV2(desc, index, &raw mut dim) };
        let known = current.check("aclGetTensorDescDimV2", status).is_ok();
        if known { dim } else { -1 }
    });
    Some(OperatorTensor {
        dtype: DataType::from_acl(code.0),
        dims: dims.collect(),
    })
}
