use std::collections::BTreeMap;

use prost::Message;

use super::attributes::signed;
use super::graph::{Converted, Interface, convert};
use super::{
    AttrDef, Container, Header, InOut, InputAipp, ModelDef, ModelTask, PARTITION_CPU_PROGRAM,
    PartitionKind, Split, WeightFiles,
};
use crate::onnx::Model;
use crate::{Error, Result, Rope};

/// The model attribute that marks a file for the CPU device; its text is the version of the program's
/// encoding.
pub const CPU_PROGRAM_MARKER: &str = "ascend_rt_cpu_program";

/// The model attribute that tells the bytes of each program, one after another in their partition.
pub(super) const CPU_PROGRAM_LENGTHS: &str = "ascend_rt_cpu_program_lengths";

/// The model attribute that tells the bytes of the ONNX model behind the programs.
pub(super) const CPU_ONNX_LENGTH: &str = "ascend_rt_cpu_onnx_length";

/// The model attribute that tells the bytes of the weights, wherever they are.
pub(super) const CPU_WEIGHTS_LENGTH: &str = "ascend_rt_cpu_weights_length";

/// All that makes an `.om` for the CPU device.
///
/// The file is a legal one: it describes the model as Huawei's compiler would, unfused and in the layout
/// of the ONNX file. Only its device code is foreign, so `soc_version` must be one that no chip has:
/// then a real device refuses the file cleanly.
#[derive(Clone, Debug)]
pub struct Program<'a> {
    /// The name of the model, cut to 31 bytes in the header.
    pub name: &'a str,
    /// The ONNX model that is compiled, checked and with its weights.
    pub model: &'a Model,
    /// Its weights, from [`split_weights`](super::split_weights).
    pub split: &'a Split,
    /// The inputs and outputs. Names are those of the ONNX model and in its order; inputs beyond those
    /// of the ONNX model may follow (gears). An output is stored as `node:index:name`, as Huawei's
    /// compiler stores it.
    pub io: &'a InOut,
    /// The preprocessing of inputs.
    pub aipp: &'a [InputAipp],
    /// Where the weights go: in the file, or in [`files`](Split::files) beside it.
    pub files: WeightFiles,
    /// The chip that the file is for.
    pub soc_version: &'a str,
    /// The version of the compiler.
    pub tool_version: &'a str,
    /// How the compiler was called.
    pub command_line: &'a str,
    /// The bytes of work memory that running the model takes.
    pub memory_bytes: u64,
    /// The version of the encoding of `program`.
    pub program_version: &'a str,
    /// What the CPU device runs, opaque here: one program, or one for each gear; none if only another
    /// engine can run the model.
    pub programs: &'a [Rope],
    /// The model as ONNX with its weights outside, for engines that take that as it is.
    pub onnx: Option<&'a Rope>,
}

