//! What the program tells of itself: `--help` with examples, completions for shells, pages for `man`.

pub(crate) mod completions;
mod environment;
mod example;
pub(crate) mod man;
mod refusal;
mod translation;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process;

use ascend_rt::language::Language;
use clap::{Command, CommandFactory, FromArgMatches};

pub(crate) use self::example::Example;
use crate::language;
use crate::weights::escaped;
use crate::{
    Cli, bench, bundle, check, classify, compare, convert, diff, doctor, explain, info, inspect,
    mock, profile,
};

/// The examples of each command. One that is missing here fails a test.
const EXAMPLES: &[(&[&str], &[Example])] = &[
    (&[], crate::EXAMPLES),
    (&["info"], info::EXAMPLES),
    (&["doctor"], doctor::EXAMPLES),
    (&["inspect"], inspect::EXAMPLES),
    (&["diff"], diff::EXAMPLES),
    (&["compare"], compare::EXAMPLES),
    (&["convert"], convert::EXAMPLES),
    (&["check"], check::EXAMPLES),
    (&["bundle"], bundle::EXAMPLES),
    (&["run"], bench::RUN_EXAMPLES),
    (&["bench"], bench::EXAMPLES),
    (&["msame"], bench::MSAME_EXAMPLES),
    (&["profile"], profile::EXAMPLES),
    (&["classify"], classify::EXAMPLES),
    (&["explain"], explain::EXAMPLES),
    (&["mock", "install"], mock::INSTALL_EXAMPLES),
    (&["mock", "env"], mock::ENV_EXAMPLES),
    (&["completions"], completions::EXAMPLES),
    (&["man"], man::EXAMPLES),
];

/// Parses a command line. What is wrong with it, and help, are told here.
pub(crate) fn parse(line: Vec<OsString>) -> Cli {
    let mut command = match language::current() {
        Language::English => command(),
        _ => translation::translated(&mut command()),
    };
    let matches = command.clone().try_get_matches_from(line);
    let matches = matches.unwrap_or_else(|error| end(&error));
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| end(&error.format(&mut command)))
}

/// Ends the program with what the parser of its command line has to tell, be it help or what is wrong.
pub(crate) fn end(error: &clap::Error) -> ! {
    match refusal::told(error).filter(|_| language::current() != Language::English) {
        Some(told) => {
            // Nothing can be done when not even this can be said.
            let _ = write!(io::stderr(), "{}", escaped(&told));
            process::exit(error.exit_code());
        }
        None => error.exit(),
    }
}

/// The program's commands, with examples in their `--help`.
pub(crate) fn command() -> Command {
    let mut command = Cli::command();
    for (path, examples) in EXAMPLES {
        command = with_examples(command, path, examples);
    }
    command
}

fn with_examples(command: Command, path: &[&str], examples: &[Example]) -> Command {
    if let [first, rest @ ..] = path {
        return command.mut_subcommand(first, |inner| with_examples(inner, rest, examples));
    }
    let own = command.get_after_help().map(translation::told);
    let mut help = own.map_or_else(String::new, |own| format!("{own}\n\n"));
    help.push_str(&example::told(examples));
    command.after_long_help(help)
}

/// The examples of a command, by the words behind the program's name.
fn examples_of(path: &[&str]) -> &'static [Example] {
    let found = EXAMPLES.iter().find(|(known, _)| *known == path);
    found.map_or(&[], |(_, examples)| examples)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at all commands that do something; `mock` alone does not.
    fn check(command: &Command, path: &[&str]) {
        for inner in command.get_subcommands() {
            check(inner, &[path, &[inner.get_name()]].concat());
        }
        let is_group = command.is_subcommand_required_set() && !path.is_empty();
        assert!(
            is_group || !examples_of(path).is_empty(),
            "{path:?} has no examples: name them in EXAMPLES"
        );
    }

    #[test]
    fn every_command_has_examples() {
        check(&Cli::command(), &[]);
    }

    #[test]
    fn examples_are_of_their_command_and_fit_a_terminal() {
        for (path, examples) in EXAMPLES {
            for example in *examples {
                let call = format!("ascend {}", path.join(" "));
                assert!(example.line.contains(&call), "{example}");
                for line in example.to_string().lines() {
                    assert!(line.chars().count() <= 80, "{line}");
                }
            }
        }
    }

    #[test]
    fn the_command_line_is_well_made() {
        command().debug_assert();
    }
}
