//! What `atc` refuses, and can be told from its arguments alone.

use ascend_graph::Text;

use super::arguments::Arguments;
use crate::convert::{Gears, Options};
use crate::error::{Error, ErrorKind, Result};

/// The widest picture that preprocessing with padding gives on the older chips.
const MOST_PADDED_WIDTH: i32 = 1080;

/// Checks the arguments; gives what is to be told of them.
///
/// # Errors
///
/// `InvalidArgument` with the code that `atc` would answer with, `Io` for a file that is not there.
pub(super) fn check(arguments: &Arguments, options: &Options, soc: &str) -> Result<Vec<String>> {
    let mut notes = arguments.notes.clone();
    exclusions(arguments)?;
    precision(arguments, &mut notes)?;
    deprecations(arguments, &mut notes)?;
    layout(arguments, &options.gears)?;
    preprocessing(arguments, options, soc)?;
    names(arguments)?;
    for (name, file) in arguments.files() {
        if !file.is_file() {
            let message = format!(
                "the file {} of --{name} is not there: check its name",
                file.display()
            );
            return Err(Error::new(ErrorKind::Io, message));
        }
    }
    Ok(notes)
}

/// An option as `ascend` has it; those that it only passes on are spelled as `atc` does.
fn spelled(name: &str) -> String {
    const PASSED_ON: [&str; 4] = [
        "compress_weight_conf",
        "enable_compress_weight",
        "is_input_adjust_hw_layout",
        "is_output_adjust_hw_layout",
    ];
    if PASSED_ON.contains(&name) {
        name.to_owned()
    } else {
        name.replace('_', "-")
    }
}

fn refused<T>(why: impl Into<Text>) -> Result<T> {
    Err(Error::new(ErrorKind::InvalidArgument, why))
}

fn exclusions(arguments: &Arguments) -> Result<()> {
    let pairs = [
        ("dynamic_batch_size", "input_shape_range", "E10009"),
        ("dynamic_image_size", "input_shape_range", "E10009"),
        ("dynamic_dims", "input_shape_range", "E10009"),
        ("dynamic_dims", "insert_op_conf", "E10001"),
        ("precision_mode", "precision_mode_v2", "E10056"),
        ("enable_compress_weight", "compress_weight_conf", "E10047"),
    ];
    for (one, other, code) in pairs {
        if arguments.get(one).is_some() && arguments.get(other).is_some() {
            let [one, other] = [one, other].map(spelled);
            return refused(format!("--{one} and --{other} exclude each other ({code})"));
        }
    }
    let needs = [
        ("optypelist_for_implmode", "op_select_implmode", " (E10001)"),
        ("is_input_adjust_hw_layout", "input_fp16_nodes", ""),
        ("is_output_adjust_hw_layout", "out_nodes", ""),
    ];
    for (one, other, code) in needs {
        if arguments.get(one).is_some() && arguments.get(other).is_none() {
            let [one, other] = [one, other].map(spelled);
            return refused(format!("--{one} needs --{other}{code}"));
        }
    }
    Ok(())
}

fn precision(arguments: &Arguments, notes: &mut Vec<String>) -> Result<()> {
    let mode = arguments
        .get("precision_mode")
        .or_else(|| arguments.get("precision_mode_v2"));
    let is_mixed =
        mode.is_some_and(|mode| mode.starts_with("allow_mix") || mode.starts_with("mixed_"));
    if arguments.get("modify_mixlist").is_some() && !is_mixed {
        return refused(
            "--modify-mixlist needs a mixed precision: --precision-mode=allow_mix_precision or \
             --precision-mode-v2=mixed_float16 (E10001)",
        );
    }
    let implementation = arguments.get("op_select_implmode");
    if arguments.get("optypelist_for_implmode").is_some()
        && !matches!(implementation, Some("high_precision" | "high_performance"))
    {
        return refused(
            "--optypelist-for-implmode goes with --op-select-implmode=high_precision or \
             high_performance only (E10001)",
        );
    }
    if arguments.get("op_precision_mode").is_some() && implementation.is_some() {
        notes.push("--op-precision-mode takes the place of --op-select-implmode".to_owned());
    }
    Ok(())
}

fn deprecations(arguments: &Arguments, notes: &mut Vec<String>) -> Result<()> {
    if arguments.get("auto_tune_mode").is_some() {
        return refused(
            "--auto_tune_mode was removed from atc: tune with the program aoe instead (E10001)",
        );
    }
    if arguments.get("input_shape_range").is_some() {
        notes.push(
            "--input-shape-range is deprecated and replaces --input-shape: write ranges there, \
             such as name:1~4,3,-1"
                .to_owned(),
        );
    }
    if arguments.get("shape_generalized_build_mode").is_some() {
        notes.push("--shape_generalized_build_mode is deprecated".to_owned());
    }
    Ok(())
}

fn layout(arguments: &Arguments, gears: &Gears) -> Result<()> {
    match (gears, arguments.get("input_format")) {
        (Gears::Image(_), Some(format)) if format != "NCHW" => {
            refused("--dynamic-image-size is for pictures: it needs --input-format NCHW (E10020)")
        }
        (Gears::Dims(_), format) if format != Some("ND") => {
            refused("--dynamic-dims needs --input-format ND (E10001)")
        }
        _ => Ok(()),
    }
}

fn preprocessing(arguments: &Arguments, options: &Options, soc: &str) -> Result<()> {
    let halves = arguments.get("input_fp16_nodes").unwrap_or_default();
    let is_older = ["Ascend310", "Ascend910"].iter().any(|family| {
        let rest = soc.strip_prefix(family);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['P', 'A']))
    });
    for op in &options.aipp {
        op.check(&options.gears)?;
        let name = &op.related_input_name;
        if !name.is_empty() && halves.split(';').any(|half| half == name) {
            return refused(format!(
                "the input {name} is preprocessed, and so cannot be one of --input-fp16-nodes"
            ));
        }
        let width = if op.crop {
            op.crop_size_w
        } else {
            op.src_image_size_w
        };
        let padded = width
            .saturating_add(op.left_padding_size)
            .saturating_add(op.right_padding_size);
        if is_older && op.padding && width > 0 && padded > MOST_PADDED_WIDTH {
            return refused(format!(
                "AIPP: with padding the picture is {padded} pixels wide, and {soc} takes up to \
                 {MOST_PADDED_WIDTH} (E10052)"
            ));
        }
    }
    Ok(())
}

fn names(arguments: &Arguments) -> Result<()> {
    let outputs = arguments.get("out_nodes").unwrap_or_default();
    let has_number = |node: &str| {
        let number = node.rsplit_once(':').map(|(_, number)| number);
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let nodes = outputs.split(';').filter(|node| has_number(node)).count();
    if nodes != 0 && nodes != outputs.split(';').count() {
        return refused(format!(
            "--out-nodes {outputs}: either all are nodes with the number of an output, node:0, or \
             all are names of outputs"
        ));
    }
    Ok(())
}
