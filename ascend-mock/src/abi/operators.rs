//! The aclnn operators: one body for all of them, which goes by the kinds of the arguments.

use std::ffi::{c_char, c_int, c_void};
use std::fmt;

use ascend_sys::*;

use super::pointers::number;
use crate::entry::{Entry, entry};
use crate::fault::Fault;
use crate::nnop;

/// An argument, by what an operator takes it for.
#[derive(Clone, Copy)]
pub(super) enum Given {
    Tensor(u64),
    TensorList(u64),
    Scalar(u64),
    IntArray(u64),
    FloatArray(u64),
    /// What plans the operator writes this many bytes of workspace, or another size, here.
    Size(u64),
    /// What plans the operator writes the executor here.
    NewExecutor(u64),
    Executor(u64),
    Pointer(u64),
    Value,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address() {
            Some(address) => write!(f, "{address:#x}"),
            None => f.write_str("a value"),
        }
    }
}

impl Given {
    fn address(self) -> Option<u64> {
        match self {
            Self::Tensor(address)
            | Self::TensorList(address)
            | Self::Scalar(address)
            | Self::IntArray(address)
            | Self::FloatArray(address)
            | Self::Size(address)
            | Self::NewExecutor(address)
            | Self::Executor(address)
            | Self::Pointer(address) => Some(address),
            Self::Value => None,
        }
    }

    /// Whether this must not be NULL. Of tensors that is certain for those called `self` and `out`.
    fn is_required(self, name: &str) -> bool {
        match self {
            Self::Size(_) | Self::NewExecutor(_) | Self::Executor(_) => true,
            Self::Tensor(_) | Self::TensorList(_) => matches!(name, "self_" | "out"),
            _ => false,
        }
    }

    /// Refuses what lives no more, and what is something else.
    fn check(self, call: &Entry<'_>) -> Result<(), Fault> {
        let nnop = &call.world.nnop;
        match self {
            Self::Tensor(handle) => nnop.tensors.get(handle).map(|_| ()),
            Self::TensorList(handle) => nnop.tensor_lists.get(handle).map(|_| ()),
            Self::Scalar(handle) => nnop.scalars.get(handle).map(|_| ()),
            Self::IntArray(handle) => nnop.ints.get(handle).map(|_| ()),
            Self::FloatArray(handle) => nnop.floats.get(handle).map(|_| ()),
            Self::Executor(handle) => return nnop::executor(handle),
            Self::Size(_) | Self::NewExecutor(_) | Self::Pointer(_) | Self::Value => Ok(()),
        }
        .map_err(nnop::refusal)
    }
}

macro_rules! given {
    ($($pointee:ty => $kind:ident;)*) => {
        $(
            impl From<*const $pointee> for Given {
                fn from(pointer: *const $pointee) -> Self {
                    Self::$kind(number(pointer))
                }
            }

            impl From<*mut $pointee> for Given {
                fn from(pointer: *mut $pointee) -> Self {
                    Self::$kind(number(pointer))
                }
            }
        )*
    };
    (values $($kind:ty),*) => {
        $(impl From<$kind> for Given {
            fn from(_: $kind) -> Self {
                Self::Value
            }
        })*
    };
}

given! {
    aclTensor => Tensor;
    aclTensorList => TensorList;
    aclScalar => Scalar;
    aclIntArray => IntArray;
    aclFloatArray => FloatArray;
    u64 => Size;
    *mut aclOpExecutor => NewExecutor;
    aclOpExecutor => Executor;
    *mut i64 => Pointer;
    c_int => Pointer;
    c_char => Pointer;
    c_void => Pointer;
}

given!(values bool, i8, i32, i64, u64, f32, f64, aclDataType);

/// Answers for the operator function `symbol`: it checks its arguments and does no more.
pub(super) fn run(
    slot: usize,
    symbol: &'static str,
    arguments: &[(&'static str, Given)],
) -> aclnnStatus {
    let show = &|show: &mut dyn FnMut(&'static str, &dyn fmt::Debug)| {
        for (name, given) in arguments {
            show(name, given);
        }
    };
    entry::<aclnnStatus, Result<(), Fault>>(slot, symbol, show, |call| {
        for &(name, given) in arguments {
            if given.address() == Some(0) && given.is_required(name) {
                return Err(nnop::null(name));
            }
        }
        for (name, given) in arguments {
            if given.address().is_some_and(|address| address != 0) {
                given.check(call).map_err(|fault| fault.within(name))?;
            }
        }
        call.unsupported()
    })
}
