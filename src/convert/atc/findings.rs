//! What `atc` would say to the model, told before it is started.

use ascend_graph::atc::{self, Cann, Finding, Operators, Severity, Target};
use ascend_graph::onnx;
use ascend_graph::text;

use crate::check::read_operators;
use crate::convert::Options;
use crate::convert::source::Network;
use crate::error::{Error, ErrorKind, Result};

/// How many faults are told; `ascend check` tells all.
const MOST_TOLD: usize = 3;

/// Checks the model for a chip, and for a release of CANN where that is known; gives what is to be told of it.
///
/// # Errors
///
/// `Unsupported` when `atc` has not all of its operators, `InvalidArgument` for everything else that
/// `atc` would stop at. With [`Launch::unchecked`](super::Launch::unchecked) it is told instead.
pub(super) fn check(
    network: &Network,
    options: &Options,
    soc: &str,
    cann: Option<Cann>,
) -> Result<Vec<String>> {
    let model = &network.model;
    let operators = match &options.atc.launch.operators {
        Some(table) => read_operators(table)?,
        None => Operators::default(),
    };
    let target = Target {
        operators,
        cann: cann.unwrap_or(Cann::DEFAULT),
        input_shapes: options.input_shapes.clone(),
        gears: options.gears.clone(),
        ..Target::new(soc)
    };
    let mut findings = atc::check(model, &target);
    if network.is_made {
        let open = findings
            .iter_mut()
            .filter(|finding| finding.rule == "dynamic-without-gears");
        for finding in open {
            finding.remedy =
                text!("say the batch: --batch 1, or a list to switch the .om among: --batch 1,2,4");
        }
    }
    check_aipp(model, options)?;
    let others = findings.partition_point(|finding| finding.severity == Severity::Error);
    let others = findings.split_off(others);
    let mut notes = Vec::new();
    if !findings.is_empty() {
        let error = refusal(&findings);
        if !options.atc.launch.unchecked {
            return Err(error);
        }
        notes.push(format!("started all the same: {error}"));
    }
    let warnings = others
        .iter()
        .filter(|finding| finding.severity == Severity::Warning);
    match warnings.count() {
        0 => {}
        1 => notes.push("`ascend check` warns of one thing in this model".to_owned()),
        count => notes.push(format!(
            "`ascend check` warns of {count} things in this model"
        )),
    }
    Ok(notes)
}

fn refusal(faults: &[Finding]) -> Error {
    let lacks_operators = |fault: &Finding| matches!(fault.code, Some("E16002" | "E16005"));
    let kind = if faults.iter().all(lacks_operators) {
        ErrorKind::Unsupported
    } else {
        ErrorKind::InvalidArgument
    };
    let told = faults.iter().take(MOST_TOLD);
    let told: Vec<String> = told.map(ToString::to_string).collect();
    let more = match faults.len().saturating_sub(MOST_TOLD) {
        0 => String::new(),
        more => format!("; and {more} more, which `ascend check` tells"),
    };
    let message = format!(
        "atc would stop: {}{more}; --no-check starts it all the same",
        told.join("; ")
    );
    Error::new(kind, message)
}

/// Checks that each input with preprocessing is one of the model.
fn check_aipp(model: &onnx::Model, options: &Options) -> Result<()> {
    let inputs = model.inputs()?;
    for name in options.aipp.iter().map(|op| &op.related_input_name) {
        if !name.is_empty() && !inputs.iter().any(|input| input.name == *name) {
            let names: Vec<&str> = inputs.iter().map(|input| &*input.name).collect();
            let message = format!(
                "AIPP is for the input {name:?}, which the model has not: name one of {} (E10052)",
                names.join(", ")
            );
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
    }
    Ok(())
}
