use bytes::Bytes;
use prost::Message;

use super::program::{CPU_PROGRAM_LENGTHS, CPU_WEIGHTS_LENGTH};
use super::proto::Part;
use super::{
    AttrDef, CPU_PROGRAM_MARKER, Container, Header, InOut, ModelDef, ModelTask,
    PARTITION_CPU_PROGRAM, Partition, PartitionKind,
};
use crate::limit::check_message_count;
use crate::{Error, Result};

/// The type of model in compiled files for Kirin phones.
const PHONE: u8 = 4;

/// An opened `.om`: all that a loader or a reader of the file needs.
#[derive(Clone, Debug)]
pub struct OmFile {
    /// The header.
    pub header: Header,
    /// The partitions of the first model, in the order of the file.
    pub partitions: Vec<Partition>,
    /// The graph and the facts about the model, with short attribute keys expanded.
    pub model: ModelDef,
    /// The inputs and outputs.
    pub io: InOut,
    /// What the device runs, if the file says so.
    pub task: Option<ModelTask>,
    /// What is odd about the file, but no reason to refuse it.
    pub warnings: Vec<String>,
    weight_bytes: u64,
}

impl OmFile {
    /// Reads a file of a current or older kind; weights and programs stay slices of `file`.
    ///
    /// Inputs and outputs come from `MODEL_INOUT_INFO`, or from the graph where that is absent. Where both
    /// are there and differ, a file for the CPU device is refused, and any other gets a warning.
    ///
    /// # Errors
    /// `Format` if it is no `.om` or a damaged one, `Unsupported` if it is encrypted or of a kind that is
    /// not read yet.
    pub fn open(file: &Bytes) -> Result<Self> {
        let Container { header, models } = Container::read(file)?;
        let weight_bytes = models
            .iter()
            .flatten()
            .filter(|part| part.kind == PartitionKind::WEIGHTS_DATA);
        let weight_bytes = weight_bytes.map(|part| part.data.len() as u64).sum();
        let partitions = models.into_iter().next().unwrap_or_default();
        let mut warnings = Vec::new();
        for (index, part) in partitions.iter().enumerate() {
            if partitions[..index]
                .iter()
                .any(|before| before.kind == part.kind)
            {
                warnings.push(format!(
                    "{} at byte {} is ignored: it is not the first",
                    part.kind, part.offset
                ));
            }
        }
        let find = |kind| partitions.iter().find(|part| part.kind == kind);
        let part = find(PartitionKind::MODEL_DEF)
            .ok_or_else(|| Error::format("the .om has no MODEL_DEF, so there is no model in it"))?;
        let mut model: ModelDef = decode(part, Part::Model)?;
        model
            .expand_attributes()
            .map_err(|error| error.within(part.kind))?;
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
        let io = described.unwrap_or(graph);
        Ok(Self {
            header,
            partitions,
            model,
            io,
            task,
            warnings,
            weight_bytes,
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

    /// Gives a text from the model's attributes.
    #[must_use]
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.model.attr.get(attribute)?.as_str()
    }

    /// Gives a whole number from the model's attributes.
    #[must_use]
    pub fn int(&self, attribute: &str) -> Option<i64> {
        self.model.attr.get(attribute).and_then(AttrDef::as_int)
    }

    /// Gives the chip that the file is for; old files do not say it.
    #[must_use]
    pub fn soc_version(&self) -> Option<&str> {
        self.text("soc_version")
    }

    /// Gives the bytes of work memory as a device counts them: 0 for dynamic shapes, where it depends on
    /// the shapes.
    #[must_use]
    pub fn work_bytes(&self) -> u64 {
        if self.header.dynamic {
            0
        } else {
            self.task.as_ref().map_or(0, |task| task.memory_size)
        }
    }

    /// Gives the bytes of weights of all models in the file.
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

    /// Gives the bytes of the weights of a program for the CPU device, wherever they are.
    #[must_use]
    pub fn cpu_weight_bytes(&self) -> u64 {
        let stored = self.int(CPU_WEIGHTS_LENGTH);
        stored
            .and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or(self.weight_bytes)
    }
}

fn decode<M: Message + Default>(part: &Partition, kind: Part) -> Result<M> {
    check_message_count(&part.data, kind).map_err(|error| error.within(part.kind))?;
    M::decode(part.data.clone()).map_err(|error| {
        Error::format(format!(
            "{} at byte {} is damaged: {error}",
            part.kind, part.offset
        ))
    })
}
