//! `ascend compare`.

mod advice;
mod json;
mod options;
mod page;
mod sides;
mod table;
mod text;

use std::io;
use std::process::ExitCode;

use anyhow::Result;
use ascend_rt::compare::{Comparison, compare};

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
    about: [String; 2],
    /// What to know beside the figures.
    notes: Vec<String>,
}

pub(crate) fn run(args: &Args, device: &DeviceArgs) -> Result<ExitCode> {
    args.check_advice()?;
    args.check_places()?;
    let mut sides = Sides::open(args, device)?;
    let comparison = examine(&mut sides, args)?;
    if comparison.is_without_outputs {
        let note = "the dump holds no output of the model, so what its nodes give decides";
        sides.notes.push(note.to_owned());
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
                Some(_) => "A, rounded after every node".to_owned(),
                None => sides.b.about(),
            },
        ],
        notes: sides.notes,
    };
    if let Some(place) = &args.csv {
        table::write(place, &told)?;
    }
    if let Some(place) = &args.html {
        page::write(place, &told)?;
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

/// Compares the sides as they are.
fn examine(sides: &mut Sides, args: &Args) -> Result<Comparison, ascend_rt::Error> {
    let mut progress = Progress::new("comparing");
    let Sides { a, b, .. } = sides;
    compare(a, b, &args.scope(), &mut |done, total| {
        progress.say(format_args!("{done} of {total} values"));
    })
}
