//! `ascend explain`.

mod form;
mod json;
mod sources;
mod told;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::ExitCode;

use anyhow::Result;
use ascend_rt::errors::{self, Search};
use clap::error::ErrorKind;
use clap::{CommandFactory, ValueHint};

use self::sources::{Given, Read};
use self::told::Report;
use crate::exit;
use crate::help::{self, Example};
use crate::language::say;

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new("a code", "ascend explain 507011"),
    Example::new(
        "a text that was posted somewhere",
        "ascend explain 'EZ9999: Inner Error! aclrtMalloc failed, ret=207001'",
    ),
    Example::new("the logs of CANN", "ascend explain ~/ascend/log/debug/plog"),
    Example::new(
        "what a program prints, for programs",
        "cat run.log | ascend explain --json",
    ),
];

/// For `--help`.
const HELP: &str = "\
Exit codes: 0 something was found, 1 nothing that the book has, 2 wrong usage,
9 a file or folder that cannot be read";

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Codes, texts, log files, or folders of logs such as ~/ascend/log/debug/plog; - or nothing is stdin
    #[arg(value_name = "CODE|TEXT|FILE|FOLDER", value_hint = ValueHint::AnyPath)]
    what: Vec<OsString>,
    /// Tell every finding of a long log
    #[arg(long)]
    all: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let stdin = [OsString::from("-")];
    let what = match &args.what[..] {
        [] if io::stdin().is_terminal() => help::end(&crate::Cli::command().error(
            ErrorKind::MissingRequiredArgument,
            say!(
                "nothing to explain: give a code, a text, a log file or a folder of logs to explain"
            ),
        )),
        [] => &stdin[..],
        what => what,
    };
    let mut search = Search::default();
    let mut read = Read::default();
    for one in what {
        match Given::of(one)? {
            Given::Stdin => read.stdin(&mut search)?,
            Given::File(path) => read.file(&path, &mut search)?,
            Given::Folder(path) => read.folder(&path, &mut search)?,
            Given::Text(text) => search.take(&text),
        }
    }
    // a file or folder may have the name of a failure
    let is_code = match what {
        [one] => {
            matches!(Given::of(one)?, Given::Text(text) if errors::lookup(&text).is_some())
        }
        _ => false,
    };
    let report = Report {
        search: &search,
        read: &read,
        is_code,
        tells_all: args.all,
    };
    match report.tell(args.json) {
        // the answer is the exit code, also for who reads only the first lines
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    let findings = search.findings();
    let is_found = findings.iter().any(|finding| finding.entry.is_known) || report.pair().is_some();
    Ok(ExitCode::from(if is_found {
        0
    } else {
        exit::NOTHING_FOUND
    }))
}
