//! The values that aclnn operators work on. They are the host's; of tensors, the elements are
//! not.

use std::path::Path;

use ascend_sys::{aclDataType, aclFormat, aclnnStatus};

use crate::fault::Fault;
use crate::file;
use crate::handles::{Registry, kinds};
use crate::init::MAX_CONFIG_BYTES;
use crate::json;
use crate::ledger::Live;
use crate::model::{Span, element_size};

/// What aclnn answers for an argument that is NULL.
const NULL: aclnnStatus = 161_001;
/// What aclnn answers for any other argument that it refuses.
const INVALID: aclnnStatus = 161_002;

/// All values of a world.
#[derive(Default)]
pub(crate) struct Nnop {
    pub(crate) tensors: Registry<Tensor>,
    pub(crate) scalars: Registry<Scalar>,
    pub(crate) ints: Registry<Ints>,
    pub(crate) floats: Registry<Floats>,
    pub(crate) bools: Registry<Bools>,
    pub(crate) tensor_lists: Registry<TensorList>,
    pub(crate) scalar_lists: Registry<ScalarList>,
}

/// A view of elements in memory.
#[derive(Clone, Debug)]
pub(crate) struct Tensor {
    pub(crate) dtype: aclDataType,
    pub(crate) view: Vec<i64>,
    pub(crate) strides: Vec<i64>,
    /// The view's first element, counted in elements.
    pub(crate) offset: i64,
    pub(crate) format: aclFormat,
    /// The shape of the memory.
    pub(crate) storage: Vec<i64>,
    pub(crate) data: Span,
}

/// One value, as its bytes.
#[allow(dead_code, reason = "what operators read")]
pub(crate) struct Scalar {
    pub(crate) dtype: aclDataType,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) struct Ints(pub(crate) Vec<i64>);
pub(crate) struct Floats(pub(crate) Vec<f32>);
/// A byte each, since C may write any into a `bool`.
pub(crate) struct Bools(pub(crate) Vec<u8>);
/// Handles of tensors.
pub(crate) struct TensorList(pub(crate) Vec<u64>);
/// Handles of scalars.
pub(crate) struct ScalarList(pub(crate) Vec<u64>);

kinds! {
    Tensor => Tensor;
    Scalar => Scalar;
    Ints => IntArray;
    Floats => FloatArray;
    Bools => BoolArray;
    TensorList => TensorList;
    ScalarList => ScalarList;
}

impl Nnop {
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = self.tensors.live();
        live.extend(self.scalars.live());
        live.extend(self.ints.live());
        live.extend(self.floats.live());
        live.extend(self.bools.live());
        live.extend(self.tensor_lists.live());
        live.extend(self.scalar_lists.live());
        live
    }

    /// Ends a list, and with it the tensors that it owns.
    pub(crate) fn destroy_tensor_list(&self, list: u64) -> Result<(), Fault> {
        let list = self.tensor_lists.remove(list).map_err(refusal)?;
        let ended = list.0.iter().map(|&tensor| self.tensors.remove(tensor));
        ended
            .map(|ended| ended.map(|_| ()))
            .fold(Ok(()), Result::and)
            .map_err(refusal)
    }

    /// Ends a list, and with it the scalars that it owns.
    pub(crate) fn destroy_scalar_list(&self, list: u64) -> Result<(), Fault> {
        let list = self.scalar_lists.remove(list).map_err(refusal)?;
        let ended = list.0.iter().map(|&scalar| self.scalars.remove(scalar));
        ended
            .map(|ended| ended.map(|_| ()))
            .fold(Ok(()), Result::and)
            .map_err(refusal)
    }
}

impl Tensor {
    /// Checks what can be known to be wrong; a view without strides is a dense one.
    pub(crate) fn checked(self) -> Result<Self, Fault> {
        let Self { view, dtype, .. } = &self;
        if element_size(*dtype) == 0 {
            return Err(invalid(format!("data type {} has no size", dtype.0)));
        }
        if let Some(dim) = view.iter().chain(&self.storage).find(|dim| **dim < 0) {
            return Err(invalid(format!("a tensor has no extent {dim}")));
        }
        if self.offset < 0 {
            return Err(invalid(format!("offset {} is below 0", self.offset)));
        }
        if self.strides.is_empty() && !view.is_empty() {
            let mut next = 1_i64;
            let mut strides: Vec<i64> = view
                .iter()
                .rev()
                .map(|&dim| {
                    let stride = next;
                    next = next.saturating_mul(dim.max(1));
                    stride
                })
                .collect();
            strides.reverse();
            return Ok(Self { strides, ..self });
        }
        Ok(self)
    }
}

/// The argument `name` is NULL.
pub(crate) fn null(name: &str) -> Fault {
    Fault::new(NULL, format!("{name} is NULL"))
}

pub(crate) fn invalid(text: impl Into<String>) -> Fault {
    Fault::new(INVALID, text)
}

/// As aclnn answers what others answer with codes of their own.
#[allow(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn refusal(fault: Fault) -> Fault {
    match fault.code {
        ascend_sys::ACL_ERROR_INVALID_PARAM | ascend_sys::ACL_ERROR_RT_INVALID_HANDLE => {
            invalid(fault.text)
        }
        _ => fault,
    }
}

/// No operator is ever planned, so that no executor lives.
pub(crate) fn executor<R>(handle: u64) -> Result<R, Fault> {
    Err(invalid(format!(
        "{handle:#x} is no live executor: the first half of the operator did not succeed"
    )))
}

/// Reads the configuration of `aclnnInit`, which says nothing that the CPU device does.
pub(crate) fn read_config(path: &Path) -> Result<(), Fault> {
    let refused = |text: String| invalid(format!("configPath {}: {text}", path.display()));
    let text = file::read(path, MAX_CONFIG_BYTES).map_err(|error| refused(error.to_string()))?;
    json::parse(&text).map_err(|error| refused(error.to_string()))?;
    Ok(())
}
