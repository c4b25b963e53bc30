//! The names that mean something in a checkpoint.
//!
//! Nothing is ever looked up or called: a name is text to match on.

use super::denylist::is_dangerous;
use crate::error::{Error, Result};
use crate::weights::dtype::DataType;
use crate::weights::{Fault, damaged, wrong};

/// What a name in a pickle means to a reader of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    OrderedDict,
    DefaultDict,
    Set,
    /// `torch.Size` and the lists of `TorchScript`: what they are called with is what they are.
    Same,
    /// A class of storage, with the type of its elements.
    Storage(DataType),
    /// A storage that counts in bytes.
    UntypedStorage,
    /// A `torch.dtype`.
    DataType(DataType),
    /// A function whose call is a tensor.
    Rebuild(Rebuild),
    /// A part of numpy.
    Numpy(Numpy),
    /// `getattr`, by which the functions of torch are named that have no module.
    GetAttribute,
    /// `_codecs.encode`, by which protocol 2 writes bytes.
    Encode,
    /// The enumeration of the formats of `torch_npu`.
    NpuFormat,
    /// A class of a `TorchScript` archive.
    Script,
    /// Anything else: kept by name.
    Inert,
}

/// The calls that stand for a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rebuild {
    /// `(storage, offset, size, stride, …)`, in later versions with the element type named apart.
    FromStorage { names_type: bool },
    /// The same with a device format at the end.
    Npu,
    /// The same with `(scheme, scale, zero point)` behind the stride.
    Quantised,
    /// `(tensor, …)`.
    Parameter,
    /// `(function, type, arguments, state)`.
    FromType,
    /// `(tensor or array, type, device, …)`.
    FromDevice,
    /// `numpy.core.multiarray._reconstruct`, with what matters in the state.
    Array,
    /// `numpy.core.numeric._frombuffer`.
    ArrayFromBuffer,
    /// One that is not read, and the way out.
    Refused(&'static str),
}

/// Parts of numpy that occur in pickles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numpy {
    /// A type of elements.
    DataType,
    /// A call that stands for a scalar.
    Scalar,
}

const SPARSE: &str = "it is sparse, which is not read; save tensor.to_dense(), or its indices and \
                      values";
const META: &str = "it has no data: it was saved from the meta device, before weights were loaded";
const WRAPPED: &str = "it is wrapped by a class of its own; save a plain tensor";
const UNKNOWN: &str = "it was saved through a function of torch that is not known here; save it with \
                       torch.save of a plain state dict";

/// Bytes of the longest name of a class or function.
pub(super) const MAX_NAME: usize = 1000;

pub(super) fn too_long(len: usize) -> Error {
    damaged(format!(
        "the name of a class or function of {len} bytes; up to {MAX_NAME} are read"
    ))
}

pub(super) fn forbidden(module: &str, name: &str) -> Error {
    wrong(
        Fault::ForbiddenGlobal,
        format!(
            "the file names {module}.{name}, which can run code when Python loads it; do not open \
             this file with torch.load, and get the weights from a source you trust"
        ),
    )
}

/// What `module.name` means. `getattr` is for the caller to refuse unless it is only called for one
/// of torch's own functions.
///
/// # Errors
/// `Format` if it is a name that only an attack on the reader needs.
pub(super) fn meaning(module: &str, name: &str) -> Result<Meaning> {
    if let Some(long) = [module, name]
        .into_iter()
        .find(|name| name.len() > MAX_NAME)
    {
        return Err(too_long(long.len()));
    }
    let is_getattr = matches!(module, "builtins" | "__builtin__") && name == "getattr";
    if name.contains('.') || is_dangerous(module, name) && !is_getattr {
        return Err(forbidden(module, name));
    }
    Ok(match (module, name) {
        _ if is_getattr => Meaning::GetAttribute,
        ("collections", "OrderedDict") => Meaning::OrderedDict,
        ("collections", "defaultdict") => Meaning::DefaultDict,
        ("builtins" | "__builtin__", "set" | "frozenset") => Meaning::Set,
        ("_codecs", "encode") => Meaning::Encode,
        ("torch", "Size") => Meaning::Same,
        ("torch.jit._pickle", _) if name.starts_with("build_") && name.ends_with("list") => {
            Meaning::Same
        }
        ("torch" | "torch.cuda" | "torch.storage", _) if name.ends_with("Storage") => storage(name),
        ("torch", _) => data_type(name).map_or(Meaning::Inert, Meaning::DataType),
        ("torch._utils" | "torch._tensor" | "torch.tensor" | "torch_npu.utils.storage", _)
            if name.starts_with("_rebuild") =>
        {
            Meaning::Rebuild(rebuild(name))
        }
        ("torch_npu.npu._format", "Format") => Meaning::NpuFormat,
        ("numpy.core.multiarray" | "numpy._core.multiarray", "_reconstruct") => {
            Meaning::Rebuild(Rebuild::Array)
        }
        ("numpy.core.numeric" | "numpy._core.numeric", "_frombuffer") => {
            Meaning::Rebuild(Rebuild::ArrayFromBuffer)
        }
        ("numpy.core.multiarray" | "numpy._core.multiarray", "scalar") => {
            Meaning::Numpy(Numpy::Scalar)
        }
        ("numpy", "dtype") | ("numpy.dtypes", _) => Meaning::Numpy(Numpy::DataType),
        _ if module == "__torch__" || module.starts_with("__torch__.") => Meaning::Script,
        _ => Meaning::Inert,
    })
}

