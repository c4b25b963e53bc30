//! What a compiler would say to an ONNX file, told before it is started.

use std::fs;
use std::path::Path;

#[cfg(feature = "mock")]
use ascend_graph::Text;
#[cfg(feature = "mock")]
use ascend_graph::atc::check_soundness;
use ascend_graph::atc::rename;
pub use ascend_graph::atc::{Cann, Finding, Operators, Place, Severity, Target, read_gears};
use ascend_graph::{onnx, text};
#[cfg(feature = "mock")]
use ascend_mock::Engine;

use crate::convert::files;
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::weights::Checkpoint;

/// The chip's name that stands for the CPU device.
const MOCK: &str = "mock";

/// An ONNX file as a check found it.
#[derive(Debug)]
pub struct Checked {
    /// The number of nodes in the outermost graph.
    pub nodes: usize,
    /// The version of ONNX's own operators, if the model imports them.
    pub opset: Option<i64>,
    /// The program that wrote the file, with its version, or nothing.
    pub producer: String,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// The number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let findings = self.findings.iter();
        findings
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// Tells what `atc` would say to the ONNX file at `source`; for the chip `mock`, what the compiler of the
/// CPU device says. File and folder of the target are those of `source`.
///
/// Nothing is written. For a chip the model is only looked at; for the CPU device it is compiled, and
/// the result is thrown away.
///
/// # Errors
///
/// [`ErrorKind::Io`] when the file cannot be read, [`ErrorKind::Format`] when it is damaged or no ONNX
/// file, [`ErrorKind::Unsupported`] when it has millions of nodes, or for `mock` in a build without it.
pub fn check(source: &Path, target: &Target) -> Result<Checked> {
    #[cfg(feature = "mock")]
    return check_for(source, target, &Engine::default());
    #[cfg(not(feature = "mock"))]
    look(source, target, |_, _, _| {
        let message = "this build has no CPU device: build with the feature `mock`";
        Err(Error::new(ErrorKind::Unsupported, message))
    })
}

/// As [`check`], for another engine of the CPU device.
///
/// # Errors
///
/// As [`check`].
#[cfg(feature = "mock")]
pub fn check_for(source: &Path, target: &Target, engine: &Engine) -> Result<Checked> {
    look(source, target, |model, source, target| {
        Ok(check_for_mock(model, source, target, engine))
    })
}

fn look(
    source: &Path,
    target: &Target,
    mock: impl FnOnce(onnx::Model, &Path, &Target) -> Result<Vec<Finding>>,
) -> Result<Checked> {
    let (file_bytes, model) = read(source)?;
    let folder = source.parent().unwrap_or(Path::new(""));
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let target = Target {
        file_bytes: Some(file_bytes),
        folder: Some(folder.to_owned()),
        ..target.clone()
    };
    let (nodes, opset) = (
        model.graph.as_ref().map_or(0, |graph| graph.node.len()),
        model.opset(),
    );
    let producer = format!("{} {}", model.producer_name, model.producer_version);
    let findings = match target.soc.as_str() {
        MOCK => mock(model, source, &target)?,
        _ => ascend_graph::atc::check(&model, &target),
    };
    Ok(Checked {
        nodes,
        opset,
        producer: producer.trim().to_owned(),
        findings,
    })
}

/// Writes the model at `source` to `destination` with the operators of `torch_npu` under the names that
/// `atc` has, and gives what was renamed: node, old and new name. Constants that lie beside the
/// source lie beside the destination too, in `DESTINATION.data`. The file appears whole or not at
/// all; where there is nothing to rename, none is written.
///
/// # Errors
///
/// As [`check`]; [`ErrorKind::Io`] also when constants are missing or `destination` cannot be written,
/// and [`ErrorKind::InvalidArgument`] when there is a file already.
pub fn fix(source: &Path, destination: &Path) -> Result<Vec<(String, String, &'static str)>> {
    let (_, mut model) = read(source)?;
    let renamed = rename(&mut model);
    if !renamed.is_empty() {
        let is_split = !files::resolve(&mut model, source)?.is_empty();
        ensure_free(destination)?;
        if is_split {
            ensure_free(&files::data_beside(destination))?;
        }
        files::write(&model, destination, is_split, &mut Vec::new())?;
    }
    Ok(renamed)
}

/// Reads the table of operators at `path`, whose rows replace those that are known here: lines such as
/// `ai.onnx Conv 8-18`.
///
/// # Errors
///
/// [`ErrorKind::Io`] when the file cannot be read, [`ErrorKind::InvalidArgument`] when a line, which is
/// named, is none of a table.
pub fn read_operators(path: &Path) -> Result<Operators> {
    let text = fs::read_to_string(path)
        .map_err(|error| Error::of_io(text!("cannot read {file}", file = path.display()), error))?;
    let mut operators = Operators::default();
    let replaced = operators.replace(&text);
    replaced.map_err(|error| Error::from(error).while_doing(path.display()))?;
    Ok(operators)
}

/// Refuses to write over a file.
fn ensure_free(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!(
        "{} is there already and is not replaced: give --fix another name",
        path.display()
    );
    Err(Error::new(ErrorKind::InvalidArgument, message))
}

fn read(source: &Path) -> Result<(u64, onnx::Model)> {
    let at = |error: Error| error.while_doing(source.display());
    let file = Content::open(source).map_err(at)?.bytes;
    match onnx::Model::parse(&file) {
        Ok(model) => Ok((file.len() as u64, model)),
        Err(error) => Err(at(instead(source, &file, error.into()))),
    }
}

/// Tells what to do with a file that is none of ONNX.
fn instead(source: &Path, file: &[u8], error: Error) -> Error {
    let way_out = if file.starts_with(b"IMOD") {
        "it was converted already: check the ONNX file that it was made from; `ascend inspect` describes it"
    } else if Checkpoint::open(source).is_ok() {
        "it holds weights: make an ONNX file of them first (`ascend convert WEIGHTS net.onnx` for a ResNet, \
         torch.onnx.export for others)"
    } else {
        return error;
    };
    Error::new(ErrorKind::Format, format!("{error}; {way_out}"))
}

#[cfg(feature = "mock")]
fn check_for_mock(
    mut model: onnx::Model,
    source: &Path,
    target: &Target,
    engine: &Engine,
) -> Vec<Finding> {
    use ascend_mock::compiler::{CompileOptions, compile_model};

    let mut findings = check_soundness(&model, target);
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return findings;
    }
    let options = CompileOptions {
        input_shapes: target.input_shapes.clone(),
        gears: target.gears.clone(),
        engine: engine.clone(),
        ..CompileOptions::default()
    };
    let refused = |place: Place, reason: &str| {
        let (message, remedy) = match reason.split_once("; ") {
            Some((message, remedy)) => (message, Text::from(remedy)),
            None => (
                reason,
                text!(
                    "convert it for an NPU, whose compiler has other limits, or simplify it for fixed shapes \
                     (`ascend convert --simplify --input-shape NAME:1,3,224,224`)"
                ),
            ),
        };
        Finding {
            rule: "cpu-device",
            severity: Severity::Error,
            code: None,
            code_is_assumed: false,
            places: vec![place],
            message: message.into(),
            remedy,
        }
    };
    if let Err(error) = files::resolve(&mut model, source) {
        findings.insert(0, refused(Place::Model, &error.to_string()));
        return findings;
    }
    let Err(error) = compile_model(model, &options, &mut std::io::sink()) else {
        return findings;
    };
    if error.refusals().is_empty() {
        findings.insert(0, refused(Place::Model, &error.to_string()));
    }
    let mut by_reason: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    let mut refusals: Vec<Finding> = Vec::new();
    for refusal in error.refusals() {
        let place = Place::Node {
            name: refusal.node.clone(),
            op_type: refusal.op_type.clone(),
        };
        if let Some(&index) = by_reason.get(&*refusal.reason) {
            refusals[index].places.push(place);
        } else {
            by_reason.insert(&refusal.reason, refusals.len());
            refusals.push(refused(place, &refusal.reason));
        }
    }
    refusals.append(&mut findings);
    refusals
}
