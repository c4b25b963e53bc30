//! What is in dumps of tensors.

use std::io::{self, Write};

use anyhow::Result;
use ascend_rt::dump::{DumpFile, DumpFolder, DumpTensor, DumpedOperator, Overflow};
use ascend_rt::weights::Statistics;
use serde_json::{Value, json};

use super::model::constant::of_weights;
use super::{Args, checkpoint, digest};
use crate::weights::escaped;

/// Dumps that are shown with their tensors unless all are asked for.
const MOST_SHOWN: usize = 200;

pub(super) fn run(args: &Args, dumps: &DumpFolder) -> Result<()> {
    let mut out = io::stdout().lock();
    let most = if args.all { usize::MAX } else { MOST_SHOWN };
    let shown = &dumps.files()[..dumps.files().len().min(most)];
    if args.json {
        let told: Result<Vec<Value>> = shown.iter().map(|dump| json_of(args, dump)).collect();
        let told = json!({"kind": "dump", "files": dumps.files().len(), "dumps": told?});
        writeln!(out, "{told:#}")?;
        return Ok(());
    }
    for dump in shown {
        write(args, &mut out, dump)?;
    }
    let left = dumps.files().len() - shown.len();
    if left > 0 {
        writeln!(out, "and {left} more: --all shows them")?;
    }
    Ok(())
}

/// The tensors of a file, each with its side and number.
fn tensors(file: &DumpFile) -> impl Iterator<Item = (&'static str, usize, &DumpTensor)> {
    let inputs = file.inputs.iter().enumerate();
    let inputs = inputs.map(|(index, tensor)| ("input", index, tensor));
    let outputs = file.outputs.iter().enumerate();
    inputs.chain(outputs.map(|(index, tensor)| ("output", index, tensor)))
}

fn write(args: &Args, out: &mut impl Write, dump: &DumpedOperator) -> Result<()> {
    let place = [
        dump.device.map(|device| format!("device {device}")),
        dump.model.as_ref().map(|model| format!("model {model}")),
        dump.run.map(|run| format!("run {run}")),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let file = dump.read()?;
    let operator = match &*dump.operator {
        "" => &file.op_name,
        operator => operator,
    };
    let (kind, operator) = (escaped(&dump.kind), escaped(operator));
    writeln!(out, "{operator} ({kind}) {}", escaped(&place.join(", ")))?;
    if let Some(overflow) = overflow(dump, &file) {
        writeln!(out, "  {overflow}")?;
        return Ok(());
    }
    for (side, index, tensor) in tensors(&file) {
        let DumpTensor {
            dtype, dims, bytes, ..
        } = tensor;
        write!(
            out,
            "  {side} {index}: {dtype} {dims:?}, {} bytes",
            bytes.len()
        )?;
        if let Some(found) = args.stats.then(|| statistics(tensor)).flatten() {
            write!(
                out,
                ", min {:.6} max {:.6} mean {:.6} std {:.6} nan {} infinite {}",
                found.min, found.max, found.mean, found.std, found.nan, found.infinite
            )?;
        }
        if args.hash {
            write!(out, ", sha256 {}", digest::sha256(bytes, |_| ()))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What the file tells of an overflow, if it is called as such files are.
fn overflow(dump: &DumpedOperator, file: &DumpFile) -> Option<Overflow> {
    let is_named = Overflow::is_named(&dump.kind, &dump.operator);
    Overflow::of(file).filter(|_| is_named)
}

fn json_of(args: &Args, dump: &DumpedOperator) -> Result<Value> {
    let file = dump.read()?;
    let told = tensors(&file).map(|(side, index, tensor)| {
        let elements = tensor.dims.iter().product();
        let mut told = json!({
            "side": side,
            "index": index,
            "dtype": tensor.dtype.to_string(),
            "format": tensor.format.to_string(),
            "shape": tensor.dims,
            "original_shape": tensor.original_dims,
            "original": tensor.original.as_ref().map(|original| &original.name),
            "bytes": tensor.bytes.len(),
        });
        if args.stats {
            told["stats"] = checkpoint::json::statistics(statistics(tensor).as_ref(), elements);
        }
        if args.hash {
            told["sha256"] = digest::sha256(&tensor.bytes, |_| ()).into();
        }
        told
    });
    Ok(json!({
        "path": dump.path.display().to_string(),
        "operator": dump.operator,
        "name": file.op_name,
        "type": dump.kind,
        "task": dump.task,
        "stream": dump.stream,
        "time_us": dump.time,
        "device": dump.device,
        "model": dump.model,
        "model_id": dump.model_id,
        "run": dump.run,
        "overflow": overflow(dump, &file).map(|overflow| json!({
            "model_id": overflow.model,
            "stream": overflow.stream,
            "task": overflow.task,
            "block": overflow.block,
            "status": overflow.status,
            "reasons": overflow.reasons().collect::<Vec<_>>(),
        })),
        "tensors": told.collect::<Vec<_>>(),
    }))
}

fn statistics(tensor: &DumpTensor) -> Option<Statistics> {
    Statistics::of(of_weights(tensor.dtype)?, &tensor.elements().ok()?)
}
