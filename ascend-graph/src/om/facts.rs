//! What a model tells of itself beside its graph: for which chip, how it was made, what it takes.

use std::collections::BTreeMap;

use super::{AttrDef, GraphDef, ListInt, OmModel, OpDef};

/// What a model needs of a device, as its compiler counted it. A number is 0 where the file does not
/// tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Bytes for the values between operators.
    pub work_bytes: u64,
    /// Bytes of inputs and outputs that the device reads and writes where the caller has them.
    pub zero_copy_bytes: u64,
    /// Bytes of weights.
    pub weight_bytes: u64,
    /// Bytes of variables.
    pub variable_bytes: u64,
    /// Bytes that several devices share.
    pub peer_bytes: u64,
    /// Bytes that are kept from one run to the next.
    pub session_bytes: u64,
    /// Bytes of the host's memory.
    pub host_bytes: u64,
    /// Bytes of the host's memory that the device addresses.
    pub host_shared_bytes: u64,
    /// Streams.
    pub streams: u64,
    /// Events.
    pub events: u64,
    /// Labels, which tasks jump to.
    pub labels: u64,
    /// Notifies, which are events between devices.
    pub notifies: u64,
}

/// A part of the work memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryBlock {
    /// The kind of memory.
    pub kind: i64,
    /// The first byte.
    pub offset: i64,
    /// The bytes.
    pub bytes: i64,
    /// It is at one place in all runs.
    pub is_fixed: bool,
}

impl OmModel {
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
        self.written("soc_version")
    }

    /// Gives the version of the compiler.
    #[must_use]
    pub fn atc_version(&self) -> Option<&str> {
        self.written("atc_version")
    }

    /// Gives the version of the operators' library that the compiler used.
    #[must_use]
    pub fn opp_version(&self) -> Option<&str> {
        self.written("opp_version")
    }

    /// Gives the command that made the file.
    #[must_use]
    pub fn command_line(&self) -> Option<&str> {
        self.written("atc_cmdline")
    }

    /// Gives the value of an option in the command that made the file: `option("precision_mode")` for
    /// `--precision_mode=force_fp16`.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        let mut words = self.command_line()?.split_whitespace();
        while let Some(word) = words.next() {
            let Some(rest) = word
                .strip_prefix("--")
                .and_then(|word| word.strip_prefix(name))
            else {
                continue;
            };
            match rest.strip_prefix('=') {
                Some(value) => return Some(value.trim_matches('"')),
                None if rest.is_empty() => return words.next(),
                None => {}
            }
        }
        None
    }

    /// Gives the framework that the model came from: `Onnx`, `Caffe`, `MindSpore` or `TensorFlow`.
    #[must_use]
    pub fn framework(&self) -> Option<&str> {
        self.written("framework_type")
    }

    /// Gives the kind of chip that the file is for: `MINI`, or `LITE` for phones.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.written("target_type")
    }

    /// Gives what the model needs of a device.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let number = |key: &str| {
            let number = self.int(key).unwrap_or(0);
            u64::try_from(number).unwrap_or(0)
        };
        Needs {
            work_bytes: number("memory_size"),
            zero_copy_bytes: number("zero_copy_memory_size"),
            weight_bytes: number("weight_size"),
            variable_bytes: number("variable_size"),
            peer_bytes: number("p2p_memory_size"),
            session_bytes: number("session_scope_memory_size"),
            host_bytes: number("host_memory_size"),
            host_shared_bytes: number("host_svm_size"),
            streams: number("stream_num"),
            events: number("event_num"),
            labels: number("label_num"),
            notifies: number("notify_num"),
        }
    }

    /// Gives the parts of the work memory; lists of another length than four numbers are left out.
    #[must_use]
    pub fn memory_blocks(&self) -> Vec<MemoryBlock> {
        let lists = self.model.attr.get("sub_memory_info");
        let lists = lists.and_then(AttrDef::as_int_lists).unwrap_or_default();
        let block = |list: &ListInt| match list.list_i[..] {
            [kind, offset, bytes, fixed] => Some(MemoryBlock {
                kind,
                offset,
                bytes,
                is_fixed: fixed != 0,
            }),
            _ => None,
        };
        lists.iter().filter_map(block).collect()
    }

    /// Gives the sizes that the compiler noted of weights, kernels for the AI cores and for the device's
    /// CPU, tasks and host libraries.
    #[must_use]
    pub fn partition_sizes(&self) -> &[i64] {
        let sizes = self.model.attr.get("om_info_list");
        sizes
            .and_then(AttrDef::as_list)
            .map_or(&[], |sizes| sizes.i.as_slice())
    }

    /// Gives the operator that each task belongs to, where the file tells it.
    #[must_use]
    pub fn task_operators(&self) -> Vec<String> {
        let names = self.model.attr.get("task_index_op_name");
        let names = names.and_then(AttrDef::as_list);
        let names = names.into_iter().flat_map(|list| &list.s);
        names
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect()
    }

    /// Gives the system and the processor that the file's host libraries are for.
    #[must_use]
    pub fn host(&self) -> Option<(&str, &str)> {
        self.written("host_env_os")
            .zip(self.written("host_env_cpu"))
    }

    /// Gives a text that is there and not empty.
    fn written(&self, attribute: &str) -> Option<&str> {
        self.text(attribute).filter(|text| !text.is_empty())
    }
}

impl GraphDef {
    /// Counts the operators of each type.
    #[must_use]
    pub fn op_types(&self) -> BTreeMap<&str, usize> {
        count(self.op.iter().map(|op| op.r#type.as_str()))
    }

    /// Counts the outputs of operators in each layout.
    #[must_use]
    pub fn output_formats(&self) -> BTreeMap<&str, usize> {
        let outputs = self.op.iter().flat_map(|op| &op.output_desc);
        count(outputs.map(|output| output.layout.as_str()))
    }
}

impl OpDef {
    /// Tells whether the operator was made of several by the compiler.
    #[must_use]
    pub fn is_fused(&self) -> bool {
        let is_set = |key: &str| {
            self.attr
                .get(key)
                .is_some_and(|attr| attr.as_bool() != Some(false))
        };
        is_set("_is_compiled_fusion_op") || is_set("_is_fusion_op")
    }

    /// Tells whether the operator is a convolution that lost its strides or pads when it was fused, so
    /// that the graph alone does not tell what it computes.
    #[must_use]
    pub fn lacks_attributes(&self) -> bool {
        let is_convolution = ["Conv2D", "Conv2DTransposeD"].contains(&self.r#type.as_str());
        let has = |key: &str| self.attr.contains_key(key);
        is_convolution && self.is_fused() && !(has("strides") && has("pads"))
    }
}

fn count<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
}
