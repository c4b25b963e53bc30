//! What is known of an `.om`, as plain data: the one place where the reader of such files is asked.

use ascend_graph::om::{
    CPU_PROGRAM_MARKER, Contents, GraphDef, HEADER_BYTES, InOut, Kind, OmFile, OmModel, OpDef,
    PartitionKind,
};
use ascend_rt::{DataType, Error};
use bytes::Bytes;

/// A file, or one inside of it.
#[derive(Debug)]
pub(crate) struct Facts {
    /// What it is called: empty for the file itself.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The numbers in its partition tables have 64 bits.
    pub(crate) is_wide: bool,
    pub(crate) is_encrypted: bool,
    /// The shapes are known only when it runs.
    pub(crate) is_dynamic: bool,
    /// The models, the main one first; several for shapes that are known when it runs.
    pub(crate) models: Vec<OmModel>,
    /// The files inside of a flow or bundle.
    pub(crate) parts: Vec<Facts>,
    /// What the container tells beside its models, by name.
    pub(crate) more: Vec<(String, String)>,
}

impl Facts {
    pub(crate) fn read(file: &Bytes) -> Result<Self, Error> {
        Ok(Self::of(String::new(), OmFile::open(file)?))
    }

    /// Files in files are no deeper than the reader allows, which is a few levels.
    fn of(name: String, file: OmFile) -> Self {
        let mut facts = Self {
            name,
            kind: file.kind,
            is_wide: file.header.as_ref().is_some_and(|header| header.wide),
            is_encrypted: false,
            is_dynamic: file.header.as_ref().is_some_and(|header| header.dynamic),
            models: Vec::new(),
            parts: Vec::new(),
            more: Vec::new(),
        };
        let mut tell = |what: &str, text: String| facts.more.push((what.to_owned(), text));
        match file.contents {
            Contents::Models(models) => facts.models = models,
            Contents::Flow(flow) => {
                for part in flow.submodels {
                    if let Some(file) = part.file {
                        facts.parts.push(Self::of(part.name, file));
                        continue;
                    }
                    let (kind, bytes, path) = (part.model_type, part.bytes, part.path);
                    tell(&part.name, format!("{kind}, {bytes} B, no .om; {path}"));
                }
                facts.models = vec![flow.model];
            }
            Contents::Bundle {
                variable_bytes,
                files,
            } => {
                tell("variables", format!("{variable_bytes} B"));
                let named = |(index, file): (usize, OmFile)| {
                    let name = match file.name() {
                        "" => format!("model {index}"),
                        name => name.to_owned(),
                    };
                    Self::of(name, file)
                };
                facts.parts = files.into_iter().enumerate().map(named).collect();
            }
            Contents::Archive(archive) => {
                facts.more.extend(archive.manifest);
                facts.models = archive.models;
            }
            Contents::Encrypted => facts.is_encrypted = true,
            _ => {}
        }
        facts
    }

    /// The model that a caller sees.
    pub(crate) fn main(&self) -> Option<&OmModel> {
        self.models.first()
    }

    /// The main model, or that of the first file inside.
    fn first(&self) -> Option<&OmModel> {
        self.all().into_iter().find_map(Self::main)
    }

    /// The chip that it is for, if it tells.
    pub(crate) fn chip(&self) -> Option<&str> {
        self.first()?.soc_version()
    }

    /// Whether it is a model for the CPU device.
    pub(crate) fn is_for_cpu_device(&self) -> bool {
        let first = self.first();
        first.is_some_and(|one| one.model.attr.contains_key(CPU_PROGRAM_MARKER))
    }

    /// Whether it is for the CPU device, but not for the engine that is built into that.
    pub(crate) fn needs_onnx_runtime(&self) -> bool {
        let programs = self.first().and_then(OmModel::cpu_programs);
        programs.is_some_and(|(_, programs)| programs.is_empty())
    }

    /// Whether it was made for phones with Kirin chips.
    pub(crate) fn is_for_phones(&self) -> bool {
        self.first().is_some_and(|one| {
            one.target() == Some("LITE") || one.model.custom_version.starts_with("3.")
        })
    }

    /// The bytes of weights of all models, as a device counts them.
    pub(crate) fn weight_bytes(&self) -> u64 {
        let weights = self.models.iter().map(OmModel::weight_bytes);
        weights.fold(0, u64::saturating_add)
    }

    /// The file and all files inside of it, the outer first.
    pub(crate) fn all(&self) -> Vec<&Self> {
        let mut all = vec![self];
        let mut at = 0;
        while let Some(facts) = all.get(at) {
            let parts = &facts.parts;
            all.extend(parts);
            at += 1;
        }
        all
    }

    /// All graphs of all models, with the model's name where there are several.
    pub(crate) fn graphs(&self) -> impl Iterator<Item = &GraphDef> {
        let models = self.models.iter();
        models.flat_map(|model| &model.model.graph)
    }

    /// What is odd about it, but no reason to refuse it.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let all = self.all().into_iter();
        let warnings = all.flat_map(|facts| {
            let warnings = facts.models.iter().flat_map(|model| &model.warnings);
            warnings.map(|warning| match facts.name.as_str() {
                "" => warning.clone(),
                name => format!("{name}: {warning}"),
            })
        });
        warnings.collect()
    }

    /// The bytes of an entry in a partition table, and of the table before its entries.
    pub(crate) fn entry_bytes(&self) -> (usize, usize) {
        if self.is_wide { (24, 8) } else { (12, 4) }
    }

    /// The models, each with the place of its partition table.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (usize, &OmModel)> {
        self.models.iter().scan(HEADER_BYTES, |next, model| {
            let table = *next;
            *next = end(model).unwrap_or(table);
            Some((table, model))
        })
    }
}

/// Where a model's last partition ends.
pub(crate) fn end(model: &OmModel) -> Option<usize> {
    let last = model.partitions.last()?;
    Some(last.offset + last.data.len())
}

/// The inputs and outputs as a partition tells them.
pub(crate) fn described(facts: &Facts, model: &OmModel) -> Option<InOut> {
    let partition = model
        .partition(PartitionKind::MODEL_INOUT_INFO)
        .or_else(|| {
            // In older files this number means the same.
            model
                .partition(PartitionKind::FLOW_MODEL)
                .filter(|_| !facts.is_wide)
        });
    InOut::read(partition?).ok()
}

/// Whether a model has tasks, in a form that only its device knows.
pub(crate) fn has_opaque_task(model: &OmModel) -> bool {
    model.task.is_none() && model.partition(PartitionKind::TASK_INFO).is_some()
}

/// The operators that compute nothing.
pub(crate) fn is_structural(op: &OpDef) -> bool {
    const KINDS: [&str; 9] = [
        "Data",
        "AippData",
        "AnnData",
        "RefData",
        "NetOutput",
        "Variable",
        "NoOp",
        "Send",
        "Recv",
    ];
    is_constant(op) || KINDS.contains(&op.r#type.as_str())
}

pub(crate) fn is_constant(op: &OpDef) -> bool {
    matches!(op.r#type.as_str(), "Const" | "Constant" | "FileConstant")
}

/// The name of an element type in the spelling of the graph's schema.
pub(crate) fn type_name(code: i32) -> String {
    let name = DataType::from_ge(code).and_then(DataType::ge_name);
    name.unwrap_or_else(|| format!("unknown type {code}"))
}

/// The operator and the output that an input comes from; -1 is no output but mere order.
pub(crate) fn source(input: &str) -> Option<(&str, i64)> {
    let (op, index) = input.rsplit_once(':')?;
    Some((op, index.parse().ok()?))
}
