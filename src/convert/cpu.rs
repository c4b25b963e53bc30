//! An `.om` for the CPU device.

use std::fs;
use std::path::Path;

use ascend_graph::{Gears, Rope, counted, onnx};
use ascend_mock::compiler;

#[cfg(feature = "atc")]
use super::atc::{AtcOptions, OutputTypes};
use super::{Options, WeightFiles, write_whole};
use crate::error::{Error, Result};
use crate::whole::cannot_write;

/// Compiles `model` from `source` into `destination`, with its files of weights beside it; gives
/// the size of the `.om` in bytes.
pub(super) fn write_om(
    model: onnx::Model,
    (source, destination): (&Path, &Path),
    options: &Options,
    steps: &mut Vec<String>,
) -> Result<u64> {
    #[cfg(feature = "atc")]
    ignored(&options.atc, steps)?;
    // Files with weights are named after the model, and lie beside those of others.
    let named_after = if options.weight_files == WeightFiles::None {
        source
    } else {
        destination
    };
    let stem = named_after.file_stem().unwrap_or_default();
    let settings = compiler::CompileOptions {
        model_name: stem.to_string_lossy().into_owned(),
        input_shapes: options.input_shapes.clone(),
        gears: options.gears.clone(),
        aipp: options.aipp.clone(),
        weight_files: options.weight_files,
        command_line: options.command_line.clone(),
        engine: options.engine.clone(),
    };
    let mut weights = Vec::new();
    let bytes = write_whole(destination, |mut file| {
        let _span = tracing::debug_span!("compile").entered();
        let summary = compiler::compile_model(model, &settings, &mut file)
            .map_err(|error| Error::from(error).while_doing(source.display()))?;
        steps.push(format!(
            "compiled {} for the CPU device",
            counted(summary.nodes, "node")
        ));
        if !summary.runs_on_rten {
            let engine = &options.engine;
            steps.push(format!("only ONNX Runtime can run it (--engine {engine})"));
        }
        if options.gears != Gears::None {
            let programs = match summary.programs {
                1 => "one program",
                _ => "one program each",
            };
            steps.push(format!("tried the gears {}: {programs}", options.gears));
        }
        weights = summary.weight_files;
        Ok(())
    })?;
    write_weights(destination, &weights, steps)?;
    Ok(bytes)
}

/// Refuses options of `atc` that change what a program sees of the model, and tells of the others.
#[cfg(feature = "atc")]
fn ignored(options: &AtcOptions, steps: &mut Vec<String>) -> Result<()> {
    let changing = [
        ("--out-nodes", !options.out_nodes.is_empty()),
        ("--output-type", options.output_type != OutputTypes::Own),
        ("--input-fp16-nodes", !options.input_fp16_nodes.is_empty()),
        ("--input-shape-range", options.input_shape_range.is_some()),
    ];
    if let Some((option, _)) = changing.iter().find(|(_, is_given)| *is_given) {
        let message = format!(
            "{option} is an option of atc, which the CPU device's compiler does not have: name a \
             chip with --soc, or leave it out"
        );
        return Err(Error::new(crate::ErrorKind::Unsupported, message));
    }
    let launch = options.launch.clone();
    if *options
        != (AtcOptions {
            launch,
            ..AtcOptions::default()
        })
    {
        steps.push("the options of atc are without effect on the CPU device".to_owned());
    }
    Ok(())
}

/// Writes the files with weights, each whole or not at all.
fn write_weights(
    destination: &Path,
    weights: &[(String, Rope)],
    steps: &mut Vec<String>,
) -> Result<()> {
    if weights.is_empty() {
        return Ok(());
    }
    let folder = destination.with_file_name("weight");
    fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, error))?;
    for (name, bytes) in weights {
        let path = folder.join(name);
        write_whole(&path, |file| {
            bytes
                .write_to(file)
                .map_err(|error| cannot_write(&path, error))
        })?;
    }
    steps.push(format!(
        "wrote {} to {}",
        counted(weights.len(), "file with weights"),
        folder.display()
    ));
    Ok(())
}
