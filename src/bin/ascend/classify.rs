//! `ascend classify`.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use ascend_rt::Session;
use ascend_rt::classify::Classifier;
use ascend_rt::vision::{Labels, Picture, Ranked, top_k};
use serde_json::json;

use crate::device::DeviceArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The model
    model: PathBuf,
    /// JPEG or PNG files
    #[arg(required = true)]
    images: Vec<PathBuf>,
    /// The names of the classes, one a line
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// How many of the best classes to show
    #[arg(long, default_value_t = 5, value_name = "K")]
    top: usize,
    /// Print one JSON object a picture
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<()> {
    let labels = args.labels.as_ref().map(Labels::open).transpose()?;
    let mut classifier = Classifier::new(Session::load(&device.open()?, &args.model)?)?;
    if let (Some(labels), Some(classes)) = (&labels, classifier.classes()) {
        labels.check_classes(classes)?;
    }
    let mut first_failure = None;
    for image in &args.images {
        let ranked = Picture::open(image)
            .and_then(|picture| classifier.probabilities(&[picture]))
            .and_then(|rows| top_k(&rows[0], args.top));
        match ranked {
            Ok(ranked) => print(args, image, &ranked, labels.as_ref())?,
            Err(error) => {
                writeln!(io::stderr(), "error: {}: {error}", image.display())?;
                first_failure.get_or_insert(error);
            }
        }
    }
    match first_failure {
        None => Ok(()),
        Some(error) => Err(error).context("not every picture was classified; the first failure"),
    }
}

fn print(args: &Args, image: &PathBuf, ranked: &[Ranked], labels: Option<&Labels>) -> Result<()> {
    let label = |index: usize| labels.and_then(|labels| labels.get(index));
    let mut out = io::stdout().lock();
    if args.json {
        let top = ranked.iter().map(
            |ranked| json!({"index": ranked.index, "label": label(ranked.index), "score": ranked.score}),
        );
        let line = json!({"file": image, "top": top.collect::<Vec<_>>()});
        writeln!(out, "{line}")?;
        return Ok(());
    }
    writeln!(out, "{}", image.display())?;
    for ranked in ranked {
        let name =
            label(ranked.index).map_or_else(|| format!("class {}", ranked.index), str::to_owned);
        writeln!(out, "  {:6.2} %  {name}", ranked.score * 100.0)?;
    }
    Ok(())
}
