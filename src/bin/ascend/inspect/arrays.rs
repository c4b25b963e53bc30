//! The arrays of `NumPy`'s files.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use ascend_graph::counted;
use ascend_rt::Result as Found;
use ascend_rt::tensor::Npy;
use ascend_rt::weights::Statistics;
use serde_json::{Value, json};

use super::Args;
use super::checkpoint::json::statistics;
use super::checkpoint::text::numbers;
use super::digest::sha256;
use super::model::constant::of_weights;
use crate::weights::{shown, size};

/// What is told of an array; its elements are gone by then.
struct Array {
    /// In an archive.
    name: Option<String>,
    dtype: &'static str,
    shape: Vec<usize>,
    is_column_major: bool,
    is_big_endian: bool,
    bytes: usize,
    statistics: Option<Statistics>,
    sha256: Option<String>,
}

/// Tells what is in the `.npy` file with this content; without one, in the `.npz` file.
pub(super) fn run(args: &Args, npy: Option<&[u8]>) -> Result<()> {
    args.check_for_tensors("holds arrays and no model")?;
    let arrays = match npy {
        Some(file) => Npy::of(file)
            .map(|npy| vec![Array::of(args, None, &npy)])
            .map_err(|error| args.error(error.kind(), error.text().clone())),
        None => archive(args),
    }?;
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        let form = if npy.is_some() { "npy" } else { "npz" };
        let file = args.file.display().to_string();
        let arrays: Vec<Value> = arrays.iter().map(Array::json).collect();
        writeln!(
            out,
            "{:#}",
            json!({"file": file, "form": form, "arrays": arrays})
        )?;
    } else {
        tell(args, &arrays, npy.is_some(), &mut out)?;
    }
    out.flush()?;
    Ok(())
}

fn archive(args: &Args) -> Found<Vec<Array>> {
    let mut arrays = Vec::new();
    Npy::each_of_npz(&args.file, &mut |name, npy| {
        arrays.push(Array::of(args, Some(name), npy));
        Ok(())
    })?;
    Ok(arrays)
}

fn tell(args: &Args, arrays: &[Array], is_npy: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "file    {}", shown(&args.file.display().to_string()))?;
    if is_npy {
        writeln!(out, "form    array of NumPy (.npy)")?;
        for array in arrays {
            writeln!(out, "array   {}", array.facts())?;
        }
        return Ok(());
    }
    writeln!(out, "form    archive of NumPy (.npz)")?;
    let bytes: u64 = arrays.iter().map(|array| array.bytes as u64).sum();
    let count = counted(arrays.len(), "array");
    writeln!(out, "holds   {count}, {}\n", size(bytes))?;
    for array in arrays {
        let name = shown(array.name.as_deref().unwrap_or_default());
        writeln!(out, "{name}  {}", array.facts())?;
    }
    Ok(())
}

impl Array {
    fn of(args: &Args, name: Option<&str>, npy: &Npy<'_>) -> Self {
        let statistics = of_weights(npy.dtype).and_then(|dtype| {
            if npy.is_big_endian {
                Statistics::of_big_endian(dtype, npy.elements)
            } else {
                Statistics::of(dtype, npy.elements)
            }
        });
        let is_as_hashed = !npy.is_column_major && !npy.is_big_endian;
        let sha256 = args.hash.then(|| {
            if is_as_hashed {
                sha256(npy.elements, |_| ())
            } else {
                sha256(&npy.to_tensor().bytes, |_| ())
            }
        });
        Self {
            name: name.map(str::to_owned),
            dtype: npy.dtype.name(),
            shape: npy.shape.clone(),
            is_column_major: npy.is_column_major,
            is_big_endian: npy.is_big_endian,
            bytes: npy.elements.len(),
            statistics,
            sha256,
        }
    }

    fn len(&self) -> usize {
        self.shape.iter().product()
    }

    fn facts(&self) -> String {
        let mut facts = vec![format!("{} {:?}", self.dtype, self.shape)];
        facts.push(if self.is_column_major {
            "column-major".to_owned()
        } else {
            "row-major".to_owned()
        });
        facts.extend(self.is_big_endian.then(|| "big-endian".to_owned()));
        facts.push(size(self.bytes as u64));
        facts.extend(numbers(self.statistics.as_ref(), self.len()));
        facts.extend(self.sha256.clone());
        facts.join("  ")
    }

    fn json(&self) -> Value {
        let mut told = json!({
            "dtype": self.dtype,
            "shape": self.shape,
            "order": if self.is_column_major { "F" } else { "C" },
            "byte_order": if self.is_big_endian { "big" } else { "little" },
            "nbytes": self.bytes,
            "stats": statistics(self.statistics.as_ref(), self.len()),
        });
        if let Some(name) = &self.name {
            told["name"] = json!(name);
        }
        if let Some(sha256) = &self.sha256 {
            told["sha256"] = json!(sha256);
        }
        told
    }
}
