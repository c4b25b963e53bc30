//! Help in the language of the program.

use clap::builder::{Resettable, StyledStr};
use clap::{Arg, Command};

use crate::language::{self, words};

/// The help of a command, whose headings clap has in English only.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// A command with its help, and that of the commands in it, in the language of the program.
pub(super) fn translated(command: &mut Command) -> Command {
    // so that the arguments of clap itself are among the others
    command.build();
    in_language(command.clone())
}

fn in_language(mut command: Command) -> Command {
    let inner = command.get_subcommands();
    let names: Vec<String> = inner.map(|inner| inner.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, in_language);
    }
    let about: Resettable<_> = command.get_about().map(told).into();
    let long_about: Resettable<_> = command.get_long_about().map(told).into();
    let after: Resettable<_> = command.get_after_help().map(told).into();
    command
        .help_template(TEMPLATE)
        .subcommand_help_heading(words("Commands"))
        .about(about)
        .long_about(long_about)
        .after_help(after)
        .mut_args(argument)
}

fn argument(argument: Arg) -> Arg {
    let heading = match argument.get_help_heading() {
        Some(own) => language::current().find(own),
        None if argument.is_positional() => Some(words("Arguments")),
        None => Some(words("Options")),
    };
    let help: Resettable<_> = argument.get_help().map(told).into();
    let long_help: Resettable<_> = argument.get_long_help().map(told).into();
    let argument = argument.help(help).long_help(long_help);
    match heading {
        Some(heading) => argument.help_heading(heading),
        None => argument,
    }
}

/// A text of the help in the language of the program; clap breaks its lines anew.
pub(super) fn told(english: &StyledStr) -> StyledStr {
    let english = english.to_string();
    let joined = english.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = language::current().find(&joined);
    known.map_or_else(|| english.into(), StyledStr::from)
}

#[cfg(test)]
mod tests {
    use ascend_rt::language::Language;
    use clap::CommandFactory;

    use super::super::EXAMPLES;
    use super::*;
    use crate::Cli;

    /// The commands whose help is translated; one that is new is told in English until it is here.
    const TRANSLATED: [&str; 20] = [
        "ascend",
        "info",
        "doctor",
        "inspect",
        "diff",
        "compare",
        "convert",
        "check",
        "bundle",
        "run",
        "bench",
        "msame",
        "profile",
        "classify",
        "explain",
        "mock",
        "install",
        "env",
        "completions",
        "man",
    ];

    /// All texts of the help of these commands, in one line each.
    fn texts(command: &Command, texts: &mut Vec<String>) {
        let is_whole = TRANSLATED.contains(&command.get_name());
        let own = [
            command.get_about(),
            command.get_long_about(),
            command.get_after_help(),
        ];
        let of_arguments = command.get_arguments().flat_map(|argument| {
            let heading = argument.get_help_heading().map(str::to_owned);
            let help = [argument.get_help(), argument.get_long_help()];
            let help = help.into_iter().flatten().map(ToString::to_string);
            heading.into_iter().chain(help)
        });
        let own = own.into_iter().flatten().map(ToString::to_string);
        for text in own.chain(of_arguments).filter(|_| is_whole) {
            let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !texts.contains(&joined) {
                texts.push(joined);
            }
        }
        for inner in command.get_subcommands() {
            self::texts(inner, texts);
        }
    }

    #[test]
    fn help_is_chinese_too() {
        let mut command = Cli::command();
        command.build();
        let mut all = Vec::new();
        texts(&command, &mut all);
        let examples = EXAMPLES.iter().flat_map(|(_, examples)| *examples);
        all.extend(examples.map(|example| example.does.to_owned()));
        assert!(all.len() > 100);
        all.retain(|text| Language::Chinese.find(text).is_none());
        assert!(
            all.is_empty(),
            "not in src/language/zh/help.tsv:\n{}",
            all.join("\n")
        );
    }
}
