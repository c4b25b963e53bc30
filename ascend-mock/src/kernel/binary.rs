//! Binaries of kernels, and the functions in them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ascend_sys::{
    ACL_ERROR_RT_FEATURE_NOT_SUPPORT, ACL_ERROR_RT_KERNEL_LOOKUP, ACL_ERROR_RT_SYMBOL_NOT_FOUND,
    aclrtFuncAttribute, aclrtKernelType,
};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::file;
use crate::handles::Object;
use crate::json;
use crate::ledger::Kind;
use crate::sync::lock;

use crate::elf::{self, Symbol, SymbolKind};

/// Binaries above this are refused.
const MAX_BYTES: u64 = 1 << 30;

/// What the compiler adds to the two halves of a kernel for both kinds of cores.
const HALVES: [&str; 2] = ["_mix_aic", "_mix_aiv"];

/// Bytes of a binary before they are loaded.
pub(crate) struct BinaryDesc(pub(crate) Arc<[u8]>);

impl Object for BinaryDesc {
    const KIND: Kind = Kind::BinaryDesc;
}

/// How to load a binary.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LoadOptions {
    /// The binary is for the device's processors, not for its AI cores.
    pub(crate) is_for_cpu: bool,
}

pub(crate) struct Binary {
    content: Content,
    /// The functions that were asked for, by name.
    functions: Mutex<BTreeMap<String, u64>>,
}

enum Content {
    Cores {
        symbols: Vec<Symbol>,
    },
    /// For the device's processors: the operators that a description names, or any.
    Processors {
        operators: Option<Vec<String>>,
    },
}

impl Object for Binary {
    const KIND: Kind = Kind::KernelBinary;
}

pub(crate) struct Function {
    pub(crate) binary: u64,
    pub(crate) name: String,
    kernel_type: aclrtKernelType,
    bytes: u64,
}

impl Object for Function {
    const KIND: Kind = Kind::KernelFunction;

    fn is_owned_by_program(&self) -> bool {
        false
    }
}

impl Function {
    /// The bytes of the function's code on AI cores, and on vector cores.
    pub(crate) fn code_bytes(&self) -> (u64, u64) {
        if self.name.ends_with(HALVES[1]) {
            (0, self.bytes)
        } else {
            (self.bytes, 0)
        }
    }

    pub(crate) fn attribute(&self, attribute: aclrtFuncAttribute) -> Result<i64, Fault> {
        use ascend_sys::aclrtFuncAttribute as Attribute;
        match attribute {
            Attribute::ACL_FUNC_ATTR_KERNEL_TYPE => Ok(self.kernel_type.0.into()),
            Attribute::ACL_FUNC_ATTR_KERNEL_RATIO | Attribute::ACL_FUNC_ATTR_KERNEL_SCHED_MODE => {
                Err(Fault::new(
                    ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                    format!(
                        "attribute {} of kernel {} is in data that only hardware reads",
                        attribute.0, self.name
                    ),
                ))
            }
            Attribute(unknown) => Err(Fault::runtime_argument(format!(
                "{unknown} is no attribute of kernels"
            ))),
        }
    }
}

/// A function that a binary has.
struct Found {
    name: String,
    kernel_type: aclrtKernelType,
    bytes: u64,
}

impl Content {
    fn of_cores(file: &[u8]) -> Result<Self, Fault> {
        let symbols = elf::symbols(file).map_err(|error| {
            Fault::runtime_argument(format!("the kernel binary is damaged: {error}"))
        })?;
        if symbols.is_empty() {
            return Err(Fault::runtime_argument(
                "the kernel binary defines no function and no variable",
            ));
        }
        Ok(Self::Cores { symbols })
    }

    /// A description of operators, by their names.
    fn of_description(text: &[u8]) -> Result<Self, Fault> {
        let value = json::parse(text).map_err(|error| {
            Fault::runtime_argument(format!("the description of operators is {error}"))
        })?;
        let operators = value.as_object().ok_or_else(|| {
            Fault::runtime_argument("the description of operators is no JSON object")
        })?;
        Ok(Self::Processors {
            operators: Some(operators.keys().cloned().collect()),
        })
    }

    fn find(&self, name: &str) -> Option<Found> {
        match self {
            Self::Cores { symbols } => {
                let symbol = |wanted: &str| {
                    symbols.iter().find(|symbol| {
                        symbol.kind == SymbolKind::Function && *symbol.name == *wanted.as_bytes()
                    })
                };
                let is_half = |name: &str| HALVES.iter().any(|half| name.ends_with(half));
                let found = |name: String, symbol: &Symbol| Found {
                    kernel_type: if is_half(&name) {
                        aclrtKernelType::ACL_KERNEL_TYPE_MIX
                    } else {
                        aclrtKernelType::ACL_KERNEL_TYPE_AICORE
                    },
                    name,
                    bytes: symbol.bytes,
                };
                if let Some(whole) = symbol(name) {
                    return Some(found(name.to_owned(), whole));
                }
                let mut halves = HALVES.iter().map(|half| format!("{name}{half}"));
                halves.find_map(|half| Some(found(half.clone(), symbol(&half)?)))
            }
            Self::Processors { operators } => {
                let operators = operators.as_ref()?;
                let is_known = operators.iter().any(|operator| operator == name);
                is_known.then(|| Found::on_processors(name))
            }
        }
    }