impl Program<'_> {
    /// Lays the file out. The weights in it are shared with the ONNX model; equal programs give equal
    /// bytes.
    ///
    /// # Errors
    /// `Invalid` if inputs and outputs are not those of the ONNX model, `Unsupported` if it holds
    /// something that an `.om` cannot name, or a description of more than 4 GiB.
    pub fn to_rope(&self) -> Result<Rope> {
        self.check_names()?;
        let external = self.split.plan.external(self.name, self.files);
        let interface = Interface {
            io: self.io,
            aipp: self.aipp,
            plan: &self.split.plan,
            external: &external,
        };
        let Converted { graphs, outputs } = convert(self.model.graph()?, interface)?;
        let mut io = self.io.clone();
        for (tensor, source) in io.outputs.iter_mut().zip(outputs) {
            tensor.name = format!("{source}:{}", tensor.name);
        }
        let task = ModelTask {
            version: self.tool_version.to_owned(),
            memory_size: self.memory_bytes,
            stream_num: 1,
            weight_size: self.inner_weights().len(),
            ..ModelTask::default()
        }
        .encode_to_vec();
        let model = ModelDef {
            name: self.name.to_owned(),
            graph: graphs,
            attr: self.attributes(&io, task.len())?,
            ..ModelDef::default()
        };
        let mut programs = Rope::new();
        for program in self.programs {
            programs.append(program);
        }
        if let Some(onnx) = self.onnx {
            programs.append(onnx);
        }
        let partitions = [
            (PartitionKind::MODEL_INOUT_INFO, Rope::from(io.to_bytes()?)),
            (PartitionKind::MODEL_DEF, model.encode_to_vec().into()),
            (PartitionKind::WEIGHTS_DATA, self.inner_weights()),
            (PartitionKind::TASK_INFO, task.into()),
            (PARTITION_CPU_PROGRAM, programs),
        ];
        for (kind, data) in &partitions {
            if *kind != PartitionKind::WEIGHTS_DATA && u32::try_from(data.len()).is_err() {
                return Err(Error::unsupported(format!(
                    "{kind} has {} bytes, more than 4 GiB",
                    data.len()
                )));
            }
        }
        let partitions: Vec<_> = partitions
            .into_iter()
            .filter(|(_, data)| !data.is_empty())
            .collect();
        Ok(Container::write(Header::new(self.name), &partitions))
    }

    /// The weights that the file itself holds.
    fn inner_weights(&self) -> Rope {
        match self.files {
            WeightFiles::None => self.split.weights.clone(),
            WeightFiles::Each | WeightFiles::One => Rope::new(),
        }
    }

    fn check_names(&self) -> Result<()> {
        let inputs = self.model.inputs()?;
        let outputs = self.model.outputs()?;
        let is_input = |index: usize, name| {
            self.io
                .inputs
                .get(index)
                .is_some_and(|input| input.name == name)
        };
        if let Some(wrong) =
            (0..inputs.len()).find(|&index| !is_input(index, inputs[index].name.as_str()))
        {
            return Err(Error::invalid(format!(
                "input {wrong} of the ONNX model, `{}`, is not input {wrong} of the description",
                inputs[wrong].name
            )));
        }
        let described: Vec<_> = self.io.outputs.iter().map(|output| &output.name).collect();
        if !outputs
            .iter()
            .map(|output| &output.name)
            .eq(described.iter().copied())
        {
            return Err(Error::invalid(format!(
                "the described outputs {described:?} are not those of the ONNX model, in its order"
            )));
        }
        Ok(())
    }

    fn attributes(&self, io: &InOut, task_len: usize) -> Result<BTreeMap<String, AttrDef>> {
        let weight_bytes = signed(self.inner_weights().len())?;
        let io_bytes = io
            .inputs
            .iter()
            .chain(&io.outputs)
            .fold(0_u64, |sum, tensor| sum.saturating_add(tensor.bytes));
        let output_names = io.outputs.iter().map(|output| output.name.clone());
        let lengths = self.programs.iter().map(|program| signed(program.len()));
        let onnx = self.onnx.map(|onnx| signed(onnx.len())).transpose()?;
        let attributes: [(&str, AttrDef); 15] = [
            ("soc_version", self.soc_version.into()),
            ("atc_cmdline", self.command_line.into()),
            ("atc_version", self.tool_version.into()),
            ("framework_type", "Onnx".into()),
            ("memory_size", signed(self.memory_bytes)?.into()),
            ("weight_size", weight_bytes.into()),
            ("zero_copy_memory_size", signed(io_bytes)?.into()),
            ("stream_num", 1.into()),
            ("event_num", 0.into()),
            // Weights, two kinds of kernels, tasks, host code: the sizes of their partitions.
            (
                "om_info_list",
                AttrDef::ints(vec![weight_bytes, 0, 0, signed(task_len as u64)?, 0]),
            ),
            ("attr_model_out_nodes_name", AttrDef::strings(output_names)),
            ("target_type", "MINI".into()),
            (CPU_PROGRAM_MARKER, self.program_version.into()),
            (
                CPU_PROGRAM_LENGTHS,
                AttrDef::ints(lengths.collect::<Result<_>>()?),
            ),
            (CPU_WEIGHTS_LENGTH, signed(self.split.plan.total)?.into()),
        ];
        Ok(attributes
            .into_iter()
            .chain(onnx.map(|length| (CPU_ONNX_LENGTH, length.into())))
            .map(|(key, value)| (key.to_owned(), value))
            .collect())
    }
}
