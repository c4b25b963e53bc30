//! `ascend`: models on Ascend NPUs, or on the built-in CPU device, from the command line.
#![allow(clippy::print_stdout, reason = "a program's output")]

mod atc;
mod bench;
mod bundle;
mod check;
mod classify;
mod clock;
mod compare;
mod convert;
mod destination;
mod device;
mod diff;
mod doctor;
#[cfg(test)]
mod documented;
mod dump;
mod exit;
mod explain;
mod help;
mod info;
mod inspect;
mod interrupt;
mod language;
mod log;
mod mock;
mod network;
mod page;
mod profile;
mod progress;
mod save;
mod time;
mod weights;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use ascend_rt::language::Language;
use clap::{Parser, Subcommand};

use crate::bench::Style;
use crate::device::DeviceArgs;
use crate::help::Example;
use crate::language::words;
use crate::log::LogArgs;

const EXAMPLES: &[Example] = &[
    Example::new(
        "what keeps programs from running on the NPU here",
        "ascend doctor",
    ),
    Example::new(
        "run a model on a file, and write its outputs",
        "ascend run net.om --input image.npy --output out",
    ),
    Example::new(
        "what an error means, and what to do",
        "ascend explain 507011",
    ),
];

/// Models on Huawei Ascend NPUs, or on the built-in CPU device
#[derive(Debug, Parser)]
#[command(name = "ascend", version, after_help = exit::HELP)]
struct Cli {
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    log: LogArgs,
    /// The language of what people read: en or zh; the default is that of the environment
    /// (`ASCEND_LANG`, then `LC_ALL`, `LC_MESSAGES` and `LANG`)
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language::LanguageParser, hide_possible_values = true)]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the runtime, its version, the chip, and the devices with their memory
    Info(info::Args),
    /// Examine the machine for all that keeps programs from running on its NPU, and tell what mends it
    Doctor(doctor::Args),
    /// Show what is in a model (.om, .onnx) or a checkpoint
    Inspect(Box<inspect::Args>),
    /// Compare the tensors of two checkpoints; exit code 1 if they differ
    Diff(diff::Args),
    /// Compare two models, or a model and tensors in files, node by node; exit code 1 if their outputs differ
    Compare(Box<compare::Args>),
    /// Convert PyTorch weights to another form of weights, to ONNX or .om, or ONNX to .om
    Convert(Box<convert::Args>),
    /// Tell what would stop the conversion of an ONNX file to .om, before it is started
    Check(Box<check::Args>),
    /// Put several .om files into one
    Bundle(bundle::Args),
    /// Run a model on files, and write its outputs
    Run(Box<bench::Args>),
    /// Measure a model on files or generated inputs; takes the command lines of `ais_bench`
    Bench(Box<bench::Args>),
    /// As bench, with the files that msame writes
    Msame(Box<bench::Args>),
    /// Tell where a model's time goes, operator by operator, and what to do about it; reads msprof's
    /// results too
    Profile(Box<profile::Args>),
    /// Classify pictures
    Classify(Box<classify::Args>),
    /// Explain codes and logs of CANN: the cause, what to do, where to look
    Explain(explain::Args),
    /// The CPU device as a libascendcl.so for other programs
    #[command(subcommand)]
    Mock(mock::Command),
    /// Print what makes a shell complete the commands, options and files of this program
    Completions(help::completions::Args),
    /// Write a page for man of each command
    Man(help::man::Args),
}

fn main() -> ExitCode {
    let line: Vec<OsString> = env::args_os().collect();
    if let Some(language) = language::asked(line.iter().skip(1).map(OsString::as_os_str)) {
        language::set(language);
    }
    let line = bench::normalised(line);
    let cli = help::parse(line);
    let log = cli.log.start();
    let done = log.map_err(Into::into).and_then(|log| {
        let done = cli.run();
        // What the work says counts for more than its log.
        let told = log.finish();
        done.and_then(|code| Ok(told.map(|()| code)?))
    });
    match done {
        Ok(code) => code,
        Err(error) if exit::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done when not even this can be said.
            let _ = writeln!(
                io::stderr(),
                "{}{}",
                words("error: "),
                exit::message(&error)
            );
            exit::code(&error)
        }
    }
}

impl Cli {
    fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Info(args) => info::run(&args, &self.device),
            Command::Doctor(args) => return doctor::run(&args),
            Command::Inspect(args) => inspect::run(&args, &self.device),
            Command::Diff(args) => return diff::run(&args),
            Command::Compare(args) => return compare::run(&args, &self.device),
            Command::Convert(args) => convert::run(*args, &self.device),
            Command::Check(args) => return check::run(&args, &self.device),
            Command::Bundle(args) => bundle::run(&args),
            Command::Run(args) => return bench::run(&args, Style::Results, &self.device),
            Command::Bench(args) => return bench::run(&args, Style::Bench, &self.device),
            Command::Msame(args) => return bench::run(&args, Style::Msame, &self.device),
            Command::Profile(args) => return profile::run(&args, &self.device),
            Command::Classify(args) => return classify::run(&args, &self.device),
            Command::Explain(args) => return explain::run(&args),
            Command::Mock(command) => mock::run(&command),
            Command::Completions(args) => help::completions::run(&args),
            Command::Man(args) => help::man::run(&args),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}
