use std::fmt;

use bytes::Bytes;

use super::cursor::Cursor;
use super::header::{HEADER_BYTES, Header, Kind};
use crate::{Error, Result, Rope};

/// The most partitions that one model of a file may have.
const MOST_PARTITIONS: u32 = 8;

/// The most partitions that a flow may have.
const MOST_OF_FLOW: u32 = 4096;

/// Partitions of files for small chips begin at multiples of this many bytes.
const ALIGNMENT: u64 = 8;

/// What a partition holds; new numbers pass through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartitionKind(pub u32);

/// The program for the CPU device: a partition of this project, unknown to Huawei's loader.
pub const PARTITION_CPU_PROGRAM: PartitionKind = PartitionKind(0x4153_4344);

impl PartitionKind {
    /// The graph, as a [`ModelDef`](super::ModelDef).
    pub const MODEL_DEF: Self = Self(0);
    /// The weights, addressed by the graph's constants.
    pub const WEIGHTS_DATA: Self = Self(1);
    /// What the device is told to run, as a [`ModelTask`](super::ModelTask).
    pub const TASK_INFO: Self = Self(2);
    /// Kernels for the AI cores.
    pub const TBE_KERNELS: Self = Self(3);
    /// Kernels for the device's CPU.
    pub const CUST_AICPU_KERNELS: Self = Self(4);
    /// Libraries for the host.
    pub const SO_BINS: Self = Self(5);
    /// How several models feed each other; in files with a 32-bit table the inputs and outputs.
    pub const FLOW_MODEL: Self = Self(6);
    /// One of the models that feed each other.
    pub const FLOW_SUBMODEL: Self = Self(7);
    /// The inputs and outputs, as an [`InOut`](super::InOut).
    pub const MODEL_INOUT_INFO: Self = Self(8);
    /// A whole `.om` in a bundle.
    pub const BUNDLE_MODEL_INFO: Self = Self(24);
    /// The size of a bundle's variables.
    pub const BUNDLE_MODEL_VAR_INFO: Self = Self(25);
    /// Kernels of operators that the user added.
    pub const CUSTOM_OPS: Self = Self(26);

    /// Tells whether such a partition is a list of binaries.
    pub(super) fn has_kernels(self) -> bool {
        [
            Self::TBE_KERNELS,
            Self::CUST_AICPU_KERNELS,
            Self::SO_BINS,
            Self::CUSTOM_OPS,
        ]
        .contains(&self)
    }

    /// Gives the name, or `None` for a number that is not known here.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "MODEL_DEF",
            1 => "WEIGHTS_DATA",
            2 => "TASK_INFO",
            3 => "TBE_KERNELS",
            4 => "CUST_AICPU_KERNELS",
            5 => "SO_BINS",
            6 => "FLOW_MODEL",
            7 => "FLOW_SUBMODEL",
            8 => "MODEL_INOUT_INFO",
            9 => "STATIC_TASK_DESC",
            10 => "DYNAMIC_TASK_DESC",
            11 => "TASK_PARAM",
            12 => "TILING_DATA",
            20 => "PRE_MODEL_DESC",
            21 => "PRE_MODEL_SQE",
            22 => "PRE_KERNEL_ARGS",
            23 => "PRE_MODEL_DESC_EXTEND",
            24 => "BUNDLE_MODEL_INFO",
            25 => "BUNDLE_MODEL_VAR_INFO",
            26 => "CUSTOM_OPS",
            0x4153_4344 => "CPU_PROGRAM",
            _ => return None,
        })
    }
}

impl fmt::Display for PartitionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "partition type {}", self.0),
        }
    }
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// What it holds.
    pub kind: PartitionKind,
    /// Its first byte, counted from the start of the file.
    pub offset: usize,
    /// Its bytes, a slice of the file.
    pub data: Bytes,
}

/// A file taken apart into its partitions.
#[derive(Clone, Debug)]
pub struct Container {
    /// The header.
    pub header: Header,
    /// The partitions of each model, in the order of the file; one model but for dynamic shapes.
    pub models: Vec<Vec<Partition>>,
}

