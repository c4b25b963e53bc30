//! Checkpoints as the commands take them.

use std::path::Path;

use ascend_rt::weights::{Checkpoint, Fault, Mode, OpenOptions, Rename, Tensor};
use ascend_rt::{Error, ErrorKind};
use clap::{Args, ValueEnum};

/// How a checkpoint is opened.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(crate) struct WeightArgs {
    /// Take the weights under this key of the checkpoint's outermost dict
    #[arg(long, value_name = "KEY")]
    at: Option<String>,
    /// What a checkpoint may hold; without it whole models are taken where there is one
    #[arg(long, value_name = "MODE")]
    mode: Option<ModeArg>,
    /// Change the beginning of names: OLD strips it, OLD=NEW replaces it, =NEW adds
    #[arg(long, value_name = "OLD[=NEW]")]
    prefix: Vec<String>,
    /// Change the end of names, in the same way
    #[arg(long, value_name = "OLD[=NEW]")]
    suffix: Vec<String>,
    /// Rename what a pattern fits; the texts of its * go to those of the other
    #[arg(long, value_name = "PATTERN=PATTERN")]
    rename: Vec<String>,
    /// Compare the checksums in a zip archive with its content
    #[arg(long)]
    verify: bool,
    /// Memory for what a file describes, such as 1GB [default: the file's length and 64MiB]
    #[arg(long, value_name = "SIZE", value_parser = crate::save::size)]
    memory_limit: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum ModeArg {
    /// Tensors in containers
    Weights,
    /// Whole models too; nothing of them is run
    Model,
}

impl WeightArgs {
    /// Whether nothing was asked for.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Opens the checkpoint at `path`; nothing in it is run in either mode.
    pub(crate) fn open(&self, path: &Path) -> ascend_rt::Result<Checkpoint> {
        let options = self.options()?;
        match self.mode {
            Some(_) => options.open(path),
            None => options.open(path).or_else(|error| match error.fault() {
                Some(Fault::UnknownGlobal) => options.mode(Mode::Model).open(path),
                _ => Err(error),
            }),
        }
    }

    /// What is told by the arguments.
    pub(crate) fn options(&self) -> ascend_rt::Result<OpenOptions> {
        let mut options = OpenOptions::new().verify(self.verify);
        if let Some(key) = &self.at {
            options = options.at(key);
        }
        if let Some(bytes) = self.memory_limit {
            options = options.memory_limit(usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        for rule in &self.prefix {
            let (old, new) = halves(rule);
            options = options.rename(Rename::prefix(old, new));
        }
        for rule in &self.suffix {
            let (old, new) = halves(rule);
            options = options.rename(Rename::suffix(old, new));
        }
        for rule in &self.rename {
            let Some((old, new)) = rule.split_once('=') else {
                let message = format!("the rule {rule:?} has no =: give OLD=NEW");
                return Err(Error::new(ErrorKind::InvalidArgument, message));
            };
            options = options.rename(Rename::pattern(old, new));
        }
        Ok(match self.mode {
            Some(ModeArg::Model) => options.mode(Mode::Model),
            Some(ModeArg::Weights) | None => options,
        })
    }
}

fn halves(rule: &str) -> (&str, &str) {
    rule.split_once('=').unwrap_or((rule, ""))
}

/// What is wrong, in one word for programs.
pub(crate) fn kind_of(error: &Error) -> &'static str {
    match (error.fault(), error.kind()) {
        (Some(fault), _) => fault.name(),
        (None, ErrorKind::Io) => "io",
        (None, ErrorKind::InvalidArgument | ErrorKind::Shape) => "invalid_argument",
        (None, ErrorKind::Unsupported) => "unsupported",
        (None, ErrorKind::OutOfMemory) => "limit",
        (None, ErrorKind::Format) => "malformed",
        _ => "internal",
    }
}

/// A name for people: as it is, unless it holds what a terminal would act on.
pub(crate) fn shown(name: &str) -> String {
    if name.is_empty() || name.contains(is_acted_on) {
        format!("{name:?}")
    } else {
        name.to_owned()
    }
}

/// A message for people, which may have several lines.
pub(crate) fn escaped(message: &str) -> String {
    let mut escaped = String::with_capacity(message.len());
    for c in message.chars() {
        if is_acted_on(c) && c != '\n' {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Whether a terminal would not show the character but act on it: move, colour, or change the
/// direction of text.
fn is_acted_on(c: char) -> bool {
    let is_format = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || is_format
}

/// Bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    #[allow(
        clippy::cast_precision_loss,
        reason = "shown with two digits behind the point"
    )]
    let scaled = |unit: u64| bytes as f64 / unit as f64;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.2} KiB", scaled(1 << 10)),
        1_048_576..1_073_741_824 => format!("{:.2} MiB", scaled(1 << 20)),
        _ => format!("{:.2} GiB", scaled(1 << 30)),
    }
}

pub(crate) fn total<'a>(tensors: impl Iterator<Item = Tensor<'a>>) -> u64 {
    tensors.map(|tensor| tensor.nbytes() as u64).sum()
}
