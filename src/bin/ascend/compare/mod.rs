//! `ascend compare`.

mod advice;
mod feeds;
mod json;
mod options;
mod page;
mod sides;
mod table;
mod text;

use std::io;
use std::process::ExitCode;

use anyhow::Result;
use ascend_graph::onnx::Precision;
use ascend_graph::{Text, text};
use ascend_rt::compare::{Comparison, Side, compare};

use self::feeds::Feeds;
pub(crate) use self::options::{Args, EXAMPLES};
use self::sides::Sides;
use crate::device::DeviceArgs;
use crate::exit;
use crate::progress::Progress;

/// What is told of a comparison.
struct Told<'a> {
    comparison: &'a Comparison,
    /// What A and B are.
    names: [String; 2],
    about: [Text; 2],
    /// What to know beside the figures.
    notes: Vec<Text>,
    /// What A is rounded to, where it is held against itself.
    precision: Option<Precision>,
    feeds: &'a Feeds,
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<ExitCode> {
    args.check_sides()?;
    args.check_advice()?;
    args.check_places()?;
    let mut sides = Sides::open(args, device)?;
    let comparison = {
        let mut progress = Progress::new("comparing");
        let Sides { a, b, feeds, .. } = &mut sides;
        examine(a, b, feeds, args, &mut |done, total| {
            progress.say(format_args!("{done} of {total} values"));
        })?
    };
    let skipped = sides.skipped();
    sides.notes.extend(skipped);
    if comparison.is_without_outputs {
        sides.notes.push(text!(
            "the dump holds no output of the model, so what its nodes give decides"
        ));
    }
    let advice = args
        .advice
        .as_deref()
        .map(|folder| advice::write(folder, args, &mut sides, &comparison))
        .transpose()?;
    let told = Told {
        comparison: &comparison,
        names: sides.names.clone(),
        about: [
            sides.a.about(),
            match &sides.own {
                Some(_) => text!("A, rounded after every node"),
                None => sides.b.about(),
            },
        ],
        notes: sides.notes,
        precision: sides.own.as_ref().map(|own| own.precision),
        feeds: &sides.feeds,
    };
    if let Some(place) = &args.csv {
        table::write(place, &told)?;
    }
    if let Some(place) = &args.html {
        page::write(place, &told, args.overwrite)?;
    }
    if let Some(place) = &args.json {
        json::write(place, &told)?;
    }
    if args.json.as_deref() != Some("-".as_ref()) {
        match text::write(&told, args.all, advice.as_deref()) {
            // the answer is the exit code, also for who reads only the first lines
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
            _ => {}
        }
    }
    Ok(if comparison.is_same() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(exit::DIFFERENT)
    })
}

/// Compares the sides on one sample after the other.
fn examine(
    a: &mut Side,
    b: &mut Side,
    feeds: &Feeds,
    args: &Args,
    watch: &mut dyn FnMut(usize, usize),
) -> Result<Comparison, ascend_rt::Error> {
    let (scope, path) = (args.scope(), args.b.as_ref().unwrap_or(&args.a));
    let mut of_sample = |sample: usize| {
        feeds.give(sample, (&mut *a, &args.a), (&mut *b, path))?;
        compare(&mut *a, &mut *b, &scope, &mut *watch)
    };
    let mut all = of_sample(0)?;
    for sample in 1..feeds.count() {
        all.add(of_sample(sample)?);
    }
    Ok(all)
}
