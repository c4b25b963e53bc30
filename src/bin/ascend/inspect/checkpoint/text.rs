//! A checkpoint for people.

use std::collections::HashMap;
use std::io::{self, Write};

use ascend_graph::counted;
use ascend_rt::weights::{Checkpoint, Statistics, Tensor};

use super::super::Args;
use super::Findings;
use crate::weights::{shown, size, total};

/// Names are padded to the longest, up to here.
const MAX_WIDTH: usize = 60;

/// Modules deeper than this are shown by the rest of their names.
const MAX_DEPTH: usize = 16;

pub(super) fn print(
    out: &mut impl Write,
    checkpoint: &Checkpoint,
    findings: &[Findings],
    args: &Args,
) -> io::Result<()> {
    let report = checkpoint.report();
    writeln!(out, "file     {}", shown(&args.file.display().to_string()))?;
    match &report.written_by {
        Some(writer) => writeln!(out, "form     {}, of {writer}", checkpoint.form())?,
        None => writeln!(out, "form     {}", checkpoint.form())?,
    }
    let bytes = total(checkpoint.in_file_order());
    let elements: usize = checkpoint.in_file_order().map(|tensor| tensor.len()).sum();
    let (count, elements) = (checkpoint.len(), counted(elements, "element"));
    writeln!(out, "tensors  {count} of {elements}, {}", size(bytes))?;
    for line in report.to_string().lines() {
        writeln!(out, "report   {}", shown(line))?;
    }
    if !report.values.is_empty() {
        writeln!(
            out,
            "values   {} beside them (--json shows them)",
            report.values.len()
        )?;
    }
    let groups = checkpoint.shared();
    for group in &groups {
        let names: Vec<String> = group.iter().map(|name| shown(name)).collect();
        writeln!(out, "shared   {}", names.join(", "))?;
    }
    writeln!(out)?;
    let weights: Vec<_> = checkpoint.in_file_order().zip(findings).collect();
    if args.tree {
        tree(out, &weights)?;
    } else {
        list(out, &weights)?;
    }
    if checkpoint.beside().len() > 0 {
        writeln!(out, "\nbeside the weights")?;
        let beside = checkpoint.beside().zip(&findings[weights.len()..]);
        list(out, &beside.collect::<Vec<_>>())?;
    }
    Ok(())
}

fn list(out: &mut impl Write, tensors: &[(Tensor<'_>, &Findings)]) -> io::Result<()> {
    let names: Vec<String> = tensors.iter().map(|pair| shown(pair.0.name())).collect();
    let width = width(&names);
    for (name, (tensor, found)) in names.iter().zip(tensors) {
        writeln!(out, "{name:width$}  {}", facts(*tensor, found))?;
    }
    Ok(())
}

/// Modules, indented, with how many tensors and bytes they hold, and the tensors in them.
fn tree(out: &mut impl Write, tensors: &[(Tensor<'_>, &Findings)]) -> io::Result<()> {
    let parts = |name: &'_ str| -> Vec<String> { name.splitn(MAX_DEPTH, '.').map(shown).collect() };
    let mut modules: HashMap<Vec<String>, (usize, u64)> = HashMap::new();
    for (tensor, _) in tensors {
        let mut module = parts(tensor.name());
        while module.pop().is_some() {
            let (count, bytes) = modules.entry(module.clone()).or_default();
            *count += 1;
            *bytes += tensor.nbytes() as u64;
        }
    }
    let mut open: Vec<String> = Vec::new();
    for (tensor, found) in tensors {
        let mut module = parts(tensor.name());
        let name = module.pop().unwrap_or_default();
        let same = open.iter().zip(&module).take_while(|(a, b)| a == b).count();
        for depth in same..module.len() {
            let (count, bytes) = modules.get(&module[..=depth]).copied().unwrap_or_default();
            let (indent, part, bytes) = ("  ".repeat(depth), &module[depth], size(bytes));
            let tensors = counted(count, "tensor");
            writeln!(out, "{indent}{part}  ({tensors}, {bytes})")?;
        }
        let indent = "  ".repeat(module.len());
        writeln!(out, "{indent}{name}  {}", facts(*tensor, found))?;
        open = module;
    }
    Ok(())
}

fn width(names: &[String]) -> usize {
    let lengths = names.iter().map(|name| name.chars().count());
    lengths.max().unwrap_or_default().min(MAX_WIDTH)
}

fn facts(tensor: Tensor<'_>, found: &Findings) -> String {
    let (dtype, shape) = (tensor.dtype().name(), tensor.shape());
    let mut facts = vec![format!("{dtype:8} {shape:?}"), size(tensor.nbytes() as u64)];
    facts.extend(tensor.quantisation().map(|one| one.scheme().to_owned()));
    facts.extend(numbers(found.statistics.as_ref(), tensor.len()));
    facts.extend(found.sha256.clone());
    facts.join("  ")
}

/// What the numbers among `len` elements are like.
pub(crate) fn numbers(statistics: Option<&Statistics>, len: usize) -> Vec<String> {
    let Some(Statistics {
        min,
        max,
        mean,
        std,
        nan,
        infinite,
        ..
    }) = statistics
    else {
        return Vec::new();
    };
    let mut facts = Vec::new();
    if nan + infinite < len {
        facts.push(format!(
            "{min:.4e} to {max:.4e}, mean {mean:.4e}, std {std:.4e}"
        ));
    }
    if *nan > 0 || *infinite > 0 {
        facts.push(format!("{nan} NaN, {infinite} infinite"));
    }
    facts
}
