//! What a model says of itself, and the copies of it that programs hold (`aclmdlDesc`).

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::sync::{Arc, Mutex};

use ascend_graph::DataType;
use ascend_graph::om::{InOut, InputAipp, IoTensor, OmModel, OpDef, TensorDescriptor};
use ascend_sys::{ACL_MAX_TENSOR_NAME_LEN, aclDataType, aclFormat};

use crate::entry::Entry;
use crate::failed_operator::FailedOperator;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::Kind;
use crate::sync::lock;

use super::tensor_desc::TensorDesc;

/// An input or output.
pub(crate) struct TensorInfo {
    pub(crate) name: CString,
    pub(crate) tensor: IoTensor,
}

impl TensorInfo {
    fn new(tensor: &IoTensor) -> Self {
        Self {
            name: CString::new(tensor.name.replace('\0', "?")).unwrap_or_default(),
            tensor: tensor.clone(),
        }
    }

    pub(crate) fn data_type(&self) -> aclDataType {
        match self.tensor.dtype {
            DataType::Undefined => aclDataType::ACL_DT_UNDEFINED,
            dtype => aclDataType(dtype.acl_code().unwrap_or(aclDataType::ACL_DT_UNDEFINED.0)),
        }
    }

    pub(crate) fn format(&self) -> aclFormat {
        aclFormat(self.tensor.format.0)
    }

    pub(crate) fn is_dynamic(&self) -> bool {
        self.tensor.dims.iter().any(|&dim| dim < 0)
    }

    /// Bytes of a whole tensor, 0 where that depends on the run.
    pub(crate) fn bytes(&self) -> usize {
        usize::try_from(self.tensor.bytes).unwrap_or(0)
    }
}

/// The preprocessing that the graph tells, as far as it fits the inputs.
fn aipp(file: &OmModel) -> Vec<InputAipp> {
    let inputs = &file.io.inputs;
    let mut aipp = file.model.aipp();
    aipp.retain(|aipp| {
        let has_parameters = aipp.parameters.is_none_or(|index| index < inputs.len());
        let input = inputs.get(aipp.input);
        let is_picture = |input: &IoTensor| input.dims.len() == 4 && aipp.target.dims.len() == 4;
        has_parameters && input.is_some_and(is_picture)
    });
    aipp
}

/// The attribute with the names that an operator had before it was fused.
pub(crate) const ORIGINS: &CStr = c"_datadump_original_op_names";

/// Each name with its length before it, as C is told them.
fn origins(file: &OmModel) -> BTreeMap<String, CString> {
    let ops = file.model.graph.iter().flat_map(|graph| &graph.op);
    let text = |op: &OpDef| {
        let names = op.attr.get(ORIGINS.to_str().ok()?)?.as_list()?;
        let names = names.s.iter().map(|name| {
            let name = String::from_utf8_lossy(name);
            format!("[{}]{name}", name.len())
        });
        let text = CString::new(names.collect::<String>()).ok()?;
        Some((op.name.clone(), text))
    };
    ops.filter_map(text).collect()
}

/// What each operator reads and makes.
fn operators(file: &OmModel) -> BTreeMap<String, [Vec<TensorDesc>; 2]> {
    let ops = file.model.graph.iter().flat_map(|graph| &graph.op);
    let descs = |descs: &[TensorDescriptor]| descs.iter().map(desc).collect();
    ops.map(|op| {
        let sides = [descs(&op.input_desc), descs(&op.output_desc)];
        (op.name.clone(), sides)
    })
    .collect()
}

fn desc(tensor: &TensorDescriptor) -> TensorDesc {
    let code = DataType::from_ge(tensor.dtype).and_then(DataType::acl_code);
    let dims = tensor.shape.as_ref().map(|shape| shape.dim.clone());
    let mut desc = TensorDesc::new(
        aclDataType(code.unwrap_or(aclDataType::ACL_DT_UNDEFINED.0)),
        dims.unwrap_or_default(),
        aclFormat::ACL_FORMAT_ND,
    );
    desc.name = CString::new(tensor.name.replace('\0', "?"))
        .unwrap_or_default()
        .into();
    desc
}

/// Which side of a model a tensor is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Input,
    Output,
}

/// All that the description calls answer from.
pub(crate) struct Info {
    pub(crate) inputs: Vec<TensorInfo>,
    pub(crate) outputs: Vec<TensorInfo>,
    /// Gears, and the order of names that they run over.
    pub(crate) io: InOut,
    /// The values of each gear.
    pub(crate) gears: Vec<Vec<u64>>,
    pub(crate) aipp: Vec<InputAipp>,
    /// The names that each operator had before it was fused, as C is told them.
    origins: BTreeMap<String, CString>,
    /// The inputs and outputs of each operator.
    operators: BTreeMap<String, [Vec<TensorDesc>; 2]>,
    pub(crate) work_bytes: u64,
    pub(crate) weight_bytes: u64,
}

