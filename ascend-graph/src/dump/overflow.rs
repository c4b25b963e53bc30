use std::fmt;

use super::file::DumpFile;
use super::tensor::DumpTensor;
use crate::DataType;

/// The bytes that tell of an overflow.
const BYTES: usize = 2048;

/// Where the parts about a core are: what it ran, and what it noticed.
const TASK: usize = 256;
const STATUS: usize = 1024;

/// What the bits of a core's status mean.
const REASONS: [(u64, &str); 6] = [
    (0x8, "the least integer was negated"),
    (0x10, "integers were added or multiplied beyond their range"),
    (
        0x20,
        "floating-point numbers were computed beyond their range",
    ),
    (0x80, "a negative number became an unsigned integer"),
    (0x100, "a number was too large for f16"),
    (0x400, "a matrix product was summed up beyond its range"),
];

/// What a device tells of an operator whose result overflowed, in a file called
/// `Opdebug.Node_OpDebug.<number>.<stream>.<time>` beside the operator's own; that number is none of a task.
///
/// Of the three parts of such a file only the one about the cores is read: those about atomic additions in
/// memory are passed over, and so are files of the layout that begins with a list of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// The model's number in its process.
    pub model: u64,
    /// The number of the stream that the operator ran on.
    pub stream: u64,
    /// The number of the task that ran the operator.
    pub task: u64,
    /// Which of the kernel's blocks overflowed.
    pub block: u64,
    /// The core's status, of which each bit is a reason.
    pub status: u64,
}

impl Overflow {
    /// The status of floating-point numbers that were computed beyond their range.
    pub const FLOATING_POINT: u64 = 0x20;

    /// The type and the name that the files have for an operator.
    pub const OPERATOR: [&str; 2] = ["Opdebug", "Node_OpDebug"];

    /// Whether a file called after this type and name of an operator is one of these.
    #[must_use]
    pub fn is_named(op_type: &str, op_name: &str) -> bool {
        [op_type, op_name] == Self::OPERATOR
    }

    /// Reads what a file tells; `None` for one that does not tell of a core's overflow.
    ///
    /// That a file is one of these only its name says ([`Overflow::is_named`]): a tensor may have as many bytes.
    #[must_use]
    pub fn of(file: &DumpFile) -> Option<Self> {
        let [output] = &file.outputs[..] else {
            return None;
        };
        if output.bytes.len() != BYTES || !file.inputs.is_empty() {
            return None;
        }
        let number = |at: usize, index: usize| {
            let bytes = output.bytes.get(at + 8 * index..)?.first_chunk()?;
            Some(u64::from_le_bytes(*bytes))
        };
        // A core's part is its model, stream, task, kind of task, and two addresses; its status follows the
        // kernel's address and the block.
        let overflow = Self {
            model: number(TASK, 0)?,
            stream: number(TASK, 1)?,
            task: number(TASK, 2)?,
            block: number(STATUS, 1)?,
            status: number(STATUS, 2)?,
        };
        (overflow.status != 0).then_some(overflow)
    }

    /// Gives a file that tells of it.
    #[must_use]
    pub fn to_file(&self) -> DumpFile {
        let mut bytes = vec![0; BYTES];
        let numbers = [
            (TASK, 0, self.model),
            (TASK, 1, self.stream),
            (TASK, 2, self.task),
            (STATUS, 1, self.block),
            (STATUS, 2, self.status),
        ];
        for (at, index, number) in numbers {
            bytes[at + 8 * index..][..8].copy_from_slice(&number.to_le_bytes());
        }
        let [_, name] = Self::OPERATOR;
        let mut file = DumpFile::new(name);
        file.outputs = vec![DumpTensor::new(DataType::U8, vec![BYTES], bytes.into())];
        file
    }

    /// Says what the status means, bit by bit; bits that are not known mean nothing here.
    pub fn reasons(&self) -> impl Iterator<Item = &'static str> {
        let status = self.status;
        let meant = REASONS.iter().filter(move |(bit, _)| status & bit != 0);
        meant.map(|(_, reason)| *reason)
    }
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            model,
            stream,
            task,
            block,
            status,
        } = self;
        write!(
            f,
            "task {task} of stream {stream}, of model {model}, overflowed in block {block} with status {status:#x}"
        )?;
        for (place, reason) in self.reasons().enumerate() {
            f.write_str(if place == 0 { ": " } else { ", " })?;
            f.write_str(reason)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Overflow = Overflow {
        model: 514,
        stream: 563,
        task: 57,
        block: 1,
        status: 0x120,
    };

    #[test]
    fn the_layout_is_the_known_one() {
        let file = SAMPLE.to_file();
        let bytes = &file.outputs[0].bytes;
        let at = |at: usize| u64::from_le_bytes(*bytes[at..].first_chunk().unwrap());
        // Two parts of 128 bytes about memory, one of 256 about the core; then the status of each, the last
        // behind two of 256.
        assert_eq!([at(256), at(264), at(272)], [514, 563, 57]);
        assert_eq!([at(1024), at(1032), at(1040)], [0, 1, 0x120]);
        let known = [256, 264, 272, 1032, 1040];
        let others = (0..2048).step_by(8).filter(|place| !known.contains(place));
        assert!(others.into_iter().all(|place| at(place) == 0));
        assert_eq!(Overflow::of(&file), Some(SAMPLE));
    }

    #[test]
    fn every_bit_of_the_status_is_told() {
        assert_eq!(
            SAMPLE.to_string(),
            "task 57 of stream 563, of model 514, overflowed in block 1 with status 0x120: floating-point numbers \
             were computed beyond their range, a number was too large for f16"
        );
    }

    #[test]
    fn other_files_tell_of_no_overflow() {
        let mut file = SAMPLE.to_file();
        file.inputs = file.outputs.clone();
        assert_eq!(Overflow::of(&file), None);
        file.outputs.clear();
        assert_eq!(Overflow::of(&file), None);
        let sound = Overflow {
            status: 0,
            ..SAMPLE
        };
        assert_eq!(Overflow::of(&sound.to_file()), None);
        let mut short = SAMPLE.to_file();
        short.outputs[0].bytes.truncate(2047);
        assert_eq!(Overflow::of(&short), None);
    }
}
