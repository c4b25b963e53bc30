use bytes::Bytes;
use prost::Message;

use super::compression::Dictionary;
use super::constants::{Constant, constants};
use super::kernels::{Kernel, kernels};
use super::program::{CPU_ONNX_LENGTH, CPU_PROGRAM_LENGTHS, CPU_WEIGHTS_LENGTH};
use super::proto::Part;
use super::{
    AttrDef, CPU_PROGRAM_MARKER, Header, InOut, InputAipp, ModelDef, ModelTask, OmFile,
    PARTITION_CPU_PROGRAM, Partition, PartitionKind,
};
use crate::limit::check_message_count;
use crate::{Error, Result};

/// The type of model in compiled files for Kirin phones.
const PHONE: u8 = 4;

/// One model of an `.om`: all that a loader or a reader needs.
#[derive(Clone, Debug, Default)]
pub struct OmModel {
    /// The partitions, in the order of the file; none in files without a table.
    pub partitions: Vec<Partition>,
    /// The graph and the facts about the model, with short attribute keys expanded.
    pub model: ModelDef,
    /// The operators' attributes are short keys in the file.
    pub is_compressed: bool,
    /// The inputs and outputs.
    pub io: InOut,
    /// The preprocessing of inputs, as the inputs tell it or, in files for phones, an operator of its own.
    pub aipp: Vec<InputAipp>,
    /// What the device runs, if the file says so in a form that is known.
    pub task: Option<ModelTask>,
    /// The weights.
    pub constants: Vec<Constant>,
    /// The binaries.
    pub kernels: Vec<Kernel>,
    /// What is odd about the model, but no reason to refuse it.
    pub warnings: Vec<String>,
    pub(super) dynamic: bool,
    /// Of all models of the file, for the first of them.
    pub(super) weight_bytes: u64,
}

impl OmModel {
    /// Opens a file that a device loads as one model, and gives its first.
    ///
    /// Inputs and outputs come from `MODEL_INOUT_INFO`, or from the graph where that is absent. Where both
    /// are there and differ, a file for the CPU device is refused, and any other gets a warning.
    ///
    /// # Errors
    /// `Format` if it is no `.om` or a damaged one, `Unsupported` if it is encrypted or of a kind that no
    /// device loads as one model: a flow, a bundle, an archive, or one without a partition table.
    pub fn open(file: &Bytes) -> Result<Self> {
        let file = OmFile::open(file)?;
        file.into_executable()
    }

    /// Reads a model of a file from its partitions; `dictionary` is that of the file's first model.
    pub(super) fn read(
        header: &Header,
        partitions: Vec<Partition>,
        dictionary: &mut Option<Dictionary>,
    ) -> Result<Self> {
        let mut warnings = repeated(&partitions);
        let find = |kind| partitions.iter().find(|part| part.kind == kind);
        let part = find(PartitionKind::MODEL_DEF)
            .ok_or_else(|| Error::format("the .om has no MODEL_DEF, so there is no model in it"))?;
        let mut model: ModelDef = decode(part, Part::Model)?;
        let is_compressed = model.attr.contains_key("om_compress_version");
        expand(&mut model, dictionary).map_err(|error| error.within(part.kind))?;
        // What the compiled files of Kirin phones have there is of another form.
        let task = find(PartitionKind::TASK_INFO)
            .filter(|_| header.model_type != PHONE)
            .map(|part| decode(part, Part::Task))
            .transpose()?;
        let described = find(PartitionKind::MODEL_INOUT_INFO)
            .or_else(|| find(PartitionKind::FLOW_MODEL).filter(|_| !header.wide))
            .map(|part| InOut::read(&part.data).map_err(|error| error.within(part.kind)))
            .transpose()?;
        let graph = model.in_out();
        let differences = described
            .as_ref()
            .map(|io| io.differences(&graph))
            .unwrap_or_default();
        if let (Some(first), true) = (
            differences.first(),
            model.attr.contains_key(CPU_PROGRAM_MARKER),
        ) {
            return Err(Error::format(format!(
                "the .om contradicts itself: {first}"
            )));
        }
        warnings.extend(differences);
        let weights = find(PartitionKind::WEIGHTS_DATA).map(|part| &part.data);
        let constants = constants(&model.graph, weights);
        let weight_bytes = partitions
            .iter()
            .filter(|part| part.kind == PartitionKind::WEIGHTS_DATA)
            .map(|part| part.data.len() as u64)
            .sum();
        let stores = partitions.iter().filter(|part| part.kind.has_kernels());
        let kernels = stores
            .flat_map(|part| kernels(part, &mut warnings))
            .collect();
        Ok(Self {
            is_compressed,
            io: described.unwrap_or(graph),
            aipp: model.any_aipp(),
            task,
            constants,
            kernels,
            warnings,
            dynamic: header.dynamic,
            weight_bytes,
            model,
            partitions,
        })
    }