impl Info {
    pub(crate) fn of(file: &OmModel) -> Self {
        let infos = |tensors: &[IoTensor]| tensors.iter().map(TensorInfo::new).collect();
        Self {
            inputs: infos(&file.io.inputs),
            outputs: infos(&file.io.outputs),
            io: file.io.clone(),
            gears: file.io.gears(),
            aipp: aipp(file),
            origins: origins(file),
            operators: operators(file),
            work_bytes: file.work_bytes(),
            weight_bytes: file.weight_bytes(),
        }
    }

    pub(crate) fn tensors(&self, side: Side) -> &[TensorInfo] {
        match side {
            Side::Input => &self.inputs,
            Side::Output => &self.outputs,
        }
    }

    pub(crate) fn has_gears(&self) -> bool {
        !self.gears.is_empty()
    }

    /// The names that an operator had before it was fused.
    pub(crate) fn origins(&self, op: &str) -> Option<&CStr> {
        self.origins.get(op).map(CString::as_c_str)
    }

    /// An operator, as it is told when it fails, by the name that the engine has for it: in programs
    /// the type stands behind the name.
    pub(crate) fn operator(&self, name: &str) -> Option<FailedOperator> {
        let own = name.rsplit_once(" (").map_or(name, |(own, _)| own);
        let mut known = [name, own].into_iter();
        let (name, [inputs, outputs]) =
            known.find_map(|name| self.operators.get_key_value(name))?;
        Some(FailedOperator {
            name: name.clone(),
            inputs: inputs.clone(),
            outputs: outputs.clone(),
        })
    }

    /// Whether shapes are chosen freely at every run.
    pub(crate) fn has_free_shapes(&self) -> bool {
        !self.has_gears() && self.inputs.iter().any(TensorInfo::is_dynamic)
    }

    /// The position of a name.
    pub(crate) fn index(&self, side: Side, name: &CStr) -> Result<usize, Fault> {
        let tensors = self.tensors(side);
        let index = tensors.iter().position(|info| *info.name == *name);
        index.ok_or_else(|| Fault::argument(format!("the model has no {side:?} named {name:?}")))
    }
}

/// What `aclmdlCreateDesc` makes: empty, or a copy of what some model says of itself.
#[derive(Default)]
pub(crate) struct Description(Mutex<Option<Described>>);

/// A model's information; `model` is 0 if it was read from a file.
#[derive(Clone)]
pub(crate) struct Described {
    pub(crate) info: Arc<Info>,
    pub(crate) model: u32,
}

impl Object for Description {
    const KIND: Kind = Kind::Description;
}

impl Description {
    pub(crate) fn set(&self, info: Arc<Info>, model: u32) {
        *lock(&self.0) = Some(Described { info, model });
    }
}

impl Described {
    /// The name of a tensor in its dims: a made one if its own is too long for C's field.
    pub(crate) fn dims_name(&self, side: Side, index: usize) -> CString {
        let own = &self.info.tensors(side)[index].name;
        if own.as_bytes_with_nul().len() <= ACL_MAX_TENSOR_NAME_LEN.cast_unsigned() as usize {
            return own.clone();
        }
        let side = match side {
            Side::Input => "input",
            Side::Output => "output",
        };
        let made = format!("acl_modelId_{}_{side}_{index}", self.model);
        let is_taken = |name: &String| {
            let mut tensors = self.info.inputs.iter().chain(&self.info.outputs);
            tensors.any(|info| info.name.as_bytes() == name.as_bytes())
        };
        let letters = ('a'..='z').map(|letter| format!("{made}_{letter}"));
        let name = [made.clone()]
            .into_iter()
            .chain(letters)
            .find(|name| !is_taken(name));
        CString::new(name.unwrap_or(made)).unwrap_or_default()
    }

    /// The tensor's own name behind a name from its dims.
    pub(crate) fn real_name(&self, name: &CStr) -> Option<&CStr> {
        [Side::Input, Side::Output].into_iter().find_map(|side| {
            let tensors = self.info.tensors(side).iter().enumerate();
            let mut found = tensors.filter(|(index, info)| {
                *info.name == *name || *self.dims_name(side, *index) == *name
            });
            found.next().map(|(_, info)| info.name.as_c_str())
        })
    }
}

impl Entry<'_> {
    pub(crate) fn create_description(&self) -> u64 {
        let descriptions = &self.world.descriptions;
        descriptions
            .insert(self.origin, |_| Description::default())
            .0
    }

    /// What a description holds; an empty one is refused.
    pub(crate) fn described(&self, handle: u64) -> Result<Described, Fault> {
        let description = self.world.descriptions.get(handle)?;
        let described = lock(&description.0).clone();
        described.ok_or_else(|| {
            Fault::argument("the description is empty; fill it with aclmdlGetDesc first")
        })
    }

    /// One tensor of a description.
    pub(crate) fn described_tensor(
        &self,
        handle: u64,
        side: Side,
        index: usize,
    ) -> Result<Described, Fault> {
        let described = self.described(handle)?;
        let count = described.info.tensors(side).len();
        if index >= count {
            return Err(Fault::argument(format!(
                "the model has {count} tensors as {side:?}, no number {index}"
            )));
        }
        Ok(described)
    }
}
