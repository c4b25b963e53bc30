//! `ascend man`.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use ascend_graph::counted;
use ascend_rt::files::NewFile;
use ascend_rt::language::Language;
use clap::{Command, ValueHint};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, line_break, roman};

use super::{Example, environment, examples_of};
use crate::clock;
use crate::destination::ensure_free;
use crate::exit;

/// Seconds since 1970 that stand for now in what is built.
const DATE: &str = "SOURCE_DATE_EPOCH";

pub(crate) const EXAMPLES: &[Example] = &[
    Example::new(
        "where man looks for pages of one user",
        "ascend man ~/.local/share/man/man1",
    ),
    Example::new(
        "read one without that",
        "ascend man pages && man ./pages/ascend-bench.1",
    ),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder to write the pages to; made if it is not there
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Replace pages that are there
    #[arg(long)]
    overwrite: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut command = super::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add_pages(&command, &mut pages)?;
    let folder = &args.folder;
    for (name, _) in &pages {
        ensure_free(&folder.join(name), args.overwrite)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, page) in &pages {
        let mut file = NewFile::create(&folder.join(name))?;
        file.put(page)?;
        file.finish()?;
    }
    writeln!(
        io::stdout(),
        "{} in {}",
        counted(pages.len(), "page"),
        folder.display()
    )?;
    Ok(())
}

/// The pages of a command and of those within it, by the names of their files.
fn add_pages(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let man = Man::new(command.clone())
        .title(file_name(command).to_uppercase())
        .date(date())
        .source(concat!("ascend ", env!("CARGO_PKG_VERSION")))
        .manual("Ascend");
    pages.push((format!("{}.1", file_name(command)), page(command, &man)?));
    let inner = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    for inner in inner {
        add_pages(inner, pages)?;
    }
    Ok(())
}

fn page(command: &Command, man: &Man) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut more = Roff::new();
    exit_status(command, &mut more);
    environment(command, &mut more);
    examples(command, &mut more);
    see_also(command, &mut more);
    more.to_writer(&mut page)?;
    // readers warn of breaks beside an empty line, which is one itself
    let page = String::from_utf8_lossy(&page).replace("\n.br\n\n.br\n", "\n.sp\n");
    Ok(page.into_bytes())
}

/// The day of the pages: today, or what those who build packages anew have in its place.
fn date() -> String {
    let told = env::var(DATE).ok().and_then(|text| text.parse().ok());
    clock::day(told.unwrap_or_else(clock::seconds))
}

/// `ascend-bench` of the command `ascend bench`.
fn file_name(command: &Command) -> String {
    call(command).replace(' ', "-")
}

fn call(command: &Command) -> &str {
    command.get_bin_name().unwrap_or(command.get_name())
}

/// The words behind the program's name.
fn path(command: &Command) -> Vec<&str> {
    call(command).split(' ').skip(1).collect()
}

/// What the command's help says of it, or that of the program.
fn exit_status(command: &Command, page: &mut Roff) {
    let own = command.get_after_help().map(ToString::to_string);
    let all = own.unwrap_or_else(|| exit::HELP.to_owned());
    let codes = all.split_once(": ").map_or(&*all, |(_, codes)| codes);
    page.control("SH", ["EXIT STATUS"]);
    page.text([roman(one_line(codes))]);
}

fn environment(command: &Command, page: &mut Roff) {
    let variables = environment::read_by(&path(command));
    if variables.is_empty() {
        return;
    }
    page.control("SH", ["ENVIRONMENT"]);
    for variable in variables {
        page.control("TP", []);
        page.text([bold(variable.names)]);
        page.text([roman(variable.meaning)]);
    }
}

fn examples(command: &Command, page: &mut Roff) {
    let examples = examples_of(&path(command));
    if examples.is_empty() {
        return;
    }
    page.control("SH", ["EXAMPLES"]);
    for example in examples {
        page.control("TP", []);
        page.text([roman(capitalised(&example.title(Language::English)))]);
        let mut lines: Vec<Inline> = Vec::new();
        for line in example.line.lines() {
            if !lines.is_empty() {
                lines.push(line_break());
            }
            lines.push(bold(line));
        }
        // a line is copied as it is
        page.control("nf", []);
        page.text(lines);
        page.control("fi", []);
    }
}

fn see_also(command: &Command, page: &mut Roff) {
    let path = path(command);
    let outer = (!path.is_empty()).then(|| "ascend".to_owned());
    let inner = command.get_subcommands().map(file_name);
    let names: Vec<String> = outer.into_iter().chain(inner).collect();
    if names.is_empty() {
        return;
    }
    page.control("SH", ["SEE ALSO"]);
    let mut parts = Vec::new();
    for name in names {
        if !parts.is_empty() {
            parts.push(roman(", "));
        }
        parts.extend([bold(name), roman("(1)")]);
    }
    page.text(parts);
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
