//! What is wrong with a command line, in the language of the program.
//!
//! clap tells it in English only; these are the same facts. English is left to clap.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::language::{say, words};

/// What is wrong; `None` for help and versions, and for what is told in English only.
pub(super) fn told(error: &Error) -> Option<String> {
    let what = what(error).or_else(|| own(error))?;
    let mut told = format!("{}{what}", words("error: "));
    for (kind, likely) in [
        (ContextKind::ValidValue, false),
        (ContextKind::ValidSubcommand, false),
        (ContextKind::SuggestedSubcommand, true),
        (ContextKind::SuggestedArg, true),
        (ContextKind::SuggestedValue, true),
    ] {
        let Some(names) = of(error, kind).filter(|names| !names.is_empty()) else {
            continue;
        };
        told.push_str("\n\n  ");
        told.push_str(&if likely {
            say!("like it: {names}", names)
        } else {
            say!("[possible values: {values}]", values = names)
        });
    }
    if let Some(usage) = of(error, ContextKind::Usage) {
        let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
        told.push_str("\n\n");
        told.push_str(&say!("Usage: {usage}", usage));
    }
    told.push_str("\n\n");
    told.push_str(&say!("For more information, try '--help'."));
    told.push('\n');
    Some(told)
}

fn what(error: &Error) -> Option<String> {
    let of = |kind| of(error, kind);
    let argument = of(ContextKind::InvalidArg);
    let value = of(ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            say!("there is no argument '{argument}'", argument = argument?)
        }
        ErrorKind::InvalidSubcommand => say!(
            "there is no command '{command}'",
            command = of(ContextKind::InvalidSubcommand)?
        ),
        ErrorKind::InvalidValue if value.as_deref() == Some("") => {
            say!("'{argument}' needs a value", argument = argument?)
        }
        ErrorKind::InvalidValue => say!(
            "'{value}' does not fit '{argument}'",
            value = value?,
            argument = argument?
        ),
        ErrorKind::ValueValidation => say!(
            "'{value}' does not fit '{argument}': {why}",
            value = value?,
            argument = argument?,
            why = error.source().map(ToString::to_string).unwrap_or_default()
        ),
        ErrorKind::MissingRequiredArgument => {
            say!(
                "these arguments are missing: {arguments}",
                arguments = argument?
            )
        }
        ErrorKind::MissingSubcommand => say!(
            "'{command}' needs a command behind it",
            command = of(ContextKind::InvalidSubcommand)?
        ),
        ErrorKind::ArgumentConflict => conflict(
            argument.or_else(|| of(ContextKind::InvalidSubcommand))?,
            of(ContextKind::PriorArg),
        ),
        ErrorKind::NoEquals => say!(
            "'{argument}' takes its value with = behind the name",
            argument = argument?
        ),
        ErrorKind::TooManyValues => say!(
            "'{value}' is one value too many for '{argument}'",
            value = value?,
            argument = argument?
        ),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => say!(
            "'{argument}' takes {wanted} values, and {given} are given",
            argument = argument?,
            wanted = of(ContextKind::ExpectedNumValues).or_else(|| of(ContextKind::MinValues))?,
            given = of(ContextKind::ActualNumValues)?
        ),
        ErrorKind::InvalidUtf8 => say!("an argument is no UTF-8"),
        _ => return None,
    })
}

/// What the program itself says, in its language already.
fn own(error: &Error) -> Option<String> {
    let told = error.render().to_string();
    let own = told.strip_prefix("error: ")?.split("\n\n").next()?;
    Some(own.to_owned())
}

fn conflict(argument: String, others: Option<String>) -> String {
    match others {
        Some(others) if others == argument => {
            say!("'{argument}' is given more than once", argument)
        }
        Some(others) => say!("'{argument}' excludes {others}", argument, others),
        None => say!(
            "'{argument}' excludes other arguments that are given",
            argument
        ),
    }
}

/// A fact of an error, as a text; several are joined.
fn of(error: &Error, kind: ContextKind) -> Option<String> {
    Some(match error.get(kind)? {
        ContextValue::String(one) => one.clone(),
        ContextValue::Strings(all) => all.join(words(", ")),
        ContextValue::StyledStr(one) => one.to_string(),
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    })
}