impl Container {
    /// Takes a file with a partition table apart; nothing is copied.
    ///
    /// # Errors
    /// `Format` if it is no `.om` or a damaged one, `Unsupported` if it is encrypted or of a kind that has
    /// no such table: [`OmFile`](super::OmFile) opens all kinds.
    pub fn read(file: &Bytes) -> Result<Self> {
        let kind = Kind::of(file)?;
        if kind == Kind::Archive {
            return Err(unfit(kind, ""));
        }
        let header = Header::read(file)?;
        if header.encrypted {
            return Err(Error::unsupported(format!(
                "the .om `{}` is encrypted",
                header.name
            )));
        }
        let most = match kind {
            Kind::Current | Kind::Narrow | Kind::FirstGeneration => MOST_PARTITIONS,
            Kind::Flow => MOST_OF_FLOW,
            _ => return Err(unfit(kind, &format!(" (`{}`)", header.name))),
        };
        let found = (file.len() - HEADER_BYTES) as u64;
        if found != header.payload_bytes {
            let relation = if found < header.payload_bytes {
                "cut short"
            } else {
                "too long"
            };
            return Err(Error::format(format!(
                "the .om is {relation}: its header promises {} bytes after it, {found} follow",
                header.payload_bytes
            )));
        }
        let mut models = Vec::new();
        let mut at = HEADER_BYTES;
        for _ in 0..header.model_count {
            let partitions = read_block(file, at, header.wide, most)?;
            at = partitions
                .last()
                .map_or(at, |last| last.offset + last.data.len());
            models.push(partitions);
        }
        if at != file.len() {
            return Err(Error::format(format!(
                "the .om has {} bytes after its last partition, from byte {at} on",
                file.len() - at
            )));
        }
        Ok(Self { header, models })
    }

    /// Lays a file with one model out; `payload_bytes` of the header is filled in.
    #[must_use]
    pub fn write(mut header: Header, partitions: &[(PartitionKind, Rope)]) -> Rope {
        let mut table = Vec::new();
        let count = u32::try_from(partitions.len()).unwrap_or(u32::MAX);
        table.extend(u64::from(count).to_le_bytes());
        let mut offset = 0_u64;
        for (kind, data) in partitions {
            table.extend(u64::from(kind.0).to_le_bytes());
            table.extend(offset.to_le_bytes());
            table.extend(data.len().to_le_bytes());
            offset += data.len();
        }
        header.payload_bytes = table.len() as u64 + offset;
        let mut file = Rope::from(header.to_bytes().to_vec());
        file.extend_from_slice(&table);
        for (_, data) in partitions {
            file.append(data);
        }
        file
    }
}

fn unfit(kind: Kind, name: &str) -> Error {
    Error::unsupported(format!(
        "the file is {}{name}, which has no table of partitions",
        kind.description()
    ))
}

/// Reads a partition table and what it lists.
fn read_block(file: &Bytes, start: usize, wide: bool, most: u32) -> Result<Vec<Partition>> {
    let mut table = Cursor::new(&file[start..]);
    let count = table.u32("the partition table")?;
    if !(1..=most).contains(&count) {
        return Err(Error::format(format!(
            "the .om has {count} partitions by the table at byte {start}, instead of 1 to {most}"
        )));
    }
    if wide {
        table.u32("padding")?;
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let kind = PartitionKind(table.u32("a partition's type")?);
        if wide {
            table.u32("padding")?;
        }
        let mut number = |what| {
            if wide {
                table.u64(what)
            } else {
                table.u32(what).map(u64::from)
            }
        };
        entries.push((
            kind,
            number("a partition's offset")?,
            number("a partition's size")?,
        ));
    }
    let data_start = start + table.position();
    let mut partitions = Vec::new();
    for (kind, offset, size) in entries {
        let mut expected = (start + table.position() - data_start) as u64;
        if offset == expected.next_multiple_of(ALIGNMENT) {
            expected += skip_padding(&mut table, offset - expected);
        }
        if offset != expected {
            let relation = if offset < expected {
                "overlaps the one before it"
            } else {
                "leaves a gap before it"
            };
            return Err(Error::format(format!(
                "{kind} {relation}: it starts at {offset} of the data, the one before ends at {expected}"
            )));
        }
        let offset = start + table.position();
        let data = table.take(size, "data").map_err(|_| {
            Error::format(format!(
                "{kind} at byte {offset} is {size} bytes long, {} follow",
                file.len() - offset
            ))
        })?;
        partitions.push(Partition {
            kind,
            offset,
            data: file.slice_ref(data),
        });
    }
    Ok(partitions)
}

/// Skips up to `gap` bytes, if all of them are zero, and tells how many it skipped.
fn skip_padding(table: &mut Cursor<'_>, gap: u64) -> u64 {
    let mut ahead = table.clone();
    match ahead.take(gap, "padding") {
        Ok(padding) if padding.iter().all(|&byte| byte == 0) => {
            *table = ahead;
            gap
        }
        _ => 0,
    }
}
