//! `ascend run`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use ascend_rt::session::{Padding, SessionOptions};
use ascend_rt::{Model, Session, Tensor};

use crate::device::DeviceArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The model
    model: PathBuf,
    /// An input as [NAME=]FILE.npy; without names in the model's order
    #[arg(long, required = true, value_name = "[NAME=]FILE")]
    input: Vec<String>,
    /// The folder that gets NAME.npy for each output; `fc:0:output` becomes `output.npy`
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// Pad inputs with zeros to the next gear of the model; outputs are cut back, or with `uncut`
    /// given as they are where they do not follow what was padded
    #[arg(long, value_name = "cut|uncut", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "cut")]
    pad: Option<Pad>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Pad {
    Cut,
    Uncut,
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<()> {
    let mut tensors = Vec::new();
    for input in &args.input {
        let (name, path) = split_name(input);
        tensors.push((name, Tensor::read_npy(path)?));
    }
    let options = SessionOptions::new().padding(match args.pad {
        None => Padding::None,
        Some(Pad::Cut) => Padding::NextGear,
        Some(Pad::Uncut) => Padding::NextGearUncut,
    });
    let model = Model::load(&device.open()?.context(), &args.model)?;
    let mut session = Session::with_options(Arc::new(model), options)?;
    session.set_timing(true)?;
    let mut inputs = Vec::new();
    for (name, tensor) in &tensors {
        let input = tensor.as_input()?;
        inputs.push(match name {
            Some(name) => input.named(name),
            None => input,
        });
    }
    let mut out = io::stdout().lock();
    fs::create_dir_all(&args.output)
        .with_context(|| format!("cannot make the folder {}", args.output.display()))?;
    let mut written = Vec::new();
    for output in session.run(&inputs)?.iter() {
        let path = args
            .output
            .join(file_name(output.spec().short_name(), &mut written));
        Tensor::from(output).write_npy(&path)?;
        let (dtype, shape) = (output.dtype().name(), output.shape());
        writeln!(
            out,
            "{} {dtype} {shape:?} -> {}",
            output.name(),
            path.display()
        )?;
    }
    if let Some(timings) = session.timings() {
        let [upload, execute, download] = [timings.upload, timings.execute, timings.download]
            .map(|part| part.as_secs_f64() * 1e3);
        writeln!(
            out,
            "upload {upload:.3} ms, execute {execute:.3} ms, download {download:.3} ms"
        )?;
    }
    Ok(())
}

/// The name, if one is given, and the path. A path that exists as it stands has none.
fn split_name(input: &str) -> (Option<&str>, &Path) {
    match input.split_once('=') {
        Some((name, path)) if !name.is_empty() && !Path::new(input).exists() => {
            (Some(name), Path::new(path))
        }
        _ => (None, Path::new(input)),
    }
}

/// A file name for an output: its name, without what leads out of the folder, and once only.
fn file_name(name: &str, taken: &mut Vec<String>) -> String {
    let plain = name.replace(['/', '\\', '\0'], "_");
    let plain = if plain.is_empty() || plain.starts_with('.') {
        format!("_{plain}")
    } else {
        plain
    };
    let mut file = format!("{plain}.npy");
    let mut count = 1;
    while taken.contains(&file) {
        count += 1;
        file = format!("{plain}_{count}.npy");
    }
    taken.push(file.clone());
    file
}
