//! The whole way of a model: PyTorch weights → ONNX → `.om` → device → labels.
//!
//! Without arguments it classifies the pictures that come with it, by a slim ResNet-50 that comes
//! with it, and counts how many it got right. With arguments it takes any ResNet in torchvision's
//! naming:
//!
//! ```sh
//! cargo run --release --example resnet50
//! cargo run --release --example resnet50 -- --weights resnet50.pth --image cat.jpg dog.jpg --labels imagenet.txt
//! ```
#![allow(clippy::print_stdout, reason = "an example's output")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ascend_rt::classify::Classifier;
use ascend_rt::convert::{self, Options};
use ascend_rt::vision::{Labels, Picture, top_k};
use ascend_rt::{Acl, Session};
use clap::Parser;

/// Classify pictures by a ResNet from PyTorch weights
#[derive(Debug, Parser)]
struct Args {
    /// A ResNet's weights (.safetensors, .pth, .pt, .bin, .pth.tar) or ONNX file, or a ready .om
    /// [default: the slim ResNet-50]
    #[arg(long)]
    weights: Option<PathBuf>,
    /// JPEG or PNG files [default: the pictures of this example]
    #[arg(long, num_args = 1..)]
    image: Vec<PathBuf>,
    /// The names of the classes, one a line
    #[arg(long)]
    labels: Option<PathBuf>,
    /// auto (an NPU if CANN is installed, else the CPU device), npu or mock
    #[arg(long, default_value = "auto", value_parser = ["auto", "npu", "mock"])]
    device: String,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let shipped = shipped();
    let weights = args
        .weights
        .clone()
        .unwrap_or_else(|| shipped.join("resnet50_slim.safetensors"));
    let own_labels = args.weights.is_none().then(|| shipped.join("labels.txt"));
    let labels = args.labels.or(own_labels).map(Labels::open).transpose()?;
    let images = if args.image.is_empty() {
        pictures(&shipped)?
    } else {
        args.image
    };

    let acl = match &args.device[..] {
        "npu" => Acl::load()?,
        "mock" => Acl::mock(ascend_rt::MockConfig::default())?,
        _ => Acl::auto()?,
    };
    let device = acl.device(0)?;
    let chip = acl.soc_name()?.unwrap_or_else(|| "unknown chip".to_owned());
    let note = if acl.is_mock() {
        " (the built-in CPU device)"
    } else {
        ""
    };
    println!("device   {chip} {}{note}", device.ordinal());

    let start = Instant::now();
    let folder = tempfile::tempdir()?;
    let mut om = weights.clone();
    if weights
        .extension()
        .is_none_or(|extension| extension != "om")
    {
        om = folder.path().join("model.om");
        let mut options = Options::default();
        options.network.batch = Some(1);
        options.soc = if acl.is_mock() {
            convert::Soc::Mock
        } else {
            convert::Soc::Chip(chip)
        };
        for step in &convert::convert(&weights, &om, &options)?.steps {
            println!("model    {step}");
        }
    }
    let converted = start.elapsed();

    let start = Instant::now();
    let mut classifier = Classifier::new(Session::load(&device, &om)?)?;
    classifier.session_mut().set_timing(true)?;
    let loaded = start.elapsed();
    if let (Some(labels), Some(classes)) = (&labels, classifier.classes()) {
        labels.check_classes(classes)?;
    }

    let (mut right, mut known) = (0, 0);
    let mut parts = [Duration::ZERO; 3];
    for image in &images {
        let rows = classifier.probabilities(&[Picture::open(image)?])?;
        println!("{}", image.display());
        let best = top_k(&rows[0], 5)?;
        let name = |index| labels.as_ref().and_then(|labels| labels.get(index));
        for ranked in &best {
            let label =
                name(ranked.index).map_or_else(|| format!("class {}", ranked.index), str::to_owned);
            println!("  {:6.2} %  {label}", ranked.score * 100.0);
        }
        if let Some(truth) = truth(image, labels.as_ref()) {
            known += 1;
            right += usize::from(name(best[0].index) == Some(truth));
        }
        if let Some(timings) = classifier.session().timings() {
            for (part, time) in
                parts
                    .iter_mut()
                    .zip([timings.upload, timings.execute, timings.download])
            {
                *part += time;
            }
        }
    }
    if known > 0 {
        println!("right    {right} of {known}");
    }
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let count = u32::try_from(images.len())?.max(1);
    let each = |part: Duration| milliseconds(part / count);
    println!(
        "times    convert {:.1} ms, load {:.1} ms; per picture upload {:.3} ms, execute {:.3} ms, download {:.3} ms",
        milliseconds(converted),
        milliseconds(loaded),
        each(parts[0]),
        each(parts[1]),
        each(parts[2]),
    );
    Ok(())
}

/// The folder of this example, as seen from here where that is shorter.
fn shipped() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/resnet50");
    let here = std::env::current_dir().unwrap_or_default();
    folder
        .strip_prefix(here)
        .map(Path::to_path_buf)
        .unwrap_or(folder)
}

/// The pictures that come with the example, in the order of their names.
fn pictures(shipped: &Path) -> Result<Vec<PathBuf>> {
    let folder = shipped.join("pictures");
    let entries = folder
        .read_dir()
        .with_context(|| format!("cannot list {}", folder.display()))?;
    let mut pictures = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    pictures.sort();
    Ok(pictures)
}

/// The label that a picture's file name gives: the shipped ones are named after what they show.
fn truth<'a>(image: &Path, labels: Option<&'a Labels>) -> Option<&'a str> {
    let stem = image.file_stem()?.to_str()?;
    let labels = labels?;
    (0..labels.len())
        .filter_map(|index| labels.get(index))
        .find(|label| label.replace(' ', "_") == stem)
}