    /// Gives the content of the first partition of a kind.
    #[must_use]
    pub fn partition(&self, kind: PartitionKind) -> Option<&Bytes> {
        self.partitions
            .iter()
            .find(|part| part.kind == kind)
            .map(|part| &part.data)
    }

    /// Gives the bytes of work memory as a device counts them: 0 for dynamic shapes, where it depends on
    /// the shapes.
    #[must_use]
    pub fn work_bytes(&self) -> u64 {
        if self.dynamic {
            0
        } else {
            self.task.as_ref().map_or(0, |task| task.memory_size)
        }
    }

    /// Gives the bytes of weights; for the first model of a file those of all of its models, which is
    /// what a device reserves.
    #[must_use]
    pub fn weight_bytes(&self) -> u64 {
        self.weight_bytes
    }

    /// Gives the weights, empty if there are none.
    #[must_use]
    pub fn weights(&self) -> Bytes {
        self.partition(PartitionKind::WEIGHTS_DATA)
            .cloned()
            .unwrap_or_default()
    }

    /// Gives the programs for the CPU device, one or one for each gear, and the version of their
    /// encoding; `None` if the file holds device code instead.
    #[must_use]
    pub fn cpu_programs(&self) -> Option<(&str, Vec<Bytes>)> {
        let version = self.text(CPU_PROGRAM_MARKER)?;
        let all = self.partition(PARTITION_CPU_PROGRAM)?;
        let lengths = self.model.attr.get(CPU_PROGRAM_LENGTHS);
        let lengths = lengths.and_then(AttrDef::as_list);
        let lengths = lengths.map_or_else(
            || vec![i64::try_from(all.len()).unwrap_or(i64::MAX)],
            |list| list.i.clone(),
        );
        let mut rest = all.clone();
        let mut programs = Vec::new();
        for length in lengths {
            let length = usize::try_from(length).ok()?;
            if length > rest.len() {
                return None;
            }
            programs.push(rest.split_to(length));
        }
        Some((version, programs))
    }

    /// Gives the model as ONNX with its weights outside, which lies behind the programs for the CPU
    /// device; `None` if the file has none.
    #[must_use]
    pub fn cpu_onnx(&self) -> Option<Bytes> {
        let length = usize::try_from(self.int(CPU_ONNX_LENGTH)?).ok()?;
        let all = self.partition(PARTITION_CPU_PROGRAM)?;
        Some(all.slice(all.len().checked_sub(length)?..))
    }

    /// Gives the bytes of the weights of a program for the CPU device, wherever they are.
    #[must_use]
    pub fn cpu_weight_bytes(&self) -> u64 {
        let stored = self.int(CPU_WEIGHTS_LENGTH);
        stored
            .and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or(self.weight_bytes)
    }
}

/// Expands a model's attributes. Models after the first are compressed by their own tables last, and by
/// those of the first before.
fn expand(model: &mut ModelDef, first: &mut Option<Dictionary>) -> Result<()> {
    let mut own = model.take_dictionary()?;
    if let Some(own) = &mut own {
        model.expand_by(own)?;
    }
    match first {
        Some(first) => model.expand_by(first)?,
        None => *first = own,
    }
    Ok(())
}

/// Warns of partitions that are not the first of their kind.
fn repeated(partitions: &[Partition]) -> Vec<String> {
    let is_repeated = |&(index, part): &(usize, &Partition)| {
        part.kind != PartitionKind::FLOW_SUBMODEL
            && partitions[..index]
                .iter()
                .any(|before| before.kind == part.kind)
    };
    let repeated = partitions.iter().enumerate().filter(is_repeated);
    repeated
        .map(|(_, part)| {
            format!(
                "{} at byte {} is ignored: it is not the first",
                part.kind, part.offset
            )
        })
        .collect()
}

/// Decodes a message, unless it has more parts than any sane file.
pub(super) fn decode<M: Message + Default>(part: &Partition, kind: Part) -> Result<M> {
    check_message_count(&part.data, kind).map_err(|error| error.within(part.kind))?;
    M::decode(part.data.clone()).map_err(|error| {
        Error::format(format!(
            "{} at byte {} is damaged: {error}",
            part.kind, part.offset
        ))
    })
}
