//! `ascend doctor`.

mod bundle;
mod tar;
mod told;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use ascend_rt::doctor::{Machine, Report, Verdict, examine};
use clap::ValueHint;

use crate::destination::ensure_free;
use crate::exit;
use crate::help::Example;
use crate::language::{self, say};

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new("this machine", "ascend doctor"),
    Example::new(
        "an unpacked image of a container (or /proc/PID/root), for programs",
        "ascend doctor --root image --json",
    ),
    Example::new(
        "the environment of a service that does not start",
        "ascend doctor --env service.env",
    ),
    Example::new(
        "all that somebody needs who is to help, without names and addresses",
        "ascend doctor --bundle report.tar",
    ),
];

/// For `--help`.
const HELP: &str = "\
Exit codes: 0 programs run on the NPU as far as can be told, 13 there are warnings, 14 there are
faults, 15 there is no NPU and nothing wrong: the CPU device can be used; others as for every
command: 2 wrong usage, 6 no such user, 9 file or folder that cannot be read or written";

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Examine the files in this folder, which stands for /: those of a container, such as
    /// /proc/PID/root, or an unpacked image
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    root: Option<PathBuf>,
    /// The environment of the programs that do not run: /proc/PID/environ, or what env prints
    #[arg(long, value_name = "FILE")]
    env: Option<PathBuf>,
    /// The user of these programs; default: yourself, and root with --root
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Write the report and what it rests on for whoever is to help, as a .tar or into a new folder;
    /// names of users and hosts, addresses and serial numbers are replaced
    #[arg(long, value_name = "FILE.tar|DIR")]
    bundle: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if let Some(place) = &args.bundle {
        ensure_free(place, false)?;
    }
    let machine = machine(args)?;
    let report = in_language(examine(&machine));
    let mut out = BufWriter::new(io::stdout().lock());
    let told = if args.json {
        writeln!(out, "{:#}", told::json(&machine, &report))
    } else {
        write!(out, "{}", told::text(&report))
    };
    match told.and_then(|()| out.flush()) {
        // the answer is the exit code, also for who reads only the first lines
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    if let Some(place) = &args.bundle {
        let files = bundle::write(&machine, &report, place)?;
        let told = say!(
            "wrote {count} files to {place}; CONTENTS.txt in it tells what they hold and what was replaced: \
             read them before you give them away",
            count = files,
            place = place.display()
        );
        writeln!(io::stderr(), "{told}")?;
    }
    Ok(exit_code(&report))
}

/// The report with all findings in the language of the program.
fn in_language(mut report: Report) -> Report {
    let language = language::current();
    let findings = report.findings.into_iter();
    report.findings = findings
        .map(|finding| finding.in_language(language))
        .collect();
    report
}

fn machine(args: &Args) -> Result<Machine> {
    let mut machine = match &args.root {
        Some(root) if root != Path::new("/") => Machine::at(root)?,
        _ => Machine::here(),
    };
    if let Some(file) = &args.env {
        machine = machine.with_environment_of(file)?;
    }
    if let Some(user) = &args.user {
        machine = machine.with_user(user)?;
    }
    Ok(machine)
}

fn exit_code(report: &Report) -> ExitCode {
    match report.verdict() {
        Verdict::Ready => ExitCode::SUCCESS,
        Verdict::Warnings => ExitCode::from(exit::DOUBTFUL),
        Verdict::Faults => ExitCode::from(exit::FAULTY),
        Verdict::NoNpu => ExitCode::from(exit::NO_NPU),
    }
}
