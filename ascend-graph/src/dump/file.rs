use bytes::Bytes;
use prost::Message;

use super::proto::{DumpDef, Part};
use super::tensor::DumpTensor;
use crate::limit::check_message_count;
use crate::{Error, Result, Rope};

/// The bytes of the length at the start.
const LENGTH: usize = 8;

/// A dump file: the tensors of one operator in one run.
///
/// ```
/// use ascend_graph::DataType;
/// use ascend_graph::dump::{DumpFile, DumpTensor};
///
/// let mut file = DumpFile::new("conv1");
/// let elements = 1.5_f32.to_le_bytes().to_vec().into();
/// file.outputs.push(DumpTensor::new(DataType::F32, vec![1], elements));
/// let bytes = file.to_rope()?.to_bytes();
/// assert_eq!(DumpFile::read(&bytes)?, file);
/// # Ok::<(), ascend_graph::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DumpFile {
    /// The version of the format, such as `2.0`.
    pub version: String,
    /// When the file was written, in microseconds since 1970.
    pub time: u64,
    /// The operator's name.
    pub op_name: String,
    /// What the operator took.
    pub inputs: Vec<DumpTensor>,
    /// What the operator gave.
    pub outputs: Vec<DumpTensor>,
    /// What lies behind the tensors, such as a core's buffers.
    pub rest: Bytes,
}

impl DumpFile {
    /// Gives a file of an operator, without tensors yet.
    #[must_use]
    pub fn new(op_name: impl Into<String>) -> Self {
        Self {
            version: "2.0".to_owned(),
            time: 0,
            op_name: op_name.into(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            rest: Bytes::new(),
        }
    }

    /// Reads a file. The elements are copied, so `file` need not live on.
    ///
    /// # Errors
    ///
    /// [`Format`](crate::ErrorKind::Format) for bytes that are no dump file, are damaged or end too early, and
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for an element type that is not known.
    pub fn read(file: &[u8]) -> Result<Self> {
        Self::parse(file).map_err(|error| error.within("dump file"))
    }

    fn parse(file: &[u8]) -> Result<Self> {
        let Some((length, rest)) = file.split_first_chunk::<LENGTH>() else {
            return Err(Error::format(format!(
                "has {} bytes, and starts with a length of {LENGTH}",
                file.len()
            )));
        };
        let length = u64::from_le_bytes(*length);
        let message = usize::try_from(length)
            .ok()
            .and_then(|length| rest.split_at_checked(length));
        let Some((message, elements)) = message else {
            return Err(Error::format(format!(
                "its description takes {length} bytes, {} follow; it is cut short or no dump file",
                rest.len()
            )));
        };
        check_message_count(message, Part::File)?;
        let def = DumpDef::decode(message)
            .map_err(|error| Error::format(format!("its description is damaged: {error}")))?;
        let mut elements = Elements { rest: elements };
        let mut inputs = Vec::with_capacity(def.input.len());
        for (index, input) in def.input.into_iter().enumerate() {
            let input = DumpTensor::from_input(input, |size, data| elements.take(size, data));
            inputs.push(input.map_err(|error| error.within(format_args!("input {index}")))?);
        }
        let mut outputs = Vec::with_capacity(def.output.len());
        for (index, output) in def.output.into_iter().enumerate() {
            let output = DumpTensor::from_output(output, |size, data| elements.take(size, data));
            outputs.push(output.map_err(|error| error.within(format_args!("output {index}")))?);
        }
        if inputs.is_empty() && outputs.is_empty() && !elements.rest.is_empty() {
            return Err(Error::format(format!(
                "describes no tensors, and has {} bytes of them",
                elements.rest.len()
            )));
        }
        Ok(Self {
            version: def.version,
            time: def.dump_time,
            op_name: def.op_name,
            inputs,
            outputs,
            rest: Bytes::copy_from_slice(elements.rest),
        })
    }

    /// Gives the file as bytes to write; large tensors are shared, not copied.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for an element type that such files have no number for.
    pub fn to_rope(&self) -> Result<Rope> {
        let def = DumpDef {
            version: self.version.clone(),
            dump_time: self.time,
            output: self
                .outputs
                .iter()
                .map(DumpTensor::to_output)
                .collect::<Result<_>>()?,
            input: self
                .inputs
                .iter()
                .map(DumpTensor::to_input)
                .collect::<Result<_>>()?,
            op_name: self.op_name.clone(),
        };
        let message = def.encode_to_vec();
        let mut rope = Rope::new();
        rope.extend_from_slice(&(message.len() as u64).to_le_bytes());
        rope.push(message.into());
        for tensor in self.inputs.iter().chain(&self.outputs) {
            rope.push(tensor.bytes.clone());
        }
        rope.push(self.rest.clone());
        Ok(rope)
    }
}

/// The elements behind the description.
struct Elements<'a> {
    rest: &'a [u8],
}

