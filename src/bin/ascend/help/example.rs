//! Command lines that show what a command is for.

use std::fmt::{self, Write as _};

use ascend_rt::language::Language;

use crate::language::{self, words};

/// A command line, and what it does. The program's tests run each of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Example {
    pub(super) does: &'static str,
    /// As a shell takes it; a line that goes on ends with `\`.
    pub(super) line: &'static str,
    wants: Wants,
}

/// What a machine has to have for it, beside this program.
#[derive(Clone, Copy, Debug)]
enum Wants {
    Nothing,
    Npu,
    Cann,
}

impl Example {
    /// One that runs everywhere.
    pub(crate) const fn new(does: &'static str, line: &'static str) -> Self {
        let wants = Wants::Nothing;
        Self { does, line, wants }
    }

    /// One that runs on an NPU only.
    pub(crate) const fn on_npu(does: &'static str, line: &'static str) -> Self {
        let wants = Wants::Npu;
        Self { does, line, wants }
    }

    /// One that starts CANN's compiler.
    pub(crate) const fn with_cann(does: &'static str, line: &'static str) -> Self {
        let wants = Wants::Cann;
        Self { does, line, wants }
    }

    /// What it does, and what it wants.
    pub(super) fn title(&self, language: Language) -> String {
        let wants = match self.wants {
            Wants::Nothing => "",
            Wants::Npu => language.words(" (wants an NPU)"),
            Wants::Cann => language.words(" (wants CANN)"),
        };
        format!("{}{wants}", language.words(self.does))
    }
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  # {}", self.title(language::current()))?;
        for line in self.line.lines() {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

/// The part of a command's help that shows them.
pub(super) fn told(examples: &[Example]) -> String {
    let mut told = words("Examples:").to_owned();
    for example in examples {
        // writing to a text cannot fail
        let _ = write!(told, "\n{example}");
    }
    told
}
