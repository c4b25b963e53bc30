//! The forms of output files.

use std::fmt::{self, Write as _};
use std::path::Path;

use ascend_rt::files::NewFile;
use ascend_rt::weights::{Form, NewTensor, SaveOptions};
use ascend_rt::{DataType, Error, ErrorKind, Tensor};
use half::{bf16, f16};

use super::content::TYPES;
use super::outputs::Format;

/// How many numbers msame writes in a line.
const LINE: usize = 100;

/// A number of a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Single(f32),
    Double(f64),
    Whole(i128),
}

/// Writes one output to a file of its own.
pub(super) fn write_one(
    path: &Path,
    tensor: &Tensor<'_>,
    format: Format,
    is_msame: bool,
) -> Result<(), Error> {
    match format {
        Format::Npy => tensor.write_npy(path),
        Format::Txt if is_msame => put(path, msame_text(tensor)?.as_bytes()),
        Format::Txt => put(path, text(tensor)?.as_bytes()),
        _ => put(path, &tensor.bytes),
    }
}

/// Writes all outputs of a sample to one file.
pub(super) fn write_all(
    path: &Path,
    tensors: &[(&str, Tensor<'_>)],
    format: Format,
) -> Result<(), Error> {
    match format {
        Format::Npz => Tensor::write_npz(path, tensors),
        Format::Safetensors => safetensors(path, tensors),
        _ => put(path, json(tensors)?.as_bytes()),
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = NewFile::create(path)?;
    file.put(bytes)?;
    file.place()?;
    Ok(())
}

fn safetensors(path: &Path, tensors: &[(&str, Tensor<'_>)]) -> Result<(), Error> {
    let stored = tensors.iter().map(|(name, tensor)| {
        let found = TYPES.iter().find(|(_, dtype)| *dtype == tensor.dtype);
        let (dtype, _) = found.ok_or_else(|| not_written(tensor.dtype, "safetensors"))?;
        Ok(NewTensor::new(
            *name,
            *dtype,
            tensor.shape.to_vec(),
            &tensor.bytes[..],
        ))
    });
    let stored = stored.collect::<Result<Vec<_>, Error>>()?;
    let options = SaveOptions::new().form(Form::Safetensors).overwrite(true);
    options.save(stored, path)?;
    Ok(())
}

fn not_written(dtype: DataType, form: &str) -> Error {
    let message = format!(
        "an output of {} is not written as {form}: take bin",
        dtype.name()
    );
    Error::new(ErrorKind::Unsupported, message)
}

/// The numbers of a tensor.
fn numbers<'t>(
    tensor: &'t Tensor<'_>,
    form: &str,
) -> Result<impl Iterator<Item = Number> + use<'t>, Error> {
    type Read = fn(&[u8]) -> Number;
    macro_rules! read {
        ($kind:ty, $make:expr) => {{
            let read: Read = |bytes| $make(bytemuck::pod_read_unaligned::<$kind>(bytes));
            (size_of::<$kind>(), read)
        }};
    }
    let (width, read): (usize, Read) = match tensor.dtype {
        DataType::F32 => read!(f32, Number::Single),
        DataType::F64 => read!(f64, Number::Double),
        DataType::F16 => read!(f16, |value: f16| Number::Single(value.to_f32())),
        DataType::BF16 => read!(bf16, |value: bf16| Number::Single(value.to_f32())),
        DataType::I8 => read!(i8, |value| Number::Whole(i128::from(value))),
        DataType::I16 => read!(i16, |value| Number::Whole(i128::from(value))),
        DataType::I32 => read!(i32, |value| Number::Whole(i128::from(value))),
        DataType::I64 => read!(i64, |value| Number::Whole(i128::from(value))),
        DataType::U8 | DataType::Bool => read!(u8, |value| Number::Whole(i128::from(value))),
        DataType::U16 => read!(u16, |value| Number::Whole(i128::from(value))),
        DataType::U32 => read!(u32, |value| Number::Whole(i128::from(value))),
        DataType::U64 => read!(u64, |value| Number::Whole(i128::from(value))),
        other => return Err(not_written(other, form)),
    };
    Ok(tensor.bytes.chunks_exact(width).map(read))
}

/// As `%f` and `%d` of C have it.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Whole(value) => write!(f, "{value}"),
            Self::Single(value) if value.is_nan() => f.write_str("nan"),
            Self::Double(value) if value.is_nan() => f.write_str("nan"),
            Self::Single(value) => write!(f, "{value:.6}"),
            Self::Double(value) => write!(f, "{value:.6}"),
        }
    }
}