impl Elements<'_> {
    /// Gives a tensor's elements: those of the message if it has any, else the next ones.
    fn take(&mut self, size: u64, data: Bytes) -> Result<Bytes> {
        if !data.is_empty() {
            return Ok(data);
        }
        let taken = usize::try_from(size)
            .ok()
            .and_then(|size| self.rest.split_at_checked(size));
        let Some((taken, rest)) = taken else {
            return Err(Error::format(format!(
                "has {size} bytes of elements, {} follow; the file is cut short",
                self.rest.len()
            )));
        };
        self.rest = rest;
        Ok(Bytes::copy_from_slice(taken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::OriginalOp;
    use crate::om::Format;
    use crate::{DataType, ErrorKind};

    fn sample() -> DumpFile {
        let half = Bytes::from_static(&[0, 0x3c, 0, 0x40]);
        let mut file = DumpFile {
            time: 1_700_000_000_123_456,
            ..DumpFile::new("layer1/conv")
        };
        file.inputs = vec![
            DumpTensor::new(DataType::F16, vec![2, 1], half),
            DumpTensor::new(DataType::I64, vec![0, 4], Bytes::new()),
        ];
        file.outputs = vec![DumpTensor {
            format: Format::NC1HWC0,
            original_dims: vec![1],
            original: Some(OriginalOp {
                name: "conv".to_owned(),
                output: 1,
                dtype: DataType::F32,
                format: Format::NCHW,
            }),
            // Two bytes of padding.
            ..DumpTensor::new(
                DataType::F32,
                vec![],
                Bytes::from_static(&[0, 0, 0x80, 0x3f, 9, 9]),
            )
        }];
        file
    }

    #[test]
    fn the_layout_is_the_known_one() {
        let mut file = DumpFile::new("a");
        file.inputs = vec![DumpTensor::new(DataType::U8, vec![1, 2], vec![7, 8].into())];
        file.outputs = vec![DumpTensor::new(DataType::I8, vec![1], vec![9].into())];
        let expected = [
            &[46, 0, 0, 0, 0, 0, 0, 0][..],
            b"\x0a\x032.0",
            // The output: type, format, shape, size, original shape; then the input and the name.
            b"\x1a\x10\x08\x03\x10\x02\x1a\x03\x0a\x01\x01\x30\x01\x3a\x03\x0a\x01\x01",
            b"\x22\x12\x08\x04\x10\x02\x1a\x04\x0a\x02\x01\x02\x28\x02\x32\x04\x0a\x02\x01\x02",
            b"\x32\x01a",
            // Inputs come first here.
            &[7, 8, 9],
        ];
        let bytes = file.to_rope().unwrap().to_bytes();
        assert_eq!(bytes, expected.concat());
        assert_eq!(DumpFile::read(&bytes).unwrap(), file);
    }

    #[test]
    fn elements_are_told_from_padding() {
        let file = sample();
        let bytes = file.to_rope().unwrap().to_bytes();
        let read = DumpFile::read(&bytes).unwrap();
        assert_eq!(read, file);
        assert_eq!(read.outputs[0].elements().unwrap()[..], 1_f32.to_le_bytes());
        assert!(read.inputs[1].elements().unwrap().is_empty());
        let short = DumpTensor {
            dims: vec![9],
            ..file.outputs[0].clone()
        };
        let error = short.elements().unwrap_err().to_string();
        assert!(error.contains("take 36 bytes, the file has 6"), "{error}");
        let endless = DumpTensor {
            dims: vec![usize::MAX, 9],
            ..file.outputs[0].clone()
        };
        assert!(endless.elements().is_err());
    }

    #[test]
    fn elements_in_the_message_and_what_follows_are_kept() {
        let mut def = DumpDef {
            input: vec![sample().inputs[0].to_input().unwrap()],
            ..DumpDef::default()
        };
        def.input[0].data = Bytes::from_static(&[1, 2, 3, 4]);
        let message = def.encode_to_vec();
        let mut bytes = (message.len() as u64).to_le_bytes().to_vec();
        bytes.extend(message);
        bytes.extend([5, 6]);
        let read = DumpFile::read(&bytes).unwrap();
        assert_eq!(read.inputs[0].bytes[..], [1, 2, 3, 4]);
        assert_eq!(read.rest[..], [5, 6]);
    }

    #[test]
    fn a_file_cut_short_anywhere_is_refused() {
        let bytes = sample().to_rope().unwrap().to_bytes();
        for end in 0..bytes.len() {
            let error = DumpFile::read(&bytes[..end]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Format, "{end}: {error}");
            assert!(error.to_string().starts_with("dump file: "), "{error}");
        }
    }

    #[test]
    fn damage_of_any_byte_is_an_error_or_another_file() {
        let sound = sample();
        let bytes = sound.to_rope().unwrap().to_bytes();
        for at in 0..bytes.len() {
            for damage in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.to_vec();
                damaged[at] ^= damage;
                if let Ok(read) = DumpFile::read(&damaged) {
                    assert_ne!(read, sound, "byte {at} says nothing");
                }
            }
        }
    }

    #[test]
    fn what_is_no_dump_file_is_refused_with_a_reason() {
        let crowd = [0x22, 0].repeat(2_000_001);
        let with_length = |message: &[u8]| {
            let mut file = (message.len() as u64).to_le_bytes().to_vec();
            file.extend_from_slice(message);
            file
        };
        let typed = |number: u8| with_length(&[0x22, 2, 0x08, number]);
        for (file, part) in [
            (b"\x93NUMPY\x01\x00v\x00{'descr'".to_vec(), "no dump file"),
            (u64::MAX.to_le_bytes().to_vec(), "no dump file"),
            (Vec::new(), "has 0 bytes"),
            (with_length(&crowd), "more than 2000000 parts"),
            (with_length(&[0xff; 4]), "its description is damaged"),
            (typed(99), "input 0: element type 99 is not known"),
            (vec![0, 0, 0, 0, 0, 0, 0, 0, 1], "describes no tensors"),
        ] {
            let error = DumpFile::read(&file).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert!(DumpFile::read(&typed(1)).is_ok());
        let mut unknown = sample();
        unknown.inputs[0].dtype = DataType::U4;
        assert_eq!(
            unknown.to_rope().unwrap_err().kind(),
            ErrorKind::Unsupported
        );
    }
}
