//! Numbers of tensors, for dumps that write these instead of elements.

use std::fmt::Write;

use ascend_graph::DataType;
use ascend_graph::dump::{DumpFile, DumpTensor};

const HEADER: &str = "Input/Output,Index,Data Size,Data Type,Format,Shape,Count,Max Value,Min Value,Avg Value,l2norm,\
                      Nan Count,Negative Inf Count,Positive Inf Count\n";

/// A line for each tensor.
pub(super) fn table(file: &DumpFile) -> String {
    let mut table = HEADER.to_owned();
    for (kind, tensors) in [("Input", &file.inputs), ("Output", &file.outputs)] {
        for (index, tensor) in tensors.iter().enumerate() {
            let dims: Vec<String> = tensor.dims.iter().map(ToString::to_string).collect();
            let dtype = tensor.dtype.ge_name().unwrap_or_default();
            let numbers = Numbers::of(tensor);
            // Writing to a text cannot fail.
            let _ = writeln!(
                table,
                "{kind},{index},{},{dtype},{},{},{numbers}",
                tensor.bytes.len(),
                tensor.format,
                dims.join("x"),
            );
        }
    }
    table
}

#[derive(Default)]
struct Numbers {
    count: usize,
    /// The greatest, the least, the sum and that of squares of what is finite.
    bounds: Option<(f64, f64)>,
    sum: f64,
    squares: f64,
    finite: u32,
    nan: usize,
    negative_infinite: usize,
    positive_infinite: usize,
}

impl Numbers {
    fn of(tensor: &DumpTensor) -> Self {
        let mut numbers = Self::default();
        for value in values(tensor) {
            numbers.add(value);
        }
        numbers
    }

    fn add(&mut self, value: f64) {
        self.count += 1;
        if value.is_nan() {
            self.nan += 1;
        } else if value == f64::NEG_INFINITY {
            self.negative_infinite += 1;
        } else if value == f64::INFINITY {
            self.positive_infinite += 1;
        } else {
            self.sum += value;
            self.squares += value * value;
            self.finite = self.finite.saturating_add(1);
            let (most, least) = self.bounds.unwrap_or((value, value));
            self.bounds = Some((most.max(value), least.min(value)));
        }
    }
}

impl std::fmt::Display for Numbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},", self.count)?;
        match self.bounds {
            Some((most, least)) => {
                let mean = self.sum / f64::from(self.finite);
                write!(f, "{most},{least},{mean},{},", self.squares.sqrt())?;
            }
            None => f.write_str(",,,,")?,
        }
        let Self {
            nan,
            negative_infinite,
            positive_infinite,
            ..
        } = self;
        write!(f, "{nan},{negative_infinite},{positive_infinite}")
    }
}

/// The elements of the types that the engine computes in.
fn values(tensor: &DumpTensor) -> Box<dyn Iterator<Item = f64> + '_> {
    let words = tensor.bytes.as_chunks().0.iter();
    match tensor.dtype {
        DataType::F32 => Box::new(words.map(|&word| f32::from_le_bytes(word).into())),
        DataType::I32 => Box::new(words.map(|&word| i32::from_le_bytes(word).into())),
        DataType::I8 => Box::new(tensor.bytes.iter().map(|&byte| byte.cast_signed().into())),
        DataType::U8 => Box::new(tensor.bytes.iter().map(|&byte| byte.into())),
        _ => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_tensors_are_told() {
        let mut file = DumpFile::new("x");
        let bytes = |values: &[f32]| {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes());
            bytes.collect::<Vec<u8>>().into()
        };
        let values = [3.0, f32::NAN, -4.0, f32::INFINITY, f32::NEG_INFINITY, 1.0];
        file.inputs = vec![DumpTensor::new(DataType::F32, vec![2, 3], bytes(&values))];
        file.outputs = vec![
            DumpTensor::new(DataType::I8, vec![2], vec![0xff, 5].into()),
            DumpTensor::new(DataType::F32, vec![0], Vec::new().into()),
        ];
        let table = table(&file);
        let lines: Vec<&str> = table.lines().skip(1).collect();
        let norm = 26_f64.sqrt();
        assert_eq!(
            lines[0],
            format!("Input,0,24,FLOAT,ND,2x3,6,3,-4,0,{norm},1,1,1")
        );
        assert_eq!(
            lines[1],
            format!("Output,0,2,INT8,ND,2,2,5,-1,2,{norm},0,0,0")
        );
        assert_eq!(lines[2], "Output,1,0,FLOAT,ND,0,0,,,,,0,0,0");
    }
}