/// A line for each row of the last dimension.
fn text(tensor: &Tensor<'_>) -> Result<String, Error> {
    let row = tensor.shape.last().copied().unwrap_or(1).max(1);
    let mut text = String::new();
    for (index, number) in numbers(tensor, "text")?.enumerate() {
        let end = if (index + 1) % row == 0 { "\n" } else { "" };
        // Writing to a text cannot fail.
        let _ = write!(text, "{number} {end}");
    }
    Ok(text)
}

/// Lines of a hundred numbers, and an empty one between the items of the first dimension.
fn msame_text(tensor: &Tensor<'_>) -> Result<String, Error> {
    let item: usize = tensor.shape.iter().skip(1).product::<usize>().max(1);
    let last = tensor.shape.iter().product::<usize>();
    let mut text = String::new();
    for (index, number) in numbers(tensor, "text")?.enumerate() {
        let count = index + 1;
        let end = if count == last {
            ""
        } else if count % item == 0 {
            "\n\n"
        } else if count % LINE == 0 {
            "\n"
        } else {
            ""
        };
        let _ = write!(text, "{} {end}", general(number));
    }
    Ok(text)
}

/// A number with six digits, as `%g` of C has it.
fn general(number: Number) -> String {
    let value = match number {
        Number::Whole(value) => return value.to_string(),
        Number::Single(value) => f64::from(value),
        Number::Double(value) => value,
    };
    if !value.is_finite() || value == 0.0 {
        return if value.is_nan() {
            "nan".to_owned()
        } else {
            format!("{value}")
        };
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    match usize::try_from(5 - exponent) {
        Ok(decimals) if exponent >= -4 => trimmed(&format!("{value:.decimals$}")),
        _ => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{}e{sign}{:02}", trimmed(digits), exponent.abs())
        }
    }
}

/// The outputs with their types and shapes, and all numbers in one list each; null stands for what
/// JSON has no number for.
fn json(tensors: &[(&str, Tensor<'_>)]) -> Result<String, Error> {
    let mut text = "{\"outputs\":[".to_owned();
    for (index, (name, tensor)) in tensors.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let (name, dtype, shape) = (
            serde_json::Value::from(*name),
            tensor.dtype.name(),
            &tensor.shape,
        );
        let _ = write!(
            text,
            "{separator}{{\"name\":{name},\"dtype\":\"{dtype}\",\"shape\":{shape:?},\"data\":["
        );
        for (index, number) in numbers(tensor, "json")?.enumerate() {
            text.push_str(if index == 0 { "" } else { "," });
            let _ = match number {
                Number::Whole(value) => write!(text, "{value}"),
                Number::Single(value) if value.is_finite() => write!(text, "{value}"),
                Number::Double(value) if value.is_finite() => write!(text, "{value}"),
                _ => write!(text, "null"),
            };
        }
        text.push_str("]}");
    }
    text.push_str("]}\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floats(shape: &[usize], values: &[f32]) -> Tensor<'static> {
        Tensor {
            dtype: DataType::F32,
            shape: shape.to_vec().into(),
            bytes: bytemuck::cast_slice(values).to_vec().into(),
        }
    }

    #[test]
    fn numbers_are_written_as_the_other_tools_do() {
        for (value, fixed, short) in [
            (0.0, "0.000000", "0"),
            (1.0, "1.000000", "1"),
            (-0.25, "-0.250000", "-0.25"),
            (123_456.7, "123456.703125", "123457"),
            (1_234_567.0, "1234567.000000", "1.23457e+06"),
            (0.000_123_4, "0.000123", "0.0001234"),
            (0.000_012_34, "0.000012", "1.234e-05"),
            (999_999.9, "999999.875000", "1e+06"),
            (f32::NAN, "nan", "nan"),
            (f32::INFINITY, "inf", "inf"),
        ] {
            let number = Number::Single(value);
            assert_eq!(
                (number.to_string().as_str(), general(number).as_str()),
                (fixed, short),
                "{value}"
            );
        }
    }

    #[test]
    fn texts_have_lines() {
        let tensor = floats(&[2, 2], &[1.0, 2.0, 3.0, 4.5]);
        assert_eq!(
            text(&tensor).unwrap(),
            "1.000000 2.000000 \n3.000000 4.500000 \n"
        );
        assert_eq!(msame_text(&tensor).unwrap(), "1 2 \n\n3 4.5 ");
        assert_eq!(text(&floats(&[], &[1.0])).unwrap(), "1.000000 \n");
        let json = json(&[("y\"", tensor)]).unwrap();
        let told: serde_json::Value = serde_json::from_str(&json).unwrap();
        let expected = serde_json::json!({"name": "y\"", "dtype": "float32", "shape": [2, 2], "data": [1, 2, 3, 4.5]});
        assert_eq!(told["outputs"][0], expected);
        let packed = Tensor {
            dtype: DataType::I4,
            ..floats(&[2], &[1.0])
        };
        assert_eq!(text(&packed).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}