fn storage(name: &str) -> Meaning {
    Meaning::Storage(match name {
        "DoubleStorage" => DataType::F64,
        "FloatStorage" => DataType::F32,
        "HalfStorage" => DataType::F16,
        "BFloat16Storage" => DataType::BF16,
        "LongStorage" => DataType::I64,
        "IntStorage" => DataType::I32,
        "ShortStorage" => DataType::I16,
        "CharStorage" => DataType::I8,
        "ByteStorage" => DataType::U8,
        "BoolStorage" => DataType::Bool,
        "ComplexDoubleStorage" => DataType::C128,
        "ComplexFloatStorage" => DataType::C64,
        "QInt8Storage" => DataType::QI8,
        "QUInt8Storage" => DataType::QU8,
        "QInt32Storage" => DataType::QI32,
        "UntypedStorage" => return Meaning::UntypedStorage,
        _ => return Meaning::Inert,
    })
}

fn data_type(name: &str) -> Option<DataType> {
    Some(match name {
        "float64" | "double" => DataType::F64,
        "float32" | "float" => DataType::F32,
        "float16" | "half" => DataType::F16,
        "bfloat16" => DataType::BF16,
        "int64" | "long" => DataType::I64,
        "int32" | "int" => DataType::I32,
        "int16" | "short" => DataType::I16,
        "int8" => DataType::I8,
        "uint8" => DataType::U8,
        "uint16" => DataType::U16,
        "uint32" => DataType::U32,
        "uint64" => DataType::U64,
        "bool" => DataType::Bool,
        "complex32" | "chalf" => DataType::C32,
        "complex64" | "cfloat" => DataType::C64,
        "complex128" | "cdouble" => DataType::C128,
        "float4_e2m1fn_x2" => DataType::F4,
        "float8_e4m3fn" => DataType::F8E4M3,
        "float8_e5m2" => DataType::F8E5M2,
        "float8_e8m0fnu" => DataType::F8E8M0,
        "float8_e4m3fnuz" => DataType::F8E4M3Fnuz,
        "float8_e5m2fnuz" => DataType::F8E5M2Fnuz,
        _ => return None,
    })
}

fn rebuild(name: &str) -> Rebuild {
    match name {
        "_rebuild_tensor" | "_rebuild_tensor_v2" => Rebuild::FromStorage { names_type: false },
        "_rebuild_tensor_v3" => Rebuild::FromStorage { names_type: true },
        "_rebuild_parameter" | "_rebuild_parameter_with_state" => Rebuild::Parameter,
        "_rebuild_from_type" | "_rebuild_from_type_v2" => Rebuild::FromType,
        "_rebuild_npu_tensor" => Rebuild::Npu,
        "_rebuild_qtensor" => Rebuild::Quantised,
        "_rebuild_sparse_tensor" | "_rebuild_sparse_csr_tensor" => Rebuild::Refused(SPARSE),
        "_rebuild_meta_tensor_no_storage" => Rebuild::Refused(META),
        "_rebuild_device_tensor_from_cpu_tensor"
        | "_rebuild_device_tensor_from_numpy"
        | "_rebuild_xla_tensor" => Rebuild::FromDevice,
        "_rebuild_wrapper_subclass" | "_rebuild_nested_tensor" => Rebuild::Refused(WRAPPED),
        _ => Rebuild::Refused(UNKNOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_attacks_from_data() {
        for (module, name) in [
            ("os", "system"),
            ("builtins", "eval"),
            ("torch", "load"),
            ("torch.hub", "load"),
            ("torch._utils", "os.system"),
            ("numpy.testing._private.utils", "runstring"),
            ("functools", "partial"),
            ("codecs", "open"),
            ("importlib.machinery", "SourceFileLoader"),
            ("torch.utils._config_module", "ConfigModule"),
            ("io", "open"),
            ("uuid", "_get_command_stdout"),
            ("zipfile", "ZipFile"),
        ] {
            let error = meaning(module, name).unwrap_err().to_string();
            assert!(error.contains(&format!("{module}.{name}")), "{error}");
        }
        for (module, name) in [
            ("argparse", "Namespace"),
            ("builtins", "slice"),
            ("pathlib", "PosixPath"),
            ("torch", "device"),
            ("_io", "BytesIO"),
            ("uuid", "UUID"),
            ("torch.fx.graph_module", "GraphModule"),
            ("models.resnet", "ResNet"),
        ] {
            assert_eq!(
                meaning(module, name).unwrap(),
                Meaning::Inert,
                "{module}.{name}"
            );
        }
    }
}
