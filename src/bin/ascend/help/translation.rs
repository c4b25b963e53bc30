//! Help in the language of the program.

use clap::builder::{PossibleValue, Resettable, StyledStr};
use clap::{Arg, Command};

use crate::language::{self, say, words};

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
    let [help, long_help] = [false, true].map(|is_long| whole_help(&argument, is_long));
    let argument = argument
        .help(help)
        .long_help(long_help)
        // these clap would tell in English
        .hide_default_value(true)
        .hide_possible_values(true)
        // the parser, which is built already, takes them still
        .alias(None::<&str>);
    match heading {
        Some(heading) => argument.help_heading(heading),
        None => argument,
    }
}

/// The help of an argument with what clap puts behind it: its default, its other names, what it may be.
fn whole_help(argument: &Arg, is_long: bool) -> Resettable<StyledStr> {
    let own = argument.get_long_help().filter(|_| is_long);
    let own = own.or(argument.get_help()).map(told);
    let mut parts: Vec<String> = own.iter().map(ToString::to_string).collect();
    let mut facts = Vec::new();
    let defaults = argument.get_default_values().iter();
    let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
    let takes_values = argument.get_action().takes_values();
    if takes_values && !defaults.is_empty() && !argument.is_hide_default_value_set() {
        facts.push(say!("[default: {values}]", values = defaults.join(" ")));
    }
    let names = argument.get_visible_aliases().unwrap_or_default();
    if !names.is_empty() {
        let names: Vec<_> = names.iter().map(|name| format!("--{name}")).collect();
        facts.push(say!("[aliases: {names}]", names = names.join(words(", "))));
    }
    let mut values = argument.get_possible_values();
    values.retain(|value| !value.is_hide_set() && !argument.is_hide_possible_values_set());
    if is_long && values.iter().any(|value| value.get_help().is_some()) {
        let lines = values.iter().map(|value| {
            let help = value.get_help().map(told).unwrap_or_default();
            format!("\n- {}{}{help}", value.get_name(), words(": "))
        });
        parts.push(format!(
            "{}{}",
            words("Possible values:"),
            lines.collect::<String>()
        ));
    } else if takes_values && !values.is_empty() {
        let names: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
        facts.push(say!(
            "[possible values: {values}]",
            values = names.join(words(", "))
        ));
    }
    if !facts.is_empty() {
        parts.push(facts.join(if is_long { "\n" } else { " " }));
    }
    let whole = parts.join(if is_long { "\n\n" } else { " " });
    Some(StyledStr::from(whole))
        .filter(|_| !parts.is_empty())
        .into()
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
            let values = argument.get_possible_values();
            let values: Vec<_> = values
                .iter()
                .filter_map(PossibleValue::get_help)
                .map(ToString::to_string)
                .collect();
            heading.into_iter().chain(help).chain(values)
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