    /// The names of the functions that end in `_key`, as kernels of several shapes are named.
    fn named_by_key(&self, key: u64) -> Option<String> {
        let Self::Cores { symbols } = self else {
            return None;
        };
        let ending = format!("_{key}");
        let functions = symbols
            .iter()
            .filter(|symbol| symbol.kind == SymbolKind::Function);
        let mut names = functions.filter_map(|symbol| std::str::from_utf8(&symbol.name).ok());
        names
            .find(|name| name.ends_with(&ending))
            .map(str::to_owned)
    }
}

impl Found {
    fn on_processors(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kernel_type: aclrtKernelType::ACL_KERNEL_TYPE_AICPU,
            bytes: 0,
        }
    }
}

impl Entry<'_> {
    ///
    pub(crate) fn load_binary_file(
        &self,
        path: &OsStr,
        options: LoadOptions,
    ) -> Result<u64, Fault> {
        let file = read(Path::new(path))?;
        let is_description = Path::new(path).extension() == Some(OsStr::new("json"));
        let content = match (is_description, options.is_for_cpu) {
            (true, _) => Content::of_description(&file)?,
            (false, true) => Content::Processors { operators: None },
            (false, false) => Content::of_cores(&file)?,
        };
        Ok(self.insert_binary(content))
    }

    ///
    pub(crate) fn load_binary(&self, bytes: &[u8], options: LoadOptions) -> Result<u64, Fault> {
        let content = if options.is_for_cpu {
            Content::Processors { operators: None }
        } else {
            Content::of_cores(bytes)?
        };
        Ok(self.insert_binary(content))
    }

    fn insert_binary(&self, content: Content) -> u64 {
        let binaries = &self.world.kernels.binaries;
        let binary = Binary {
            content,
            functions: Mutex::default(),
        };
        binaries.insert(self.origin, |_| binary).0
    }

    /// Ends a binary, with its functions and their lists of arguments.
    pub(crate) fn unload_binary(&self, handle: u64) -> Result<(), Fault> {
        let kernels = &self.world.kernels;
        kernels.binaries.remove(handle)?;
        let functions = kernels
            .functions
            .extract(|function| function.binary == handle);
        for (function, _) in functions {
            kernels.end_lists_of(function);
        }
        Ok(())
    }

    /// The function `name` of a binary; asking again gives the same one.
    pub(crate) fn find_function(&self, binary: u64, name: &str) -> Result<u64, Fault> {
        let found = self.world.kernels.binaries.get(binary)?;
        self.function_of(binary, &found, name, || {
            found.content.find(name).ok_or_else(|| {
                Fault::new(
                    ACL_ERROR_RT_KERNEL_LOOKUP,
                    format!("the binary has no kernel {name:?}"),
                )
            })
        })
    }

    pub(crate) fn find_function_by_key(&self, binary: u64, key: u64) -> Result<u64, Fault> {
        let found = self.world.kernels.binaries.get(binary)?;
        let name = found.content.named_by_key(key).ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_KERNEL_LOOKUP,
                format!("the binary has no kernel with the key {key}"),
            )
        })?;
        self.find_function(binary, &name)
    }

    /// Names a function of a binary for the device's processors.
    pub(crate) fn name_cpu_function(&self, binary: u64, kernel: &str) -> Result<u64, Fault> {
        let found = self.world.kernels.binaries.get(binary)?;
        if !matches!(found.content, Content::Processors { operators: None }) {
            return Err(Fault::runtime_argument(
                "the binary is not one of aclrtBinaryLoadFromData for the device's processors",
            ));
        }
        self.function_of(binary, &found, kernel, || Ok(Found::on_processors(kernel)))
    }

    fn function_of(
        &self,
        binary: u64,
        of: &Binary,
        name: &str,
        find: impl FnOnce() -> Result<Found, Fault>,
    ) -> Result<u64, Fault> {
        let mut known = lock(&of.functions);
        if let Some(&function) = known.get(name) {
            return Ok(function);
        }
        let found = find()?;
        let function = Function {
            binary,
            name: found.name,
            kernel_type: found.kernel_type,
            bytes: found.bytes,
        };
        let functions = &self.world.kernels.functions;
        let (handle, _) = functions.insert(self.origin, |_| function);
        known.insert(name.to_owned(), handle);
        Ok(handle)
    }

    /// Checks that a binary has the variable `name`, and gives its size.
    pub(crate) fn variable_bytes(&self, binary: u64, name: &str) -> Result<u64, Fault> {
        let found = self.world.kernels.binaries.get(binary)?;
        let bytes = match &found.content {
            Content::Cores { symbols } => {
                let mut objects = symbols
                    .iter()
                    .filter(|symbol| symbol.kind == SymbolKind::Object);
                let symbol = objects.find(|symbol| *symbol.name == *name.as_bytes());
                symbol.map(|symbol| symbol.bytes)
            }
            Content::Processors { .. } => None,
        };
        bytes.ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_SYMBOL_NOT_FOUND,
                format!("the binary has no variable {name:?}"),
            )
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    file::read(path, MAX_BYTES).map_err(|error| {
        Fault::runtime_argument(format!("kernel binary {}: {error}", path.display()))
    })
}
